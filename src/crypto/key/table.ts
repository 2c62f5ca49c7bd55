import { nistCurves } from "../nist-curve.ts";
import { ecdsa } from "./ecdsa.ts";
import { ed25519 } from "./ed25519.ts";
import type { KeyType, SigningKeyType } from "./key-type.ts";
import { rsa } from "./rsa.ts";
import { securityKey } from "./security-key.ts";

const nistKeys = nistCurves.map((curve) => ecdsa(curve));
const signing: readonly SigningKeyType[] = [ed25519, ...nistKeys, rsa];
// OpenSSH has no other: FIDO authenticators know these two.
const rows: readonly KeyType[] = [...signing, securityKey(ed25519), securityKey(nistKeys[0]!)];

/** Every key type by the name in its blob, in order of preference. */
export const keyTypes: ReadonlyMap<string, KeyType> = new Map(rows.map((row) => [row.name, row]));

/** Those whose private half can be had. */
export const signingKeyTypes: ReadonlyMap<string, SigningKeyType> = new Map(signing.map((row) => [row.name, row]));

/** The types by the name in a certificate's blob, of which the CA has certified a key. */
export const certifiedTypes: ReadonlyMap<string, KeyType> = new Map(rows.map((row) => [certified(row.name), row]));

/**
 * Every algorithm that a user's key may be used with, in order of preference: what goes into server-sig-algs. Those of
 * certificates are listed too, as RFC 8308 §3.1 has it, though no client seems to look for them.
 */
export const signatureAlgorithms: readonly string[] = [
  ...rows.flatMap((row) => Array.from(row.algorithms.keys())),
  ...rows.flatMap((row) => Array.from(row.algorithms.keys(), certified)),
];

/** The name of a type or signature algorithm for a certificate with such a key (OpenSSH PROTOCOL.certkeys). */
export function certified(name: string): string {
  return `${name.replace("@openssh.com", "")}-cert-v01@openssh.com`;
}
