import type { KeyEvent } from "../../terminal/index.ts";

/** Keys that nobody has asked for yet, kept for whoever asks next; as a terminal does, it keeps only so many. */
export class TypeAhead {
  readonly #limit: number;
  #events: KeyEvent[] = [];
  #size = 0;

  /** @param limit UTF-16 code units that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Keeps a key; false when there is no room for it. */
  add(event: KeyEvent): boolean {
    const size = sizeOf(event);
    if (this.#size + size > this.#limit) return false;
    this.#events.push(event);
    this.#size += size;
    return true;
  }

  /** Takes the oldest key out. */
  take(): KeyEvent | undefined {
    const event = this.#events.shift();
    if (event !== undefined) this.#size -= sizeOf(event);
    return event;
  }

  clear(): void {
    this.#events = [];
    this.#size = 0;
  }
}

function sizeOf(event: KeyEvent): number {
  return event.type === "paste" ? event.text.length : event.sequence.length;
}
