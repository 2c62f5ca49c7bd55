import { UsageError } from "../parse/usage-error.ts";

/** How the end of a text is quoted: not at all, in single or in double quotes, or by a backslash that waits for its character. */
export type Quoting = "none" | "single" | "double" | "backslash";

/** A word of a line. */
export interface Word {
  /** Without its quotes. */
  readonly text: string;
  /** Where it begins in the line, with its quotes, in UTF-16 code units. */
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** A line in words. */
export interface SplitLine {
  readonly words: readonly Word[];
  /** The words behind each `|` that is not quoted. */
  readonly pipes: readonly (readonly Word[])[];
  /** What is left open at the end of the line. */
  readonly open: Quoting;
  /** Whether the last word goes up to the end of the line: one more letter would belong to it. */
  readonly isInWord: boolean;
}

const BLANKS = " \t\n\r";
/** What a backslash takes its meaning from within double quotes (POSIX 2.2.3); before anything else it stands for itself. */
const ESCAPED_IN_QUOTES = '$`"\\';

/**
 * Parts a line into words as a POSIX shell does, without expanding anything: blanks and newlines part words, single quotes keep
 * all, double quotes all but a backslash before `$`, a backquote, `"`, a backslash and a newline, a backslash outside of
 * quotes keeps the next character, and takes a newline away. There are no comments. Never throws.
 *
 * @param pipes whether `|` outside of quotes ends a command; else it is a letter like others.
 */
export function scan(line: string, pipes = true): SplitLine {
  const commands: Word[][] = [[]];
  let open: Quoting = "none";
  let quote: "single" | "double" | undefined;
  let start = -1;
  let text = "";
  let at = 0;
  const finish = (): void => {
    if (start >= 0) commands.at(-1)?.push({ text, start, end: at });
    start = -1;
    text = "";
  };
  for (; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === "single") {
      if (character === "'") quote = undefined;
      else text += character;
    } else if (quote === "double") {
      const next = line.charAt(at + 1);
      if (character === '"') quote = undefined;
      else if (character === "\\" && (next === "" || next === "\n" || ESCAPED_IN_QUOTES.includes(next))) {
        if (next === "") open = "backslash";
        else if (next !== "\n") text += next;
        at++;
      } else text += character;
    } else if (BLANKS.includes(character)) {
      finish();
    } else if (pipes && character === "|") {
      finish();
      commands.push([]);
    } else if (character === "\\") {
      const next = line.charAt(at + 1);
      // A newline that is taken away parts nothing, and begins no word either.
      if (next === "\n") {
        at++;
        continue;
      }
      if (start < 0) start = at;
      if (next === "") open = "backslash";
      text += next;
      at++;
    } else {
      if (start < 0) start = at;
      if (character === "'") quote = "single";
      else if (character === '"') quote = "double";
      else text += character;
    }
  }
  at = line.length;
  const isInWord = start >= 0;
  finish();
  const [words = [], ...rest] = commands;
  return { words, pipes: rest, open: quote ?? open, isInWord };
}

/**
 * The words of a line, parted as a POSIX shell does; see `docs/commands.md`. Nothing is expanded, and `|` is a letter like others.
 *
 * @throws UsageError `UNTERMINATED` when a quote is left open.
 */
export function splitWords(line: string): string[] {
  const split = scan(line, false);
  checkClosed(split);
  return split.words.map(({ text }) => text);
}

const OPEN: Readonly<Record<Exclude<Quoting, "none">, string>> = {
  single: "A single quote (') is left open: put another where the text ends, or \\' for an apostrophe.",
  double: 'A double quote (") is left open: put another where the text ends, or \\" for the sign itself.',
  backslash: "A backslash ends the line: there is nothing behind it to be taken as it is. Two of them are one.",
};

/** @throws UsageError `UNTERMINATED`. */
export function checkClosed({ open }: SplitLine): void {
  if (open !== "none") throw new UsageError("UNTERMINATED", OPEN[open]);
}
