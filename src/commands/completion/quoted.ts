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
}

/**
 * A candidate as it has to stand in the line: it goes on in the quotes that the user has begun. None, when it is not what the
 * word begins, or differs from it in its capitals within quotes.
 */
export function quotedAs({ raw, word, open }: TypedWord, candidate: Candidate): Candidate[] {
  const { value, label = value, suffix = " " } = candidate;
  const isPart = suffix === "";
  const text = value.startsWith(word)
    ? raw + quoteWithin(value.slice(word.length), open) + (isPart ? "" : closing(open))
    : anew(raw, value, isPart);
  return readsAs(text, value) ? [{ ...candidate, label, value: text }] : [];
}

/** The user has typed small letters for capitals: the word is written once more, in the quotes that it begins with. */
function anew(raw: string, value: string, isPart: boolean): string {
  const quoting = raw.startsWith('"') ? "double" : raw.startsWith("'") ? "single" : "none";
  const opening = closing(quoting);
  return opening + quoteWithin(value, quoting) + (isPart ? "" : opening);
}

function readsAs(text: string, value: string): boolean {
  const { words } = scan(text);
  return words.length === 1 && words[0]?.text === value;
}
