import type { BcryptPbkdf } from "../crypto/index.ts";

/** The part of the package that is used; it ships no types. */
interface Package {
  pbkdf(
    passphrase: Uint8Array,
    passphraseLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number;
}

/**
 * Loads the key derivation of OpenSSH's locked key files, which node:crypto does not have (docs/decisions/0007).
 * `undefined` when the package is not installed: who needs it says so.
 */
export async function loadBcrypt(): Promise<BcryptPbkdf | undefined> {
  const found = await load();
  if (found === undefined) return undefined;
  return (passphrase, salt, rounds, length) => {
    const key = new Uint8Array(length);
    if (found.pbkdf(passphrase, passphrase.length, salt, salt.length, key, length, rounds) !== 0) {
      throw new TypeError("bcrypt_pbkdf refuses its arguments");
    }
    return key;
  };
}

async function load(): Promise<Package | undefined> {
  try {
    // @ts-expect-error it ships no types
    const loaded = (await import("bcrypt-pbkdf")) as { readonly default: Package };
    return loaded.default;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
