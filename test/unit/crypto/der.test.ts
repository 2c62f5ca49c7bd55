import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { der, Der, derInteger, derIntegerPair } from "../../../src/crypto/der.ts";

test("lengths take the short form up to 127 and one or two bytes above (X.690 §8.1.3)", () => {
  for (const [length, head] of [
    [0, "0400"],
    [127, "047f"],
    [128, "048180"],
    [255, "0481ff"],
    [256, "04820100"],
    [65535, "0482ffff"],
  ] as const) {
    const element = der(Der.octetString, new Uint8Array(length).fill(7));
    assert.equal(Buffer.from(element).toString("hex"), head + "07".repeat(length));
  }
  assert.throws(() => der(Der.octetString, new Uint8Array(65536)), RangeError);
});

test("integers are non-negative and as short as they can be (X.690 §8.3)", () => {
  assert.deepEqual(derInteger(Uint8Array.of()), Uint8Array.of(2, 1, 0));
  assert.deepEqual(derInteger(Uint8Array.of(0x7f)), Uint8Array.of(2, 1, 0x7f));
  assert.deepEqual(derInteger(Uint8Array.of(0x80, 1)), Uint8Array.of(2, 3, 0, 0x80, 1));
});

test("OpenSSL reads a key that is made of these elements", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: "jwk" });
  const key = der(Der.sequence, derInteger(Buffer.from(n!, "base64url")), derInteger(Buffer.from(e!, "base64url")));
  assert.ok(createPublicKey({ key: Buffer.from(key), format: "der", type: "pkcs1" }).equals(publicKey));
});

test("a pair of integers comes apart as it was put together, in both forms of length", () => {
  const magnitude = fc.uint8Array({ minLength: 1, maxLength: 66 }).filter((bytes) => bytes[0] !== 0);
  fc.assert(
    fc.property(magnitude, magnitude, (r, s) => {
      const [first, second] = derIntegerPair(der(Der.sequence, derInteger(r), derInteger(s)));
      assert.deepEqual(derInteger(r).subarray(2), new Uint8Array(first));
      assert.deepEqual(derInteger(s).subarray(2), new Uint8Array(second));
    }),
  );
});

test("a P-521 signature of OpenSSL, long enough for the two-byte length, comes apart", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp521r1" });
  const signature = sign("sha512", Buffer.from("data"), privateKey);
  const [r, s] = derIntegerPair(signature);
  assert.deepEqual(der(Der.sequence, der(Der.integer, r), der(Der.integer, s)), new Uint8Array(signature));
});
