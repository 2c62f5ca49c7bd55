import type { Edit, Line } from "../buffer/line.ts";
import { isNotBlank, wordStart } from "../buffer/words.ts";
import type { Choice } from "./candidates.ts";

/** Where the word before the cursor begins: after the last blank. */
export function completedFrom(line: Line): number {
  const { graphemes, cursor } = line;
  return isNotBlank(graphemes[cursor - 1] ?? "") ? wordStart(graphemes, cursor, isNotBlank) : cursor;
}

/** The cluster that a UTF-16 code unit before the cursor is in. */
export function clusterAt({ graphemes, cursor }: Line, unit: number): number {
  let at = 0;
  for (let length = 0; at < cursor; at++) {
    length += graphemes[at]?.length ?? 0;
    if (length > unit) break;
  }
  return at;
}

/** Puts a candidate in the place of the word that begins at a cluster, with what follows it. */
export function putIn(line: Line, start: number, { value, suffix }: Choice): Edit {
  // A blank that is there already need not be written again.
  const isThere = suffix === " " && line.graphemes[line.cursor] === " ";
  const edit = line.replace(start, line.cursor, isThere ? value : value + suffix);
  const moved = isThere ? line.moveTo(line.cursor + 1) : edit;
  return edit.kind === "none" ? moved : edit;
}
