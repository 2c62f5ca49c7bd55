import { closeSync, readlinkSync } from "node:fs";
import { encodePath } from "../path.ts";
import type { NativePath } from "./calls.ts";

/** How long directories are kept open at most while nobody uses them, in milliseconds, and how many are. */
const KEPT_TIME = 200;
const MAX_KEPT = 64;

/**
 * A directory that is held open by a descriptor, so that whatever its name comes to stand for, what is done in it is done in it.
 *
 * Linux shows what a descriptor holds under `/proc/self/fd`: `/proc/self/fd/7/name` is what openat(2) opens with the descriptor 7.
 */
export class HeldDirectory {
  readonly fd: number;
  /** Where it lies for the client, without links. */
  readonly path: string;
  /** Its one name on the machine. */
  readonly #native: NativePath;
  readonly #link: string;
  #users = 1;
  #dropped = false;

  constructor(fd: number, path: string, native: string) {
    this.fd = fd;
    this.path = path;
    this.#native = exactly(native);
    this.#link = `/proc/self/fd/${fd}`;
  }

  /** The directory, whatever its name stands for by now. */
  get link(): string {
    return this.#link;
  }

  /** What has this name in the directory. */
  at(name: string): NativePath {
    return name.isWellFormed()
      ? `${this.#link}/${name}`
      : Buffer.concat([Buffer.from(`${this.#link}/`), encodePath(name)]);
  }

  /** Whether it is still what its name stands for: it was not moved, removed, or hidden under a link. Asks the kernel; no disk. */
  isInPlace(): boolean {
    try {
      if (typeof this.#native === "string") return readlinkSync(this.#link) === this.#native;
      return readlinkSync(this.#link, "buffer").equals(this.#native);
    } catch {
      // Its path is longer than the kernel tells: it is opened anew, step by step.
      return false;
    }
  }

  use(): this {
    this.#users += 1;
    return this;
  }

  /** Each {@link use}, and the making, is followed by one of these. */
  release(): void {
    this.#users -= 1;
    if (this.#dropped && this.#users === 0) closeSync(this.fd);
  }

  /** Closes it as soon as nobody uses it. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    if (this.#users === 0) closeSync(this.fd);
  }
}

/**
 * Directories that were used a moment ago, by their native names, for all disks of the process: most requests are for
 * files that lie beside the last one's. That it is where it was is asked of the kernel at each use, which takes 1.5 µs where opening it takes
 * 6 to 30 (Node 24), and is no weaker: a name is compared with what a descriptor holds, never trusted to stand for it.
 */
export class HeldDirectories {
  readonly #kept = new Map<string, HeldDirectory>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * One that is there and in its place, for use; else undefined.
   *
   * @param path where it lies for the client: of two disks of which one lies in the other, each has its own.
   */
  take(native: string, path: string): HeldDirectory | undefined {
    const directory = this.#kept.get(native);
    if (directory?.path !== path) return undefined;
    if (directory.isInPlace()) return directory.use();
    this.#kept.delete(native);
    directory.drop();
    return undefined;
  }

  /** Keeps one that is in use. */
  keep(native: string, directory: HeldDirectory): void {
    this.#kept.get(native)?.drop();
    this.#kept.delete(native);
    this.#kept.set(native, directory);
    for (const [name, oldest] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(name);
      oldest.drop();
    }
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#forget(), KEPT_TIME).unref();
  }

  #forget(): void {
    this.#timer = undefined;
    for (const directory of this.#kept.values()) directory.drop();
    this.#kept.clear();
  }
}

/** Text that is compared with what the kernel tells. Where decoding would make two names one, bytes are. */
function exactly(native: string): NativePath {
  return native.isWellFormed() && !native.includes("\uFFFD") ? native : Buffer.from(encodePath(native));
}
