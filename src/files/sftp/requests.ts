import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { ChangedAttributes, FileHandle, OpenFlags } from "../file-system.ts";
import { callOptional, lstatOf } from "../optional.ts";
import { normalizePath } from "../path.ts";
import type { OpenFile } from "./handles.ts";
import { Listing } from "./listing.ts";
import { MAX_DATA, MAX_HANDLES, OpenBit, Packet } from "./wire/numbers.ts";
import {
  after,
  anyPosition,
  attributes,
  bytes,
  file,
  operation,
  path,
  pathText,
  position,
  uint32,
} from "./operation.ts";
import type { Operation, Service } from "./operation.ts";
import * as reply from "./wire/replies.ts";

const KNOWN_BITS = Object.values(OpenBit).reduce((all, bit) => all | bit, 0);
/** What a small file has left of a large buffer is not worth keeping the buffer until it has left. */
const WORTH_COPYING = 4096;

/** One row for each request of version 3 (draft-02 §6); EXTENDED has its own table in extensions.ts. */
export const requests: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [
    Packet.OPEN,
    operation("OPEN", "alone", { path, bits: uint32, attributes }, (service, { path, bits, attributes }, id) => {
      const flags = openFlags(bits);
      checkRoom(service);
      return after(service.fileSystem.open(path, flags, attributes), (handle) => {
        const lacking = lackOf(handle, flags);
        if (lacking !== undefined) return after(handle.close(), () => reply.failure(id, notOpenFor(lacking)));
        return reply.handle(id, service.handles.add({ kind: "file", path, flags, handle, reads: 0, isWriting: false }));
      });
    }),
  ],
  [
    Packet.CLOSE,
    operation("CLOSE", "alone", { handle: bytes }, ({ handles }, { handle }, id) =>
      after(handles.close(handle), () => reply.ok(id)),
    ),
  ],
  [Packet.READ, operation("READ", "read", { file, position: anyPosition, length: dataLength }, read)],
  [Packet.WRITE, operation("WRITE", "write", { file, position, data: bytes }, write)],
  [
    Packet.LSTAT,
    operation("LSTAT", "together", { path }, ({ fileSystem }, { path }, id) =>
      after(lstatOf(fileSystem, path), (found) => reply.attrs(id, found)),
    ),
  ],
  [
    Packet.STAT,
    operation("STAT", "together", { path }, ({ fileSystem }, { path }, id) =>
      after(fileSystem.stat(path), (found) => reply.attrs(id, found)),
    ),
  ],
  [
    Packet.FSTAT,
    operation("FSTAT", "together", { handle: bytes }, ({ fileSystem, handles }, { handle }, id) => {
      const opened = handles.find(handle);
      const found = opened.kind === "file" ? opened.handle.stat() : fileSystem.stat(opened.path);
      return after(found, (attributes) => reply.attrs(id, attributes));
    }),
  ],
  [
    Packet.SETSTAT,
    operation("SETSTAT", "alone", { path, attributes }, ({ fileSystem }, { path, attributes }, id) =>
      after(callOptional(fileSystem, "setstat", path, attributes), () => reply.ok(id)),
    ),
  ],
  [
    Packet.FSETSTAT,
    operation("FSETSTAT", "alone", { handle: bytes, attributes }, (service, { handle, attributes }, id) => {
      const opened = service.handles.find(handle);
      const done =
        opened.kind === "file"
          ? change(opened, attributes)
          : callOptional(service.fileSystem, "setstat", opened.path, attributes);
      return after(done, () => reply.ok(id));
    }),
  ],
  [
    Packet.OPENDIR,
    operation("OPENDIR", "alone", { path }, async (service, { path }, id) => {
      checkRoom(service);
      const listing = await Listing.open(service.fileSystem, path);
      return reply.handle(id, service.handles.add({ kind: "directory", path, listing }));
    }),
  ],
  [
    Packet.READDIR,
    operation("READDIR", "alone", { handle: bytes }, async ({ handles }, { handle }, id) => {
      const entries = await handles.directory(handle).listing.read();
      return entries.length === 0 ? reply.endOfFile(id) : reply.names(id, entries);
    }),
  ],
  [
    Packet.REMOVE,
    operation("REMOVE", "alone", { path }, ({ fileSystem }, { path }, id) =>
      after(callOptional(fileSystem, "unlink", path), () => reply.ok(id)),
    ),
  ],
  [
    Packet.MKDIR,
    operation("MKDIR", "alone", { path, attributes }, ({ fileSystem }, { path, attributes }, id) =>
      after(callOptional(fileSystem, "mkdir", path, attributes), () => reply.ok(id)),
    ),
  ],
  [
    Packet.RMDIR,
    operation("RMDIR", "alone", { path }, ({ fileSystem }, { path }, id) =>
      after(callOptional(fileSystem, "rmdir", path), () => reply.ok(id)),
    ),
  ],
  [
    Packet.REALPATH,
    operation("REALPATH", "together", { path }, ({ fileSystem }, { path }, id) =>
      after(fileSystem.realpath ? fileSystem.realpath(path) : path, (real) => reply.path(id, real)),
    ),
  ],
  [
    Packet.RENAME,
    // Version 3 leaves open what becomes of a file that has the new name; OpenSSH's server refuses, and offers posix-rename.
    operation("RENAME", "alone", { from: path, to: path }, ({ fileSystem }, { from, to }, id) =>
      after(callOptional(fileSystem, "rename", from, to, { replace: false }), () => reply.ok(id)),
    ),
  ],
  [
    Packet.READLINK,
    operation("READLINK", "together", { path }, ({ fileSystem }, { path }, id) =>
      after(callOptional(fileSystem, "readlink", path), (target) => reply.path(id, target)),
    ),
  ],
  [
    Packet.SYMLINK,
    // OpenSSH PROTOCOL §4.1: the target comes first, whatever draft-02 says; but some clients hold only OpenSSH's own server to that.
    operation("SYMLINK", "alone", { first: pathText, second: pathText }, (service, { first, second }, id) => {
      const { fileSystem, home, linkComesFirst } = service;
      const [target, path] = linkComesFirst ? [second, first] : [first, second];
      if (target === "") throw new FileError("INVALID", "A link has to lead somewhere");
      return after(callOptional(fileSystem, "symlink", target, normalizePath(path, home)), () => reply.ok(id));
    }),
  ],
]);

/** What a handle may be asked for. */
export function notOpenFor(what: "reading" | "writing"): FileError {
  return new FileError("PERMISSION_DENIED", `The file was not opened for ${what}`);
}

/** What the client asks for and the handle cannot do: a file system need not look at the flags. */
function lackOf(handle: FileHandle, { read, write }: OpenFlags): "reading" | "writing" | undefined {
  if (write && handle.write === undefined) return "writing";
  return read && handle.read === undefined ? "reading" : undefined;
}

function change({ handle, flags }: OpenFile, attributes: ChangedAttributes): Awaitable<void> {
  if (handle.setstat === undefined) throw new FileError("UNSUPPORTED");
  if (attributes.size !== undefined && !flags.write) throw notOpenFor("writing");
  return handle.setstat(attributes);
}

function openFlags(bits: number): OpenFlags {
  if ((bits & ~KNOWN_BITS) !== 0) throw new FileError("INVALID", "There are flags that version 3 does not have");
  const has = (bit: number): boolean => (bits & bit) !== 0;
  const [read, write] = [has(OpenBit.READ), has(OpenBit.WRITE)];
  const [create, truncate, append] = [has(OpenBit.CREAT), has(OpenBit.TRUNC), has(OpenBit.APPEND)];
  if (!read && !write) throw new FileError("INVALID", "A file is opened for reading, for writing or for both");
  // POSIX lets a file that is opened for reading be emptied and be made: that is how read-only servers were written to.
  if (!write && (create || truncate)) throw notOpenFor("writing");

  return { read, write, append: append && write, create, truncate, exclusive: create && has(OpenBit.EXCL) };
}

function checkRoom({ handles }: Service): void {
  if (!handles.hasRoom) throw new FileError("FAILURE", `There are ${MAX_HANDLES} files open already`);
}

function dataLength(from: Parameters<typeof uint32>[0]): number {
  return Math.min(from.uint32(), MAX_DATA);
}

/** draft-02 §6.4: "the server will read as many bytes as it can from the file (up to len)". */
function read(
  { buffers }: Service,
  { file, position, length }: { file: OpenFile; position: number; length: number },
  id: number,
): Awaitable<Uint8Array> {
  const { handle, flags } = file;
  if (handle.read === undefined || !flags.read) throw notOpenFor("reading");
  if (position > Number.MAX_SAFE_INTEGER - length || length === 0) return reply.endOfFile(id);
  const packet = buffers.take(reply.DATA_HEAD + length);
  const finish = (count: number): Uint8Array => {
    if (!(count >= 0 && count <= length)) throw new RangeError(`a file system has read ${count} of ${length} bytes`);
    if (count > WORTH_COPYING || packet.length <= WORTH_COPYING) {
      return count === 0 ? reply.endOfFile(id) : reply.data(id, packet, count);
    }
    const small = Buffer.from(packet.subarray(0, reply.DATA_HEAD + count));
    buffers.give(packet);
    return count === 0 ? reply.endOfFile(id) : reply.data(id, small, count);
  };
  return after(handle.read(packet.subarray(reply.DATA_HEAD, reply.DATA_HEAD + length), position), finish);
}

function write(
  _: Service,
  { file, position, data }: { file: OpenFile; position: number; data: Uint8Array },
  id: number,
): Awaitable<Uint8Array> {
  const { handle, flags } = file;
  if (handle.write === undefined || !flags.write) throw notOpenFor("writing");
  if (position > Number.MAX_SAFE_INTEGER - data.length) throw new FileError("INVALID", "No file is that long");
  return after(data.length === 0 ? undefined : handle.write(data, position), () => reply.ok(id));
}
