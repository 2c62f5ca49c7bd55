import { constants, open, readlink, readlinkSync } from "node:fs";
import { failedWith, FileError } from "../error.ts";
import { decodePath, encodePath, isName, isWithin, joinPath, nameOf, parentPath } from "../path.ts";
import { call, O_PATH } from "./calls.ts";
import type { NativePath } from "./calls.ts";
import { HeldDirectories, HeldDirectory } from "./held-directory.ts";
import { isInUse } from "./temporary.ts";

/** A name in a directory that is held open. */
export interface Place {
  readonly directory: HeldDirectory;
  /** What calls of the system are given. They must not follow a link that has the name. */
  readonly native: NativePath;
  /** Where it lies for the client, without links before the name. */
  readonly path: string;
}

/** What {@link Jail.following} is told when the name stands for a link, which it then follows. */
export const IS_LINK: unique symbol = Symbol("is a link");

/** As many as Linux follows. */
const MAX_LINKS = 40;
/** Steps for one path, those in the targets of links included. */
const MAX_STEPS = 4096;

const DIRECTORY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

const held = new HeldDirectories();

/** What one path may still take. */
interface Budget {
  links: number;
  steps: number;
}

/**
 * Finds what a path of the client stands for below a root, and nothing outside it.
 *
 * The way goes from directory to directory, each opened by one name in the one before, and no link is followed by the system: its
 * target is read and walked from here, `/` is the root, and `..` at the root stays there. No name is looked at first and opened later, so
 * there is nothing to swap in between. The last step is the caller's, by a call that does not follow links.
 */
export class Jail {
  readonly #root: string;
  readonly #below: string;

  /** @param root the root's path on the machine, without links. */
  constructor(root: string) {
    this.#root = root === "/" ? "" : root;
    this.#below = Buffer.from(encodePath(`${this.#root}/`)).toString("latin1");
  }

  /** Uses what a path names, a link if it is one. */
  async at<Value>(path: string, use: (place: Place) => Promise<Value>): Promise<Value> {
    const place = await this.#place(path, { links: MAX_LINKS, steps: MAX_STEPS });
    try {
      return await use(place);
    } finally {
      place.directory.release();
    }
  }

  /** Uses what a path leads to. `use` comes back with {@link IS_LINK} where it met a link, and is called again for its target. */
  async following<Value>(path: string, use: (place: Place) => Promise<Value | typeof IS_LINK>): Promise<Value> {
    const budget = { links: MAX_LINKS, steps: MAX_STEPS };
    let place = await this.#place(path, budget);
    for (;;) {
      const { directory } = place;
      try {
        const used = await use(place);
        if (used !== IS_LINK) return used;
        place = await this.#behind(place, budget);
      } finally {
        directory.release();
      }
    }
  }

  /** The directory that a path leads to, for {@link HeldDirectory.release}. */
  directory(path: string): Promise<HeldDirectory> {
    return this.#directory(path, { links: MAX_LINKS, steps: MAX_STEPS });
  }

  /**
   * Whether what was opened is the root or lies below it by what the kernel says of the descriptor: a directory may have been moved out of the root
   * while it was held.
   */
  holds(fd: number): boolean {
    try {
      // Of a root that is not UTF-8 too: what is compared are bytes, one in each character.
      return `${readlinkSync(`/proc/self/fd/${fd}`, "latin1")}/`.startsWith(this.#below);
    } catch (error) {
      // A path that is too long to be told began at the root, as it was walked from there.
      return (error as NodeJS.ErrnoException).code === "ENAMETOOLONG";
    }
  }

  /**
   * The target of a link, as clients see it: one that another program of the machine has made, and which leads below the root by the
   * root's own path, leads there without telling that path.
   *
   * @throws FileError `INVALID` if it is no link.
   */
  async target(native: NativePath): Promise<string> {
    const target = decodePath(await call<Buffer>((done) => readlink(native, "buffer", done)));
    return this.#root !== "" && isWithin(target, this.#root) ? target.slice(this.#root.length) || "/" : target;
  }

  async #place(path: string, budget: Budget): Promise<Place> {
    const directory = await this.#directory(parentPath(path), budget);
    if (path === "/") return itselfOf(directory);
    try {
      return placeOf(directory, nameOf(path));
    } catch (error) {
      directory.release();
      throw error;
    }
  }

  async #directory(path: string, budget: Budget): Promise<HeldDirectory> {
    if (!path.startsWith("/")) throw new FileError("INVALID");
    const known = held.take(this.#native(path), path);
    if (known !== undefined) return known;
    if (path === "/") return this.#openRoot();
    const parent = await this.#directory(parentPath(path), budget);
    return this.#step(parent, nameOf(path), budget);
  }

  async #openRoot(): Promise<HeldDirectory> {
    const native = this.#native("/");
    const root = new HeldDirectory(await call((done) => open(native, DIRECTORY, done)), "/", native);
    held.keep(native, root);
    if (root.isInPlace()) return root;
    // Someone has put a link in the way to it since it was set up.
    root.release();
    throw new FileError("NOT_FOUND");
  }

  /** One step down, for which it takes `from` over. */
  async #step(from: HeldDirectory, name: string, budget: Budget): Promise<HeldDirectory> {
    try {
      if (--budget.steps < 0) throw new FileError("LOOP");
      const path = joinPath(from.path, name);
      const native = this.#native(path);
      const known = held.take(native, path);
      if (known !== undefined) return known;
      const place = placeOf(from, name);
      const fd = await call<number>((done) => open(place.native, DIRECTORY, done)).catch((error: unknown) => {
        if (failedWith(error, "NOT_A_DIRECTORY")) return undefined;
        throw error;
      });
      if (fd === undefined) return await this.#walk(from, await this.#target(place, budget, "NOT_A_DIRECTORY"), budget);
      const directory = new HeldDirectory(fd, path, native);
      held.keep(native, directory);
      return directory;
    } finally {
      from.release();
    }
  }

  /** To where a target leads that was found in `from`. */
  async #walk(from: HeldDirectory, target: string, budget: Budget): Promise<HeldDirectory> {
    let directory = target.startsWith("/") ? await this.#directory("/", budget) : from.use();
    for (const name of target.split("/")) {
      if (name === "" || name === ".") continue;
      if (name !== "..") {
        directory = await this.#step(directory, name, budget);
        continue;
      }
      const { path } = directory;
      directory.release();
      if (--budget.steps < 0) throw new FileError("LOOP");
      directory = await this.#directory(parentPath(path), budget);
    }
    return directory;
  }

  /** The place that a link leads to. */
  async #behind(link: Place, budget: Budget): Promise<Place> {
    const target = await this.#target(link, budget, "FAILURE");
    const [, before = "", last = ""] = /^(.*?)([^/]*)$/s.exec(target) ?? [];
    if (last === "" || last === "." || last === "..") return itselfOf(await this.#walk(link.directory, target, budget));
    return placeOf(await this.#walk(link.directory, before, budget), last);
  }

  async #target({ native }: Place, budget: Budget, otherwise: "NOT_A_DIRECTORY" | "FAILURE"): Promise<string> {
    if (--budget.links < 0) throw new FileError("LOOP");
    return this.target(native).catch((error: unknown) => {
      // EINVAL: no link, or none any more.
      throw failedWith(error, "INVALID") ? new FileError(otherwise) : error;
    });
  }

  #native(path: string): string {
    return path === "/" ? this.#root || "/" : this.#root + path;
  }
}

/** Holds what a place names, a link if it is one, by a descriptor that closes without waiting for a disk. */
export function hold({ native }: Place): Promise<number> {
  return call((done) => open(native, O_PATH | constants.O_NOFOLLOW, done));
}

function placeOf(directory: HeldDirectory, name: string): Place {
  // Paths come normalised; one that does not ends here and not a step above the root.
  if (!isName(name)) throw new FileError("INVALID");
  if (isInUse(name)) throw new FileError("NOT_FOUND");
  return { directory, native: directory.at(name), path: joinPath(directory.path, name) };
}

/** A directory as a place in itself, where no other is known that it lies in. */
function itselfOf(directory: HeldDirectory): Place {
  return { directory, native: directory.at("."), path: directory.path };
}
