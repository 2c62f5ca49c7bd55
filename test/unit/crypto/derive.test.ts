import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { deriveKey } from "../../../src/crypto/index.ts";
import type { KexHash, KeyLetter } from "../../../src/crypto/index.ts";

const range = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from }, (_, at) => from + at);

// K is the mpint of 80 81 … 9f.
const secret = Buffer.concat([Buffer.from("0000002100", "hex"), range(0x80, 0xa0)]);
const exchangeHash = range(0, 32);
const sessionId = range(32, 64);

// RFC 4253 §7.2 has no test vectors. These were computed by a dozen lines of Python over hashlib, from the RFC alone.
const known: readonly (readonly [KexHash, KeyLetter, string])[] = [
  ["sha256", "A", "b98476b078bd018779fa3412"],
  ["sha256", "C", "f7485e21c18112aea6ec905802e1fd91d387c0ab2402942abdf7313ed923ed20"],
  [
    "sha256",
    "E",
    "fe813421e34b85722037b8826a5d27b486d3e3e760a7e430486db88fe2d78f8375a214b3375af624964861db261e9e7bdfcd37bc5a8737b325e1be1f34d13803",
  ],
  [
    "sha256",
    "F",
    "c6a97a504a5256673763b40334910d93d65b7193a9ccb59d9cef7f125da84f990b75f9b7a3314f04d7753796976f3bf9893a0f26bab6266cbe48652f12a02522de9470f2b86af684bf24543490fb40df49f4a85d70c1dd63e33c5ed7b248cec59677fb70",
  ],
  ["sha384", "D", "cca7ca527a1294a66d97ed6430429f7e218548c41df832ef5671d15d621486c3"],
  [
    "sha384",
    "E",
    "224ec1a3fb3259d38bbf7f36053dd003f7e15cb148ae94774b13bccb4622771db8e655a59952c0cf3080f3f9fc33f0480b0fdb472b31bc94adca98418a7e74cd",
  ],
  ["sha512", "B", "8ab412645d4c6933f28ffde2d1bde729"],
  [
    "sha512",
    "F",
    "81769ea59e891db3ad22d8cc3c4620049ab8751e41d0f0311d669b205790c7bb4e6e4b65d731948b3f9ad07a2ba1a5df165c12c6e2e87fcb74e7ba62587f170a",
  ],
];

for (const [hash, letter, hex] of known) {
  test(`key ${letter} of ${hex.length / 2} bytes by ${hash} is the one that was computed elsewhere`, () => {
    const key = deriveKey(hash, secret, exchangeHash, sessionId, letter, hex.length / 2);
    assert.equal(Buffer.from(key).toString("hex"), hex);
  });
}

test("a session id of another length than the exchange hash is taken whole", () => {
  const first = Buffer.from("a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e", "hex");
  const key = deriveKey("sha512", secret, exchangeHash, first, "C", 32);
  // SHA-256 of "first" is the session id here; the key by Python's hashlib, as above.
  assert.equal(Buffer.from(key).toString("hex"), "aecd664c63debb19768ff210983c9ecdd5d09dfb1fb72afe11ddc43afc2d8dc8");
});

test("a shorter key is the beginning of a longer one, and has exactly the length asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.constantFrom("sha256", "sha384", "sha512"), (length, hash) => {
      const key = deriveKey(hash, secret, exchangeHash, sessionId, "C", length);
      assert.equal(key.length, length);
      const longer = deriveKey(hash, secret, exchangeHash, sessionId, "C", 200);
      assert.deepEqual(Buffer.from(key), Buffer.from(longer.subarray(0, length)));
    }),
  );
});

test("zeroing one derived key leaves the others and the secret as they are", () => {
  const before = Buffer.from(secret);
  const first = deriveKey("sha256", secret, exchangeHash, sessionId, "A", 32);
  const second = deriveKey("sha256", secret, exchangeHash, sessionId, "B", 32);
  const copy = Buffer.from(second);
  first.fill(0);
  assert.deepEqual(Buffer.from(second), copy);
  assert.deepEqual(secret, before);
});
