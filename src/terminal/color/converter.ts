import type { ShownDepth } from "./sgr.ts";
import { SgrRewriter } from "./sgr.ts";

const ESC = "\x1b";
const BEL = 0x07;
const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;

/** SGR, and nothing that only ends like it: no `<`, `=`, `>`, `?` before the numbers, no intermediate behind them. */
const SGR = /\x1b\[([\d:;]{0,256})m/g;
/** The same, and links (OSC 8): no control character but that of their end belongs into one. */
const SGR_OR_LINK = /\x1b\[[\d:;]{0,256}m|\x1b\]8;[^\x00-\x1f]{0,8192}(?:\x07|\x1b\\)?/g;
/** What may become a sequence (ECMA-48 §5.4) with what comes next. No sensible one is longer. */
const UNFINISHED = /^\x1b(?:\[[\x20-\x3f]{0,256}|\]8?)?$/;
const LINK = `${ESC}]8;`;
/** An address may be long. A link that is longer was never ended; the rest of it is shown. */
const MAX_LINK = 8192;

/**
 * Converts the colours of a session's output to what its terminal shows, as the output goes by: sequences may be cut
 * anywhere. It works in linear time and holds back 258 characters at most, of a sequence whose end has not come. A dumb
 * terminal (depth 0) is spared links too.
 */
export class ColorConverter {
  readonly depth: ShownDepth;
  readonly #pattern: RegExp;
  readonly #rewrite: (sequence: string, parameters: string) => string;
  #held = "";
  /** Within a link that is left out: how many of its characters there were. */
  #skipped: number | undefined;

  constructor(depth: ShownDepth) {
    this.depth = depth;
    const sgr = new SgrRewriter(depth);
    this.#pattern = depth === 0 ? SGR_OR_LINK : SGR;
    this.#rewrite = depth === 0 ? () => "" : (_, parameters) => sgr.rewrite(parameters);
  }

  /** The beginning of a sequence that is held back; from now on it is not. */
  release(): string {
    const held = this.#skipped === undefined ? this.#held : "";
    this.#held = "";
    this.#skipped = undefined;
    return held;
  }

  text(text: string): string {
    if (this.#held === "" && this.#skipped === undefined && !text.includes(ESC)) return text;
    const all = this.#held + text;
    this.#held = "";
    const input = this.#skipped === undefined ? all : all.slice(this.#skip(all, 0, this.#skipped));
    const last = input.lastIndexOf(ESC);
    if (last < 0) return input;
    if (this.depth === 0) {
      const link = input.lastIndexOf(LINK);
      if (link >= 0) this.#skip(input, link + LINK.length, 0);
      if (this.#skipped !== undefined) return input.slice(0, link).replace(this.#pattern, this.#rewrite);
    }
    if (!UNFINISHED.test(input.slice(last, last + MAX_LINK))) return input.replace(this.#pattern, this.#rewrite);
    this.#held = input.slice(last);
    return input.slice(0, last).replace(this.#pattern, this.#rewrite);
  }

  /** Converts bytes, in UTF-8 or whatever they are in; gives the same array when there is nothing to be done. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (this.#held === "" && this.#skipped === undefined && !bytes.includes(ESCAPE)) return bytes;
    // Sequences are ASCII: with a character for each byte the others come through as they are.
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return Buffer.from(this.text(view.toString("latin1")), "latin1");
  }

  /** Goes over what is left of a link; answers where that ends. Without an end it sets {@link #skipped}. */
  #skip(input: string, from: number, before: number): number {
    const last = Math.min(input.length, from + MAX_LINK - before);
    this.#skipped = undefined;
    for (let at = from; at < last; at++) {
      const code = input.charCodeAt(at);
      if (code >= 0x20) continue;
      if (code === ESCAPE && at + 1 === input.length) {
        this.#held = ESC;
        this.#skipped = before + at - from;
        return input.length;
      }
      if (code === ESCAPE && input.charCodeAt(at + 1) === BACKSLASH) return at + 2;
      // No other control character belongs into a link: it was broken off.
      return code === BEL ? at + 1 : at;
    }
    if (before + last - from < MAX_LINK) this.#skipped = before + last - from;
    return last;
  }
}
