import { failedWith, FileError, unlessMissing } from "../error.ts";
import type {
  ChangedAttributes,
  DirectoryEntry,
  FileAttributes,
  FileHandle,
  FileSystem,
  FileSystemUsage,
  OpenFlags,
} from "../file-system.ts";
import { callOptional, hasAll, lstatOf } from "../optional.ts";
import type { OptionalMethod } from "../optional.ts";
import { joinPath, parentPath } from "../path.ts";
import { onlyReading } from "./read-only.ts";

/**
 * Several file systems on top of each other: a name is that of the first that has it, and a directory has the entries of all. Only the first is
 * written to; what lies in the others alone can be read and hidden by a new file of the same name, and not changed or removed.
 *
 *     union(directory("/srv/site-of-ada"), directory("/srv/template"))
 *
 * Directories that something is made in are made in the first as well. A link leads within its own file system.
 */
export function union(first: FileSystem, ...others: readonly FileSystem[]): FileSystem {
  return new Union([first, ...others]);
}

const CHANGING: readonly OptionalMethod[] = [
  "setstat",
  "lsetstat",
  "mkdir",
  "rmdir",
  "unlink",
  "rename",
  "symlink",
  "link",
  "statfs",
];

class Union implements FileSystem {
  readonly #layers: readonly [FileSystem, ...FileSystem[]];

  constructor(layers: readonly [FileSystem, ...FileSystem[]]) {
    this.#layers = layers;
    // What the first cannot do cannot be done, and is not offered.
    for (const name of CHANGING) if (layers[0][name] === undefined) Object.assign(this, { [name]: undefined });
    if (!layers.some((layer) => hasAll(layer, ["readlink"]))) Object.assign(this, { readlink: undefined });
  }

  stat(path: string): Promise<FileAttributes> {
    return this.#first((layer) => layer.stat(path));
  }

  lstat(path: string): Promise<FileAttributes> {
    return this.#first((layer) => lstatOf(layer, path));
  }

  async *readdir(path: string): AsyncGenerator<DirectoryEntry, void, undefined> {
    const hidden = new Set<string>();
    let isThere = false;
    for (const [depth, layer] of this.#layers.entries()) {
      const type = (await unlessMissing(() => layer.stat(path)))?.type;
      if (type === undefined) continue;
      // What is no directory hides those below it.
      if (type !== "directory" && isThere) return;
      isThere = true;
      for await (const entry of layer.readdir(path)) {
        if (hidden.has(entry.name)) continue;
        // Nothing comes behind the last: what it has need not be remembered.
        if (depth < this.#layers.length - 1) hidden.add(entry.name);
        yield entry;
      }
    }
    if (!isThere) throw new FileError("NOT_FOUND");
  }

  async open(path: string, flags: OpenFlags, attributes: ChangedAttributes): Promise<FileHandle> {
    const [top] = this.#layers;
    if (!flags.write) {
      return this.#first(async (layer) => {
        const handle = await layer.open(path, flags, attributes);
        return layer === top ? handle : onlyReading(handle);
      });
    }
    if ((await unlessMissing(() => lstatOf(top, path))) !== undefined) return top.open(path, flags, attributes);
    const below = await unlessMissing(() => this.stat(path));
    if (below !== undefined && flags.create && flags.exclusive) throw new FileError("EXISTS");
    if (below?.type === "directory") throw new FileError("IS_A_DIRECTORY");
    if (below === undefined && !flags.create) throw new FileError("NOT_FOUND");
    // What is to be emptied need not be brought up first.
    if (below !== undefined && !flags.truncate) throw fixed();
    await this.#makeWay(parentPath(path));
    return top.open(path, { ...flags, create: true }, attributes);
  }

  async realpath(path: string): Promise<string> {
    const found = await unlessMissing(() =>
      this.#first(async (layer) => {
        await lstatOf(layer, path);
        return (await layer.realpath?.(path)) ?? path;
      }),
    );
    // The last component need not be there.
    return found ?? path;
  }

  readlink(path: string): Promise<string> {
    return this.#first(async (layer) => {
      await lstatOf(layer, path);
      return callOptional(layer, "readlink", path);
    });
  }

  async setstat(path: string, changed: ChangedAttributes): Promise<void> {
    await callOptional(await this.#changeable(path), "setstat", path, changed);
  }

  async lsetstat(path: string, changed: ChangedAttributes): Promise<void> {
    await callOptional(await this.#changeable(path), "lsetstat", path, changed);
  }

  async mkdir(path: string, attributes: ChangedAttributes): Promise<void> {
    await callOptional(await this.#free(path), "mkdir", path, attributes);
  }

  async symlink(target: string, path: string): Promise<void> {
    await callOptional(await this.#free(path), "symlink", target, path);
  }

  async link(from: string, to: string): Promise<void> {
    await this.#changeable(from);
    await callOptional(await this.#free(to), "link", from, to);
  }

  async unlink(path: string): Promise<void> {
    await callOptional(await this.#changeable(path), "unlink", path);
  }

  async rmdir(path: string): Promise<void> {
    const top = await this.#changeable(path);
    for await (const _ of this.readdir(path)) throw new FileError("NOT_EMPTY");
    await callOptional(top, "rmdir", path);
  }

  async rename(from: string, to: string, how: { readonly replace: boolean }): Promise<void> {
    const top = await this.#changeable(from);
    if (!how.replace) await this.#free(to);
    // A directory that others have as well would leave its other half behind.
    const isShared = await this.#isBelow(from);
    if (isShared && (await lstatOf(top, from)).type === "directory") throw fixed();
    const there = await unlessMissing(() => this.lstat(to));
    if (there?.type === "directory" && (await this.#isBelow(to))) throw new FileError("NOT_EMPTY");
    await this.#makeWay(parentPath(to));
    await callOptional(top, "rename", from, to, how);
  }

  async statfs(path: string): Promise<FileSystemUsage> {
    const [top] = this.#layers;
    const isThere = (await unlessMissing(() => top.stat(path))) !== undefined;
    return callOptional(top, "statfs", isThere ? path : "/");
  }

  /** What the first layer says that has it. @throws FileError `NOT_FOUND` when none has. */
  async #first<Result>(ask: (layer: FileSystem) => Result | Promise<Result>): Promise<Result> {
    for (const layer of this.#layers) {
      try {
        return await ask(layer);
      } catch (error) {
        if (!failedWith(error, "NOT_FOUND")) throw error;
      }
    }
    throw new FileError("NOT_FOUND");
  }

  /** The first layer, if it has the path. */
  async #changeable(path: string): Promise<FileSystem> {
    const [top] = this.#layers;
    if ((await unlessMissing(() => lstatOf(top, path))) !== undefined) return top;
    await this.lstat(path);
    throw fixed();
  }

  /** The first layer, with the directory that the path lies in, if nothing has the path. */
  async #free(path: string): Promise<FileSystem> {
    if ((await unlessMissing(() => this.lstat(path))) !== undefined) throw new FileError("EXISTS");
    await this.#makeWay(parentPath(path));
    return this.#layers[0];
  }

  async #isBelow(path: string): Promise<boolean> {
    for (const layer of this.#layers.slice(1)) {
      if ((await unlessMissing(() => lstatOf(layer, path))) !== undefined) return true;
    }
    return false;
  }

  /** Makes a directory in the first layer that another has, with those that it lies in. */
  async #makeWay(directory: string): Promise<void> {
    const [top] = this.#layers;
    let path = "/";
    for (const name of directory.split("/").filter((component) => component !== "")) {
      path = joinPath(path, name);
      if ((await unlessMissing(() => top.stat(path))) !== undefined) continue;
      const { type, mode } = await this.stat(path);
      if (type !== "directory") throw new FileError("NOT_A_DIRECTORY");
      await callOptional(top, "mkdir", path, { mode });
    }
  }
}

function fixed(): FileError {
  return new FileError("PERMISSION_DENIED", "It lies where nothing can be changed");
}
