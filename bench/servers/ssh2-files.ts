// What it takes to serve files by ssh2: it reads requests and writes replies, and the app does the rest. Nobody is kept to a folder.
import * as fs from "node:fs";
import type { Dir, Stats } from "node:fs";
import { resolve } from "node:path";

import type { Attributes, FileEntry, SFTPWrapper } from "ssh2";

const OK = 0;
const EOF = 1;
const NO_SUCH_FILE = 2;
const FAILURE = 4;

const READ = 1;
const WRITE = 2;
const CREAT = 8;
const TRUNC = 16;

const entriesPerReply = 100;

/** Serves the files of the machine. */
export function serveFiles(sftp: SFTPWrapper): void {
  const opened = new Map<number, number | Dir>();
  let last = 0;

  const keep = (what: number | Dir): Buffer => {
    last += 1;
    opened.set(last, what);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(last);
    return handle;
  };
  const file = (handle: Buffer): number => opened.get(handle.readUInt32BE()) as number;
  const answer =
    (id: number) =>
    (error: NodeJS.ErrnoException | null): void =>
      sftp.status(id, error === null ? OK : error.code === "ENOENT" ? NO_SUCH_FILE : FAILURE);
  const attributes =
    (id: number) =>
    (error: NodeJS.ErrnoException | null, stats: Stats): void => {
      if (error === null) sftp.attrs(id, toAttributes(stats));
      else answer(id)(error);
    };

  // OpenSSH's client waits until the server has closed the channel.
  sftp.on("end", () => sftp.end());
  sftp.on("OPEN", (id, path, flags, { mode }) => {
    fs.open(path, numeric(flags), mode ?? 0o666, (error, fd) => {
      if (error === null) sftp.handle(id, keep(fd));
      else answer(id)(error);
    });
  });
  sftp.on("READ", (id, handle, offset, length) => {
    const buffer = Buffer.allocUnsafe(length);
    fs.read(file(handle), buffer, 0, length, offset, (error, count) => {
      if (error !== null) answer(id)(error);
      else if (count === 0) sftp.status(id, EOF);
      else sftp.data(id, buffer.subarray(0, count));
    });
  });
  sftp.on("WRITE", (id, handle, offset, data) => fs.write(file(handle), data, 0, data.length, offset, answer(id)));
  sftp.on("CLOSE", (id, handle) => {
    const what = opened.get(handle.readUInt32BE());
    opened.delete(handle.readUInt32BE());
    if (typeof what === "number") fs.close(what, (error) => answer(id)(error ?? null));
    else if (what === undefined) sftp.status(id, FAILURE);
    else what.close((error) => answer(id)(error ?? null));
  });
  sftp.on("FSTAT", (id, handle) => fs.fstat(file(handle), attributes(id)));
  sftp.on("STAT", (id, path) => fs.stat(path, attributes(id)));
  sftp.on("LSTAT", (id, path) => fs.lstat(path, attributes(id)));
  sftp.on("FSETSTAT", (id) => sftp.status(id, OK));
  sftp.on("SETSTAT", (id) => sftp.status(id, OK));
  sftp.on("MKDIR", (id, path) => fs.mkdir(path, answer(id)));
  sftp.on("REMOVE", (id, path) => fs.unlink(path, answer(id)));
  sftp.on("REALPATH", (id, path) => {
    // What is not there yet is asked for as well.
    const filename = resolve(path);
    sftp.name(id, [{ filename, longname: filename, attrs: noAttributes }]);
  });
  sftp.on("OPENDIR", (id, path) => {
    fs.opendir(path, { bufferSize: 256 }, (error, dir) => {
      if (error === null) sftp.handle(id, keep(dir));
      else answer(id)(error);
    });
  });
  sftp.on("READDIR", (id, handle) => {
    void entriesOf(opened.get(handle.readUInt32BE()) as Dir).then((entries) => {
      if (entries.length === 0) sftp.status(id, EOF);
      else sftp.name(id, entries);
    });
  });
}

const noAttributes: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

async function entriesOf(dir: Dir): Promise<FileEntry[]> {
  const names: string[] = [];
  while (names.length < entriesPerReply) {
    const entry = await dir.read();
    if (entry === null) break;
    names.push(entry.name);
  }
  return Promise.all(
    names.map(async (filename) => {
      const stats = await fs.promises.lstat(`${dir.path}/${filename}`);
      return { filename, longname: longname(filename, stats), attrs: toAttributes(stats) };
    }),
  );
}

function toAttributes({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.trunc(atimeMs / 1000), mtime: Math.trunc(mtimeMs / 1000) };
}

function longname(name: string, { mode, nlink, uid, gid, size, mtime }: Stats): string {
  return `${mode.toString(8)} ${nlink} ${uid} ${gid} ${size} ${mtime.toISOString()} ${name}`;
}

function numeric(flags: number): number {
  const access = flags & WRITE ? (flags & READ ? fs.constants.O_RDWR : fs.constants.O_WRONLY) : fs.constants.O_RDONLY;
  return access | (flags & CREAT ? fs.constants.O_CREAT : 0) | (flags & TRUNC ? fs.constants.O_TRUNC : 0);
}
