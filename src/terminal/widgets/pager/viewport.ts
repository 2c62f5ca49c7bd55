import { wrapCells } from "../cells/fit.ts";
import type { Row } from "../cells/row.ts";
import { cellsOf } from "../cells/row.ts";
import type { Lines } from "./lines.ts";

/** Where a row of the screen begins: a line, and the cell of it. */
interface Place {
  readonly line: number;
  readonly cell: number;
}

const START: Place = { line: 0, cell: 0 };

/** The part of some lines that is on a screen, and how it moves. */
export class Viewport {
  readonly #lines: Lines;
  readonly #wraps: boolean;
  #columns: number;
  #height: number;
  #top: Place = START;
  /** The column of lines that are not wrapped from which on they are shown. */
  #left = 0;
  /** Rows of lines that were laid out; they are asked for again and again. */
  readonly #layouts: Map<number, readonly Row[]> = new Map();

  constructor(lines: Lines, wraps: boolean, columns: number, height: number) {
    this.#lines = lines;
    this.#wraps = wraps;
    this.#columns = columns;
    this.#height = height;
  }

  /** Rows that it shows. */
  get height(): number {
    return this.#height;
  }

  /** The line in the first row. */
  get line(): number {
    return this.#top.line;
  }

  /** Rows that there are from the first one on, or from the beginning, counted no further than to the limit. */
  count(from: "top" | "start", limit: number): number {
    let place = from === "top" ? this.#top : { line: this.#lines.first, cell: 0 };
    let count = 0;
    for (; count < limit && this.#isThere(place); count++) place = this.#next(place);
    return count;
  }

  /** What is on the screen: cells, and the line that they are of. */
  rows(): { readonly cells: Row; readonly line: number }[] {
    this.#catchUp();
    const rows = [];
    for (let place = this.#top; rows.length < this.#height && this.#isThere(place); place = this.#next(place)) {
      const cells = this.#rowsOf(place.line)[this.#indexOf(place)] ?? [];
      rows.push({ cells: this.#left > 0 ? withoutColumns(cells, this.#left) : cells, line: place.line });
    }
    return rows;
  }

  resize(columns: number, height: number): void {
    this.#height = height;
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#layouts.clear();
    // The row that has the cell that was the first.
    const { line, cell } = this.#top;
    let start = 0;
    for (const row of this.#rowsOf(line)) {
      if (start + row.length > cell) break;
      start += row.length;
    }
    this.#top = { line, cell: cell === 0 ? 0 : start };
  }

  /** Moves down, as long as there is something below; gives how many rows it could not. */
  down(rows: number): number {
    this.#catchUp();
    let bottom = this.#top;
    for (let row = 0; row < this.#height && this.#isThere(bottom); row++) bottom = this.#next(bottom);
    let left = rows;
    for (; left > 0 && this.#isThere(bottom); left--) {
      bottom = this.#next(bottom);
      this.#top = this.#next(this.#top);
    }
    return left;
  }

  up(rows: number): void {
    this.#catchUp();
    for (let left = rows; left > 0; left--) this.#top = this.#previous(this.#top);
  }

  toLine(line: number): void {
    this.#top = { line: Math.max(line, this.#lines.first), cell: 0 };
  }

  /** To where the last line is in the last row. */
  toEnd(): void {
    this.#top = { line: this.#lines.end, cell: 0 };
    this.up(this.#height);
  }

  /** Moves over lines that are not wrapped. */
  sideways(columns: number): void {
    if (!this.#wraps) this.#left = Math.max(0, this.#left + columns);
  }

  #isThere({ line }: Place): boolean {
    return line < this.#lines.end;
  }

  #next(place: Place): Place {
    const rows = this.#rowsOf(place.line);
    const index = this.#indexOf(place);
    if (index >= rows.length - 1) return { line: place.line + 1, cell: 0 };
    return { line: place.line, cell: place.cell + (rows[index]?.length ?? 0) };
  }

  #previous(place: Place): Place {
    if (place.cell > 0) {
      const index = this.#indexOf(place);
      return { line: place.line, cell: place.cell - (this.#rowsOf(place.line)[index - 1]?.length ?? 0) };
    }
    if (place.line <= this.#lines.first) return place;
    const rows = this.#rowsOf(place.line - 1);
    let cell = 0;
    for (const row of rows.slice(0, -1)) cell += row.length;
    return { line: place.line - 1, cell };
  }

  /** Which row of its line begins there. */
  #indexOf({ line, cell }: Place): number {
    let start = 0;
    const rows = this.#rowsOf(line);
    for (const [index, row] of rows.entries()) {
      if (start >= cell) return index;
      start += row.length;
    }
    return rows.length - 1;
  }

  #rowsOf(line: number): readonly Row[] {
    const known = this.#layouts.get(line);
    if (known !== undefined) return known;
    const cells = cellsOf(this.#lines.at(line));
    const rows = this.#wraps ? wrapCells(cells, this.#columns) : [cells];
    if (this.#layouts.size > 4 * this.#height) this.#layouts.clear();
    this.#layouts.set(line, rows);
    return rows;
  }

  /** The first row may have been dropped. */
  #catchUp(): void {
    if (this.#top.line < this.#lines.first) this.#top = { line: this.#lines.first, cell: 0 };
  }
}

function withoutColumns(cells: Row, columns: number): Row {
  let width = 0;
  let start = 0;
  while (start < cells.length && width < columns) width += cells[start++]?.width ?? 0;
  return cells.slice(start);
}
