import { cursorToColumn } from "../../text/ansi.ts";
import { graphemeWidth } from "../../text/width.ts";
import { NEWLINE } from "../buffer/rows.ts";
import { promptParts } from "./prompt.ts";

/**
 * A place in the prompt and line as they are laid out: rows count from the first row of the prompt. A column equal to the
 * width of the screen is what terminals do there as well: the row is full, and the next character wraps.
 */
export interface Place {
  row: number;
  column: number;
}

/** Stands in the line for what has no width of its own (a mark without a letter), so that every cluster has a cell. */
const PLACEHOLDER = "◌";
/** Stands for a wide character on a screen of one column. */
const TOO_WIDE = "?";

/** What a prompt is on a screen. */
export interface PromptLayout {
  /** What to write for its rows from the first that is wanted on. */
  readonly text: string;
  readonly end: Place;
  /** The row where its last line begins, before that was wrapped. */
  readonly lastLine: number;
}

/** Lays out a prompt. @param top the first of its rows that is to be written. */
export function layOutPrompt(prompt: string, columns: number, top: number): PromptLayout {
  const end: Place = { row: 0, column: 0 };
  let lastLine = 0;
  let text = "";
  for (const part of promptParts(prompt)) {
    if (part.kind === "style") {
      text += part.sequence;
    } else if (part.kind === "newline") {
      end.row++;
      end.column = 0;
      lastLine = end.row;
      if (end.row > top) text += "\r\n";
    } else {
      const shown = drawable(part.grapheme, columns);
      const width = cellsOf(part.grapheme, columns);
      if (end.column + width > columns) {
        end.row++;
        end.column = 0;
      }
      end.column += width;
      if (end.row < top) continue;
      text += shown;
      if (shown.length > 1 && end.column < columns) text += cursorToColumn(end.column);
    }
  }
  return { text, end, lastLine };
}

/**
 * Where the cursor stands before a cluster of the line, or behind the last one. That is the next row when the cluster is
 * wide and only one cell is left in this one; "gap" asks for that cell. A newline takes no cell: the cursor stands before
 * it on the last character when that fills its row, as terminals have it.
 */
export function locate(
  start: Place,
  graphemes: readonly string[],
  index: number,
  columns: number,
  wide: "wrapped" | "gap" = "wrapped",
): Place {
  const place = { ...start };
  walk(place, graphemes, 0, index, columns);
  return standing(place, graphemes[index], columns, wide);
}

/** Moves a place over clusters, from one up to another. */
export function walk(place: Place, graphemes: readonly string[], from: number, to: number, columns: number): void {
  for (let at = from; at < to; at++) {
    const grapheme = graphemes[at] ?? "";
    const width = grapheme === NEWLINE ? 0 : cellsOf(grapheme, columns);
    if (grapheme === NEWLINE || place.column + width > columns) {
      place.row++;
      place.column = 0;
    }
    place.column += width;
  }
}

/** Where the cursor stands that has come to a place, before what is next. */
export function standing(place: Place, next: string | undefined, columns: number, wide: "wrapped" | "gap"): Place {
  if (next === NEWLINE) return { ...place };
  const width = next === undefined || wide === "gap" ? 1 : cellsOf(next, columns) || 1;
  return place.column + width > columns ? { row: place.row + 1, column: 0 } : { ...place };
}

/** Most of what is typed is this, and needs no look into tables. Of control characters a line has newlines alone. */
function isAscii(grapheme: string): boolean {
  return grapheme.length === 1 && grapheme <= "~" && grapheme >= " ";
}

/** Cells that a cluster takes as it is drawn: 1 at least, unless it is nothing, and never more than the screen has. */
export function cellsOf(grapheme: string, columns: number): number {
  if (isAscii(grapheme)) return 1;
  const width = graphemeWidth(grapheme);
  return width <= columns ? width || Math.min(1, grapheme.length) : 1;
}

/** A cluster as it is drawn. */
export function drawable(grapheme: string, columns: number): string {
  if (isAscii(grapheme) || grapheme === "") return grapheme;
  const width = graphemeWidth(grapheme);
  if (width === 0) return PLACEHOLDER;
  return width > columns ? TOO_WIDE : grapheme;
}

export function isSame(a: Place, b: Place): boolean {
  return a.row === b.row && a.column === b.column;
}

export function isBefore(a: Place, b: Place): boolean {
  return a.row < b.row || (a.row === b.row && a.column < b.column);
}
