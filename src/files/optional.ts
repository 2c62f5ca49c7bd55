import { FileError } from "./error.ts";
import type { Awaitable } from "../server/index.ts";
import type { FileAttributes, FileHandle, FileSystem } from "./file-system.ts";

/** The methods that a file system may do without. */
export type OptionalMethod = Exclude<keyof FileSystem, "stat" | "readdir" | "open">;
type Method<Name extends OptionalMethod> = NonNullable<FileSystem[Name]>;

/** Whether a file system has all of these methods. */
export function hasAll(fileSystem: FileSystem, names: readonly OptionalMethod[]): boolean {
  return names.every((name) => fileSystem[name] !== undefined);
}

/** Calls a method that need not be there. @throws FileError `UNSUPPORTED` when it is not. */
export function callOptional<Name extends OptionalMethod>(
  fileSystem: FileSystem,
  name: Name,
  ...args: Parameters<Method<Name>>
): ReturnType<Method<Name>> {
  const method = fileSystem[name];
  if (method === undefined) throw new FileError("UNSUPPORTED");
  return Reflect.apply(method, fileSystem, args) as ReturnType<Method<Name>>;
}

/** What a name stands for by itself, a link for one where the file system has any. */
export function lstatOf(fileSystem: FileSystem, path: string): Awaitable<FileAttributes> {
  return fileSystem.lstat === undefined ? fileSystem.stat(path) : fileSystem.lstat(path);
}

/** Ends the use of a handle. What becomes of an upload that is not complete is the file system's to say, if it has an `abort`. */
export function endHandle(handle: FileHandle, isComplete: boolean): Awaitable<void> {
  return isComplete || handle.abort === undefined ? handle.close() : handle.abort();
}
