import { History } from "../../terminal/index.ts";

/** Where lines are kept beyond a session. */
export interface Store {
  load(): Iterable<string> | Promise<Iterable<string>>;
  append(line: string): unknown;
  clear?(): unknown;
}

/** Code units that a line has on average, for the limit of all. */
const LINE = 256;
const MIN_SIZE = 65_536;

/** The lines that a client has entered. */
export class Memory {
  readonly history: History;
  readonly #store: Store | undefined;
  readonly #failed: (error: unknown) => void;
  #hasLoaded = false;
  /** How often all was forgotten: lines that were asked for before are not wanted any more. */
  #clearances = 0;
  /** What is under way; the next line waits for it. */
  #under: Promise<void> | undefined;

  /**
   * @param lines how many are kept here.
   * @param failed hears of what the store throws; the session goes on with the lines that it has.
   */
  constructor(lines: number, store: Store | undefined, failed: (error: unknown) => void) {
    this.history = new History([], { lines, size: Math.max(MIN_SIZE, lines * LINE) });
    this.#store = store;
    this.#failed = failed;
  }

  /** Loads the lines of earlier sessions, once; they are put before those that are entered meanwhile. */
  load(): void {
    const store = this.#store;
    if (store === undefined || this.#hasLoaded) return;
    this.#hasLoaded = true;
    const clearances = this.#clearances;
    this.#run(async () => {
      const lines = texts(await store.load());
      if (clearances === this.#clearances) this.history.prepend(lines);
    });
  }

  /** Keeps a line that was entered. */
  keep(line: string): void {
    const store = this.#store;
    if (store === undefined) return;
    const before = this.#under;
    this.#run(async () => {
      await before;
      await store.append(line);
    });
  }

  /** Forgets all lines, also those of the store, if it can. Rejects with what the store throws. */
  async clear(): Promise<void> {
    this.#clearances++;
    this.#hasLoaded = true;
    this.history.clear();
    const before = this.#under;
    const cleared = (async () => {
      await before;
      await this.#store?.clear?.();
    })();
    // The next line waits for it, however it ends.
    this.#run(() => cleared.catch(() => undefined));
    await cleared;
  }

  /** Runs something whose failure harms nothing but itself. */
  #run(work: () => Promise<void>): void {
    const under = work().catch(this.#failed);
    this.#under = under;
    void under.then(() => {
      if (this.#under === under) this.#under = undefined;
    });
  }
}

/** What a store gave as lines. @throws TypeError when it is none. */
function texts(lines: Iterable<string>): string[] {
  const all: unknown[] = typeof lines === "string" ? [undefined] : [...lines];
  if (all.every((line) => typeof line === "string")) return all;
  throw new TypeError("The option history must load texts, oldest first.");
}
