import { type Edit, type Line, NONE, REFUSED } from "../buffer/line.ts";
import { NEWLINE } from "../buffer/rows.ts";
import { isWordLike, wordEnd, wordStart } from "../buffer/words.ts";
import type { Action } from "./draft.ts";
import { wordEndOf } from "./moves.ts";

/** Deletes the cluster before the cursor. */
export const backspace: Action = ({ line }) => remove(line, line.cursor - 1, line.cursor);

/** Deletes the cluster after the cursor. */
export const deleteRight: Action = ({ line }) => remove(line, line.cursor, line.cursor + 1);

/** Deletes the blanks around the cursor. */
export const deleteBlanks: Action = ({ line }) => {
  const { graphemes, cursor } = line;
  let start = cursor;
  while (graphemes[start - 1] === " ") start--;
  let end = cursor;
  while (graphemes[end] === " ") end++;
  return remove(line, start, end);
};

/** Begins a new row, where the line may have several. */
export const newline: Action = ({ line }) => (line.isMultiline ? line.insert(NEWLINE) : NONE);

/** Swaps the cluster before the cursor with the one after it and moves on; at the end, the last two. */
export const transpose: Action = ({ line }) => {
  const { graphemes, cursor, length } = line;
  if (length < 2 || cursor === 0) return NONE;
  const start = Math.min(cursor, length - 1) - 1;
  return line.replace(start, start + 2, (graphemes[start + 1] ?? "") + (graphemes[start] ?? ""));
};

/** Swaps the word before the cursor with the one at or after it and moves on; at the end, the last two. */
export const transposeWords: Action = ({ line }) => {
  if (line.isSecret) return NONE;
  const { graphemes, cursor } = line;
  // The second word ends at or after the cursor, or else is the last one.
  const ahead = wordEnd(graphemes, cursor, isWordLike);
  const end = lastWordEnd(graphemes, ahead);
  const second = wordStart(graphemes, end, isWordLike);
  const first = wordStart(graphemes, second, isWordLike);
  const firstEnd = wordEnd(graphemes, first, isWordLike);
  if (firstEnd > second || !isWordLike(graphemes[first] ?? "")) return NONE;
  const between = line.slice(firstEnd, second);
  return line.replace(first, end, line.slice(second, end) + between + line.slice(first, firstEnd));
};

export const upperCase: Action = ({ line }) => recase(line, (word) => word.toUpperCase());
export const lowerCase: Action = ({ line }) => recase(line, (word) => word.toLowerCase());
export const capitalize: Action = ({ line }) =>
  recase(line, (word) => word.toLowerCase().replace(/[\p{L}\p{N}]/u, (first) => first.toUpperCase()));

export const undo: Action = ({ line }) => orRefused(line.undo());
export const redo: Action = ({ line }) => orRefused(line.redo());

/** Takes back every edit of the line. */
export const revert: Action = ({ line }) => {
  let from = Infinity;
  for (let edit = line.undo(); edit.kind !== "none"; edit = line.undo()) {
    if (edit.kind === "changed") from = Math.min(from, edit.from);
  }
  return from === Infinity ? REFUSED : { kind: "changed", from, clipped: false };
};

function remove(line: Line, start: number, end: number): Edit {
  const from = Math.max(0, start);
  const to = Math.min(end, line.length);
  return from === to ? NONE : line.replace(from, to, "", "erased");
}

/** Writes the rest of the word, or the next word, in another case, and moves behind it. */
function recase(line: Line, change: (word: string) => string): Edit {
  if (line.isSecret) return NONE;
  const end = wordEndOf(line);
  if (end === line.cursor) return NONE;
  return line.replace(line.cursor, end, change(line.slice(line.cursor, end)));
}

/** The end of the last word that ends at an index or before it. */
function lastWordEnd(graphemes: readonly string[], index: number): number {
  let end = index;
  while (end > 0 && !isWordLike(graphemes[end - 1] ?? "")) end--;
  return end;
}

function orRefused(edit: Edit): Edit {
  return edit.kind === "none" ? REFUSED : edit;
}
