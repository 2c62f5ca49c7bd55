/** What a {@link UsageError} is about. */
export type UsageErrorCode =
  /** A quote, or a backslash at the very end, is left open. */
  | "UNTERMINATED"
  /** What stands behind a `|` is none of the pagers. */
  | "BAD_PIPE"
  /** There is no option of that name. */
  | "UNKNOWN_OPTION"
  /** An argument or an option that is needed was not given. */
  | "MISSING"
  /** An option stands there without its value. */
  | "MISSING_VALUE"
  /** A flag was given a value. */
  | "NO_VALUE"
  /** An option that is given once was given twice. */
  | "REPEATED"
  /** There are more arguments than the command takes. */
  | "TOO_MANY"
  /** A value is not what the parameter takes. */
  | "BAD_VALUE";

/**
 * A command was used wrongly. Thrown by parameters, and by handlers that find something out later: the user sees the
 * message and the usage line, and the exit status is 2. It is no fault, and no event `error`.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code: UsageErrorCode;

  /** @param message what was expected and what came; text of the user in it has to be escaped, see `escapeControls`. */
  constructor(code: UsageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
