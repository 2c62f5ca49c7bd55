import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { Pager } from "../../terminal/index.ts";
import { AbortError } from "../client/abort-error.ts";
import type { PageOptions } from "./options.ts";
import { present } from "./present.ts";
import type { Asking } from "./questions.ts";

/**
 * A text to be paged: a string, or what gives it piece by piece. Strings of an iterable are lines, with or without their
 * newline; bytes, and what a stream gives, are pieces of one text in UTF-8.
 */
export type PageSource = string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

type Pieces = AsyncGenerator<string, undefined> | Generator<string, undefined>;

/** What is written at once of a text that is but written, in UTF-16 code units, and read at once of a string. */
const PIECE = 16_384;
/** After so many pieces that were there at once, others have their turn. */
const TURN = 256;

/** Where a text goes that nobody leafs through. */
export interface PageSink {
  write(text: string): void;
  drained(): Promise<void>;
}

/** See `client.page`. */
export async function page(
  asking: Asking,
  source: PageSource,
  drained: () => Promise<void>,
  options: PageOptions,
): Promise<void> {
  const sink: PageSink = { write: (text) => asking.input.print(text, "stdout"), drained };
  await pour(source, (pieces) =>
    asking.interact === undefined ? print(sink, pieces, options.signal) : leaf(asking, pieces, options),
  );
}

/** Writes a text where it is not looked at yet. */
export function pageTo(sink: PageSink, source: PageSource, { signal }: PageOptions): Promise<void> {
  return pour(source, (pieces) => print(sink, pieces, signal));
}

async function pour(source: PageSource, to: (pieces: Pieces) => Promise<void>): Promise<void> {
  const pieces = typeof source === "string" ? piecesOf(source) : textOf(source);
  try {
    await to(pieces);
  } finally {
    // Not awaited: a source that is waiting for something would hold up whoever has read enough of it. Nor does anybody
    // wait for what it may have to say against that.
    if (source instanceof Readable) source.destroy();
    void Promise.resolve(pieces.return(undefined)).catch(() => undefined);
  }
}

async function print(sink: PageSink, pieces: Pieces, signal?: AbortSignal): Promise<void> {
  let last = "\n";
  for await (const piece of pieces) {
    if (signal?.aborted === true) throw new AbortError("aborted", { cause: signal.reason });
    sink.write(piece);
    last = piece.at(-1) ?? last;
    await sink.drained();
  }
  if (last !== "\n") sink.write("\n");
}

async function leaf({ interact, input, glyphs }: Asking, pieces: Pieces, options: PageOptions): Promise<void> {
  const { title = "", wrap = true, signal } = options;
  if (interact === undefined) return;
  const feed = new Feed(pieces);
  let pager: Pager | undefined;
  try {
    await present<undefined>(interact, {
      glyphs,
      signal,
      alternate: true,
      widget: (size) => (pager = new Pager({ title, wraps: wrap }, size, glyphs, () => feed.wake())),
      opened: (panel, end) => {
        // In a later turn: before, what is opened has no place yet, and cannot be ended.
        void Promise.resolve()
          .then(() => pager !== undefined && feed.run(pager, () => panel.refresh()))
          .then(
            (fits) => {
              if (!fits) return;
              end(() => {
                input.print(feed.begun, "stdout");
                return undefined;
              });
            },
            (error: unknown) =>
              end(() => {
                throw error;
              }),
          );
      },
    });
  } finally {
    feed.stop();
  }
}

/** Hands a pager as much of a text as it wants. */
class Feed {
  readonly #pieces: Pieces;
  /** What has come before there was more than fits the screen. */
  #begun: string[] = [];
  #isOver = false;
  #goOn: () => void = () => undefined;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** All of the text, should it fit the screen. */
  get begun(): string {
    const text = this.#begun.join("");
    return text === "" || text.endsWith("\n") ? text : `${text}\n`;
  }

  /** The pager may want more. */
  wake(): void {
    this.#goOn();
  }

  stop(): void {
    this.#isOver = true;
    this.#goOn();
  }

  /** Goes on until the text has ended, or nobody wants it any more; says whether it fits the screen. */
  async run(pager: Pager, refresh: () => void): Promise<boolean> {
    for (let count = 1; !this.#isOver; count++) {
      if (!pager.wants) {
        refresh();
        await new Promise<void>((resolve) => (this.#goOn = resolve));
        continue;
      }
      const { done, value } = await this.#pieces.next();
      if (this.#isOver) return false;
      if (done === true) {
        pager.finish();
        refresh();
        return pager.fits;
      }
      pager.push(value);
      if (pager.isOpen) this.#begun = [];
      else this.#begun.push(value);
      if (count % TURN !== 0) continue;
      refresh();
      await setImmediate();
    }
    return false;
  }
}

function* piecesOf(text: string): Generator<string, undefined> {
  for (let at = 0; at < text.length;) {
    // No character is parted.
    const end = /[\ud800-\udbff]/.test(text.charAt(at + PIECE - 1)) ? at + PIECE - 1 : at + PIECE;
    yield text.slice(at, end);
    at = end;
  }
  return undefined;
}

async function* textOf(source: Exclude<PageSource, string>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  const isStream = source instanceof Readable;
  for await (const piece of source) {
    if (typeof piece !== "string") yield decoder.decode(piece, { stream: true });
    else yield isStream || piece.endsWith("\n") ? piece : `${piece}\n`;
  }
  yield decoder.decode();
  return undefined;
}
