import { diffieHellman, generateKeyPairSync } from "node:crypto";
import { DisconnectReason, ProtocolError } from "../../wire/index.ts";
import { exportPoint, importPoint } from "../nist-curve.ts";
import type { NistCurve } from "../nist-curve.ts";
import { mpintSecret } from "./kex.ts";
import type { Kex } from "./kex.ts";
import type { GeneratePair } from "./x25519.ts";

/**
 * RFC 5656 §4: ECDH over a NIST curve, where K is the x coordinate of the shared point.
 *
 * Key objects, not createECDH, whose computeSecret does the work twice: P-256 116 µs against 132, P-384 1.2 ms against
 * 1.7, P-521 2.6 ms against 3.9 (Node 24.21).
 */
export function ecdh(
  curve: NistCurve,
  generate: GeneratePair = () => generateKeyPairSync("ec", { namedCurve: curve.nodeName }),
): Kex {
  return {
    name: `ecdh-sha2-${curve.identifier}`,
    hash: curve.hash,
    respond(clientPublic) {
      const peer = importPoint(curve, clientPublic);
      if (peer === undefined) {
        throw new ProtocolError(
          `the client's value (${clientPublic.length} bytes) is no uncompressed point of ${curve.identifier}`,
          DisconnectReason.KEY_EXCHANGE_FAILED,
        );
      }
      const { publicKey, privateKey } = generate();
      // A point on a curve of cofactor 1 that is not at infinity has no multiple at infinity below the order.
      const shared = diffieHellman({ privateKey, publicKey: peer });
      return { serverPublic: exportPoint(curve, publicKey), secret: mpintSecret(shared) };
    },
  };
}
