import { nistCurves } from "../nist-curve.ts";
import { ecdsa } from "./ecdsa.ts";
import { ed25519 } from "./ed25519.ts";
import type { KeyType } from "./key-type.ts";
import { rsa } from "./rsa.ts";

const rows: readonly KeyType[] = [ed25519, ...nistCurves.map((curve) => ecdsa(curve)), rsa];

/** Every key type by the name in its blob, in order of preference. */
export const keyTypes: ReadonlyMap<string, KeyType> = new Map(rows.map((row) => [row.name, row]));

/** Every signature algorithm that {@link keyTypes} verify, in order of preference: what goes into server-sig-algs. */
export const signatureAlgorithms: readonly string[] = rows.flatMap((row) => Array.from(row.algorithms.keys()));
