import type { KeyObject } from "node:crypto";
import { importPublicKey } from "./import-key.ts";
import { der, Der } from "./der.ts";

/** All that is known about one of the curves of RFC 5656 §10.1. */
export interface NistCurve {
  /** The identifier in SSH names: `ecdsa-sha2-[identifier]`, `ecdh-sha2-[identifier]`. */
  readonly identifier: string;
  readonly bits: number;
  /** Bytes of a coordinate and of a private scalar. */
  readonly length: number;
  /** RFC 5656 §6.2.1: the hash goes with the size of the curve. */
  readonly hash: "sha256" | "sha384" | "sha512";
  /** What node:crypto calls it; a JWK calls it by {@link jwkName}. */
  readonly nodeName: string;
  readonly jwkName: string;
  /** OBJECT IDENTIFIER of the curve, as a DER element. */
  readonly oid: Uint8Array;
  /** SubjectPublicKeyInfo up to the point. */
  readonly spkiPrefix: Uint8Array;
}

const hex = (text: string): Uint8Array => Buffer.from(text, "hex");

/** Smallest first: a client that has no wish gets the cheapest (P-384 and P-521 cost 5 and 11 times a P-256). */
export const nistCurves: readonly NistCurve[] = [
  curve("nistp256", 256, "sha256", "prime256v1", "P-256", hex("2a8648ce3d030107")),
  curve("nistp384", 384, "sha384", "secp384r1", "P-384", hex("2b81040022")),
  curve("nistp521", 521, "sha512", "secp521r1", "P-521", hex("2b81040023")),
];

/**
 * Makes a key of an uncompressed point (SEC 1 §2.3.3), or gives `undefined` when the point is of another form or
 * length, or not on the curve. RFC 5656 §3.1 allows compressed points; nobody sends them, and OpenSSH refuses them.
 */
export function importPoint(curve: NistCurve, point: Uint8Array): KeyObject | undefined {
  if (point.length !== 1 + 2 * curve.length || point[0] !== 0x04) return undefined;
  try {
    // By way of DER 26 µs, of a JWK or the raw form 32 µs (P-256, Node 24.21).
    return importPublicKey({ key: Buffer.concat([curve.spkiPrefix, point]), format: "der", type: "spki" });
  } catch {
    // OpenSSL decodes a point only if its coordinates are in range and fulfil the equation (SP 800-56A §5.6.2.3.3).
    return undefined;
  }
}

/** The uncompressed point of a public or private key. */
export function exportPoint(curve: NistCurve, key: KeyObject): Uint8Array {
  // A JWK's coordinates have their full length (RFC 7518 §6.2.1.2); the DER form costs 44 µs where this costs 16.
  const { x, y } = key.export({ format: "jwk" });
  const point = Buffer.alloc(1 + 2 * curve.length);
  point[0] = 0x04;
  point.write(x!, 1, curve.length, "base64url");
  point.write(y!, 1 + curve.length, curve.length, "base64url");
  return point;
}

function curve(
  identifier: string,
  bits: number,
  hash: NistCurve["hash"],
  nodeName: string,
  jwkName: string,
  oidContent: Uint8Array,
): NistCurve {
  const length = Math.ceil(bits / 8);
  const oid = der(Der.objectIdentifier, oidContent);
  // RFC 5480 §2: id-ecPublicKey with a named curve.
  const algorithm = der(Der.sequence, der(Der.objectIdentifier, hex("2a8648ce3d0201")), oid);
  const pointLength = 1 + 2 * length;
  const spki = der(Der.sequence, algorithm, der(Der.bitString, new Uint8Array(1 + pointLength)));
  const spkiPrefix = spki.subarray(0, spki.length - pointLength);
  return { identifier, bits, length, hash, nodeName, jwkName, oid, spkiPrefix };
}
