/** Limits of a {@link History}. */
export interface HistoryOptions {
  /** Lines that are kept; the oldest go first. Default 500. */
  lines?: number;
  /** UTF-16 code units that are kept in all. Default 65,536. */
  size?: number;
}

/**
 * The lines entered before, oldest first: what the Up key goes back to. Give one to every editor that shares them. A line
 * has a number that stays its own, whatever is added before or after it.
 */
export class History {
  #lines: string[] = [];
  /** The number of the first line that is kept. */
  #first = 0;
  #size = 0;
  readonly #maxLines: number;
  readonly #maxSize: number;

  /** Begins with lines kept from earlier, oldest first. */
  constructor(lines: Iterable<string> = [], options: HistoryOptions = {}) {
    const { lines: maxLines = 500, size: maxSize = 65_536 } = options;
    this.#maxLines = maxLines;
    this.#maxSize = maxSize;
    for (const line of lines) this.add(line);
  }

  get length(): number {
    return this.#lines.length;
  }

  /** The number of the oldest line. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next line will have. */
  get next(): number {
    return this.#first + this.#lines.length;
  }

  /** The line with a number; undefined where there is none. */
  at(number: number): string | undefined {
    return this.#lines[number - this.#first];
  }

  /**
   * Appends a line and answers whether it is kept. It is not if it is blank, begins with a blank (so that a user can keep
   * a line out), is the one entered last, or alone exceeds the size.
   */
  add(line: string): boolean {
    if (line.trim() === "" || line.startsWith(" ") || line === this.#lines.at(-1)) return false;
    if (line.length > this.#maxSize || this.#maxLines === 0) return false;
    this.#lines.push(line);
    this.#size += line.length;
    while (this.#lines.length > this.#maxLines || this.#size > this.#maxSize) {
      this.#size -= this.#lines.shift()?.length ?? 0;
      this.#first++;
    }
    return true;
  }

  /** Puts lines before those that are there, oldest first, as far as there is room: those of earlier visits, come late. */
  prepend(lines: Iterable<string>): void {
    const { next } = this;
    const all = new History(lines, { lines: this.#maxLines, size: this.#maxSize });
    for (const line of this.#lines) all.add(line);
    this.#lines = all.#lines;
    this.#size = all.#size;
    this.#first = next - this.#lines.length;
  }

  /** Forgets all lines; the numbers go on. */
  clear(): void {
    this.#first = this.next;
    this.#lines = [];
    this.#size = 0;
  }

  /** The newest line that goes on from a text. */
  newestAfter(text: string): string | undefined {
    const number = this.findBefore(this.next, (line) => line.length > text.length && line.startsWith(text));
    return number === undefined ? undefined : this.at(number);
  }

  /** The number of the newest line before another that passes; undefined when none does. */
  findBefore(number: number, test: (line: string) => boolean): number | undefined {
    for (let at = Math.min(number, this.next) - 1; at >= this.#first; at--) {
      if (test(this.at(at) ?? "")) return at;
    }
    return undefined;
  }

  /** The number of the oldest line after another that passes; undefined when none does. */
  findAfter(number: number, test: (line: string) => boolean): number | undefined {
    for (let at = Math.max(number + 1, this.#first); at < this.next; at++) {
      if (test(this.at(at) ?? "")) return at;
    }
    return undefined;
  }

  /** All lines, oldest first, to be kept somewhere. */
  [Symbol.iterator](): Iterator<string> {
    return this.#lines.values();
  }
}
