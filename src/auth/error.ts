/** What an {@link AuthError} is about. */
export type AuthErrorCode =
  /** There is no such file. */
  | "FILE_MISSING"
  /** The file is there, and cannot be read. */
  | "FILE_UNREADABLE"
  /** A directory, a device or a pipe stands where a file was expected. */
  | "FILE_NOT_REGULAR"
  /** Others than its owner can change the file. */
  | "FILE_UNSAFE"
  /** It is larger than any that is well-meant. */
  | "TOO_LONG"
  /** A list of revocations is broken; as it might lack one, none of it is used. */
  | "BAD_REVOCATIONS"
  /** There is not one usable key in a list of CAs. */
  | "NO_KEYS"
  /** A stored password hash is not one of those that `hashPassword` makes. */
  | "BAD_HASH"
  /** Too many passwords are being verified: try again later. */
  | "BUSY"
  /** As many names are taken as are kept. */
  | "FULL";

/** Something that a login is judged by cannot be used. The message names it and says what to do; it holds no secret. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;

  constructor(code: AuthErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
