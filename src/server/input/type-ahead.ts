import type { Key, Mouse, Paste } from "../../terminal/index.ts";

/** What is kept for who asks next. */
export type Ahead = Key | Mouse | Paste;

/** Keys that nobody has asked for yet, kept for whoever asks next; as a terminal does, it keeps only so many. */
export class TypeAhead {
  readonly #limit: number;
  #events: Ahead[] = [];
  #size = 0;

  /** @param limit UTF-16 code units that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Keeps a key; false when there is no room for it. Of the mouse's moves, only where it is now is worth to be kept. */
  add(event: Ahead): boolean {
    const last = this.#events.at(-1);
    if (isMove(event) && last !== undefined && isMove(last)) {
      this.#size -= sizeOf(last);
      this.#events.pop();
    }
    const size = sizeOf(event);
    if (this.#size + size > this.#limit) return false;
    this.#events.push(event);
    this.#size += size;
    return true;
  }

  /** Takes the oldest key out, or the oldest of a kind. */
  take(suits?: (event: Ahead) => boolean): Ahead | undefined {
    const index = suits === undefined ? 0 : this.#events.findIndex(suits);
    const [event] = index < 0 ? [] : this.#events.splice(index, 1);
    if (event !== undefined) this.#size -= sizeOf(event);
    return event;
  }

  /** Forgets what is of a kind. */
  drop(suits: (event: Ahead) => boolean): void {
    this.#events = this.#events.filter((event) => !suits(event));
    this.#size = this.#events.reduce((size, event) => size + sizeOf(event), 0);
  }

  clear(): void {
    this.#events = [];
    this.#size = 0;
  }
}

function isMove(event: Ahead): boolean {
  return event.type === "mouse" && event.action === "move";
}

function sizeOf(event: Ahead): number {
  return event.type === "paste" ? event.text.length : event.sequence.length;
}
