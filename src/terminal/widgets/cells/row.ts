import { cursorToColumn } from "../../text/ansi.ts";
import { eachGrapheme } from "../../text/graphemes.ts";
import { stripAnsi } from "../../text/sanitize.ts";
import { graphemeWidth } from "../../text/width.ts";
import { Pen, restyle, STYLE } from "./pen.ts";

/** One cluster on the screen. */
export interface Cell {
  readonly text: string;
  /** 1 or 2. */
  readonly width: number;
  /** See {@link Pen.style}. */
  readonly style: string;
}

/** What stands in one row of the screen, from its first column on. */
export type Row = readonly Cell[];

const CONTROLS = /\p{Cc}/gu;
const BREAKS = /\r\n|[\t\n\v\f\r\x85\u2028\u2029]/g;

/** A letter may carry marks without end; no emoji has as many code units. */
const MAX_CLUSTER = 32;

/**
 * The cells of a text, in one row: newlines and tabs are blanks, what could move the cursor or turns the direction of
 * writing is left out, colours and links stay.
 *
 * @param pen has the style that the text begins with, and then the one it ends with.
 * @param columns stop after so many, and the cell that does not fit any more; the pen is then where that is.
 */
export function cellsOf(text: string, pen: Pen = new Pen(), columns: number = Infinity): Cell[] {
  const cells: Cell[] = [];
  let used = 0;
  let at = 0;
  const add = (plain: string): void => {
    const shown = stripAnsi(plain).replace(BREAKS, " ").replace(CONTROLS, "");
    for (const cluster of eachGrapheme(shown)) {
      const width = graphemeWidth(cluster);
      if (width === 0) continue;
      const text = cluster.length > MAX_CLUSTER ? cluster.slice(0, MAX_CLUSTER) : cluster;
      cells.push({ text: text.toWellFormed(), width, style: pen.style });
      used += width;
      if (used > columns) return;
    }
  };
  if (text.includes("\x1b")) {
    for (const { 0: sequence, index } of text.matchAll(STYLE)) {
      add(text.slice(at, index));
      if (used > columns) return cells;
      pen.apply(sequence);
      at = index + sequence.length;
    }
  }
  add(text.slice(at));
  return cells;
}

/** The columns that cells take. */
export function widthOf(cells: Row): number {
  let width = 0;
  for (const cell of cells) width += cell.width;
  return width;
}

/** As many of the cells as fit; when some do not, the mark stands in the last column that there is. */
export function cut(cells: Row, columns: number, mark: string): Row {
  let width = 0;
  let kept = 0;
  for (const [index, cell] of cells.entries()) {
    width += cell.width;
    if (width < columns) kept = index + 1;
    if (width > columns) return columns < 1 ? [] : [...cells.slice(0, kept), { text: mark, width: 1, style: "" }];
  }
  return cells;
}

/**
 * Cells as text for a terminal in its default style, which it is in again afterwards.
 *
 * @param column where the first of them stands. With it, the text says after each cluster on whose width terminals
 *   disagree where the next one belongs.
 */
export function render(cells: Row, column?: number): string {
  let out = "";
  let style = "";
  let at = column ?? 0;
  for (const cell of cells) {
    out += restyle(style, cell.style) + cell.text;
    style = cell.style;
    at += cell.width;
    if (column !== undefined && cell.text.length > 1) out += cursorToColumn(at);
  }
  return out + restyle(style, "");
}
