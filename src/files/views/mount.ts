import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { DirectoryEntry, FileAttributes, FileSystem, LocalDirectory } from "../file-system.ts";
import type { OptionalMethod } from "../optional.ts";
import { callOptional } from "../optional.ts";
import { isWithin, joinPath, normalizePath } from "../path.ts";

/** A directory that is there only because something is mounted in it. */
const BETWEEN: FileAttributes = { type: "directory", size: 0, mode: 0o555 };

/**
 * Several file systems as one, each at its path, as `mount` has it on Unix: what lies below a path is that file system's, the longest
 * path decides, and what another has there is hidden.
 *
 *     mount({ "/": readOnly(directory("/srv/public")), "/uploads": quota(directory("/srv/uploads"), limits) })
 *
 * Directories that lead to a mounted one are there by themselves, show that alone, and cannot be changed. Links lead within their own file system,
 * whose root is theirs. From one file system to another nothing can be renamed or linked: that is `CROSS_DEVICE`, and clients copy instead.
 *
 * @throws FileError `INVALID` for a path that is none.
 */
export function mount(table: Readonly<Record<string, FileSystem>>): FileSystem {
  return new MountTable(Object.entries(table).map(([path, fileSystem]) => ({ path: normalizePath(path), fileSystem })));
}

interface Mounted {
  readonly path: string;
  readonly fileSystem: FileSystem;
}

/** A path, and whose it is. */
interface Place {
  readonly mounted: Mounted;
  /** The path within. */
  readonly path: string;
}

class MountTable implements FileSystem {
  /** The longest path first. */
  readonly #table: readonly Mounted[];

  constructor(table: readonly Mounted[]) {
    this.#table = table.toSorted((one, other) => other.path.length - one.path.length);
    for (const name of FORWARDED) this.#forward(name);
  }

  stat(path: string): Awaitable<FileAttributes> {
    return this.#isBetween(path) ? BETWEEN : this.#at(path, ({ fileSystem }, inner) => fileSystem.stat(inner));
  }

  lstat(path: string): Awaitable<FileAttributes> {
    if (this.#isBetween(path)) return BETWEEN;
    // A mounted file system's root may be a link within it, but not here.
    return this.#at(path, ({ fileSystem, path: root }, inner) =>
      fileSystem.lstat === undefined || path === root ? fileSystem.stat(inner) : fileSystem.lstat(inner),
    );
  }

  async *readdir(path: string): AsyncGenerator<DirectoryEntry, void, undefined> {
    const mounted = new Set(this.#namesIn(path));
    for (const name of mounted) yield { name, attributes: await this.#rootAt(joinPath(path, name)) };
    if (this.#isBetween(path)) return;
    const { mounted: owner, path: inner } = this.#find(path);
    for await (const entry of owner.fileSystem.readdir(inner)) if (!mounted.has(entry.name)) yield entry;
  }

  open: FileSystem["open"] = (path, flags, attributes) => {
    if (this.#isBetween(path)) throw new FileError("IS_A_DIRECTORY");
    return this.#at(path, ({ fileSystem }, inner) => fileSystem.open(inner, flags, attributes));
  };

  async realpath(path: string): Promise<string> {
    if (this.#isBetween(path)) return path;
    const { mounted, path: inner } = this.#find(path);
    const real = (await mounted.fileSystem.realpath?.(inner)) ?? inner;
    return outer(mounted, real);
  }

  async localDirectory(path: string): Promise<LocalDirectory | undefined> {
    // What is mounted below is not in the directory of the machine.
    if (this.#isBetween(path) || this.#table.some((other) => other.path !== path && isWithin(other.path, path)))
      return undefined;
    return this.#at(path, ({ fileSystem }, inner) => fileSystem.localDirectory?.(inner));
  }

  /** Of what is mounted and cannot be looked at, its directory: the others' listing is none of its business. */
  async #rootAt(path: string): Promise<FileAttributes> {
    try {
      return await this.stat(path);
    } catch (error) {
      if (error instanceof FileError) return BETWEEN;
      throw error;
    }
  }

  /** Makes a method for those that at least one file system has. */
  #forward(name: Forwarded): void {
    if (this.#table.every(({ fileSystem }) => fileSystem[name] === undefined)) return;
    const paths = PATHS_OF[name];
    const method = (...args: unknown[]): unknown => {
      const places = paths.map((at) => this.#changeable(name, args[at] as string));
      const [first, second = first] = places;
      if (first === undefined || second === undefined) return undefined;
      if (first.mounted !== second.mounted) throw new FileError("CROSS_DEVICE");
      const inner = args.map((arg, at) => places[paths.indexOf(at)]?.path ?? arg);
      return callOptional(
        first.mounted.fileSystem,
        name,
        ...(inner as Parameters<NonNullable<FileSystem[typeof name]>>),
      );
    };
    Object.assign(this, { [name]: method });
  }

  /** Where mounted file systems lie, and the directories on the way to them, are not a client's to change. */
  #changeable(name: Forwarded, path: string): Place {
    const isMountPoint = this.#table.some((mounted) => mounted.path === path);
    if ((isMountPoint && STAYS.has(name)) || (this.#leads(path) && name !== "statfs" && name !== "readlink")) {
      throw new FileError("PERMISSION_DENIED", "Another file system lies there");
    }
    return this.#find(path);
  }

  #at<Result>(path: string, run: (mounted: Mounted, inner: string) => Result): Result {
    const { mounted, path: inner } = this.#find(path);
    return run(mounted, inner);
  }

  /** @throws FileError `NOT_FOUND` where nothing is mounted. */
  #find(path: string): Place {
    const mounted = this.#table.find((candidate) => isWithin(path, candidate.path));
    if (mounted === undefined) throw new FileError("NOT_FOUND");
    return { mounted, path: mounted.path === "/" ? path : path.slice(mounted.path.length) || "/" };
  }

  /** Whether something is mounted below the path. */
  #leads(path: string): boolean {
    return this.#table.some((mounted) => mounted.path !== path && isWithin(mounted.path, path));
  }

  /** Whether the path is a directory only because something is mounted below it. */
  #isBetween(path: string): boolean {
    return this.#leads(path) && !this.#table.some((mounted) => mounted.path === path);
  }

  /** The names of what is mounted in a directory, or leads to it. */
  #namesIn(path: string): string[] {
    const names = this.#table
      .filter((mounted) => mounted.path !== path && isWithin(mounted.path, path))
      .map(({ path: below }) => (path === "/" ? below.slice(1) : below.slice(path.length + 1)).split("/", 1)[0] ?? "");
    return [...new Set(names)];
  }
}

type Forwarded = Exclude<OptionalMethod, "lstat" | "realpath" | "localDirectory" | "userName" | "groupName">;

/** Which of their arguments are paths of the table's: the target of a link is not. */
const PATHS_OF: Readonly<Record<Forwarded, readonly number[]>> = {
  setstat: [0],
  lsetstat: [0],
  mkdir: [0],
  rmdir: [0],
  unlink: [0],
  rename: [0, 1],
  symlink: [1],
  readlink: [0],
  link: [0, 1],
  statfs: [0],
};
const FORWARDED = Object.keys(PATHS_OF) as Forwarded[];
/** What would take the place of a root away. */
const STAYS: ReadonlySet<Forwarded> = new Set(["mkdir", "rmdir", "unlink", "rename", "symlink", "link"]);

function outer({ path }: Mounted, inner: string): string {
  if (path === "/") return inner;
  return inner === "/" ? path : `${path}${inner}`;
}
