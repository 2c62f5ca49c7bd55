import type { Awaitable } from "../../server/index.ts";
import type { FileSystem } from "../file-system.ts";
import type { Transfer } from "./observe.ts";
import { observe } from "./observe.ts";
import type { Deed } from "./wrap.ts";

/** Something that was done with a path. */
export interface Change {
  readonly path: string;
  /** Of `onRename` and `onLink`: the new name. */
  readonly to?: string;
}

/**
 * What an app does when something has happened. Each is awaited before the client gets its answer, and what it throws is the
 * answer: a `FileError` as it is, anything else as a fault. What has happened stays.
 */
export interface FileHooks {
  /** A file was written to and is closed. The client hears of a refusal as the answer to its CLOSE. */
  onUpload?(file: Transfer): Awaitable<void>;
  /** A file was read from and is closed. */
  onDownload?(file: Transfer): Awaitable<void>;
  /** A file or a link is gone, or an empty directory. */
  onDelete?(change: Change): Awaitable<void>;
  /** What had one name has another. */
  onRename?(change: Change): Awaitable<void>;
  /** A directory was made. */
  onMakeDirectory?(change: Change): Awaitable<void>;
  /** A file has a second name, or a symbolic link was made. */
  onLink?(change: Change): Awaitable<void>;
  /** The size, the mode, the owner or the times of a file were set that nothing is written to just now; those of an upload are a part of it. */
  onChange?(change: Change): Awaitable<void>;
}

/** Which hook hears of which operation. */
const HOOK_OF: { readonly [Operation in Deed["operation"]]?: Exclude<keyof FileHooks, "onUpload" | "onDownload"> } = {
  unlink: "onDelete",
  rmdir: "onDelete",
  rename: "onRename",
  mkdir: "onMakeDirectory",
  link: "onLink",
  symlink: "onLink",
  setstat: "onChange",
  lsetstat: "onChange",
};

/**
 * A file system that tells an app what clients do with it.
 *
 *     hooks(files, { onUpload: ({ path, isComplete }) => { if (isComplete) void scan(path); } })
 */
export function hooks(fileSystem: FileSystem, hooks: FileHooks): FileSystem {
  return observe(fileSystem, {
    transferred: (kind, transfer) => (kind === "upload" ? hooks.onUpload?.(transfer) : hooks.onDownload?.(transfer)),
    done({ operation, path, to }) {
      const hook = HOOK_OF[operation];
      return hook && hooks[hook]?.({ path, ...(to !== undefined && { to }) });
    },
  });
}
