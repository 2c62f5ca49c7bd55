import type { Reply } from "../keys/reply.ts";
import { replyOf } from "../keys/sequences.ts";
import { decodeUtf8 } from "../keys/utf8.ts";

type State =
  | "text"
  /** After an ESC. */
  | "escape"
  /** After `ESC [`. */
  | "control"
  /** After `ESC ]`, `ESC P` or `ESC _`. */
  | "string"
  /** After an ESC in a string, which may be the first half of its terminator. */
  | "string-escape";

const ESC = 0x1b;
const BEL = 0x07;
const SPACE = 0x20;
const DEL = 0x7f;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
/** What begins a string that a terminal answers in: OSC, DCS, APC. */
const STRINGS: ReadonlySet<number> = new Set([0x5d, 0x50, 0x5f]);

/** No answer is longer; what is gets through. */
const MAX_HELD = 1024;
/** `ESC` and `ESC [`: up to here it may be the Escape key, and Alt with one. */
const MAX_AMBIGUOUS = 2;

const PASTE_BEGINS = "\x1b[200~";
const PASTE_ENDS = "\x1b[201~";

const NOTHING = new Uint8Array();

/**
 * Takes a terminal's answers out of the bytes that come from it, wherever they are cut, and lets all else through as it
 * came. At most 1 KiB is held back, and the work is linear in the bytes.
 *
 * When {@link pending} is true after a chunk, somebody may have pressed Escape: wait some 50 ms, and if nothing came, call
 * {@link flush}.
 */
export class ReplyFilter {
  readonly #take: (reply: Reply) => boolean;
  #state: State = "text";
  /** What may become an answer. */
  #held: number[] = [];
  /** How many bytes of it have been let through by now. */
  #passed = 0;
  /** What is pasted is nobody's answer. */
  #isPaste = false;

  /** @param take says whether an answer is to be taken out. */
  constructor(take: (reply: Reply) => boolean) {
    this.#take = take;
  }

  /** Whether what is held back should not be for long. */
  get pending(): boolean {
    const isAmbiguous = this.#passed > 0 || this.#held.length <= MAX_AMBIGUOUS;
    return this.held > 0 && isAmbiguous;
  }

  /** How many bytes are held back. */
  get held(): number {
    return this.#held.length - this.#passed;
  }

  /** Takes bytes; gives those that go on to whom they are for. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#state === "text" && !chunk.includes(ESC)) return chunk;
    const through: number[] = [];
    for (const byte of chunk) this.#byte(byte, through);
    return Uint8Array.from(through);
  }

  /** Nothing followed in time: lets through what is {@link pending}, and knows it again should the rest come all the same. */
  flush(): Uint8Array {
    if (!this.pending) return NOTHING;
    const through = Uint8Array.from(this.#held.slice(this.#passed));
    this.#passed = this.#held.length;
    return through;
  }

  /** No answer is expected any more: lets through what is held back. */
  release(): Uint8Array {
    const through: number[] = [];
    this.#give(through);
    return Uint8Array.from(through);
  }

  #byte(byte: number, through: number[]): void {
    if (this.#state === "text" && byte !== ESC) {
      through.push(byte);
      return;
    }
    const next = this.#next(byte);
    if (next === "broken off") {
      if (this.#state === "string-escape") this.#restart(through);
      else this.#give(through);
      this.#byte(byte, through);
      return;
    }
    this.#held.push(byte);
    if (next === "complete") this.#complete(through);
    else if (this.#held.length > MAX_HELD) this.#give(through);
    else this.#state = next;
  }

  /** Where a byte leads; "broken off" when it does not go with what is held. */
  #next(byte: number): State | "complete" | "broken off" {
    switch (this.#state) {
      case "text":
        return "escape";
      case "escape":
        if (byte === OPEN_BRACKET) return "control";
        return STRINGS.has(byte) ? "string" : "broken off";
      case "control":
        if (byte < SPACE || byte >= DEL) return "broken off";
        return byte < 0x40 ? "control" : "complete";
      case "string":
        if (byte === BEL) return "complete";
        if (byte === ESC) return "string-escape";
        return byte < SPACE ? "broken off" : "string";
      case "string-escape":
        return byte === BACKSLASH ? "complete" : "broken off";
    }
  }

  #complete(through: number[]): void {
    const sequence = decodeUtf8(Uint8Array.from(this.#held));
    const reply = this.#isPaste ? undefined : replyOf(sequence);
    if (reply === undefined || !this.#take(reply)) {
      if (sequence === PASTE_BEGINS) this.#isPaste = true;
      if (sequence === PASTE_ENDS) this.#isPaste = false;
      this.#give(through);
      return;
    }
    this.#forget();
  }

  #give(through: number[]): void {
    for (let at = this.#passed; at < this.#held.length; at++) through.push(this.#held[at] ?? 0);
    this.#forget();
  }

  /** The ESC that broke a string off may begin something itself. */
  #restart(through: number[]): void {
    const isPassed = this.#passed === this.#held.length;
    this.#held.pop();
    this.#give(through);
    this.#held = [ESC];
    this.#passed = isPassed ? 1 : 0;
    this.#state = "escape";
  }

  #forget(): void {
    this.#held = [];
    this.#passed = 0;
    this.#state = "text";
  }
}
