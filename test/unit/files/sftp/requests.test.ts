import assert from "node:assert/strict";
import test from "node:test";
import { decodePath, FileError, memory } from "../../../../src/files/index.ts";
import type { FileSystem } from "../../../../src/files/index.ts";
import { OpenBit, Packet, Status } from "../../../../src/files/sftp/wire/numbers.ts";
import { attrs, string, u32, u64 } from "../../../sftp/index.ts";
import { openSftp } from "./door.ts";

const { READ, WRITE, CREAT, TRUNC, EXCL, APPEND } = OpenBit;

async function withFiles(files: Record<string, string> = {}, home?: string) {
  const fileSystem = memory({ files });
  return { fileSystem, ...(await openSftp(fileSystem, home === undefined ? {} : { home })) };
}

test("a file is written and read back", async () => {
  const { client } = await withFiles();
  const { handle } = await client.open("/new.txt", WRITE | CREAT, { mode: 0o640 });
  assert.equal((await client.write(handle, 0, "Hello")).status, Status.OK);
  assert.equal((await client.write(handle, 5, ", world")).status, Status.OK);
  assert.equal((await client.close(handle)).status, Status.OK);
  assert.equal(String(await client.content("/new.txt")), "Hello, world");
  const { size, mode } = (await client.call(Packet.STAT, string("/new.txt"))).attributes;
  assert.deepEqual([size, mode], [12, 0o100640]);
});

test("a READ gives what there is, and EOF behind it", async () => {
  const { client } = await withFiles({ "/a": "0123456789" });
  const { handle } = await client.open("/a", READ);
  assert.equal(String((await client.read(handle, 4, 3)).data), "456");
  assert.equal(String((await client.read(handle, 8, 100)).data), "89");
  for (const position of [10, 11, 2 ** 40, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
    assert.equal((await client.read(handle, position, 1)).status, Status.EOF, String(position));
  }
  assert.equal((await client.read(handle, 0, 0)).status, Status.EOF);
});

test("a READ never gives more than 255 KiB, whatever it asks for", async () => {
  const { client } = await withFiles({ "/a": "x".repeat(600_000) });
  const { handle } = await client.open("/a", READ);
  for (const length of [261_121, 2 ** 31, 2 ** 32 - 1]) {
    assert.equal((await client.read(handle, 0, length)).data.length, 261_120);
  }
});

test("what lies between the old end and a WRITE is zeros, also far out", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  const { handle } = await client.open("/a", READ | WRITE);
  const far = 2 ** 33 + 7;
  assert.equal((await client.write(handle, far, "end")).status, Status.OK);
  assert.equal((await client.call(Packet.FSTAT, string(handle))).attributes.size, far + 3);
  assert.deepEqual([...(await client.read(handle, 2, 4)).data], [0x63, 0, 0, 0]);
  assert.deepEqual((await client.read(handle, far - 2, 100)).data, Buffer.from("\0\0end"));
  assert.equal((await client.write(handle, 2n ** 53n, "x")).status, Status.BAD_MESSAGE);
  assert.equal((await client.write(handle, 2 ** 53 - 1, "xx")).status, Status.BAD_MESSAGE);
});

test("OPEN does what its flags say", async () => {
  const { client } = await withFiles({ "/a": "old" });
  const opened = async (bits: number, path = "/a") => {
    const reply = await client.open(path, bits);
    if (reply.type === Packet.HANDLE) await client.close(reply.handle);
    return reply.type === Packet.HANDLE ? "open" : reply.status;
  };
  assert.equal(await opened(READ, "/none"), Status.NO_SUCH_FILE);
  assert.equal(await opened(WRITE, "/none"), Status.NO_SUCH_FILE);
  assert.equal(await opened(WRITE | CREAT | EXCL), Status.FAILURE);
  assert.equal(await opened(WRITE | CREAT | EXCL, "/b"), "open");
  assert.equal(await opened(WRITE | CREAT), "open");
  assert.equal(String(await client.content("/a")), "old");
  assert.equal(await opened(WRITE | TRUNC), "open");
  assert.equal(String(await client.content("/a")), "");
  // Neither makes nor empties a file: it is not opened for writing.
  assert.equal(await opened(READ | CREAT, "/c"), Status.PERMISSION_DENIED);
  assert.equal(await opened(READ | TRUNC), Status.PERMISSION_DENIED);
  assert.equal(await opened(READ, "/c"), Status.NO_SUCH_FILE);
  assert.equal(await opened(0), Status.BAD_MESSAGE);
  assert.equal(await opened(READ | 64), Status.BAD_MESSAGE);
});

test("with APPEND every WRITE goes to the end", async () => {
  const { client } = await withFiles({ "/log": "one\n" });
  const { handle } = await client.open("/log", WRITE | APPEND);
  await client.write(handle, 0, "two\n");
  await client.write(handle, 0, "three\n");
  assert.equal(String(await client.content("/log")), "one\ntwo\nthree\n");
});

test("a handle does what it was opened for", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  const reading = (await client.open("/a", READ)).handle;
  const writing = (await client.open("/a", WRITE)).handle;
  const directory = (await client.call(Packet.OPENDIR, string("/"))).handle;
  assert.equal((await client.write(reading, 0, "x")).status, Status.PERMISSION_DENIED);
  assert.equal((await client.read(writing, 0, 1)).status, Status.PERMISSION_DENIED);
  assert.equal(await client.status(Packet.FSETSTAT, string(reading), attrs({ size: 0 })), Status.PERMISSION_DENIED);
  assert.equal(await client.status(Packet.READDIR, string(reading)), Status.FAILURE);
  assert.equal((await client.read(directory, 0, 1)).status, Status.FAILURE);
  assert.equal(await client.status(Packet.FSETSTAT, string(writing), attrs({ size: 1 })), Status.OK);
  assert.equal(String(await client.content("/a")), "a");
});

test("handles that were invented, closed or belong to nobody are refused", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  const { handle } = await client.open("/a", READ);
  assert.equal((await client.close(handle)).status, Status.OK);
  const invented = ["", "\0", "\xff\xff\xff\xff", "A".repeat(256), "A".repeat(30_000), "__proto__", "constructor"];
  for (const name of [handle, ...invented.map((text) => Buffer.from(text, "latin1"))]) {
    for (const [type, ...fields] of [
      [Packet.CLOSE],
      [Packet.READ, u64(0), u32(1)],
      [Packet.WRITE, u64(0), string("x")],
      [Packet.FSTAT],
      [Packet.FSETSTAT, attrs()],
      [Packet.READDIR],
    ] as const) {
      assert.equal(await client.status(type, string(name), ...fields), Status.FAILURE, `${type} ${String(name)}`);
    }
  }
});

test("128 handles may be open, and a closed one makes room", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  const handles: Uint8Array[] = [];
  for (let opened = 0; opened < 128; opened++) handles.push((await client.open("/a", READ)).handle);
  assert.equal((await client.open("/a", READ)).message, "There are 128 files open already");
  assert.equal(await client.status(Packet.OPENDIR, string("/")), Status.FAILURE);
  assert.equal(new Set(handles.map(String)).size, 128);
  await client.close(handles[0]!);
  const { handle } = await client.open("/a", READ);
  assert.ok(!handles.some((other) => Buffer.compare(other, handle) === 0), "a number is not used again");
});

test("names, directories and links come and go", async () => {
  const { client } = await withFiles({ "/a": "abc", "/full/b": "b" });
  const run = (type: number, ...paths: string[]) => client.status(type, ...paths.map(string));
  assert.equal(await client.status(Packet.MKDIR, string("/dir"), attrs({ mode: 0o700 })), Status.OK);
  assert.equal(await client.status(Packet.MKDIR, string("/dir"), attrs()), Status.FAILURE);
  assert.equal((await client.call(Packet.STAT, string("/dir"))).attributes.mode, 0o040700);
  assert.equal(await run(Packet.RENAME, "/a", "/dir/b"), Status.OK);
  assert.equal(await run(Packet.STAT, "/a"), Status.NO_SUCH_FILE);
  assert.equal(await run(Packet.RMDIR, "/dir"), Status.FAILURE);
  assert.equal(await run(Packet.REMOVE, "/dir"), Status.FAILURE);
  assert.equal(await run(Packet.RMDIR, "/dir/b"), Status.NO_SUCH_FILE);
  assert.equal(await run(Packet.REMOVE, "/dir/b"), Status.OK);
  assert.equal(await run(Packet.RMDIR, "/dir"), Status.OK);
  assert.equal(await run(Packet.STAT, "/full/b/c"), Status.NO_SUCH_FILE);
});

test("RENAME leaves what has the name, and posix-rename replaces it", async () => {
  const { client } = await withFiles({ "/a": "new", "/b": "old" });
  assert.equal(await client.status(Packet.RENAME, string("/a"), string("/b")), Status.FAILURE);
  assert.equal(String(await client.content("/b")), "old");
  const replaced = await client.extended("posix-rename@openssh.com", string("/a"), string("/b"));
  assert.equal(replaced.status, Status.OK);
  assert.equal(String(await client.content("/b")), "new");
});

test("SYMLINK takes the link first from clients that take the server for one that keeps to draft-02", async () => {
  for (const clientVersion of ["SSH-2.0-AsyncSSH_2.24.0", "SSH-2.0-libssh_0.11.3"]) {
    const files = memory({ files: { "/a": "" } });
    const { client } = await openSftp(files, { clientVersion });
    assert.equal(await client.status(Packet.SYMLINK, string("/link"), string("a")), Status.OK);
    assert.equal(files.readlink("/link"), "a");
  }
  const { client } = await openSftp(memory(), { clientVersion: "SSH-2.0-libssh2_1.11.1" });
  assert.equal(await client.status(Packet.SYMLINK, string("a"), string("/link")), Status.OK);
});

test("SYMLINK takes the target first; a link is seen through, or seen", async () => {
  const { client } = await withFiles({ "/dir/a": "abc" });
  assert.equal(await client.status(Packet.SYMLINK, string("dir/a"), string("/link")), Status.OK);
  assert.equal((await client.call(Packet.READLINK, string("/link"))).path, "dir/a");
  assert.equal((await client.call(Packet.STAT, string("/link"))).attributes.mode, 0o100644);
  assert.equal((await client.call(Packet.LSTAT, string("/link"))).attributes.mode, 0o120777);
  assert.equal((await client.call(Packet.REALPATH, string("/link"))).path, "/dir/a");
  assert.equal(await client.status(Packet.SYMLINK, string(""), string("/empty")), Status.BAD_MESSAGE);
  assert.equal(await client.status(Packet.READLINK, string("/dir/a")), Status.BAD_MESSAGE);
});

test("modes, owners and times are set and told, through a link and on it", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  await client.call(Packet.SYMLINK, string("a"), string("/link"));
  const wanted = { mode: 0o4755, uid: 7, gid: 8, atime: 1_000_000_000, mtime: 1_100_000_000 };
  assert.equal(await client.status(Packet.SETSTAT, string("/link"), attrs(wanted)), Status.OK);
  const { size: _, ...told } = (await client.call(Packet.STAT, string("/a"))).attributes;
  assert.deepEqual(told, { ...wanted, mode: 0o104755 });
  const link = await client.extended("lsetstat@openssh.com", string("/link"), attrs({ atime: 5, mtime: 6 }));
  assert.equal(link.status, Status.OK);
  assert.equal((await client.call(Packet.LSTAT, string("/link"))).attributes.mtime, 6);
  assert.equal((await client.call(Packet.STAT, string("/link"))).attributes.mtime, 1_100_000_000);
  const sized = await client.extended("lsetstat@openssh.com", string("/link"), attrs({ size: 1 }));
  assert.equal(sized.status, Status.BAD_MESSAGE);
});

test("relative paths begin in the home directory", async () => {
  const { client } = await withFiles({ "/home/ada/a": "abc" }, "/home/ada");
  assert.equal((await client.call(Packet.REALPATH, string("."))).path, "/home/ada");
  assert.equal((await client.call(Packet.REALPATH, string(""))).path, "/home/ada");
  assert.equal((await client.call(Packet.REALPATH, string("../x"))).path, "/home/x");
  assert.equal((await client.call(Packet.REALPATH, string("/../.."))).path, "/");
  assert.equal(String(await client.content("a")), "abc");
});

test("names that are not UTF-8 survive, and control characters are escaped for people alone", async () => {
  const { client } = await withFiles();
  const name = Buffer.from("caf\xe9 \x1b[2J\x9b", "latin1");
  const path = Buffer.concat([Buffer.from("/"), name]);
  await client.close((await client.open(path, WRITE | CREAT)).handle);
  const [entry] = await client.list("/");
  assert.deepEqual(entry!.name, name);
  assert.match(entry!.longname.toString("latin1"), /^-rw-r--r-- .* caf\xe9 \\x1b\[2J\\x9b$/);
  assert.equal((await client.call(Packet.REALPATH, string(path))).path, decodePath(path));
});

test("paths with a NUL, long names and long paths are refused", async () => {
  const { client } = await withFiles({ "/a": "abc" });
  for (const path of ["/a\0.txt", "/a\0", "/".padEnd(257, "n"), "/".padEnd(65_536, "n"), "/x".repeat(2049)]) {
    const given = string(path);
    assert.equal((await client.open(path, READ)).status, Status.BAD_MESSAGE);
    assert.equal(await client.status(Packet.STAT, given), Status.BAD_MESSAGE);
    assert.equal(await client.status(Packet.REMOVE, given), Status.BAD_MESSAGE);
  }
  for (const target of ["a\0b", "x".repeat(4097)]) {
    assert.equal(await client.status(Packet.SYMLINK, string(target), string("/link")), Status.BAD_MESSAGE);
  }
  assert.equal(String(await client.content("/a")), "abc");
});

test("a directory is listed a hundred entries at a time, whatever their number", async () => {
  let asked = 0;
  const entry = { type: "file", size: 1, mode: 0o644 } as const;
  const fileSystem: FileSystem = {
    stat: () => ({ ...entry, type: "directory" }),
    *readdir() {
      for (let number = 0; number < 1000; number++) {
        asked++;
        yield { name: `file-${number}`, attributes: entry };
      }
    },
    open: () => {
      throw new FileError("PERMISSION_DENIED");
    },
  };
  const { client } = await openSftp(fileSystem);
  const { handle } = await client.call(Packet.OPENDIR, string("/"));
  assert.equal((await client.call(Packet.READDIR, string(handle))).names.length, 100);
  assert.ok(asked <= 101, `${asked} entries were asked for`);
  await client.close(handle);
  assert.equal((await client.list("/")).length, 1000);
});

test("a reply with entries has at most 64 KiB of them", async () => {
  const { client, fileSystem } = await withFiles();
  for (let number = 0; number < 300; number++) fileSystem.mkdir(`/${String(number).padStart(255, "n")}`, {});
  const { handle } = await client.call(Packet.OPENDIR, string("/"));
  const counts: number[] = [];
  for (;;) {
    const reply = await client.call(Packet.READDIR, string(handle));
    if (reply.status === Status.EOF) break;
    counts.push(reply.names.length);
  }
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    300,
  );
  assert.ok(Math.max(...counts) < 65_536 / (2 * 255) + 1, counts.join());
});

test("a directory that is not read to its end is let go", async () => {
  let isLeft = false;
  const fileSystem: FileSystem = {
    ...readOnlyNothing,
    *readdir() {
      try {
        for (;;) yield { name: "again", attributes: { type: "file", size: 0, mode: 0o600 } };
      } finally {
        isLeft = true;
      }
    },
  };
  const { client } = await openSftp(fileSystem);
  const { handle } = await client.call(Packet.OPENDIR, string("/"));
  await client.call(Packet.READDIR, string(handle));
  assert.equal((await client.close(handle)).status, Status.OK);
  assert.equal(isLeft, true);
});

test("what a file system cannot do is unsupported, and not offered", async () => {
  const { client } = await openSftp(readOnlyNothing);
  for (const [type, ...fields] of [
    [Packet.REMOVE],
    [Packet.MKDIR, attrs()],
    [Packet.RMDIR],
    [Packet.RENAME, string("/b")],
    [Packet.READLINK],
    [Packet.SYMLINK, string("/b")],
    [Packet.SETSTAT, attrs({ mode: 0 })],
  ] as const) {
    assert.equal(await client.status(type, string("/a"), ...fields), Status.OP_UNSUPPORTED, String(type));
  }
  assert.deepEqual([...client.extensions.keys()], ["limits@openssh.com", "expand-path@openssh.com", "home-directory"]);
  const renamed = await client.extended("posix-rename@openssh.com", string("/a"), string("/b"));
  assert.equal(renamed.status, Status.OP_UNSUPPORTED);
  // Without links a path is what it is, and its own attributes are those that it has.
  assert.equal((await client.call(Packet.REALPATH, string("/a/../b"))).path, "/b");
  assert.equal((await client.call(Packet.LSTAT, string("/"))).attributes.mode, 0o040755);
});

test("what a file system throws reaches the client as a status, and the log where it is a fault", async () => {
  const secret = new Error("ENOENT: /srv/secret/path");
  const { client, faults } = await openSftp({
    ...readOnlyNothing,
    stat: (path) => {
      throw path === "/fault" ? secret : new FileError("LOOP");
    },
    open: () => Promise.reject(secret),
  });
  const fault = await client.call(Packet.STAT, string("/fault"));
  assert.deepEqual([fault.status, fault.message], [Status.FAILURE, "The file system has failed"]);
  assert.equal((await client.open("/a", READ)).message, "The file system has failed");
  assert.equal(await client.status(Packet.STAT, string("/loop")), Status.NO_SUCH_FILE);
  assert.deepEqual(faults, [
    { operation: "STAT", error: secret },
    { operation: "OPEN", error: secret },
  ]);
});

test("a file system that claims to have read what it cannot have is a fault", async () => {
  for (const count of [11, -1, Number.NaN]) {
    const handle = { read: () => count, stat: () => readOnlyNothing.stat("/"), close: () => undefined };
    const { client, faults } = await openSftp({ ...readOnlyNothing, open: () => handle });
    const opened = await client.open("/a", READ);
    assert.equal((await client.read(opened.handle, 0, 10)).status, Status.FAILURE);
    assert.equal(faults.length, 1);
  }
});

test("a file may have any size that 64 bits tell, and one that is no number is a fault", async () => {
  for (const [size, told] of [
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 33 + 7, 2 ** 33 + 7],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [1.9, 1],
    [-5, 0],
  ] as const) {
    const { client } = await openSftp({ ...readOnlyNothing, stat: () => ({ type: "file", size, mode: 0o644 }) });
    assert.equal((await client.call(Packet.STAT, string("/a"))).attributes.size, told);
  }
  for (const size of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const { client, faults } = await openSftp({
      ...readOnlyNothing,
      stat: () => ({ type: "file", size, mode: 0o644 }),
    });
    assert.equal(await client.status(Packet.STAT, string("/a")), Status.FAILURE);
    assert.match(String(faults[0]?.error), /tells of a file of/);
  }
});

const readOnlyNothing: FileSystem = {
  stat: () => ({ type: "directory", size: 0, mode: 0o755 }),
  readdir: () => [],
  open: () => {
    throw new FileError("NOT_FOUND");
  },
};

test("a listing that cannot be shown from its first entry on is given back", async () => {
  let isLeft = false;
  const { client, faults } = await openSftp({
    ...readOnlyNothing,
    *readdir() {
      try {
        yield { name: "..", attributes: { type: "file", size: 0, mode: 0o644 } };
      } finally {
        isLeft = true;
      }
    },
  });
  assert.equal(await client.status(Packet.OPENDIR, string("/")), Status.FAILURE);
  assert.match(String(faults[0]?.error), /which is no name of an entry/);
  assert.ok(isLeft);
});
