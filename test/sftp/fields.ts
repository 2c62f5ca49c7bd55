/** The fields of SFTP requests, for tests that write them by hand. */
import type { ChangedAttributes } from "../../src/files/index.ts";
import { AttributeBit, Packet } from "../../src/files/sftp/wire/numbers.ts";
import { Writer } from "../../src/wire/index.ts";

export const u32 = (value: number): Uint8Array => new Writer().uint32(value).finish();
export const u64 = (value: number | bigint): Uint8Array => new Writer().uint64(BigInt(value)).finish();
/** A string: text as UTF-8, or any bytes. */
export const string = (value: string | Uint8Array): Uint8Array => new Writer().string(Buffer.from(value)).finish();

/** ATTRS with the fields that are given. */
export function attrs({ size, mode, uid, gid, atime, mtime }: ChangedAttributes = {}): Uint8Array {
  const owner = uid === undefined ? [] : [u32(uid), u32(gid ?? 0)];
  const times = atime === undefined ? [] : [u32(atime), u32(mtime ?? 0)];
  const flags =
    (size === undefined ? 0 : AttributeBit.SIZE) |
    (uid === undefined ? 0 : AttributeBit.UIDGID) |
    (mode === undefined ? 0 : AttributeBit.PERMISSIONS) |
    (atime === undefined ? 0 : AttributeBit.ACMODTIME);
  return Buffer.concat([
    u32(flags),
    ...(size === undefined ? [] : [u64(size)]),
    ...owner,
    ...(mode === undefined ? [] : [u32(mode)]),
    ...times,
  ]);
}

/** A packet with its length. */
export function packet(type: number, ...fields: readonly Uint8Array[]): Uint8Array {
  return string(Buffer.concat([Uint8Array.of(type), ...fields]));
}

export function init(version = 3): Uint8Array {
  return packet(Packet.INIT, u32(version));
}
