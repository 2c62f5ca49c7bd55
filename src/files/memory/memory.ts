import { FileError } from "../error.ts";
import type {
  ChangedAttributes,
  DirectoryEntry,
  FileAttributes,
  FileHandle,
  FileSystem,
  FileSystemUsage,
  OpenFlags,
} from "../file-system.ts";
import { joinPath, nameOf, normalizePath, parentPath } from "../path.ts";
import { MemoryHandle } from "./handle.ts";
import type { DirectoryNode, Node } from "./nodes.ts";
import { attributesOf, change, newDirectory, newFile, newLink, seconds } from "./nodes.ts";
import type { Place } from "./walk.ts";
import { pathOf, walk } from "./walk.ts";

/** What {@link memory} makes. */
export interface MemoryOptions {
  /** Files that are there from the beginning, by their paths, with the directories that they need. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The memory that the contents of all files may take, in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
  /** The files, directories and links that there may be. Default 10,000. */
  readonly maxEntries?: number;
}

/** The unit in which `statfs` counts. */
const BLOCK = 4096;

/**
 * Makes a file system in memory: for tests, for what is generated, and for uploads that an app takes away at once. It can do all that a disk
 * can; parts of a file that were never written to take no memory. It belongs to one owner: the mode of a file is kept and shown, and keeps
 * nobody out.
 *
 *     const files = memory({ files: { "/readme.txt": "Hello!\n" } });
 */
export function memory(options: MemoryOptions = {}): MemoryFileSystem {
  return new MemoryFileSystem(options);
}

/** What {@link memory} gives: every method is there, and most answer at once. */
export class MemoryFileSystem implements FileSystem {
  readonly #root: DirectoryNode = newDirectory(undefined, {});
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  #bytes = 0;
  #entries = 0;

  /** For {@link memory}. */
  constructor({ files = {}, maxBytes = 64 * 1024 ** 2, maxEntries = 10_000 }: MemoryOptions) {
    this.#maxBytes = maxBytes;
    this.#maxEntries = maxEntries;
    for (const [path, content] of Object.entries(files)) this.#put(normalizePath(path), Buffer.from(content));
  }

  stat(path: string): FileAttributes {
    return attributesOf(existing(walk(this.#root, path, true)));
  }

  lstat(path: string): FileAttributes {
    return attributesOf(existing(walk(this.#root, path, false)));
  }

  *readdir(path: string): Generator<DirectoryEntry, void, undefined> {
    const directory = existing(walk(this.#root, path, true));
    if (directory.type !== "directory") throw new FileError("NOT_A_DIRECTORY");
    for (const [name, node] of directory.entries) yield { name, attributes: attributesOf(node) };
  }

  open(path: string, flags: OpenFlags, attributes: ChangedAttributes): FileHandle {
    const place = walk(this.#root, path, !(flags.create && flags.exclusive));
    if (place.node !== undefined && flags.create && flags.exclusive) throw new FileError("EXISTS");
    if (place.node === undefined && !flags.create) throw new FileError("NOT_FOUND");
    const node = place.node ?? this.#add(place, newFile(this.#room, attributes));
    if (node.type === "directory") throw new FileError("IS_A_DIRECTORY");
    if (node.type !== "file") throw new FileError("LOOP");
    if (flags.truncate) change(node, { size: 0 });
    return new MemoryHandle(node, flags, () => this.statfs());
  }

  realpath(path: string): string {
    return pathOf(walk(this.#root, path, true));
  }

  setstat(path: string, changed: ChangedAttributes): void {
    const node = existing(walk(this.#root, path, true));
    if (changed.size !== undefined && node.type === "directory") throw new FileError("IS_A_DIRECTORY");
    change(node, changed);
  }

  lsetstat(path: string, changed: ChangedAttributes): void {
    change(existing(walk(this.#root, path, false)), changed);
  }

  mkdir(path: string, attributes: ChangedAttributes): void {
    const place = walk(this.#root, path, false);
    if (place.node !== undefined) throw new FileError("EXISTS");
    this.#add(place, newDirectory(place.directory, attributes));
  }

  rmdir(path: string): void {
    const place = walk(this.#root, path, false);
    const node = existing(place);
    if (node.type !== "directory") throw new FileError("NOT_A_DIRECTORY");
    if (node === this.#root) throw new FileError("PERMISSION_DENIED");
    if (node.entries.size > 0) throw new FileError("NOT_EMPTY");
    this.#remove(place);
  }

  unlink(path: string): void {
    const place = walk(this.#root, path, false);
    if (existing(place).type === "directory") throw new FileError("IS_A_DIRECTORY");
    this.#remove(place);
  }

  rename(from: string, to: string, { replace }: { readonly replace: boolean }): void {
    const source = walk(this.#root, from, false);
    const target = walk(this.#root, to, false);
    const node = existing(source);
    if (node === this.#root) throw new FileError("PERMISSION_DENIED");
    if (target.node !== undefined && !replace) throw new FileError("EXISTS");
    if (target.node === node) return;
    if (node.type === "directory" && isInside(target.directory, node)) {
      throw new FileError("INVALID", "A directory cannot be moved into itself");
    }
    if (target.node !== undefined) this.#makeWay(node, target);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, node);
    if (node.type === "directory") node.parent = target.directory;
    source.directory.mtime = target.directory.mtime = seconds();
  }

  symlink(target: string, path: string): void {
    const place = walk(this.#root, path, false);
    if (place.node !== undefined) throw new FileError("EXISTS");
    this.#add(place, newLink(target));
  }

  readlink(path: string): string {
    const node = existing(walk(this.#root, path, false));
    if (node.type !== "symlink") throw new FileError("INVALID", "Not a link");
    return node.target;
  }

  link(from: string, to: string): void {
    const node = existing(walk(this.#root, from, false));
    const place = walk(this.#root, to, false);
    if (node.type === "directory") throw new FileError("PERMISSION_DENIED", "A directory has one name");
    if (place.node !== undefined) throw new FileError("EXISTS");
    this.#add(place, node);
  }

  statfs(): FileSystemUsage {
    const free = Math.floor((this.#maxBytes - this.#bytes) / BLOCK);
    return {
      blockSize: BLOCK,
      blocks: Math.floor(this.#maxBytes / BLOCK),
      freeBlocks: free,
      availableBlocks: free,
      entries: this.#maxEntries,
      freeEntries: this.#maxEntries - this.#entries,
    };
  }

  readonly #room = {
    take: (bytes: number): void => {
      if (this.#bytes + bytes > this.#maxBytes) throw new FileError("NO_SPACE");
      this.#bytes += bytes;
    },
    give: (bytes: number): void => {
      this.#bytes -= bytes;
    },
  };

  #add<Added extends Node>(place: Place, node: Added): Added {
    if (this.#entries >= this.#maxEntries) throw new FileError("NO_SPACE");
    this.#entries++;
    place.directory.entries.set(place.name, node);
    place.directory.mtime = seconds();
    node.names++;
    return node;
  }

  #remove({ directory, name, node }: Place): void {
    if (node === undefined) return;
    this.#entries--;
    directory.entries.delete(name);
    directory.mtime = seconds();
    node.names--;
    if (node.type === "file" && node.names === 0 && node.handles === 0) node.content.clear();
  }

  /** Takes away what stands where something is moved to. */
  #makeWay(node: Node, target: Place): void {
    const there = existing(target);
    if (there.type === "directory") {
      if (node.type !== "directory") throw new FileError("IS_A_DIRECTORY");
      if (there.entries.size > 0) throw new FileError("NOT_EMPTY");
    } else if (node.type === "directory") throw new FileError("NOT_A_DIRECTORY");
    this.#remove(target);
  }

  #put(path: string, content: Uint8Array): void {
    let directory = "/";
    for (const name of parentPath(path)
      .split("/")
      .filter((name) => name !== "")) {
      directory = joinPath(directory, name);
      if (walk(this.#root, directory, true).node === undefined) this.mkdir(directory, {});
    }
    const place = walk(this.#root, joinPath(directory, nameOf(path)), true);
    const file = newFile(this.#room, {});
    file.content.write(content, 0);
    this.#add(place, file);
  }
}

/** @throws FileError `NOT_FOUND` */
function existing({ node }: Place): Node {
  if (node === undefined) throw new FileError("NOT_FOUND");
  return node;
}

function isInside(directory: DirectoryNode, ancestor: DirectoryNode): boolean {
  for (let here = directory; ; here = here.parent) {
    if (here === ancestor) return true;
    if (here.parent === here) return false;
  }
}
