/** Limits of a {@link History}. */
export interface HistoryOptions {
  /** Lines that are kept; the oldest go first. Default 500. */
  lines?: number;
  /** UTF-16 code units that are kept in all. Default 65,536. */
  size?: number;
}

/** The lines entered before, oldest first: what the Up key goes back to. Give one to every editor that shares them. */
export class History {
  readonly #lines: string[];
  readonly #maxLines: number;
  readonly #maxSize: number;
  #size = 0;

  /** Begins with lines kept from earlier, oldest first. */
  constructor(lines: Iterable<string> = [], options: HistoryOptions = {}) {
    const { lines: maxLines = 500, size: maxSize = 65_536 } = options;
    this.#lines = [];
    this.#maxLines = maxLines;
    this.#maxSize = maxSize;
    for (const line of lines) this.add(line);
  }

  get length(): number {
    return this.#lines.length;
  }

  /** The line at an index, 0 the oldest; undefined beyond the ends. */
  at(index: number): string | undefined {
    return this.#lines[index];
  }

  /** Appends a line, unless it is blank, is the one entered last, or alone exceeds the size. */
  add(line: string): void {
    if (line.trim() === "" || line === this.#lines.at(-1) || line.length > this.#maxSize) return;
    this.#lines.push(line);
    this.#size += line.length;
    while (this.#lines.length > this.#maxLines || this.#size > this.#maxSize) {
      this.#size -= this.#lines.shift()?.length ?? 0;
    }
  }

  /** All lines, oldest first, to be kept somewhere. */
  [Symbol.iterator](): Iterator<string> {
    return this.#lines.values();
  }
}
