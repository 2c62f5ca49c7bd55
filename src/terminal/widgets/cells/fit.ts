import { Pen } from "./pen.ts";
import type { Row } from "./row.ts";
import { cellsOf, cut, render, widthOf } from "./row.ts";

/** On which side of its room a text stands. */
export type Align = "left" | "right" | "center";

/** The text in one row of so many columns at most; the mark, one cell wide, says that some is missing. */
export function fit(text: string, columns: number, mark: string): string {
  return render(cut(cellsOf(text, new Pen(), columns), columns, mark));
}

/** {@link fit}, filled up with blanks to exactly so many columns. */
export function pad(text: string, columns: number, mark: string, align: Align = "left"): string {
  const cells = cut(cellsOf(text, new Pen(), columns), columns, mark);
  const room = Math.max(0, columns - widthOf(cells));
  const before = align === "left" ? 0 : align === "right" ? room : room >> 1;
  return " ".repeat(before) + render(cells) + " ".repeat(room - before);
}

/** The columns that a text takes in one row, its colours aside. */
export function columnsOf(text: string): number {
  return widthOf(cellsOf(text));
}

/** The columns that the widest of some texts takes; 0 when there is none. */
export function widestOf(texts: Iterable<string>): number {
  let widest = 0;
  for (const text of texts) widest = Math.max(widest, columnsOf(text));
  return widest;
}

/** The text in rows of so many columns at most, broken between words where that is possible; its newlines stay. */
export function wrap(text: string, columns: number): string[] {
  const pen = new Pen();
  return text.split(/\r?\n/).flatMap((line) => wrapWords(cellsOf(line, pen), columns).map((row) => render(row)));
}

/** Cells in rows of so many columns, one row at least; a cell that is wider than that stands alone. */
export function wrapCells(cells: Row, columns: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  let width = 0;
  for (const [index, cell] of cells.entries()) {
    if (width + cell.width > columns && index > start) {
      rows.push(cells.slice(start, index));
      start = index;
      width = 0;
    }
    width += cell.width;
  }
  rows.push(cells.slice(start));
  return rows;
}

/** As {@link wrapCells}; the blanks at which a row is broken are in none. A word that is longer than a row is parted. */
function wrapWords(cells: Row, columns: number): Row[] {
  const rows: Row[] = [];
  let start = 0;
  while (start < cells.length) {
    let end = start;
    let width = 0;
    /** Behind the last word that fits. */
    let word = start;
    while (end < cells.length && width + (cells[end]?.width ?? 0) <= columns) {
      width += cells[end]?.width ?? 0;
      if (isBlank(cells[end]) && !isBlank(cells[end - 1])) word = end;
      end++;
    }
    const isWhole = end === cells.length || isBlank(cells[end]);
    const stop = isWhole || word === start ? Math.max(end, start + 1) : word;
    rows.push(cells.slice(start, stop));
    start = stop;
    while (start > 0 && start < cells.length && isBlank(cells[start])) start++;
  }
  return rows.length === 0 ? [[]] : rows;
}

function isBlank(cell: Row[number] | undefined): boolean {
  return cell?.text === " ";
}
