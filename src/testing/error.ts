/** What a {@link TestingError} is about. */
export type TestingErrorCode =
  /** What was waited for did not come in time. */
  | "TIMEOUT"
  /** The session is over: what was waited for cannot come, and nothing can be typed. */
  | "ENDED"
  /** The server did not take the connection. */
  | "CONNECTION_REFUSED"
  /** The server did not let the visitor in. */
  | "LOGIN_REFUSED"
  /** The server refused the session, its terminal or its program. */
  | "SESSION_REFUSED"
  /** An argument that nobody can do anything with: an unknown key, a place beyond the screen. */
  | "BAD_ARGUMENT"
  /** What is asked for cannot be done with this server, or by this way in. */
  | "NOT_POSSIBLE"
  /** An optional package is not installed. */
  | "MISSING_PACKAGE"
  /** A program of the machine is not installed. */
  | "MISSING_PROGRAM";

/** A test cannot go on. The message says what was expected, what there is, and what the visitor sees. */
export class TestingError extends Error {
  override readonly name = "TestingError";
  readonly code: TestingErrorCode;

  constructor(code: TestingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
