import { AccountError } from "../error.ts";

/** What every store says of a name that is taken. */
export function nameTaken(key: string, cause?: unknown): AccountError {
  return new AccountError("EXISTS", `There is an account ${key} already: choose another name.`, { cause });
}

/** What every store says of a public key that is taken. */
export function keyTaken(fingerprint: string, cause?: unknown): AccountError {
  return new AccountError(
    "KEY_TAKEN",
    `The key ${fingerprint} belongs to another account: a key is one account's alone. Remove it there first.`,
    { cause },
  );
}
