import { type Edit, NONE, REFUSED } from "../buffer/line.ts";
import { lastArgument } from "../history/arguments.ts";
import type { Action, Draft } from "./draft.ts";
import { begin, instead } from "./kills.ts";
import { rowDown, rowUp } from "./moves.ts";

/**
 * To the row above; from the first row, and for as long as lines are being recalled, to the line of the history before
 * that begins as the text before the cursor does.
 */
export const up: Action = (draft, streak) => {
  const moved = streak?.kind === "recall" ? undefined : rowUp(draft, streak);
  return moved ?? recall(draft, (history) => history.olderAlike(draft.line));
};

/** The way back of {@link up}. */
export const down: Action = (draft, streak) => {
  const moved = streak?.kind === "recall" ? undefined : rowDown(draft, streak);
  return moved ?? recall(draft, (history) => history.newer(draft.line));
};

/** The line of the history before, whatever is typed. */
export const older: Action = (draft) => recall(draft, (history) => history.older(draft.line));
export const newer: Action = (draft) => recall(draft, (history) => history.newer(draft.line));
export const oldest: Action = (draft) => recall(draft, (history) => history.oldest(draft.line));
export const newest: Action = (draft) => recall(draft, (history) => history.newest(draft.line));

/** Puts in the last argument of the line entered last; pressed again, that of the line before instead. */
export const yankArgument: Action = (draft, streak) => {
  const { history } = draft.recall ?? {};
  if (history === undefined) return NONE;
  const isAgain = streak?.kind === "argument";
  const number = history.findBefore(isAgain ? streak.number : history.next, (line) => lastArgument(line) !== "");
  if (number === undefined) {
    // There is none further back: what is there stays.
    draft.streak = isAgain ? streak : undefined;
    return REFUSED;
  }
  const text = lastArgument(history.at(number) ?? "");
  const next = { kind: "argument", number } as const;
  return isAgain ? instead(draft, text, next) : begin(draft, draft.line.insert(text), next);
};

function recall(draft: Draft, work: (recall: NonNullable<Draft["recall"]>) => Edit): Edit {
  if (draft.recall === undefined) return NONE;
  draft.streak = { kind: "recall" };
  return work(draft.recall);
}
