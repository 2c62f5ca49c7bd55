/** Files for SFTP, SCP, rsync and git: one interface, what serves it, and what implements it. */
export { FileError } from "./error.ts";
export type { FileErrorCode } from "./error.ts";
export type {
  ChangedAttributes,
  DirectoryEntry,
  FileAttributes,
  FileHandle,
  FileSystem,
  FileSystemUsage,
  FileType,
  LocalDirectory,
  OpenFlags,
} from "./file-system.ts";
export type { GitAccess, GitOptions } from "./git/options.ts";
export type { Push, PushedRef } from "./git/push.ts";
export { serveGit } from "./git/serve.ts";
export { memory, MemoryFileSystem } from "./memory/memory.ts";
export type { MemoryOptions } from "./memory/memory.ts";
export { decodePath, encodePath, isWithin, joinPath, nameOf, normalizePath, parentPath } from "./path.ts";
export { directory } from "./disk/directory.ts";
export type { DirectoryFileSystem } from "./disk/directory.ts";
export type { DirectoryOptions } from "./disk/rules.ts";
export { hooks } from "./views/hooks.ts";
export type { Change, FileHooks } from "./views/hooks.ts";
export { mount } from "./views/mount.ts";
export type { Transfer } from "./views/observe.ts";
export { perUser } from "./views/per-user.ts";
export { permissions } from "./views/permissions.ts";
export type { Access } from "./views/permissions.ts";
export { quota } from "./views/quota.ts";
export type { QuotaOptions } from "./views/quota.ts";
export { rate } from "./views/rate.ts";
export type { RateOptions } from "./views/rate.ts";
export { union } from "./views/union.ts";
export { readOnly } from "./views/read-only.ts";
export type { RsyncOptions } from "./rsync/machine.ts";
export { serveFiles } from "./serve-files.ts";
export type { ServeFilesOptions } from "./serve-files.ts";
