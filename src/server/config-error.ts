/** What a {@link ConfigError} is about. */
export type ConfigErrorCode =
  /** An option, or an argument of a method, has the wrong type or is out of range. */
  | "BAD_OPTION"
  /** There is no option of that name. */
  | "UNKNOWN_OPTION"
  /** Nothing says who may log in. */
  | "NO_AUTH"
  /** Two options contradict each other. */
  | "CONFLICT"
  /** There is no event of that name. */
  | "UNKNOWN_EVENT"
  /** The server runs already, or has been closed. */
  | "WRONG_STATE"
  /** The server cannot listen where it was told to. */
  | "CANNOT_LISTEN"
  /** A host key cannot be used. */
  | "BAD_HOST_KEY"
  /** A file of keys, of CAs or of revocations cannot be used. */
  | "BAD_KEY_FILE"
  /** An optional package is not installed. */
  | "MISSING_PACKAGE"
  /** The system that the server runs on lacks what is needed. */
  | "UNSUPPORTED_SYSTEM";

/** The server was set up wrongly. The message names the thing, says what came, and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
