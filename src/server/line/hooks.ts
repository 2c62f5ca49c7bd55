import type { Candidate, CompletionRequest, Completions } from "../../terminal/index.ts";

/** What completes a line: candidates, with or without the place where they go, or nothing. */
export type CompletionAnswer = Completions | readonly (string | Candidate)[] | undefined | void;

/** What Tab completes the word before the cursor with: candidates, or a function that finds some. */
export type Completer =
  | readonly (string | Candidate)[]
  | ((request: CompletionRequest) => CompletionAnswer | Promise<CompletionAnswer>);

/** Gives a whole line that goes on from the text. */
export type Suggester = (text: string) => string | undefined | void | Promise<string | undefined | void>;

/** Adds colours and attributes (SGR) to a text, and changes nothing else of it. */
export type Highlighter = (text: string) => string;

/** What helps the user of one session to write lines; it may be changed while one is written. */
export interface LineHooks {
  complete: Completer | undefined;
  suggest: Suggester | boolean;
  highlight: Highlighter | undefined;
}

/** What a completer gave, as an editor takes it. @throws TypeError when that is anything else. */
export function completionsOf(answer: CompletionAnswer): Completions {
  if (answer === undefined || answer === null) return { items: [] };
  if (isItems(answer)) return { items: answer };
  if (typeof answer === "object" && isItems(answer.items)) return answer;
  throw new TypeError("A completer must give an array of texts, or { items } with such an array.");
}

function isItems(value: unknown): value is Completions["items"] {
  return Array.isArray(value);
}
