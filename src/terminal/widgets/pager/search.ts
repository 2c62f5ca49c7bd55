import type { Row } from "../cells/row.ts";
import { cellsOf } from "../cells/row.ts";
import type { Lines } from "./lines.ts";

const INVERSE = "\x1b[7m";

/** The first line with the pattern from a line on, in steps of 1 or -1; undefined when there is none. */
export function findIn(lines: Lines, pattern: string, from: number, step: 1 | -1): number | undefined {
  for (let line = from; line >= lines.first && line < lines.end; line += step) {
    if (textOf(cellsOf(lines.at(line)), pattern).text.includes(pattern)) return line;
  }
  return undefined;
}

/** The cells, those of the pattern inverted. */
export function highlighted(cells: Row, pattern: string): Row {
  if (pattern === "") return cells;
  const { text, ends } = textOf(cells, pattern);
  let at = text.indexOf(pattern);
  if (at < 0) return cells;
  return cells.map((cell, index) => {
    const start = ends[index - 1] ?? 0;
    while (at >= 0 && at + pattern.length <= start) at = text.indexOf(pattern, at + pattern.length);
    const isInside = at >= 0 && (ends[index] ?? 0) > at && start < at + pattern.length;
    return isInside ? { ...cell, style: cell.style + INVERSE } : cell;
  });
}

/** What is searched of cells, and where each of them ends in it. A pattern in small letters means capitals as well. */
function textOf(cells: Row, pattern: string): { text: string; ends: number[] } {
  const isExact = pattern !== pattern.toLowerCase();
  let text = "";
  const ends: number[] = [];
  for (const cell of cells) {
    text += isExact ? cell.text : cell.text.toLowerCase();
    ends.push(text.length);
  }
  return { text, ends };
}
