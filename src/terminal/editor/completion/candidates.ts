import { graphemes, isPlain } from "../../text/graphemes.ts";
import { stripAnsi } from "../../text/sanitize.ts";
import { clean } from "../buffer/clean.ts";
import { drawable } from "../display/layout.ts";

/** Something that a line may go on with. */
export interface Candidate {
  /** What takes the place of the word. */
  readonly value: string;
  /** What the menu shows for it. Default the value. */
  readonly label?: string;
  /** Shown beside it, where there is room. */
  readonly description?: string;
  /** What follows it once it is chosen. Default a blank; of a folder it may be nothing, so that its path can go on. */
  readonly suffix?: string;
}

/** What completes a line: candidates, and what they take the place of, when that is not the word before the cursor. */
export interface Completions {
  readonly items: readonly (string | Candidate)[];
  /** The first UTF-16 code unit that is replaced. Default where the word before the cursor begins. */
  readonly start?: number;
}

/** What is to be completed. */
export interface CompletionRequest {
  /** The whole line. */
  readonly line: string;
  /** The UTF-16 code units before the cursor. */
  readonly cursor: number;
  /** What stands between the last blank and the cursor. */
  readonly word: string;
  /** Aborted when the answer is no longer wanted: a key was pressed, or the prompt has ended. */
  readonly signal: AbortSignal;
}

/** A candidate as it is shown and inserted: clean text, nothing left out. */
export type Choice = Required<Candidate>;

/** So many candidates are looked at; nobody goes through more. */
const MAX_CANDIDATES = 10_000;
const MAX_TEXT = 1024;

/** The candidates of an answer, without repetitions. Those that are no text are left out. */
export function choicesOf(items: Iterable<string | Candidate>): Choice[] {
  const choices = new Map<string, Choice>();
  for (const item of items) {
    const choice = choiceOf(typeof item === "string" ? { value: item } : item);
    if (choice !== undefined && !choices.has(choice.value)) choices.set(choice.value, choice);
    if (choices.size === MAX_CANDIDATES) break;
  }
  return [...choices.values()];
}

/** Those that begin as a word does; if it has no capitals, in any case. */
export function matching(choices: readonly Choice[], word: string): readonly Choice[] {
  if (word === "") return choices;
  if (word !== word.toLowerCase()) return choices.filter(({ value }) => value.startsWith(word));
  return choices.filter(({ value }) => value.toLowerCase().startsWith(word));
}

/** What all begin with, in whole clusters. */
export function commonPrefix(choices: readonly Choice[]): string {
  const [first, ...others] = choices;
  let prefix = graphemes(first?.value ?? "");
  for (const { value } of others) {
    const clusters = graphemes(value);
    let length = 0;
    while (length < prefix.length && prefix[length] === clusters[length]) length++;
    prefix = prefix.slice(0, length);
  }
  return prefix.join("");
}

function choiceOf(candidate: Candidate): Choice | undefined {
  const { value, label = value, description = "", suffix = " " } = candidate;
  const texts = [value, label, description, suffix].map((text) =>
    typeof text === "string" ? clean(stripAnsi(text.slice(0, MAX_TEXT)), false) : "",
  );
  const [cleanValue = "", cleanLabel = "", cleanDescription = "", cleanSuffix = ""] = texts;
  if (cleanValue === "") return undefined;
  return {
    value: cleanValue,
    label: visible(cleanLabel === "" ? cleanValue : cleanLabel),
    description: visible(cleanDescription),
    suffix: cleanSuffix,
  };
}

/** Every cluster with a cell of its own. */
function visible(text: string): string {
  if (isPlain(text)) return text;
  return graphemes(text)
    .map((cluster) => drawable(cluster, Infinity))
    .join("");
}
