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
export { memory, MemoryFileSystem } from "./memory/memory.ts";
export type { MemoryOptions } from "./memory/memory.ts";
export { decodePath, encodePath, isWithin, joinPath, nameOf, normalizePath, parentPath } from "./path.ts";
export { directory } from "./disk/directory.ts";
export type { DirectoryFileSystem } from "./disk/directory.ts";
export type { DirectoryOptions } from "./disk/rules.ts";
export { serveFiles } from "./serve-files.ts";
export type { ServeFilesOptions } from "./serve-files.ts";
