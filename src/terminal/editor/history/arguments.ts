/** A run of what is no blank, in which quotes hold blanks together, as shells read it. */
const ARGUMENT = /(?:"[^"]*"?|'[^']*'?|\\.|[^\s"'\\]|\\$)+/gu;

/** The last argument of a command line, with its quotes; empty when there is none. */
export function lastArgument(line: string): string {
  return line.match(ARGUMENT)?.at(-1) ?? "";
}
