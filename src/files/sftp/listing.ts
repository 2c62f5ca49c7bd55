import type { DirectoryEntry, FileSystem } from "../file-system.ts";
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
    listing.#next = await listing.#read();
    return listing;
  }

  /** The entries of the next reply, as bytes; none is the end. */
  async read(): Promise<readonly Uint8Array[]> {
    const entries: Uint8Array[] = [];
    let bytes = 0;
    while (entries.length < MAX_ENTRIES) {
      const next = this.#next ?? (await this.#read());
      this.#next = undefined;
      if (next === undefined) break;
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

  async #read(): Promise<Uint8Array | undefined> {
    if (this.#isAtEnd) return undefined;
    const step = await this.#entries.next();
    if (step.done !== true) {
      const { name, attributes } = step.value;
      if (!isName(name))
        throw new RangeError(`a file system lists ${JSON.stringify(name)}, which is no name of an entry`);
      return entry(name, attributes, Date.now() / 1000);
    }
    this.#isAtEnd = true;
    return undefined;
  }
}

/** A client that joins a name to the path that it copies to is not led elsewhere by a file system that takes its names from somebody else's text. */
function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
}
