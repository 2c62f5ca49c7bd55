import { type Edit, type Line, NONE, REFUSED } from "../buffer/line.ts";
import type { Draft } from "../commands/draft.ts";
import { choicesOf, commonPrefix, type Completions, matching } from "./candidates.ts";
import { Menu } from "./menu.ts";
import { WaitMode } from "./wait-mode.ts";
import { clusterAt, completedFrom, putIn } from "./word.ts";

/** What an answer makes of the line; with a menu when there is more than one way to go on. */
export interface Completed {
  readonly edit: Edit;
  readonly menu?: { readonly menu: Menu; readonly start: number };
}

/** Asks for what the word before the cursor may become. */
export function wait(line: Line): WaitMode {
  const start = completedFrom(line);
  const word = line.slice(start, line.cursor);
  return new WaitMode({ line: line.text, cursor: line.slice(0, line.cursor).length, word }, start);
}

/** Puts in the only candidate, or what all begin with. Without any, the edit is refused. */
export function complete(draft: Draft, asked: WaitMode, { items, start: unit }: Completions): Completed {
  const { line } = draft;
  const start = unit === undefined ? asked.start : clusterAt(line, unit);
  const word = line.slice(start, line.cursor);
  const matches = matching(choicesOf(items), word);
  const [only, other] = matches;
  if (only === undefined) return { edit: REFUSED };
  draft.streak = { kind: "completed" };
  if (other === undefined) return { edit: putIn(line, start, only) };
  const prefix = commonPrefix(matches);
  const isMore = prefix.length >= word.length && prefix !== word;
  const edit = isMore ? line.replace(start, line.cursor, prefix) : NONE;
  return { edit, menu: { menu: new Menu(matches, line.slice(start, line.cursor)), start } };
}
