import type { ShownDepth } from "./sgr.ts";
import { SgrRewriter } from "./sgr.ts";

const ESC = "\x1b";
const BEL = 0x07;
const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;
const SGR = 0x6d;
/** No sensible sequence is as long; a longer one is left as it is. */
const MAX_SEQUENCE = 256;
/** How a link begins and ends (OSC 8). */
const LINK = `${ESC}]8;`;
/** An address may be long. A link that is longer was never ended; the rest of it is shown. */
const MAX_LINK = 8192;

/**
 * Converts the colours of a session's output to what its terminal shows, as the output goes by: sequences may be cut
 * anywhere. It works in linear time and holds back 256 characters at most, of a sequence whose end has not come. A dumb
 * terminal (depth 0) is spared links too.
 */
export class ColorConverter {
  readonly depth: ShownDepth;
  readonly #sgr: SgrRewriter;
  #held = "";
  /** Within a link that is left out: how many of its characters there were. */
  #skipped: number | undefined;

  constructor(depth: ShownDepth) {
    this.depth = depth;
    this.#sgr = new SgrRewriter(depth);
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
    const input = this.#held + text;
    this.#held = "";
    let output = "";
    let at = 0;
    while (at < input.length) {
      if (this.#skipped !== undefined) {
        at = this.#skip(input, at, this.#skipped);
        continue;
      }
      const start = input.indexOf(ESC, at);
      if (start < 0) return output + input.slice(at);
      output += input.slice(at, start);
      at = start + 1;
      const next = input[at];
      if (next === "[") {
        const end = sequenceEnd(input, start + 2);
        if (end === input.length && end - start < MAX_SEQUENCE) return this.#hold(output, input, start);
        at = end;
        if (input.charCodeAt(end) !== SGR || !hasNumbers(input, start + 2, end)) output += input.slice(start, end);
        else {
          output += this.#sgr.rewrite(input.slice(start + 2, end));
          at++;
        }
      } else if (this.depth === 0 && LINK.startsWith(input.slice(start, start + LINK.length))) {
        if (input.length - start < LINK.length) return this.#hold(output, input, start);
        this.#skipped = 0;
        at = start + LINK.length;
      } else if (next === undefined) return this.#hold(output, input, start);
      else output += ESC;
    }
    return output;
  }

  /** Converts bytes, in UTF-8 or whatever they are in; gives the same array when there is nothing to be done. */
  bytes(bytes: Uint8Array): Uint8Array {
    if (this.#held === "" && this.#skipped === undefined && !bytes.includes(ESCAPE)) return bytes;
    // Sequences are ASCII: with a character for each byte the others come through as they are.
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return Buffer.from(this.text(view.toString("latin1")), "latin1");
  }

  #hold(output: string, input: string, from: number): string {
    this.#held = input.slice(from);
    return output;
  }

  /** Leaves a link out; answers where it goes on. */
  #skip(input: string, from: number, before: number): number {
    const last = Math.min(input.length, from + MAX_LINK - before);
    for (let at = from; at < last; at++) {
      const code = input.charCodeAt(at);
      if (code >= 0x20) continue;
      if (code === ESCAPE && at + 1 === input.length) {
        this.#held = ESC;
        this.#skipped = before + at - from;
        return input.length;
      }
      this.#skipped = undefined;
      if (code === ESCAPE && input.charCodeAt(at + 1) === BACKSLASH) return at + 2;
      // No other control character belongs into a link: it was broken off.
      return code === BEL ? at + 1 : at;
    }
    const skipped = before + last - from;
    this.#skipped = skipped < MAX_LINK ? skipped : undefined;
    return last;
  }
}

/** Where the parameters and intermediates end of a control sequence (ECMA-48 §5.4): at its final character, if it is whole. */
function sequenceEnd(input: string, from: number): number {
  let at = from;
  while (at < input.length) {
    const code = input.charCodeAt(at);
    if (code < 0x20 || code > 0x3f) break;
    at++;
  }
  return at;
}

/** Whether the parameters are numbers: with `<`, `=`, `>`, `?` before them, or an intermediate behind, `m` is not SGR. */
function hasNumbers(input: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = input.charCodeAt(at);
    if (code < 0x30 || code > 0x3b) return false;
  }
  return true;
}
