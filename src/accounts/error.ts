/** What an {@link AccountError} is about. */
export type AccountErrorCode =
  /** There is no account of that name. */
  | "NO_ACCOUNT"
  /** There is an account of that name already; names count without regard to case. */
  | "EXISTS"
  /** The key is another account's already. */
  | "KEY_TAKEN"
  /** Nobody can have that name: it is empty, too long, or has characters that are not allowed. */
  | "BAD_NAME"
  /** A value that an account cannot have. */
  | "BAD_VALUE"
  /** Nobody can sign up at present, or from this address, or the app takes no new account. */
  | "NO_SIGN_UP"
  /** Others changed the account again and again while it was to be changed: try again. */
  | "CONFLICT"
  /** The store can be read, and not be written. */
  | "STORE_READ_ONLY"
  /** What the store holds is none of its own, or broken. */
  | "STORE_CORRUPT"
  /** A newer version of Sallyport has written the store. */
  | "STORE_NEWER"
  /** The store cannot be reached at present. */
  | "STORE_UNAVAILABLE"
  /** The store needs an optional package that is not installed. */
  | "MISSING_PACKAGE";

/** Something that cannot be done with accounts. The message names the thing and says what to do; it holds no secret. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: AccountErrorCode;

  constructor(code: AccountErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
