import { ProtocolError } from "../../../wire/index.ts";
import type { Reader, Writer } from "../../../wire/index.ts";
import { FileError } from "../../error.ts";
import type { ChangedAttributes, FileAttributes, FileType } from "../../file-system.ts";
import { AttributeBit } from "./numbers.ts";

/** The type of a file as `st_mode` has it, which is how version 3 tells it. */
const TYPE_BITS: Readonly<Record<FileType, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  // Whatever it is, no client opens a socket.
  other: 0o140000,
};
const PERMISSIONS = 0o7777;
const MAX_UINT32 = 0xffffffff;
const KNOWN =
  AttributeBit.SIZE | AttributeBit.UIDGID | AttributeBit.PERMISSIONS | AttributeBit.ACMODTIME | AttributeBit.EXTENDED;
/** Two empty strings: the least that an extended attribute takes. */
const LEAST_EXTENDED = 8;

/**
 * Reads ATTRS (draft-02 §5). Extended attributes are skipped, as there are none that this server knows.
 *
 * @throws ProtocolError when the fields run out, or `flags` has a bit for a field that there is not.
 * @throws FileError `INVALID` for a size that no file has.
 */
export function readAttributes(from: Reader): ChangedAttributes {
  const flags = from.uint32();
  if ((flags & ~KNOWN) !== 0) throw new ProtocolError("ATTRS has flags that version 3 does not");
  const changed: { -readonly [Name in keyof ChangedAttributes]: ChangedAttributes[Name] } = {};
  if (flags & AttributeBit.SIZE) changed.size = readPosition(from);
  if (flags & AttributeBit.UIDGID) {
    changed.uid = from.uint32();
    changed.gid = from.uint32();
  }
  if (flags & AttributeBit.PERMISSIONS) changed.mode = from.uint32() & PERMISSIONS;
  if (flags & AttributeBit.ACMODTIME) {
    changed.atime = from.uint32();
    changed.mtime = from.uint32();
  }
  if (flags & AttributeBit.EXTENDED) skipExtended(from);
  return changed;
}

/** Writes ATTRS. */
export function writeAttributes(to: Writer, attributes: FileAttributes): void {
  const { uid = 0, gid = 0, mtime = 0, atime = mtime } = attributes;
  const size = Math.max(0, Math.trunc(attributes.size));
  if (!Number.isFinite(size)) throw new RangeError(`a file system tells of a file of ${attributes.size} bytes`);
  to.uint32(AttributeBit.SIZE | AttributeBit.UIDGID | AttributeBit.PERMISSIONS | AttributeBit.ACMODTIME)
    .uint32(Math.floor(size / 2 ** 32))
    .uint32(size % 2 ** 32)
    .uint32(asUint32(uid))
    .uint32(asUint32(gid))
    .uint32(modeBits(attributes))
    .uint32(asUint32(atime))
    .uint32(asUint32(mtime));
}

/** The type and the permissions in one number. */
function modeBits({ type, mode }: FileAttributes): number {
  return TYPE_BITS[type] | (mode & PERMISSIONS);
}

/** A uint64 as a number. @throws FileError `INVALID` above 2^53 - 1, where numbers are no longer exact. */
export function readPosition(from: Reader): number {
  const position = from.uint32() * 2 ** 32 + from.uint32();
  if (position > Number.MAX_SAFE_INTEGER) throw new FileError("INVALID", "No file is that long");
  return position;
}

function skipExtended(from: Reader): void {
  const count = from.uint32();
  if (count > from.left / LEAST_EXTENDED) throw new ProtocolError("ATTRS claims more attributes than it has");
  for (let read = 0; read < count; read++) {
    from.string();
    from.string();
  }
}

/** Version 3 has 32 bits for times and owners: what does not fit is the nearest that does. */
function asUint32(value: number): number {
  return Math.min(MAX_UINT32, Math.max(0, Math.trunc(value))) || 0;
}
