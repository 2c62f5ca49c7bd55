import type { AuthData } from "../server/index.ts";

/** What a key has to show of the person who uses it. */
export interface TouchRule {
  /** Somebody has to touch the authenticator of a FIDO key. */
  readonly touchRequired: boolean;
  /** The authenticator has to have made sure, by PIN or fingerprint, that it is its owner; no other key can show that. */
  readonly verifyRequired: boolean;
}

/** As in sshd: a touch and no more, if nobody says otherwise. */
export const TOUCH: TouchRule = { touchRequired: true, verifyRequired: false };

/**
 * Why a key does not show enough of who used it; `undefined` when it does. A key that is only offered shows nothing yet,
 * and is refused only where it never could (CVE-2026-39831: a signature without the flag passed).
 */
export function touchFault(data: AuthData & { readonly method: "publickey" }, rule: TouchRule): string | undefined {
  const { key, touch, proved } = data;
  const isFido = (key.certificate?.publicKey ?? key).type.startsWith("sk-");
  if (!isFido) return rule.verifyRequired ? "it has to be a FIDO key, which can verify its owner" : undefined;
  if (!proved) return undefined;
  if (rule.touchRequired && touch?.present !== true) return "nobody touched its authenticator";
  if (rule.verifyRequired && touch?.verified !== true) return "its authenticator has not verified its owner";
  return undefined;
}
