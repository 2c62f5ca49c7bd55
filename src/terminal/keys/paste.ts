import type { KeyEvent } from "./key.ts";
import { decodeUtf8, unfinishedTail } from "./utf8.ts";

/** A paste is handed on in pieces of this many bytes, so that a large one is never in memory as a whole. */
const PIECE = 16 * 1024;
const FIRST_SIZE = 256;

const CR = 0x0d;

/** Gathers the bytes of one paste; where its pieces are parted depends on the bytes alone, not on how they came. */
export class PasteCollector {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  /** Takes bytes of the paste, and puts out each piece that they fill. */
  add(bytes: Uint8Array, events: KeyEvent[]): void {
    let taken = 0;
    while (taken < bytes.length) {
      this.#grow(bytes.length - taken);
      const part = bytes.subarray(taken, taken + this.#bytes.length - this.#length);
      this.#bytes.set(part, this.#length);
      this.#length += part.length;
      taken += part.length;
      if (this.#length === PIECE) this.#piece(events);
    }
  }

  /** The paste is over: puts out what is left of it. */
  end(events: KeyEvent[]): void {
    events.push({ type: "paste", text: decodeUtf8(this.#bytes.subarray(0, this.#length)), last: true });
  }

  #grow(wanted: number): void {
    const needed = Math.min(PIECE, this.#length + wanted);
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.min(PIECE, Math.max(needed, 2 * this.#bytes.length)));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** Neither a character nor CR LF is parted: what may go on stays for the next piece. */
  #piece(events: KeyEvent[]): void {
    const isOpen = this.#bytes[PIECE - 1] === CR;
    const end = PIECE - (isOpen ? 1 : unfinishedTail(this.#bytes, 0, PIECE));
    events.push({ type: "paste", text: decodeUtf8(this.#bytes.subarray(0, end)), last: false });
    this.#bytes.copyWithin(0, end);
    this.#length = PIECE - end;
  }
}
