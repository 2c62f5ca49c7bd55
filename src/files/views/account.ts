import { FileError } from "../error.ts";
import type { FileAttributes } from "../file-system.ts";

/** It is not counted more often than this because others may have removed something, in milliseconds, and takes no more of the time than one part in so many. */
const PAUSE = 5000;
const SHARE = 20;

/** What there is: the bytes of all files but those that are written to, and the number of entries but those that will take another's place. */
export type Measure = (
  writtenTo: ReadonlyMap<string, { readonly isReplacing: boolean }>,
) => Promise<{ readonly bytes: number; readonly entries: number }>;

/** A file that is being written to. */
interface Growing {
  /** What it has, with what is being written just now. */
  size: number;
  handles: number;
  /** It will take the place of another, and has a name of its own until then that nobody has asked for. */
  readonly isReplacing: boolean;
  /** It has no name any more: its bytes are free when it is closed. */
  isGone: boolean;
}

/**
 * Keeps count of bytes and entries. Bytes are taken before they are written, without a turn of the event loop between the look and the
 * deed, so that any number of writers stay within the limit together. Where it cannot tell what became of bytes, it counts them still, and
 * counts anew before it says that there is no room.
 */
export class Account {
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  readonly #measure: Measure;
  readonly #growing: Map<string, Growing> = new Map();
  /** The bytes of files that nobody writes to. */
  #resting = 0;
  /** The bytes of {@link #growing}. */
  #moving = 0;
  #entries = 0;
  #isMeasured = false;
  #isDoubtful = true;
  /** From when on it is worth counting anew though nothing speaks for it: others may have removed something. */
  #staleAt = 0;
  /** Bytes of files whose last writer has gone while it is counted. */
  #late = 0;
  /** Resolves when the last change is done that has begun. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(maxBytes: number, maxEntries: number, measure: Measure) {
    this.#maxBytes = maxBytes;
    this.#maxEntries = maxEntries;
    this.#measure = measure;
  }

  get bytes(): number {
    return this.#resting + this.#moving;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Resolves when what there was at first has been counted. */
  async ready(): Promise<void> {
    if (!this.#isMeasured) await this.change(() => Promise.resolve());
  }

  /** Runs what changes names and sizes: one after the other. */
  change<Result>(run: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(async () => {
      if (!this.#isMeasured) await this.#count();
      return run();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Within {@link change}: there is an entry more than was thought. */
  found(): void {
    this.#entries++;
  }

  /** Within {@link change}: makes an entry. @throws FileError `QUOTA` */
  async add<Result>(make: () => Promise<Result>): Promise<Result> {
    if (this.#entries >= this.#maxEntries) await this.#countIfWorth();
    if (this.#entries >= this.#maxEntries) throw new FileError("QUOTA", "There are as many files as there may be");
    const made = await make();
    this.#entries++;
    return made;
  }

  /** Within {@link change}: an entry is gone, and with it what had the name. */
  removed(key: string | undefined, attributes: FileAttributes | undefined): void {
    this.#entries--;
    this.replaced(key, attributes);
  }

  /** Within {@link change}: what had a name has it no more; with a file that has no other name and is not open its bytes are gone. */
  replaced(key: string | undefined, attributes: FileAttributes | undefined): void {
    if (key === undefined || attributes?.type !== "file" || (attributes.nlink ?? 1) > 1) return;
    const growing = this.#growing.get(key);
    if (growing === undefined) this.#resting -= attributes.size;
    else growing.isGone = true;
  }

  /** Within {@link change}: a file that had one size is given another. @throws FileError `QUOTA` */
  async resize<Result>(key: string, from: number, to: number, run: () => Promise<Result>): Promise<Result> {
    const growing = this.#growing.get(key);
    if (growing !== undefined) {
      await this.#take(growing, to);
      return run();
    }
    if (to > from && this.bytes + to - from > this.#maxBytes) await this.#countIfWorth();
    if (to > from && this.bytes + to - from > this.#maxBytes) throw noRoom();
    const done = await run();
    this.#resting += to - from;
    return done;
  }

  /** Somebody is going to write to a file that has this size by now. */
  open(key: string, size: number, isReplacing: boolean): void {
    const growing = this.#growing.get(key);
    if (growing !== undefined) {
      growing.handles++;
      return;
    }
    this.#growing.set(key, { size, handles: 1, isReplacing, isGone: false });
    this.#resting -= size;
    this.#moving += size;
  }

  /** The size of a file that is being written to, with what is being written just now. */
  sizeOf(key: string): number {
    return this.#growing.get(key)?.size ?? 0;
  }

  /** Takes the room that a file needs to end there. @throws FileError `QUOTA` */
  async reach(key: string, end: number): Promise<void> {
    const growing = this.#growing.get(key);
    if (growing === undefined || end <= growing.size) return;
    if (this.#fits(growing, end)) this.#set(growing, end);
    else await this.change(() => this.#take(growing, end));
  }

  /**
   * A file that is being written to was given this size. With several writers it counts as no smaller until they are done: one of them may just be
   * writing at what was its end.
   */
  correct(key: string, size: number): void {
    const growing = this.#growing.get(key);
    if (growing === undefined) return;
    this.#set(growing, growing.handles > 1 ? Math.max(size, growing.size) : size);
  }

  /**
   * A writer is done.
   *
   * @param size what the file has now; undefined where that cannot be told, and what became of it is looked at when room runs out.
   */
  close(key: string, size: number | undefined): void {
    const growing = this.#growing.get(key);
    if (growing === undefined) return;
    this.#isDoubtful ||= size === undefined;
    if (--growing.handles > 0) return;
    this.#growing.delete(key);
    this.#moving -= growing.size;
    if (growing.isGone) return;
    this.#resting += size ?? growing.size;
    this.#late += size ?? growing.size;
  }

  /** What is counted may be too much: it is counted anew before there is no room. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  async #take(growing: Growing, end: number): Promise<void> {
    if (!this.#fits(growing, end)) await this.#countIfWorth();
    if (!this.#fits(growing, end)) throw noRoom();
    this.#set(growing, end);
  }

  #fits({ size }: Growing, end: number): boolean {
    return end <= size || this.bytes + end - size <= this.#maxBytes;
  }

  #set(growing: Growing, size: number): void {
    this.#moving += size - growing.size;
    growing.size = size;
  }

  /** Counts anew before there is no room, where that may find some. */
  async #countIfWorth(): Promise<void> {
    if (this.#isDoubtful || Date.now() >= this.#staleAt) await this.#count();
  }

  /** Counts what nobody writes to; what somebody writes to is known. */
  async #count(): Promise<void> {
    const begin = Date.now();
    this.#isDoubtful = false;
    this.#late = 0;
    const { bytes, entries } = await this.#measure(new Map(this.#growing));
    this.#resting = bytes + this.#late;
    this.#entries = entries;
    this.#isMeasured = true;
    const end = Date.now();
    this.#staleAt = end + Math.max(PAUSE, (end - begin) * SHARE);
  }
}

function noRoom(): FileError {
  return new FileError("QUOTA");
}
