import { KeyError, parsePrivateKey } from "../crypto/index.ts";
import type { HostKey, KeyErrorCode } from "../crypto/index.ts";
import type { Passphrase } from "../server/index.ts";
import { loadBcrypt } from "./bcrypt.ts";

/**
 * Reads a private key that may be locked. The passphrase is asked for when it is needed, and the package that
 * opens OpenSSH's locks is loaded when it is.
 *
 * @throws {KeyError} as {@link parsePrivateKey}.
 */
export async function unlockPrivateKey(
  file: string | Uint8Array,
  passphrase: Passphrase | undefined,
): Promise<HostKey> {
  try {
    return parsePrivateKey(file);
  } catch (error) {
    if (passphrase === undefined || !isKeyError(error, "KEY_ENCRYPTED")) throw error;
  }
  const secret = typeof passphrase === "function" ? await passphrase() : passphrase;
  try {
    return parsePrivateKey(file, { passphrase: secret });
  } catch (error) {
    if (!isKeyError(error, "KEY_BCRYPT_MISSING")) throw error;
  }
  return parsePrivateKey(file, { passphrase: secret, bcrypt: await loadBcrypt() });
}

function isKeyError(error: unknown, code: KeyErrorCode): boolean {
  return error instanceof KeyError && error.code === code;
}
