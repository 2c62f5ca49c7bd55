import type { Awaitable } from "../server/index.ts";

/** What stands under a name. `other` is a device, a pipe or a socket: it is shown, and cannot be opened. */
export type FileType = "file" | "directory" | "symlink" | "other";

/** What is known of a file. */
export interface FileAttributes {
  readonly type: FileType;
  /** Bytes, at most 2^53 - 1. Of a symbolic link, the length of its target. */
  readonly size: number;
  /** The permission bits, 0 to 0o7777, without the type. */
  readonly mode: number;
  /** The owner's number. Default 0. */
  readonly uid?: number;
  /** The group's number. Default 0. */
  readonly gid?: number;
  /** Seconds since 1970 when it was last read; parts of a second may be dropped. Default `mtime`. */
  readonly atime?: number;
  /** Seconds since 1970 when it was last changed; parts of a second may be dropped. Default 0. */
  readonly mtime?: number;
  /** How many names it has. Default 1. */
  readonly nlink?: number;
  /** The same for two names of one file, and different for two files: device and inode, for example. */
  readonly identity?: string;
}

/** Attributes that a client wants changed, or wants a new file to have. What is absent stays. */
export interface ChangedAttributes {
  /** Cuts a file off, or lengthens it by zeros. */
  readonly size?: number;
  /** The permission bits, 0 to 0o7777. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly atime?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
}

/** How a file is to be opened. At least one of `read` and `write` is true. */
export interface OpenFlags {
  readonly read: boolean;
  readonly write: boolean;
  /** Every write goes to the end, wherever it says it should. */
  readonly append: boolean;
  /** Make the file if there is none. Only with `write`. */
  readonly create: boolean;
  /** Empty the file. Only with `write`. */
  readonly truncate: boolean;
  /** With `create`: fail with `EXISTS` if anything has the name, a link that leads nowhere included. */
  readonly exclusive: boolean;
}

/** One entry of a directory. Its attributes are its own: those of a link, not of what it leads to. */
export interface DirectoryEntry {
  /** One component of a path; neither `.` nor `..`. */
  readonly name: string;
  readonly attributes: FileAttributes;
}

/** How full a file system is, as `statvfs` tells. Sizes are in blocks of `blockSize` bytes. */
export interface FileSystemUsage {
  readonly blockSize: number;
  readonly blocks: number;
  /** Free, with what is kept for the administrator. */
  readonly freeBlocks: number;
  /** Free for this user. */
  readonly availableBlocks: number;
  /** Entries that there can be. */
  readonly entries: number;
  readonly freeEntries: number;
  /** Nothing can be changed. Default false. */
  readonly readOnly?: boolean;
}

/** An open file. Several reads and writes may be under way at once; `close` or `abort` comes last, and once. */
export interface FileHandle {
  /**
   * Fills `buffer` with the bytes from `position` on, and gives how many there were: 0 is the end of the file, and fewer than
   * asked for is allowed. Absent: the file cannot be read.
   */
  read?(buffer: Uint8Array, position: number): Awaitable<number>;
  /**
   * Writes all of the bytes. They are valid until the call is done. What lies between the old end and `position` reads as zeros. Absent: the file
   * cannot be written to.
   */
  write?(bytes: Uint8Array, position: number): Awaitable<void>;
  stat(): Awaitable<FileAttributes>;
  setstat?(changed: ChangedAttributes): Awaitable<void>;
  /** Comes back when what was written would outlast a loss of power. */
  sync?(): Awaitable<void>;
  /** How full the file system is that the file lies on. */
  statfs?(): Awaitable<FileSystemUsage>;
  close(): Awaitable<void>;
  /**
   * Instead of `close`, when the client has gone without closing the file: what it wrote may be half of something. Absent: `close` is
   * called then too.
   */
  abort?(): Awaitable<void>;
}

/** A directory of the machine that is what a virtual one leads to, held open until {@link LocalDirectory.close}. */
export interface LocalDirectory {
  /** A path that a program started by this process can be given. */
  readonly path: string;
  /** The program may only read. Default false. */
  readonly readOnly?: boolean;
  close(): Awaitable<void>;
}

/**
 * Files as one client may see them. An app that shows a list of generated files writes the three methods that are required; every other that
 * is absent answers the client with `UNSUPPORTED`.
 *
 * A path is absolute and normalised: it begins with `/`, has no empty component, no `.` and no `..`, and does not end with `/`
 * but for the root itself. It is text, in which a byte that is not UTF-8 is a lone surrogate from U+DC80 to U+DCFF: `decodePath`
 * and `encodePath` go between the two. It is at most 4096 bytes long, and each component 255, without a NUL.
 *
 * A method says no with a {@link FileError}. Where it says "follows links", that is for the last component; those before are followed
 * always.
 */
export interface FileSystem {
  /** Follows links. @throws FileError `NOT_FOUND`, and what else fits. */
  stat(path: string): Awaitable<FileAttributes>;
  /** The entries, in any order. It is asked for a few at a time, and left before its end when the client closes the directory. */
  readdir(path: string): AsyncIterable<DirectoryEntry> | Iterable<DirectoryEntry>;
  /**
   * Opens a regular file; follows links. A handle without `write` is refused to who wants to write, and closed again.
   *
   * @param attributes what a file that is made thereby is to have.
   */
  open(path: string, flags: OpenFlags, attributes: ChangedAttributes): Awaitable<FileHandle>;

  /** Of a link, not of what it leads to. Absent: `stat` is used. */
  lstat?(path: string): Awaitable<FileAttributes>;
  /** The path without links; its last component need not exist. Absent: there are no links. */
  realpath?(path: string): Awaitable<string>;
  /** Follows links. */
  setstat?(path: string, changed: ChangedAttributes): Awaitable<void>;
  /** Does not follow links; `size` is never among the changes. */
  lsetstat?(path: string, changed: ChangedAttributes): Awaitable<void>;
  mkdir?(path: string, attributes: ChangedAttributes): Awaitable<void>;
  /** Removes an empty directory. */
  rmdir?(path: string): Awaitable<void>;
  /** Removes a file or a link, and no directory. */
  unlink?(path: string): Awaitable<void>;
  /** At once, so that nobody sees both or neither. With `replace`, what has the new name is replaced; else that is `EXISTS`. */
  rename?(from: string, to: string, how: { readonly replace: boolean }): Awaitable<void>;
  /** @param target as the client gave it: it may be relative, and may lead nowhere. */
  symlink?(target: string, path: string): Awaitable<void>;
  readlink?(path: string): Awaitable<string>;
  /** A second name for a file; does not follow links. */
  link?(from: string, to: string): Awaitable<void>;
  statfs?(path: string): Awaitable<FileSystemUsage>;
  /** The name of an owner by the number; undefined for a number without one. */
  userName?(uid: number): Awaitable<string | undefined>;
  /** The name of a group by the number; undefined for a number without one. */
  groupName?(gid: number): Awaitable<string | undefined>;
  /**
   * The directory of the machine behind a virtual one, for what needs a process of its own: rsync, git. `undefined` when there is none, or
   * when not all that lies in it is this client's to see.
   */
  localDirectory?(path: string): Awaitable<LocalDirectory | undefined>;
}
