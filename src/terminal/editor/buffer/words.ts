/** Which graphemes belong to a word. */
export type IsWord = (grapheme: string) => boolean;

const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;

/** Letters and numbers of any script: what Alt-B, Alt-F, Alt-D and Alt-Backspace go by. */
export const isWordLike: IsWord = (grapheme) => LETTER_OR_NUMBER.test(grapheme);

/** All but blanks: what Ctrl-W goes by, to take a whole path or address. */
export const isNotBlank: IsWord = (grapheme) => grapheme.trim() !== "";

/** Where the word before an index begins. */
export function wordStart(graphemes: readonly string[], index: number, isWord: IsWord): number {
  let at = index;
  while (at > 0 && !isWord(graphemes[at - 1] ?? "")) at--;
  while (at > 0 && isWord(graphemes[at - 1] ?? "")) at--;
  return at;
}

/** Where the word at or after an index ends. */
export function wordEnd(graphemes: readonly string[], index: number, isWord: IsWord): number {
  let at = index;
  while (at < graphemes.length && !isWord(graphemes[at] ?? "")) at++;
  while (at < graphemes.length && isWord(graphemes[at] ?? "")) at++;
  return at;
}
