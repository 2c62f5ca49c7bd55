import * as nodeCrypto from "node:crypto";
import type { KeyObject } from "node:crypto";
import { importPublicKey } from "../import-key.ts";
import { DisconnectReason, ProtocolError, Writer } from "../../wire/index.ts";
import type { Kex } from "./kex.ts";
import { freshX25519Pair, x25519, X25519_LENGTH } from "./x25519.ts";
import type { GeneratePair } from "./x25519.ts";

/** FIPS 203 §8, table 3: bytes of an ML-KEM-768 encapsulation key. */
const KEY_LENGTH = 1184;
/** SubjectPublicKeyInfo with id-alg-ml-kem-768 (RFC 9935 §4), up to the key. */
const SPKI_PREFIX = Buffer.from("308204b2300b0609608648016503040402038204a100", "hex");

/** Whether this Node has ML-KEM: 24.7 and later, built against OpenSSL 3.5 or later. */
export const hasMlkem: boolean = probe();

/**
 * draft-ietf-sshm-mlkem-hybrid-kex: ML-KEM-768 beside X25519. The client sends its encapsulation key and its X25519
 * value; the answer is a ciphertext and ours. K = SHA-256(K_PQ ‖ K_CL), which goes on as a string, not as an mpint.
 */
export function mlkem768x25519(generate: GeneratePair = freshX25519Pair): Kex {
  return {
    name: "mlkem768x25519-sha256",
    hash: "sha256",
    respond(clientPublic) {
      if (clientPublic.length !== KEY_LENGTH + X25519_LENGTH) {
        throw failed(`the client's hybrid value has ${clientPublic.length} bytes instead of 1216`);
      }
      const { sharedKey, ciphertext } = nodeCrypto.encapsulate(importKey(clientPublic.subarray(0, KEY_LENGTH)));
      const { serverPublic, shared } = x25519(clientPublic.subarray(KEY_LENGTH), generate);
      const joined = Buffer.concat([sharedKey, shared]);
      const key = nodeCrypto.hash("sha256", joined, "buffer");
      const secret = new Writer(4 + key.length).string(key).finish();
      for (const used of [sharedKey, shared, joined, key]) used.fill(0);
      return { serverPublic: Buffer.concat([ciphertext, serverPublic]), secret };
    },
  };
}

function importKey(encapsulationKey: Uint8Array): KeyObject {
  try {
    return importPublicKey({
      key: Buffer.concat([SPKI_PREFIX, encapsulationKey]),
      format: "der",
      type: "spki",
    });
  } catch {
    // OpenSSL makes the modulus check of FIPS 203 §7.2 here: each of the 768 coefficients is below 3329 (tested).
    throw failed("the client's ML-KEM-768 key fails the modulus check");
  }
}

function probe(): boolean {
  // An absent export is undefined on the namespace; a named import of it would keep Node 24.0 to 24.6 from loading us.
  if (typeof nodeCrypto.encapsulate !== "function") return false;
  try {
    nodeCrypto.generateKeyPairSync("ml-kem-768");
    return true;
  } catch {
    // Built against an OpenSSL without ML-KEM: the row stays out of the table, the other methods serve.
    return false;
  }
}

const failed = (message: string): ProtocolError => new ProtocolError(message, DisconnectReason.KEY_EXCHANGE_FAILED);
