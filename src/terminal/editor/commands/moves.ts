import type { Edit, Line } from "../buffer/line.ts";
import { columnOf, indexAt, rowEnd, rowStart } from "../buffer/rows.ts";
import { type IsWord, isWordLike, wordEnd, wordStart } from "../buffer/words.ts";
import type { Action, Draft, Streak } from "./draft.ts";

export const left: Action = ({ line }) => line.moveTo(line.cursor - 1);
export const right: Action = ({ line }) => line.moveTo(line.cursor + 1);
export const wordLeft: Action = ({ line }) => line.moveTo(wordStartOf(line, isWordLike));
export const wordRight: Action = ({ line }) => line.moveTo(wordEndOf(line));
/** To the beginning of the row. */
export const home: Action = ({ line }) => line.moveTo(rowStart(line.graphemes, line.cursor));
/** To the end of the row. */
export const end: Action = ({ line }) => line.moveTo(rowEnd(line.graphemes, line.cursor));

/** Where the word before the cursor begins; of a secret, where the line does. */
export function wordStartOf(line: Line, isWord: IsWord): number {
  return line.isSecret ? 0 : wordStart(line.graphemes, line.cursor, isWord);
}

/** Where the word at the cursor or after it ends. */
export function wordEndOf(line: Line): number {
  return line.isSecret ? line.length : wordEnd(line.graphemes, line.cursor, isWordLike);
}

/** To the row above; undefined when there is none. */
export function rowUp(draft: Draft, streak: Streak | undefined): Edit | undefined {
  const { graphemes, cursor } = draft.line;
  const start = rowStart(graphemes, cursor);
  return start === 0 ? undefined : toRow(draft, streak, rowStart(graphemes, start - 1));
}

/** To the row below; undefined when there is none. */
export function rowDown(draft: Draft, streak: Streak | undefined): Edit | undefined {
  const { graphemes, cursor } = draft.line;
  const end = rowEnd(graphemes, cursor);
  return end === graphemes.length ? undefined : toRow(draft, streak, end + 1);
}

/** Into another row, at the cell where the first of several such moves began, or as near as the row comes. */
function toRow(draft: Draft, streak: Streak | undefined, start: number): Edit {
  const { line } = draft;
  const column = streak?.kind === "rows" ? streak.column : columnOf(line.graphemes, line.cursor);
  draft.streak = { kind: "rows", column };
  return line.moveTo(indexAt(line.graphemes, start, column));
}
