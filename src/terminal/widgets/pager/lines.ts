import { columnsOf } from "../cells/fit.ts";
import { Pen, STYLE } from "../cells/pen.ts";

/** UTF-16 code units that are kept; what was read first is dropped first. */
const MAX_SIZE = 4 * 1024 * 1024;
/** What a line costs beside its text, about. */
const LINE_COST = 64;
/** A longer line is parted. */
const MAX_LINE = 16_384;
const TAB = 8;

/** Text as lines, each of which has its colours whole. It keeps the last ones, however much comes. */
export class Lines {
  readonly #limit: number;
  readonly #pen = new Pen();
  #lines: string[] = [];
  /** What has come of a line whose end has not. */
  #rest = "";
  /** The number of the first line that is kept. */
  #first = 0;
  #size = 0;

  constructor(limit: number = MAX_SIZE) {
    this.#limit = limit;
  }

  /** The number of the first line that is kept; lines count from 0. */
  get first(): number {
    return this.#first;
  }

  /** The number after that of the last line. */
  get end(): number {
    return this.#first + this.#lines.length;
  }

  /** A line that is kept, with the colours that it begins with; empty for any other. */
  at(line: number): string {
    return this.#lines[line - this.#first] ?? "";
  }

  /** Takes a piece of the text. */
  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#add(line);
    if (this.#rest.length > MAX_LINE) this.#rest = this.#part(this.#rest);
    this.#drop();
  }

  /** No more follows. */
  finish(): void {
    if (this.#rest !== "") this.#add(this.#rest);
    this.#rest = "";
    this.#drop();
  }

  #add(line: string): void {
    this.#keep(line.length > MAX_LINE ? this.#part(line) : line);
  }

  /** Keeps the beginning of a line that is too long, as lines, and gives what is left. */
  #part(line: string): string {
    let rest = line;
    while (rest.length > MAX_LINE) {
      const end = partAt(rest);
      this.#keep(rest.slice(0, end));
      rest = rest.slice(end);
    }
    return rest;
  }

  #keep(line: string): void {
    const text = this.#pen.style + expandTabs(line.endsWith("\r") ? line.slice(0, -1) : line);
    for (const [sequence] of line.matchAll(STYLE)) this.#pen.apply(sequence);
    this.#lines.push(text);
    this.#size += text.length + LINE_COST;
  }

  #drop(): void {
    // A quarter at once: to move all lines up for each one that comes would be dear.
    if (this.#size <= this.#limit * 1.25) return;
    let dropped = 0;
    while (this.#size > this.#limit && dropped < this.#lines.length - 1) {
      this.#size -= (this.#lines[dropped++]?.length ?? 0) + LINE_COST;
    }
    this.#lines.splice(0, dropped);
    this.#first += dropped;
  }
}

/** Where a line that is too long can be parted: in no escape sequence and in no character. */
function partAt(line: string): number {
  const escape = line.lastIndexOf("\x1b", MAX_LINE - 1);
  if (escape > MAX_LINE - 64) return escape;
  return /[\ud800-\udbff]/.test(line.charAt(MAX_LINE - 1)) ? MAX_LINE - 1 : MAX_LINE;
}

/** A tab goes on to the next column that eight divides. */
function expandTabs(line: string): string {
  if (!line.includes("\t")) return line;
  let out = "";
  let column = 0;
  for (const [index, part] of line.split("\t").entries()) {
    if (index > 0) {
      const blanks = TAB - (column % TAB);
      out += " ".repeat(blanks);
      column += blanks;
    }
    out += part;
    column += columnsOf(part);
  }
  return out;
}
