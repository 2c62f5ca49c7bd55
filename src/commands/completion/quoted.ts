import type { Candidate } from "../../server/index.ts";
import { closing, quoteWithin } from "../line/quote.ts";
import type { Quoting } from "../line/split.ts";
import { scan } from "../line/split.ts";

/** A word that is being typed. */
export interface TypedWord {
  /** With its quotes. */
  readonly raw: string;
  /** Without them. */
  readonly word: string;
  /** What is open at its end. */
  readonly open: Quoting;
  /** Whether `|` has a meaning outside of quotes. */
  readonly pipes: boolean;
}

/**
 * A candidate as it has to stand in the line: it goes on in the quotes that the user has begun. None, when it does not begin
 * as the word does; in any case of letters if the word has no capitals.
 */
export function quotedAs(typed: TypedWord, candidate: Candidate): Candidate[] {
  const { raw, word, open, pipes } = typed;
  const { value, label = value, suffix = " " } = candidate;
  const isPart = suffix === "";
  if (value.length < word.length) return [];
  const isExact = value.startsWith(word);
  if (!isExact && !(word === word.toLowerCase() && value.toLowerCase().startsWith(word))) return [];
  const text = isExact
    ? raw + quoteWithin(value.slice(word.length), open) + (isPart ? "" : closing(open))
    : anew(raw, value, isPart);
  return readsAs(text, value, pipes) ? [{ ...candidate, label, value: text }] : [];
}

/** The user has typed small letters for capitals: the word is written once more, in the quotes that it begins with. */
function anew(raw: string, value: string, isPart: boolean): string {
  const quoting = raw.startsWith('"') ? "double" : raw.startsWith("'") ? "single" : "none";
  const opening = closing(quoting);
  return opening + quoteWithin(value, quoting) + (isPart ? "" : opening);
}

/** Whether a word comes out as it is, once its quotes are closed. */
function readsAs(text: string, value: string, hasPipes: boolean): boolean {
  const { words, pipes, open } = scan(text + closing(scan(text, hasPipes).open), hasPipes);
  return open === "none" && pipes.length === 0 && words.length === 1 && words[0]?.text === value;
}
