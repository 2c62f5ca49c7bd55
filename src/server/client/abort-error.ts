/** Why a question to the user stays without an answer. */
export type AbortCause =
  /** Ctrl-C, or the signal INT. */
  | "interrupted"
  /** The session ended. */
  | "disconnected"
  /** The input ended: Ctrl-D, or the end of a pipe. */
  | "end-of-input"
  /** The signal that was passed along was aborted. */
  | "aborted";

/**
 * What `client.ask` and its kin reject with when the user will not answer. A handler may let it pass: it is not reported
 * as an error. Its name and code are those of Node's own AbortError.
 */
export class AbortError extends Error {
  override readonly name = "AbortError";
  readonly code = "ABORT_ERR";
  readonly reason: AbortCause;

  constructor(reason: AbortCause, options?: ErrorOptions, what = "The question was not answered") {
    super(`${what}: ${reason}.`, options);
    this.reason = reason;
  }
}

/** Whether an error only says that something was called off: ours, or one that Node made of an aborted signal. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** What Inquirer's prompts reject with on Ctrl-C, or when they are called off. */
const INQUIRERS: ReadonlySet<string> = new Set(["ExitPromptError", "AbortPromptError", "CancelPromptError"]);

/** Whether a question was not answered, ours or a library's: nothing has gone wrong. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof AbortError || (error instanceof Error && INQUIRERS.has(error.name));
}
