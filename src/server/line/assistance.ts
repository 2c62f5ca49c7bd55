import type { CompletionRequest, History, LineEditor, PromptOptions } from "../../terminal/index.ts";
import { isAbort } from "../client/abort-error.ts";
import { type Completer, type CompletionAnswer, completionsOf, type LineHooks } from "./hooks.ts";

/** Hears of what the functions of an app throw; the name is that of the option that they were given for. */
export type LineFailed = (
  what: "complete" | "suggest" | "highlight" | "history" | "screenReader",
  error: unknown,
) => void;

/** Asks a completer, and gives its answer to the editor, now or when it comes. */
export function askCompleter(
  editor: LineEditor,
  request: CompletionRequest,
  completer: Completer | undefined,
  failed: LineFailed,
): void {
  const take = (answer: CompletionAnswer): void => editor.completed(request, completionsOf(answer));
  const giveUp = (error: unknown): void => {
    editor.completed(request, { items: [] });
    // Whoever heard that nobody waits any more may say so.
    if (!request.signal.aborted || !isAbort(error)) failed("complete", error);
  };
  try {
    const answer = typeof completer === "function" ? completer(request) : completer;
    // What comes without a promise is there before the next key.
    if (isPromise(answer)) answer.then(take).catch(giveUp);
    else take(answer);
  } catch (error) {
    giveUp(error);
  }
}

/** What an editor is to suggest: the line that a function gives, now or later, or else the history's. */
export function suggester(
  editor: LineEditor,
  suggest: LineHooks["suggest"],
  history: History,
  failed: LineFailed,
): PromptOptions["suggest"] {
  if (typeof suggest !== "function") return suggest ? true : undefined;
  // What has failed once is not asked again for this line: with every key it would fail once more.
  let isOver = false;
  const giveUp = (error: unknown): undefined => {
    if (!isOver) failed("suggest", error);
    isOver = true;
  };
  return (text) => {
    const earlier = history.newestAfter(text);
    if (isOver) return earlier;
    try {
      const suggestion = suggest(text);
      if (!isPromise(suggestion)) return suggestion ?? earlier;
      suggestion.then((later) => editor.suggested(text, later ?? earlier)).catch(giveUp);
    } catch (error) {
      giveUp(error);
    }
    return earlier;
  };
}

function isPromise<Value>(value: Value | PromiseLike<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
