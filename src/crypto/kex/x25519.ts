import { diffieHellman, generateKeyPairSync, timingSafeEqual } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { importPublicKey } from "../import-key.ts";
import { DisconnectReason, ProtocolError } from "../../wire/index.ts";

/** Bytes of an X25519 public value and of its shared secret. */
export const X25519_LENGTH = 32;
const ZERO = new Uint8Array(X25519_LENGTH);

/** Makes our half of one exchange; the tests put recorded keys here. */
export type GeneratePair = () => KeyPairKeyObjectResult;

export const freshX25519Pair: GeneratePair = () => generateKeyPairSync("x25519");

/**
 * The X25519 function against a fresh key (RFC 7748 §5, §6.1).
 *
 * @throws {ProtocolError} KEY_EXCHANGE_FAILED when the value is not 32 bytes long or of low order.
 */
export function x25519(
  clientPublic: Uint8Array,
  generate: GeneratePair,
): { serverPublic: Uint8Array; shared: Uint8Array } {
  if (clientPublic.length !== X25519_LENGTH) {
    throw failed(`the client's X25519 value has ${clientPublic.length} bytes instead of 32`);
  }
  const { publicKey, privateKey } = generate();
  // A JWK is what node:crypto takes and gives fastest in every Node 24: import 19 µs (DER 21, raw 18, but raw only since
  // 24.16), export 0.6 µs (DER 21), where making the pair costs 28 µs and the function itself 33.
  const peer = importPublicKey({
    key: { kty: "OKP", crv: "X25519", x: base64url(clientPublic) },
    format: "jwk",
  });
  const shared = sharedSecret(privateKey, peer);
  return { serverPublic: Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url"), shared };
}

function sharedSecret(
  privateKey: KeyPairKeyObjectResult["privateKey"],
  publicKey: KeyPairKeyObjectResult["publicKey"],
): Uint8Array {
  let shared: Uint8Array;
  try {
    shared = diffieHellman({ privateKey, publicKey });
  } catch {
    // OpenSSL 3 itself refuses a result of zeros, with an error that says no more than that.
    throw lowOrder();
  }
  // RFC 8731 §3: "MUST abort" on the all-zero value; not left to the library that happens to be below.
  if (timingSafeEqual(shared, ZERO)) throw lowOrder();
  return shared;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

const lowOrder = (): ProtocolError => failed("the client's X25519 value is of low order");
const failed = (message: string): ProtocolError => new ProtocolError(message, DisconnectReason.KEY_EXCHANGE_FAILED);
