import { Writer } from "../../../wire/index.ts";
import type { FileErrorCode } from "../../error.ts";
import { FileError } from "../../error.ts";
import type { FileAttributes, FileSystemUsage } from "../../file-system.ts";
import { encodePath } from "../../path.ts";
import { writeAttributes } from "./attributes.ts";
import { longname, printable } from "./longname.ts";
import { Packet, Status } from "./numbers.ts";

/** The bytes of a DATA reply before its data: length, type, id, length of the data. */
export const DATA_HEAD = 13;

/** The nearest status that version 3 has; as OpenSSH's server answers. */
const STATUS_OF: Readonly<Record<FileErrorCode, number>> = {
  NOT_FOUND: Status.NO_SUCH_FILE,
  PERMISSION_DENIED: Status.PERMISSION_DENIED,
  EXISTS: Status.FAILURE,
  NOT_A_DIRECTORY: Status.NO_SUCH_FILE,
  IS_A_DIRECTORY: Status.FAILURE,
  NOT_EMPTY: Status.FAILURE,
  NO_SPACE: Status.FAILURE,
  QUOTA: Status.FAILURE,
  INVALID: Status.BAD_MESSAGE,
  UNSUPPORTED: Status.OP_UNSUPPORTED,
  LOOP: Status.NO_SUCH_FILE,
  CROSS_DEVICE: Status.FAILURE,
  FAILURE: Status.FAILURE,
};

/** Every reply is a packet with its length, ready to be sent (draft-02 §7). */
export function status(id: number, code: number, message: string): Uint8Array {
  return reply(Packet.STATUS, id, (to) => to.uint32(code).utf8(message).utf8("en"));
}

export function ok(id: number): Uint8Array {
  return status(id, Status.OK, "Success");
}

export function endOfFile(id: number): Uint8Array {
  return status(id, Status.EOF, "End of file");
}

/** What is no {@link FileError} is a fault of ours: the client learns that there was one, and the log which. */
export function failure(id: number, error: unknown): Uint8Array {
  const { code, message } = error instanceof FileError ? error : new FileError("FAILURE");
  return status(id, STATUS_OF[code], printable(message));
}

export function handle(id: number, name: Uint8Array): Uint8Array {
  return reply(Packet.HANDLE, id, (to) => to.string(name));
}

export function attrs(id: number, attributes: FileAttributes): Uint8Array {
  return reply(Packet.ATTRS, id, (to) => writeAttributes(to, attributes));
}

/** A NAME reply of one path, without attributes: what REALPATH and READLINK give. */
export function path(id: number, text: string): Uint8Array {
  const bytes = encodePath(text);
  return reply(Packet.NAME, id, (to) => to.uint32(1).string(bytes).string(bytes).uint32(0));
}

/** One entry of a NAME reply, as bytes. @param now seconds since 1970. */
export function entry(name: string, attributes: FileAttributes, now: number): Uint8Array {
  const to = new Writer(160);
  writePath(to, name);
  writePath(to, longname(name, attributes, now));
  writeAttributes(to, attributes);
  return to.finish();
}

/** As {@link encodePath} has it, without a buffer of its own where it is plain UTF-8. */
function writePath(to: Writer, text: string): void {
  if (text.isWellFormed()) to.utf8(text);
  else to.string(encodePath(text));
}

/** A NAME reply of entries that {@link entry} made. */
export function names(id: number, entries: readonly Uint8Array[]): Uint8Array {
  return reply(Packet.NAME, id, (to) => {
    to.uint32(entries.length);
    for (const bytes of entries) to.bytes(bytes);
  });
}

/** Completes a DATA reply, in front of whose data {@link DATA_HEAD} bytes are free. */
export function data(id: number, packet: Uint8Array, length: number): Uint8Array {
  writeUint32(packet, 0, DATA_HEAD - 4 + length);
  packet[4] = Packet.DATA;
  writeUint32(packet, 5, id);
  writeUint32(packet, 9, length);
  return packet.subarray(0, DATA_HEAD + length);
}

/** The reply of an extension (draft-02 §8), after its id. */
export function extended(id: number, write: (to: Writer) => void): Uint8Array {
  return reply(Packet.EXTENDED_REPLY, id, write);
}

/** Strings behind one another, each with its length. */
export function strings(all: readonly Uint8Array[]): Uint8Array {
  const to = new Writer();
  for (const bytes of all) to.string(bytes);
  return to.finish();
}

/** OpenSSH PROTOCOL §4.4: `struct statvfs`, field by field. */
export function usage(id: number, usage: FileSystemUsage): Uint8Array {
  const READ_ONLY = 1;
  const NO_SETUID = 2;
  const { blockSize, blocks, freeBlocks, availableBlocks, entries, freeEntries, readOnly = false } = usage;
  const fields = [blockSize, blockSize, blocks, freeBlocks, availableBlocks, entries, freeEntries, freeEntries];
  const flags = NO_SETUID | (readOnly ? READ_ONLY : 0);
  return extended(id, (to) => {
    for (const field of [...fields, 0, flags, 255]) to.uint64(BigInt(Math.max(0, Math.trunc(field))));
  });
}

/** A whole packet: its length, its type, its id, and what `write` adds. */
function reply(type: number, id: number, write: (to: Writer) => void): Uint8Array {
  const to = new Writer();
  to.uint32(0).byte(type).uint32(id);
  write(to);
  const packet = to.finish();
  writeUint32(packet, 0, packet.length - 4);
  return packet;
}

function writeUint32(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 24;
  to[at + 1] = value >>> 16;
  to[at + 2] = value >>> 8;
  to[at + 3] = value;
}
