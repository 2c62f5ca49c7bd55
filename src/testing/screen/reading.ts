import type { IBuffer, IBufferLine } from "@xterm/headless";
import type { Place } from "./screen.ts";
import type { Style } from "./style.ts";
import { styleOf } from "./style.ts";

/** Some rows as one text, with the cell of each of its UTF-16 code units. */
export interface Scan {
  readonly text: string;
  readonly places: readonly Place[];
}

/** The rows from one on, each without the blanks at its end. */
export function rowsFrom(buffer: IBuffer, first: number): string[] {
  const rows: string[] = [];
  for (let row = first; row < buffer.length; row++) rows.push(buffer.getLine(row)?.translateToString().trimEnd() ?? "");
  return rows;
}

/** Some rows as the lines that they were before the terminal wrapped them; the blank between a prompt and the cursor is kept. */
export function wholeLines(buffer: IBuffer, first: number, end: number = buffer.length): string[] {
  const lines: string[] = [];
  for (let row = first; row < end; row++) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    const text = textOf(buffer, row, line);
    if (line.isWrapped && lines.length > 0) lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  return lines;
}

/** As {@link wholeLines}, joined by newlines, with the places of the characters. */
export function scan(buffer: IBuffer, first: number): Scan {
  let text = "";
  const places: Place[] = [];
  for (let row = first; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    if (row > first && !line.isWrapped) {
      text += "\n";
      places.push({ row: row - first, column: line.length });
    }
    const written = text.length + textOf(buffer, row, line).length;
    for (let column = 0; text.length < written; column++) {
      const cell = line.getCell(column);
      if (cell === undefined) break;
      if (cell.getWidth() === 0) continue;
      const chars = cell.getChars() || " ";
      text += chars;
      for (let unit = 0; unit < chars.length; unit++) places.push({ row: row - first, column });
    }
  }
  return { text, places };
}

/** The line left of the cursor, as it was before the terminal wrapped it. */
export function beforeCursor(buffer: IBuffer): string {
  const cursorRow = buffer.baseY + buffer.cursorY;
  const first = firstRowOf(buffer, cursorRow);
  const before = wholeLines(buffer, first, cursorRow).join("");
  return before + (buffer.getLine(cursorRow)?.translateToString(false, 0, buffer.cursorX) ?? "");
}

/** Where the line begins that a row belongs to. */
export function firstRowOf(buffer: IBuffer, row: number): number {
  let first = row;
  while (first > 0 && buffer.getLine(first)?.isWrapped === true) first--;
  return first;
}

/** The rows from one on, with every stretch that looks alike dressed up, without the blank rows at the end. */
export function dressed(buffer: IBuffer, first: number, dress: (text: string, style: Style) => string): string {
  const rows: string[] = [];
  for (let row = first; row < buffer.length; row++) {
    const runs: { text: string; style: Style }[] = [];
    const line = buffer.getLine(row);
    for (let column = 0; column < (line?.length ?? 0); column++) {
      const cell = line?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const style = styleOf(cell);
      const last = runs.at(-1);
      if (last?.style.codes === style.codes) last.text += cell.getChars() || " ";
      else runs.push({ text: cell.getChars() || " ", style });
    }
    const last = runs.at(-1);
    if (last?.style.codes === "") last.text = last.text.trimEnd();
    rows.push(runs.map(({ text, style }) => (text === "" ? "" : dress(text, style))).join(""));
  }
  while (rows.at(-1) === "") rows.pop();
  return rows.join("\n");
}

/** What is read of a row as a part of its line. */
function textOf(buffer: IBuffer, row: number, line: IBufferLine): string {
  const text = line.translateToString();
  if (buffer.getLine(row + 1)?.isWrapped === true) {
    // A wide character that did not fit has left the last cell empty.
    const isGap = text.endsWith(" ") && line.getCell(line.length - 1)?.getChars() === "";
    return isGap ? text.slice(0, -1) : text;
  }
  const trimmed = text.trimEnd();
  if (row !== buffer.baseY + buffer.cursorY) return trimmed;
  return text.slice(0, Math.max(trimmed.length, line.translateToString(false, 0, buffer.cursorX).length));
}
