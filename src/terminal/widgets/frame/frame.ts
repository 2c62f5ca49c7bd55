import {
  cursorDown,
  cursorToColumn,
  DISABLE_WRAP,
  ENABLE_WRAP,
  ERASE_BELOW,
  ERASE_LINE_RIGHT,
  HIDE_CURSOR,
  SHOW_CURSOR,
} from "../../text/ansi.ts";
import { wrapCells } from "../cells/fit.ts";
import type { Cell, Row } from "../cells/row.ts";
import { cellsOf, cut, render, widthOf } from "../cells/row.ts";
import { Pen } from "../cells/pen.ts";
import type { Glyphs } from "../theme.ts";
import { dim } from "../theme.ts";
import type { Canvas } from "./canvas.ts";
import type { Size, View } from "./widget.ts";
import { windowOf } from "./window.ts";

export interface FrameOptions extends Size {
  readonly glyphs: Glyphs;
}

/** A row as it is on the screen, and the text it was made of. */
interface Drawn {
  readonly text: string;
  readonly cells: Row;
}

interface Place {
  row: number;
  column: number;
}

/** Beyond so many columns or rows nothing is drawn, however large a terminal says it is. */
const MAX_SIDE = 1000;

/**
 * Draws rows below what was written before, and keeps track of where the cursor is, counted from its first row; it never
 * knows the row of the screen. Its methods answer with what to write. Only cells that changed are drawn.
 *
 * No row is ever wrapped by the terminal, be it that the two count the width of a character differently or that the window
 * has just become smaller: while a frame is drawn, wrapping is off. When there is no cursor to be seen, it waits in the
 * frame's first cell: whatever a terminal makes of the rows when its size changes, they are below it.
 */
export class Frame implements Canvas {
  readonly covers = false;
  readonly #glyphs: Glyphs;
  #columns = 80;
  #rows = 24;
  #drawn: readonly Drawn[] = [];
  #at: Place = { row: 0, column: 0 };
  #isCursorHidden = false;

  constructor({ columns, rows, glyphs }: FrameOptions) {
    this.#glyphs = glyphs;
    this.#setSize(columns, rows);
  }

  /** The room there is. */
  get size(): Size {
    return { columns: this.#columns, rows: this.#rows };
  }

  draw(view: View): string {
    const top = this.#clip(view);
    const rows = top.rows.map((text, index) => this.#fit(text, this.#drawn[index]));
    let out = "";
    for (const [index, row] of rows.entries()) out += this.#paint(index, row);
    if (rows.length < this.#drawn.length) {
      const above = Math.max(0, rows.length - 1);
      const isFull = rows.length > 0 && widthOf(rows[above]?.cells ?? []) === this.#columns;
      // From the end of the last row, or else from the first column of the next: that one exists.
      out += this.#moveTo(isFull ? above + 1 : above, isFull ? 0 : widthOf(rows[above]?.cells ?? [])) + ERASE_BELOW;
    }
    this.#drawn = rows;
    const painted = out === "" ? "" : DISABLE_WRAP + out + ENABLE_WRAP;
    return this.#cursor(painted, top.cursor);
  }

  erase(): string {
    const erased = this.#drawn.length === 0 ? "" : `${cursorDown(-this.#at.row)}\r${ERASE_BELOW}`;
    return erased + this.forget();
  }

  forget(): string {
    this.#drawn = [];
    this.#at = { row: 0, column: 0 };
    return this.#show();
  }

  resize(columns: number, rows: number): string {
    const before = this.#columns;
    this.#setSize(columns, rows);
    if (this.#columns !== before) this.#at.row = this.#reflowed();
    return this.erase();
  }

  #setSize(columns: number, rows: number): void {
    this.#columns = Math.min(MAX_SIDE, Math.max(0, Math.trunc(columns)) || 80);
    this.#rows = Math.min(MAX_SIDE, Math.max(0, Math.trunc(rows)) || 24);
  }

  /** The row of the cursor after the terminal has wrapped what is longer than its rows; the cursor stayed with its cell. */
  #reflowed(): number {
    const { row, column } = this.#at;
    let above = 0;
    for (const { cells } of this.#drawn.slice(0, row)) above += wrapCells(cells, this.#columns).length;
    let upTo = 0;
    let width = 0;
    const cells = this.#drawn[row]?.cells ?? [];
    // Behind the last cell there is none to stay with: the cursor goes to a further row only when a cell is written there.
    while (upTo < cells.length && width <= column) width += cells[upTo++]?.width ?? 0;
    return above + wrapCells(cells.slice(0, upTo), this.#columns).length - 1;
  }

  /** Of more rows than the screen has, those around the focus, with marks that say how many are not to be seen. */
  #clip(view: View): View {
    const { rows, cursor, focus = cursor?.row ?? 0 } = view;
    const { start, end, hasMarks } = windowOf(rows.length, focus, this.#rows);
    if (start === 0 && end === rows.length) return view;
    const { up, down } = this.#glyphs;
    const above = hasMarks && start > 0 ? [dim(`${up} ${start} more`)] : [];
    const below = hasMarks && end < rows.length ? [dim(`${down} ${rows.length - end} more`)] : [];
    const isInSight = cursor !== undefined && cursor.row >= start && cursor.row < end;
    return {
      rows: [...above, ...rows.slice(start, end), ...below],
      cursor: isInSight ? { row: cursor.row - start + above.length, column: cursor.column } : undefined,
    };
  }

  #fit(text: string, before: Drawn | undefined): Drawn {
    if (before?.text === text) return before;
    const cells = cut(cellsOf(text, new Pen(), this.#columns), this.#columns, this.#glyphs.ellipsis);
    return { text, cells: trimmed(cells) };
  }

  /** Draws what is different in one row. */
  #paint(index: number, row: Drawn): string {
    const before = this.#drawn[index];
    if (before === row) return "";
    if (before === undefined) {
      const text = this.#moveTo(index, 0) + render(row.cells, 0);
      this.#at.column = widthOf(row.cells);
      return text;
    }
    const { start, end, column } = difference(before.cells, row.cells);
    const changed = row.cells.slice(start, end);
    const isShorter = widthOf(row.cells) < widthOf(before.cells);
    if (changed.length === 0 && !isShorter) return "";
    let out = this.#moveTo(index, column) + render(changed, column);
    this.#at.column = column + widthOf(changed);
    if (isShorter) out += ERASE_LINE_RIGHT;
    return out;
  }

  /** Moves the cursor; rows that are not there yet are made. */
  #moveTo(row: number, column: number): string {
    const last = Math.max(0, this.#drawn.length - 1, this.#at.row);
    const made = Math.max(0, row - last);
    const isThere = row === this.#at.row && column === this.#at.column && column < this.#columns;
    const text = isThere ? "" : cursorDown(row - made - this.#at.row) + "\n".repeat(made) + cursorToColumn(column);
    this.#at = { row, column };
    return text;
  }

  /** Puts the cursor where it belongs, to be seen or not. */
  #cursor(painted: string, cursor: View["cursor"]): string {
    const column = Math.min(cursor?.column ?? 0, this.#columns - 1);
    const move = this.#moveTo(cursor?.row ?? 0, column);
    if (cursor !== undefined) return painted + move + this.#show();
    if (this.#isCursorHidden) return painted + move;
    this.#isCursorHidden = true;
    return HIDE_CURSOR + painted + move;
  }

  #show(): string {
    if (!this.#isCursorHidden) return "";
    this.#isCursorHidden = false;
    return SHOW_CURSOR;
  }
}

/** Blanks at the end of a row are no content: a terminal that wraps its rows anew drops them. */
function trimmed(cells: Row): Row {
  let end = cells.length;
  while (end > 0 && cells[end - 1]?.text === " " && cells[end - 1]?.style === "") end--;
  return end === cells.length ? cells : cells.slice(0, end);
}

/** Which cells of a row must be drawn in the place of an older one, and the column where they begin. */
function difference(before: Row, after: Row): { start: number; end: number; column: number } {
  let start = 0;
  let column = 0;
  while (start < after.length && isSame(before[start], after[start])) column += after[start++]?.width ?? 0;
  let end = after.length;
  if (widthOf(before) !== widthOf(after)) return { start, end, column };
  let old = before.length;
  while (end > start && old > start && isSame(before[old - 1], after[end - 1])) {
    end--;
    old--;
  }
  return { start, end, column };
}

function isSame(a: Cell | undefined, b: Cell | undefined): boolean {
  return a !== undefined && b !== undefined && a.text === b.text && a.style === b.style;
}
