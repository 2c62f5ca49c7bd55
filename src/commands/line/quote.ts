import type { Quoting } from "./split.ts";

/** What a shell takes as it is, wherever it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/;
/** What has a meaning outside of quotes at the prompt. */
const SPECIAL = /[\s'"\\|]/g;

/**
 * A word as it has to be typed to come out as it is: `earl grey` is `'earl grey'`. What POSIX shells read of it is the same.
 *
 *     splitWords(quoteWord(text)) // [text]
 */
export function quoteWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** How a text goes on within a word whose quotes are open like that; see {@link closing} for its end. */
export function quoteWithin(text: string, quoting: Quoting): string {
  return QUOTERS[quoting](text);
}

/** What ends a word whose quotes are open like that. */
export function closing(quoting: Quoting): string {
  return quoting === "single" ? "'" : quoting === "double" ? '"' : "";
}

const QUOTERS: Readonly<Record<Quoting, (text: string) => string>> = {
  none: (text) => text.replaceAll(SPECIAL, (character) => (character === "\n" ? "'\n'" : `\\${character}`)),
  single: (text) => text.replaceAll("'", "'\\''"),
  double: (text) => text.replaceAll(/["\\$`]/g, "\\$&"),
  // The backslash that is there already takes the first character, whatever it is.
  backslash: (text) => text.slice(0, 1) + QUOTERS.none(text.slice(1)),
};
