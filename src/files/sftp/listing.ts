import type { DirectoryEntry, FileSystem } from "../file-system.ts";
import { isName } from "../path.ts";
import { MAX_ENTRIES, MAX_ENTRY_BYTES } from "./wire/numbers.ts";
import { entry } from "./wire/replies.ts";

type Entries = AsyncIterator<DirectoryEntry, unknown> | Iterator<DirectoryEntry, unknown>;

/** A directory that is being read: a reply's worth at a time, so that one of any size takes no more memory than one of a hundred entries. */
export class Listing {
  readonly #entries: Entries;
  /** The entry that the last reply had no room for. */
  #next: Uint8Array | undefined;
  #isAtEnd = false;

  private constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Begins to read, so that it shows whether the path can be read. */
  static async open(fileSystem: FileSystem, path: string): Promise<Listing> {
    const entries = fileSystem.readdir(path);
    const listing = new Listing(
      Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator](),
    );
    const first = await listing.#entries.next();
    if (first.done === true) {
      listing.#isAtEnd = true;
      return listing;
    }
    try {
      listing.#next = written(first.value, Date.now() / 1000);
      return listing;
    } catch (error) {
      // Nobody gets a handle by which it could be closed.
      await listing.close();
      throw error;
    }
  }

  /** The entries of the next reply, as bytes; none is the end. */
  async read(): Promise<readonly Uint8Array[]> {
    const entries: Uint8Array[] = [];
    const now = Date.now() / 1000;
    let bytes = 0;
    while (entries.length < MAX_ENTRIES) {
      let next = this.#next;
      this.#next = undefined;
      if (next === undefined) {
        const step = this.#isAtEnd ? undefined : await this.#entries.next();
        if (step === undefined || step.done === true) {
          this.#isAtEnd = true;
          break;
        }
        next = written(step.value, now);
      }
      bytes += next.length;
      if (bytes > MAX_ENTRY_BYTES && entries.length > 0) {
        this.#next = next;
        break;
      }
      entries.push(next);
    }
    return entries;
  }

  /** Tells the file system that no more is wanted. */
  async close(): Promise<void> {
    if (this.#isAtEnd) return;
    this.#isAtEnd = true;
    await this.#entries.return?.();
  }
}

function written({ name, attributes }: DirectoryEntry, now: number): Uint8Array {
  // A client that joins a name to the path that it copies to is not led elsewhere by a file system that takes its names from somebody else's text.
  if (!isName(name)) throw new RangeError(`a file system lists ${JSON.stringify(name)}, which is no name of an entry`);
  return entry(name, attributes, now);
}
