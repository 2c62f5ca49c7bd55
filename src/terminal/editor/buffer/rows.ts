import { graphemeWidth } from "../../text/width.ts";

/** The cluster that parts the rows of a line. */
export const NEWLINE = "\n";

/** Where the row with an index begins. */
export function rowStart(graphemes: readonly string[], index: number): number {
  return index === 0 ? 0 : graphemes.lastIndexOf(NEWLINE, index - 1) + 1;
}

/** Where the row with an index ends: at its newline, or at the end of the line. */
export function rowEnd(graphemes: readonly string[], index: number): number {
  const newline = graphemes.indexOf(NEWLINE, index);
  return newline < 0 ? graphemes.length : newline;
}

/** Cells between the beginning of its row and an index. */
export function columnOf(graphemes: readonly string[], index: number): number {
  let column = 0;
  for (let at = rowStart(graphemes, index); at < index; at++) column += graphemeWidth(graphemes[at] ?? "");
  return column;
}

/** The index in the row that begins at `start` which is so many cells from its beginning, or the nearest before. */
export function indexAt(graphemes: readonly string[], start: number, column: number): number {
  const end = rowEnd(graphemes, start);
  let index = start;
  for (let left = column; index < end; index++) {
    left -= graphemeWidth(graphemes[index] ?? "");
    if (left < 0) break;
  }
  return index;
}
