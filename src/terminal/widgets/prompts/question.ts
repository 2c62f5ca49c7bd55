import { columnsOf, fit, wrap } from "../cells/fit.ts";
import type { Outcome } from "../../foreground.ts";
import type { View } from "../frame/widget.ts";
import { accent, dim } from "../theme.ts";
import type { TextField } from "./text-field.ts";

/** What is typed behind a question wants so many columns; else it begins on a row of its own. */
const LEAST_ROOM = 12;
/** What stays of an answer, at most. */
const ANSWER_COLUMNS = 200;

/** A question in its rows, and behind it what is typed, or else a hint; the cursor is there. */
export function questionView(
  question: string,
  columns: number,
  typed?: { readonly field: TextField; readonly hint: string; readonly ellipsis: string },
): View & { readonly cursor: { readonly row: number; readonly column: number } } {
  const rows = question === "" ? [] : wrap(question, columns);
  const last = rows.at(-1) ?? "";
  const width = rows.length === 0 ? 0 : columnsOf(last) + 1;
  if (typed === undefined) return { rows, cursor: { row: Math.max(0, rows.length - 1), column: width } };
  const isBeside = rows.length > 0 && width + LEAST_ROOM <= columns;
  const start = isBeside ? width : 0;
  const { text, column } = typed.field.view(columns - start, typed.ellipsis);
  const answer = typed.field.isEmpty ? dim(typed.hint) : text;
  const all = isBeside ? [...rows.slice(0, -1), `${last} ${answer}`] : [...rows, answer];
  return { rows: all, cursor: { row: all.length - 1, column: start + column } };
}

/** What stays of a question: it and its answer, or how else it ended. */
export function answered(question: string, outcome: Outcome<unknown>, answer: string): string {
  if (outcome.type === "done") return `${question} ${accent(fit(answer, ANSWER_COLUMNS, "…"))}`;
  return outcome.type === "interrupt" ? `${question} ^C` : question;
}
