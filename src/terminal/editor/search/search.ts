import { graphemes } from "../../text/graphemes.ts";
import { clean } from "../buffer/clean.ts";
import type { History } from "../history/history.ts";

/** Which way the history is searched. */
export type Direction = "older" | "newer";

/** A line that has the pattern in it: its number in the history, and where in the text the pattern is. */
export interface Found {
  readonly number: number;
  readonly line: string;
  readonly at: number;
}

/** Longer than this, nobody types a pattern. */
const MAX_PATTERN = 256;
/** Of a pattern, so much is shown. */
const MAX_SHOWN = 40;

/**
 * Searches the history for a text while that is typed, as Ctrl-R does in a shell. A pattern without capitals is found in
 * any case. A line that was found is not found again.
 */
export class Search {
  readonly #history: History;
  #direction: Direction;
  #pattern = "";
  #found: Found | undefined;
  #hasFailed = false;

  constructor(history: History, direction: Direction) {
    this.#history = history;
    this.#direction = direction;
  }

  get pattern(): string {
    return this.#pattern;
  }

  /** The line found last; it stays when a longer pattern is found nowhere. */
  get found(): Found | undefined {
    return this.#found;
  }

  /** The pattern is in no line, or in none further on. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** What stands before the line while it is searched for. */
  get prompt(): string {
    const what = this.#hasFailed ? "no match" : this.#direction === "older" ? "search" : "search forward";
    const clusters = graphemes(this.#pattern);
    const shown = clusters.length > MAX_SHOWN ? `…${clusters.slice(1 - MAX_SHOWN).join("")}` : this.#pattern;
    return `(${what}) ${shown}: `;
  }

  /** Adds to the pattern. False when nothing has it in it. */
  type(text: string): boolean {
    this.#pattern = (this.#pattern + clean(text, false)).slice(0, MAX_PATTERN).toWellFormed();
    return this.#look(this.#found?.number);
  }

  /** Takes the last character of the pattern away, and begins again with what is left. */
  backspace(): boolean {
    this.#pattern = graphemes(this.#pattern).slice(0, -1).join("");
    this.#found = undefined;
    return this.#look(undefined);
  }

  /** Goes on to the next line that has the pattern. Without a pattern it takes an earlier one. */
  next(direction: Direction, earlier: string): boolean {
    const isAgain = this.#pattern !== "";
    this.#direction = direction;
    if (!isAgain) return this.type(earlier);
    const from = this.#found?.number;
    if (from === undefined) return this.#look(undefined);
    return this.#look(direction === "older" ? from - 1 : from + 1);
  }

  /** @param from the first line to look at; undefined for the nearest end of the history. */
  #look(from: number | undefined): boolean {
    const { first, next } = this.#history;
    this.#hasFailed = false;
    if (this.#pattern === "") return true;
    const isOlder = this.#direction === "older";
    const start = from ?? (isOlder ? next - 1 : first);
    const pattern = this.#pattern;
    const isExact = pattern !== pattern.toLowerCase();
    const place = (line: string): number => (isExact ? line : line.toLowerCase()).indexOf(pattern);
    const passes = (line: string): boolean =>
      place(line) >= 0 && (line !== this.#found?.line || start === this.#found.number);
    const number = isOlder ? this.#history.findBefore(start + 1, passes) : this.#history.findAfter(start - 1, passes);
    const line = number === undefined ? undefined : this.#history.at(number);
    this.#hasFailed = line === undefined;
    if (number === undefined || line === undefined) return false;
    this.#found = { number, line, at: place(line) };
    return true;
  }
}
