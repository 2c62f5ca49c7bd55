import { KeyError } from "../key/error.ts";
import type { BcryptPbkdf, Secret } from "./lock.ts";

/** What a private key file that is locked needs beside itself. */
export interface UnlockOptions {
  /** The passphrase; a string counts as UTF-8, and an empty one as none. A file that is not locked does not need it. */
  readonly passphrase?: string | Uint8Array | undefined;
  /** bcrypt_pbkdf, for files in OpenSSH's own format; those in PEM do without. */
  readonly bcrypt?: BcryptPbkdf | undefined;
}

/** As much as OpenSSL takes. */
const MAX_LENGTH = 1024;

/**
 * The bytes of the passphrase.
 *
 * @throws {KeyError} when there is none, or one that is too long.
 */
export function passphraseOf({ passphrase = "" }: UnlockOptions): Uint8Array {
  const bytes = Buffer.from(passphrase);
  if (bytes.length === 0) {
    throw new KeyError(
      "KEY_ENCRYPTED",
      "a private key file is locked with a passphrase",
      "give the passphrase, or remove it from a copy with `ssh-keygen -p -f FILE -N ''`",
    );
  }
  if (bytes.length > MAX_LENGTH) {
    throw new KeyError("KEY_PASSPHRASE", `a passphrase has more than ${MAX_LENGTH} bytes`);
  }
  return bytes;
}

/**
 * What a lock of OpenSSH's format is opened or made with.
 *
 * @throws {KeyError} as {@link passphraseOf}, or when bcrypt is missing.
 */
export function secretOf(options: UnlockOptions): Secret {
  const passphrase = passphraseOf(options);
  if (options.bcrypt === undefined) {
    throw new KeyError(
      "KEY_BCRYPT_MISSING",
      "a private key file in OpenSSH's format is locked by bcrypt, which Node does not have",
      "install it with `npm install bcrypt-pbkdf`",
    );
  }
  return { passphrase, bcrypt: options.bcrypt };
}

/** The passphrase is not the file's. Nothing of it is in the message. */
export function wrongPassphrase(options?: ErrorOptions): KeyError {
  return new KeyError(
    "KEY_PASSPHRASE",
    "the passphrase does not open a private key file, or the file is damaged",
    undefined,
    options,
  );
}
