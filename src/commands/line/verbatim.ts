import { checkClosed, scan } from "./split.ts";

/**
 * The words behind a command whose last argument is the rest of the line: those before it, and the rest as it was typed.
 *
 * @param tail what stands behind the command's name.
 * @param count how many arguments stand before the last.
 * @throws UsageError `UNTERMINATED` when a quote before it is left open.
 */
export function verbatimWords(tail: string, count: number): readonly string[] {
  const split = scan(tail, false);
  const first = split.words[count];
  checkClosed(first === undefined ? split : scan(tail.slice(0, first.start), false));
  const before = split.words.slice(0, count).map(({ text }) => text);
  return first === undefined ? before : [...before, tail.slice(first.start).trimEnd()];
}
