import { type Edit, NONE } from "../buffer/line.ts";
import { rowEnd, rowStart } from "../buffer/rows.ts";
import { isNotBlank, isWordLike } from "../buffer/words.ts";
import type { Action, Draft, Streak } from "./draft.ts";
import type { KillDirection } from "./kill-ring.ts";
import { wordEndOf, wordStartOf } from "./moves.ts";

/** Kills to the end of the row; there, the newline. */
export const killToEnd: Action = (draft, streak) => {
  const { graphemes, cursor } = draft.line;
  return kill(draft, streak, cursor, Math.max(rowEnd(graphemes, cursor), cursor + 1), "forward");
};

/** Kills to the beginning of the row; there, the newline. */
export const killToStart: Action = (draft, streak) => {
  const { graphemes, cursor } = draft.line;
  return kill(draft, streak, Math.min(rowStart(graphemes, cursor), cursor - 1), cursor, "backward");
};

export const killWordRight: Action = (draft, streak) =>
  kill(draft, streak, draft.line.cursor, wordEndOf(draft.line), "forward");

/** Kills back to the beginning of the word: letters and numbers. */
export const killWordLeft: Action = (draft, streak) =>
  kill(draft, streak, wordStartOf(draft.line, isWordLike), draft.line.cursor, "backward");

/** Kills back to the blank before the cursor: a whole path or address. */
export const killArgumentLeft: Action = (draft, streak) =>
  kill(draft, streak, wordStartOf(draft.line, isNotBlank), draft.line.cursor, "backward");

/** Puts back what was killed last. */
export const yank: Action = (draft) => {
  const { line, kills } = draft;
  return kills.top === undefined ? NONE : begin(draft, line.insert(kills.top), { kind: "yank" });
};

/** Right after that: puts back what was killed before instead. */
export const yankPop: Action = (draft, streak) => {
  if (streak?.kind !== "yank") return NONE;
  draft.kills.rotate();
  return instead(draft, draft.kills.top ?? "", streak);
};

/** Takes back what the key before put in, and puts in something else. */
export function instead(draft: Draft, text: string, streak: Streak): Edit {
  const undone = draft.line.undo();
  const done = begin(draft, draft.line.insert(text), streak);
  if (undone.kind !== "changed" || done.kind !== "changed") return undone.kind === "changed" ? undone : done;
  return { kind: "changed", from: Math.min(undone.from, done.from), clipped: done.clipped };
}

/** What may be taken back by the next key begins here, if anything was put in. */
export function begin(draft: Draft, edit: Edit, streak: Streak): Edit {
  if (edit.kind === "changed") draft.streak = streak;
  return edit;
}

function kill(draft: Draft, streak: Streak | undefined, from: number, to: number, direction: KillDirection): Edit {
  const { line, kills } = draft;
  const start = Math.max(0, from);
  const end = Math.min(to, line.length);
  if (start === end) return NONE;
  if (!line.isSecret) kills.add(line.slice(start, end), direction, streak?.kind === "kill");
  draft.streak = { kind: "kill" };
  return line.replace(start, end, "");
}
