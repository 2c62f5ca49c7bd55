import type { Edit, Line } from "../buffer/line.ts";
import type { Recall } from "../history/recall.ts";
import type { KillRing } from "./kill-ring.ts";

/** What the last key did, for keys that go on from there when they are pressed again. */
export type Streak =
  /** Text was killed: what is killed next is joined to it. */
  | { readonly kind: "kill" }
  /** Killed text was put back: an older one may take its place. */
  | { readonly kind: "yank" }
  /** The last argument of an earlier line was put in; the number of that line. */
  | { readonly kind: "argument"; readonly number: number }
  /** An earlier line was recalled: Up recalls the one before, whatever rows there are. */
  | { readonly kind: "recall" }
  /** A candidate was put in: the blank behind it is not part of what is entered, unless more is typed. */
  | { readonly kind: "completed" }
  /** The cursor went up or down; the cell of the row that it keeps to. */
  | { readonly kind: "rows"; readonly column: number };

/** A line that is being edited, and what its keys need beside it. */
export interface Draft {
  readonly line: Line;
  /** Where killed text goes, to be put back into this line or a later one. */
  readonly kills: KillRing;
  /** What Up and Down go through; undefined where there is no history. */
  readonly recall: Recall | undefined;
  streak: Streak | undefined;
}

/** What a key does to the line. @param streak what the key before it did. */
export type Action = (draft: Draft, streak: Streak | undefined) => Edit;

/** Does what a key is for; whatever it does not say itself, it ends what the key before began. */
export function perform(draft: Draft, action: Action): Edit {
  const { streak } = draft;
  draft.streak = undefined;
  return action(draft, streak);
}
