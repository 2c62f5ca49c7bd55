import { nistCurves } from "../nist-curve.ts";
import { curve25519 } from "./curve25519.ts";
import { ecdh } from "./ecdh.ts";
import type { Kex } from "./kex.ts";
import { hasMlkem, mlkem768x25519 } from "./mlkem.ts";

const rows: readonly Kex[] = [
  ...(hasMlkem ? [mlkem768x25519()] : []),
  curve25519("curve25519-sha256"),
  // The name under which it was known before RFC 8731.
  curve25519("curve25519-sha256@libssh.org"),
  ...nistCurves.map((curve) => ecdh(curve)),
];

/** Every key exchange method by name, in order of preference; without the hybrid where Node has no ML-KEM. */
export const kexAlgorithms: ReadonlyMap<string, Kex> = new Map(rows.map((row) => [row.name, row]));
