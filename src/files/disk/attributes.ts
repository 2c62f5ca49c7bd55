import {
  chmod,
  chown,
  fchmod,
  fchown,
  fstat,
  ftruncate,
  futimes,
  lchown,
  lstat,
  lutimes,
  truncate,
  utimes,
} from "node:fs";
import type { BigIntStats, Stats, StatsFs } from "node:fs";
import { FileError } from "../error.ts";
import type { ChangedAttributes, FileAttributes, FileSystemUsage, FileType } from "../file-system.ts";
import { call, perform } from "./calls.ts";
import type { NativePath } from "./calls.ts";

/** Permission bits that a client can set: neither setuid nor setgid, which would lend the owner's rights to whoever runs the file. */
const SETTABLE = 0o777;
const MODE = 0o7777;
const TYPE = 0o170000;

const TYPES: ReadonlyMap<number, FileType> = new Map([
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "symlink"],
]);

/** What a file has, of a name; a link is not followed. */
export function attributesAt(native: NativePath): Promise<BigIntStats> {
  return call((done) => lstat(native, { bigint: true }, done));
}

/** What an open file has. */
export function attributesOf(fd: number): Promise<BigIntStats> {
  return call((done) => fstat(fd, { bigint: true }, done));
}

/** The type of what stands there. */
export function typeOf({ mode }: BigIntStats | Stats): FileType {
  return TYPES.get(Number(mode) & TYPE) ?? "other";
}

/** As clients are told. Times are exact to a quarter of a microsecond. */
export function toAttributes(stats: BigIntStats): FileAttributes {
  return {
    type: typeOf(stats),
    size: Number(stats.size),
    mode: Number(stats.mode) & MODE,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    atime: seconds(stats.atimeNs),
    mtime: seconds(stats.mtimeNs),
    nlink: Number(stats.nlink),
    identity: `${stats.dev}:${stats.ino}`,
  };
}

/**
 * The same of a name in a listing, where there are many: without the big integers that it takes to be exact, unless the number of
 * the file is one, and without a promise.
 */
export function listedAt(
  native: NativePath,
  done: (error: NodeJS.ErrnoException | null, attributes?: FileAttributes) => void,
): void {
  lstat(native, (error, stats) => {
    if (error !== null) done(error);
    else if (Number.isSafeInteger(stats.ino)) done(null, listed(stats));
    else
      lstat(native, { bigint: true }, (fault, exact) =>
        fault === null ? done(null, toAttributes(exact)) : done(fault),
      );
  });
}

function listed(stats: Stats): FileAttributes {
  return {
    type: typeOf(stats),
    size: stats.size,
    mode: stats.mode & MODE,
    uid: stats.uid,
    gid: stats.gid,
    atime: stats.atimeMs / 1000,
    mtime: stats.mtimeMs / 1000,
    nlink: stats.nlink,
    identity: `${stats.dev}:${stats.ino}`,
  };
}

/** How full a disk is, as clients are told. */
export function usageOf(stats: StatsFs): FileSystemUsage {
  return {
    blockSize: stats.bsize,
    blocks: stats.blocks,
    freeBlocks: stats.bfree,
    availableBlocks: stats.bavail,
    entries: stats.files,
    freeEntries: stats.ffree,
  };
}

/** What is changed, and by which call. */
export interface Target {
  truncate(size: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  utimes(atime: number, mtime: number): Promise<void>;
}

/** A file that was opened for reading or writing. */
export function openTarget(fd: number): Target {
  return {
    truncate: (size) => perform((done) => ftruncate(fd, size, done)),
    chown: (uid, gid) => perform((done) => fchown(fd, uid, gid, done)),
    chmod: (mode) => perform((done) => fchmod(fd, mode, done)),
    utimes: (atime, mtime) => perform((done) => futimes(fd, atime, mtime, done)),
  };
}

/** What a descriptor holds, by its name in /proc, which leads there whatever the name stands for that it was opened by. */
export function heldTarget(fd: number): Target {
  const link = `/proc/self/fd/${fd}`;
  return {
    truncate: (size) => perform((done) => truncate(link, size, done)),
    chown: (uid, gid) => perform((done) => chown(link, uid, gid, done)),
    chmod: (mode) => perform((done) => chmod(link, mode, done)),
    utimes: (atime, mtime) => perform((done) => utimes(link, atime, mtime, done)),
  };
}

/** A link itself, by its name. It has no permission bits of its own. */
export function linkTarget(native: NativePath): Target {
  return {
    truncate: () => Promise.reject(new FileError("INVALID")),
    chown: (uid, gid) => perform((done) => lchown(native, uid, gid, done)),
    chmod: () => Promise.reject(new FileError("UNSUPPORTED", "Links have no permission bits")),
    utimes: (atime, mtime) => perform((done) => lutimes(native, atime, mtime, done)),
  };
}

/** What may be changed, beside what is the file's own. */
export interface ChangeRules {
  readonly allowOwnerChanges: boolean;
}

/**
 * Changes what a client asked for. Nothing is changed when the client may not change all of it.
 *
 * @param stats of the same file, as it is.
 */
export async function change(
  target: Target,
  stats: BigIntStats,
  changed: ChangedAttributes,
  rules: ChangeRules,
): Promise<void> {
  const { size, uid = Number(stats.uid), gid = Number(stats.gid), mode } = changed;
  const type = typeOf(stats);
  if (type === "other") throw notRegular();
  if (size !== undefined && type !== "file") throw new FileError(type === "directory" ? "IS_A_DIRECTORY" : "INVALID");
  const owner = uid !== Number(stats.uid) || gid !== Number(stats.gid);
  if (owner && !rules.allowOwnerChanges) {
    throw new FileError("PERMISSION_DENIED", "The owner cannot be changed here");
  }
  if (size !== undefined) await target.truncate(size);
  if (owner) await target.chown(uid, gid);
  if (mode !== undefined) await target.chmod((mode & SETTABLE) | kept(stats, type));
  if (changed.atime !== undefined || changed.mtime !== undefined) {
    await target.utimes(changed.atime ?? seconds(stats.atimeNs), changed.mtime ?? seconds(stats.mtimeNs));
  }
}

/** The permission bits that something new is made with. */
export function modeOfNew({ mode }: ChangedAttributes, umask: number, otherwise: number): number {
  return (mode ?? otherwise) & SETTABLE & ~umask;
}

/** Says no to a device, a pipe or a socket. */
export function notRegular(): FileError {
  return new FileError("PERMISSION_DENIED", "Not a regular file");
}

/** The bits that whoever set up a directory gave it, such as the group of what is made in it, stay. */
function kept(stats: BigIntStats, type: FileType): number {
  return type === "directory" ? Number(stats.mode) & MODE & ~SETTABLE : 0;
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
