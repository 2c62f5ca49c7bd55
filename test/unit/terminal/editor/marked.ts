import type { Draft } from "../../../../src/terminal/editor/commands/draft.ts";
import { KillRing } from "../../../../src/terminal/editor/commands/kill-ring.ts";
import { Line, type LineOptions } from "../../../../src/terminal/editor/buffer/line.ts";
import type { History } from "../../../../src/terminal/editor/history/history.ts";
import { Recall } from "../../../../src/terminal/editor/history/recall.ts";

/** A line with text and a cursor, which "|" marks. */
export function lineOf(marked: string, options: Partial<LineOptions> = {}): Line {
  const line = new Line({ limit: 1000, ...options });
  const [before = "", after = ""] = marked.split("|");
  line.start(before + after);
  line.moveTo(0);
  while (line.graphemes.slice(0, line.cursor).join("") !== before) line.moveTo(line.cursor + 1);
  return line;
}

/** The text of a line, with "|" for its cursor. */
export function marked({ graphemes, cursor }: Line): string {
  return `${graphemes.slice(0, cursor).join("")}|${graphemes.slice(cursor).join("")}`;
}

/** A line that is being edited. */
export function draftOf(marked: string, options: Partial<LineOptions> = {}, history?: History): Draft {
  const recall = history === undefined ? undefined : new Recall(history);
  return { line: lineOf(marked, options), kills: new KillRing(), recall, streak: undefined };
}
