import { History } from "../../terminal/index.ts";

/** Where lines are kept beyond a session. */
export interface Store {
  load(): Iterable<string> | Promise<Iterable<string>>;
  append(line: string): unknown;
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
    this.#run(async () => this.history.prepend(texts(await store.load())));
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
