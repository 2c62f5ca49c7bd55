/** Public values that a server must refuse: what they lead to is known to others, or to nobody. */
import { createECDH } from "node:crypto";
import { clientKexes } from "./kex.ts";

/**
 * The points of order 1, 2, 4 and 8 of Curve25519 and its twist, and their forms above the prime:
 * https://cr.yp.to/ecdh.html#validate
 */
export const lowOrderPoints: readonly Buffer[] = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((point) => Buffer.from(point, "hex"));

/** What is no uncompressed point of the curve, by node's name for it. */
export function notOnCurve(curve: string): readonly Uint8Array[] {
  const point = createECDH(curve).generateKeys();
  const off = Buffer.from(point);
  off[off.length - 1]! ^= 1;
  return [
    off,
    point.subarray(0, -1),
    Buffer.concat([point, point]),
    new Uint8Array(point.length),
    Buffer.concat([Uint8Array.of(4), new Uint8Array(point.length - 1)]),
    Buffer.concat([Uint8Array.of(4), new Uint8Array(point.length - 1).fill(0xff)]),
    new Uint8Array(0),
    Uint8Array.of(0),
    Buffer.from(createECDH(curve).generateKeys("hex", "compressed"), "hex"),
    Buffer.from(createECDH(curve).generateKeys("hex", "hybrid"), "hex"),
    createECDH(curve === "prime256v1" ? "secp384r1" : "prime256v1").generateKeys(),
  ];
}

/** Bytes of an ML-KEM-768 encapsulation key, which stands before the X25519 half. */
const ENCAPSULATION_KEY = 1184;

/** Values of mlkem768x25519-sha256 with a wrong length, a key above the modulus (FIPS 203 §7.2), a half of low order. */
export function notHybrid(): readonly Uint8Array[] {
  const hybrid = Buffer.from(clientKexes.get("mlkem768x25519-sha256")!().publicValue);
  return [
    new Uint8Array(0),
    new Uint8Array(32),
    hybrid.subarray(0, ENCAPSULATION_KEY),
    hybrid.subarray(1),
    hybrid.subarray(0, -1),
    Buffer.concat([hybrid, Uint8Array.of(0)]),
    Buffer.concat([hybrid, hybrid]),
    Buffer.from(hybrid).fill(0xff, 0, ENCAPSULATION_KEY),
    ...lowOrderPoints.map((point) => Buffer.concat([hybrid.subarray(0, ENCAPSULATION_KEY), point])),
  ];
}
