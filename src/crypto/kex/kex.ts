import { Writer } from "../../wire/index.ts";

/** The hash of a key exchange: for the exchange hash and for the keys. */
export type KexHash = "sha256" | "sha384" | "sha512";

/** One key exchange method of the form of RFC 5656 §4: a value from the client, an answer from the server. */
export interface Kex {
  readonly name: string;
  readonly hash: KexHash;
  /**
   * Answers the client's public value with a fresh key of our own.
   *
   * @throws {ProtocolError} KEY_EXCHANGE_FAILED when the value has a wrong length, is no valid key, or gives no secret.
   */
  respond(clientPublic: Uint8Array): KexResponse;
}

interface KexResponse {
  readonly serverPublic: Uint8Array;
  /** K exactly as it goes into the exchange hash and the key derivation; the caller's, to be zeroed after use. */
  readonly secret: Uint8Array;
}

/** Encodes K as an mpint (RFC 8731 §3.1, RFC 5656 §4) and zeroes what it was made of. */
export function mpintSecret(shared: Uint8Array): Uint8Array {
  const secret = new Writer(shared.length + 5).mpint(shared).finish();
  shared.fill(0);
  return secret;
}
