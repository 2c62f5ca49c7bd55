import { AsyncLocalStorage } from "node:async_hooks";
import type { Client, Diversion } from "../../server/index.ts";
import { divert } from "../../server/index.ts";
import type { SplitLine } from "../line/split.ts";
import { shown } from "../parameters/parameter.ts";
import { UsageError } from "../parse/usage-error.ts";

/** What may stand behind `|`: both are the one pager. */
export const PAGERS: readonly string[] = ["more", "less"];

/** A writer should wait from here on, in bytes. */
const HIGH_WATER = 65_536;
/** A writer who does not wait is stopped here, in bytes. */
const MAX_WAITING = 4 * 2 ** 20;

/** Whether a line leads to the pager. @throws UsageError `BAD_PIPE` when it leads elsewhere. */
export function leadsToPager({ words, pipes }: SplitLine): boolean {
  const [first, ...more] = pipes;
  if (first === undefined) return false;
  const [word, ...options] = first;
  if (words.length === 0) throw new UsageError("BAD_PIPE", "There is no command before the |.");
  if (word === undefined) throw new UsageError("BAD_PIPE", "There is nothing behind the |: more or less can follow.");
  if (!PAGERS.includes(word.text)) {
    throw new UsageError(
      "BAD_PIPE",
      `Only more and less can follow a |, not ${shown(word.text)}. The sign itself is '|'.`,
    );
  }
  if (options.length > 0) throw new UsageError("BAD_PIPE", `${word.text} takes nothing behind it here.`);
  if (more.length > 0) throw new UsageError("BAD_PIPE", `Nothing can follow ${word.text}.`);
  return true;
}

/**
 * Runs something with its output in the pager, which opens with the first that is written: it may ask before. When the user
 * leaves that, the signal is aborted, and what is still written is dropped, as with a pipe that nobody reads.
 *
 * @returns what it gave; undefined when it has stopped because nobody reads it.
 */
export async function paged<State, Value>(
  client: Client<State>,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | undefined> {
  const left = new AbortController();
  let reading: Promise<void> | undefined;
  // What the pager shows goes to the user, from wherever it is opened.
  const outside = AsyncLocalStorage.snapshot();
  const open = (): void => {
    // Whoever leaves the pager, or cannot read on, ends both.
    reading = outside(() => client.page(text, { signal: outer })).finally(() => text.leave());
    reading.catch(() => undefined);
  };
  const text = new Unread(open, () => left.abort());
  try {
    const value = await divert(client, text, () => run(AbortSignal.any([outer, left.signal])));
    text.end();
    await reading;
    return value;
  } catch (error) {
    text.end();
    // What went wrong first is told.
    await reading?.catch(() => undefined);
    if (left.signal.aborted && !outer.aborted && isAbort(error)) return undefined;
    throw error;
  }
}

/** What is written and not read yet. */
class Unread implements Diversion, AsyncIterable<Uint8Array> {
  readonly #begun: () => void;
  readonly #left: () => void;
  #hasBegun = false;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #isEnded = false;
  #isLeft = false;
  #readable: () => void = () => undefined;
  #drained: (() => void)[] = [];

  /**
   * @param begun there is something to read.
   * @param left nobody reads on.
   */
  constructor(begun: () => void, left: () => void) {
    this.#begun = begun;
    this.#left = left;
  }

  get isFull(): boolean {
    return this.#size >= HIGH_WATER && !this.#isLeft;
  }

  write(chunk: string | Uint8Array): void {
    if (this.#isLeft || this.#isEnded) return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#begun();
    }
    this.#readable();
    // One write may be as large as it likes, it is there already; but not one after the other without waiting.
    if (this.#size - bytes.length > MAX_WAITING) this.leave();
  }

  drained(): Promise<void> {
    return this.isFull ? new Promise((resolve) => this.#drained.push(resolve)) : Promise.resolve();
  }

  /** Nothing more is written. */
  end(): void {
    this.#isEnded = true;
    this.#readable();
  }

  /** Nobody reads on. */
  leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#release();
    if (!this.#isEnded) this.#left();
    this.#readable();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunks = this.#chunks;
      this.#chunks = [];
      for (const chunk of chunks) {
        yield chunk;
        this.#size -= chunk.length;
        if (!this.isFull) this.#release();
      }
      if (this.#chunks.length > 0) continue;
      if (this.#isEnded || this.#isLeft) return;
      await new Promise<void>((resolve) => (this.#readable = resolve));
    }
  }

  #release(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const goOn of waiting) goOn();
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
