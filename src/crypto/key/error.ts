/** What is wrong with a key; the message says it in words, with what to do. */
export type KeyErrorCode =
  /** No key type that this project has. */
  | "KEY_TYPE_UNKNOWN"
  /** The bytes or the text are not of the form they should have. */
  | "KEY_MALFORMED"
  /** A key of its type, but not one that is let in: too small, too large, off the curve. */
  | "KEY_REFUSED"
  /** The private key is locked with a passphrase, and none was given. */
  | "KEY_ENCRYPTED"
  /** The passphrase that was given does not open the private key. */
  | "KEY_PASSPHRASE"
  /** The private key is locked by bcrypt, and no function for that was given. */
  | "KEY_BCRYPT_MISSING"
  /** The private and the public half do not belong together. */
  | "KEY_MISMATCH";

/**
 * A key could not be used. The message holds no bytes of the key: it may come from a peer, or be a secret.
 */
export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly code: KeyErrorCode;
  /** What to do about it, where there is something to do. */
  readonly remedy: string | undefined;

  constructor(code: KeyErrorCode, what: string, remedy?: string, options?: ErrorOptions) {
    super(remedy === undefined ? what : `${what}: ${remedy}`, options);
    this.code = code;
    this.remedy = remedy;
  }
}
