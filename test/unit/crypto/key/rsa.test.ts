import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { test } from "node:test";
import { parsePrivateKey, parsePublicKey, parsePublicKeyBlob } from "../../../../src/crypto/index.ts";
import { Reader } from "../../../../src/wire/index.ts";
import { blob, fixture, hostKey } from "./blobs.ts";

const key = hostKey("rsa-2048");
const data = Buffer.from("data");
const exponent = { mpint: Uint8Array.of(1, 0, 1) };

/** An odd number of exactly `bits` bits: a modulus for all that can be seen of it. */
function modulus(bits: number): { mpint: Uint8Array } {
  const bytes = randomBytes(Math.ceil(bits / 8));
  const top = (bits - 1) % 8;
  bytes[0] = (bytes[0]! & ((1 << top) - 1)) | (1 << top);
  bytes[bytes.length - 1]! |= 1;
  return { mpint: bytes };
}

for (const algorithm of ["rsa-sha2-512", "rsa-sha2-256"]) {
  test(`${algorithm} signs and verifies, and only by its own name`, () => {
    const signature = key.sign(algorithm, data);
    assert.equal(key.publicKey.verify(algorithm, signature, data), true);
    for (const other of ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"].filter((name) => name !== algorithm)) {
      assert.equal(key.publicKey.verify(other, signature, data), false);
      const renamed = blob(other, new Reader(signature.subarray(4 + algorithm.length)).string());
      assert.equal(key.publicKey.verify(other, renamed, data), false);
      assert.equal(key.publicKey.verify(algorithm, renamed, data), false);
    }
  });
}

test("the SHA-1 signature ssh-rsa is neither made nor verified", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  const made = parsePrivateKey(pem);
  assert.deepEqual(made.algorithms, ["rsa-sha2-512", "rsa-sha2-256"]);
  assert.deepEqual(made.publicKey.algorithms, ["rsa-sha2-512", "rsa-sha2-256"]);
  assert.throws(() => made.sign("ssh-rsa", data), TypeError);
  const sha1 = blob("ssh-rsa", sign("sha1", data, pair.privateKey));
  assert.equal(made.publicKey.verify("ssh-rsa", sha1, data), false);
});

test("keys of 2048 to 8192 bits are taken with their size, all others refused", () => {
  for (const bits of [2048, 2049, 2055, 3072, 4096, 8191, 8192]) {
    assert.equal(parsePublicKeyBlob(blob("ssh-rsa", exponent, modulus(bits))).bits, bits);
  }
  for (const bits of [1, 8, 512, 1024, 2040, 2047, 8193, 16384, 65536, 200_000]) {
    assert.throws(() => parsePublicKeyBlob(blob("ssh-rsa", exponent, modulus(bits))), { code: "KEY_REFUSED" });
  }
  assert.throws(() => parsePublicKeyBlob(blob("ssh-rsa", exponent, { mpint: new Uint8Array(0) })), {
    code: "KEY_REFUSED",
  });
});

test("a key file below the limit says which size it has and what to do", () => {
  assert.throws(() => parsePrivateKey(fixture("rsa-1024.key")), {
    code: "KEY_REFUSED",
    message: /1024 bits.*ssh-keygen/,
  });
  assert.throws(() => parsePublicKey(fixture("rsa-1024.pub")), { code: "KEY_REFUSED" });
});

test("the public exponent is odd, above 1 and at most 32 bits long", () => {
  const n = modulus(2048);
  for (const e of [[3], [17], [1, 0, 1], [0xff, 0xff, 0xff, 0xff]]) {
    assert.ok(parsePublicKeyBlob(blob("ssh-rsa", { mpint: Uint8Array.from(e) }, n)));
  }
  for (const e of [[], [1], [2], [1, 0, 0], [1, 0, 0, 0, 1], n.mpint]) {
    assert.throws(() => parsePublicKeyBlob(blob("ssh-rsa", { mpint: Uint8Array.from(e) }, n)), { code: "KEY_REFUSED" });
  }
});

test("an even modulus and a negative number are refused", () => {
  const n = Uint8Array.from(modulus(2048).mpint);
  n[n.length - 1]! &= 0xfe;
  assert.throws(() => parsePublicKeyBlob(blob("ssh-rsa", exponent, { mpint: n })), { code: "KEY_MALFORMED" });
  assert.throws(() => parsePublicKeyBlob(blob("ssh-rsa", exponent, n.fill(0xff))), { code: "KEY_MALFORMED" });
});

test("a signature that lost its leading zeros verifies, one that is longer than the modulus does not", () => {
  const inner = (signature: Uint8Array): Uint8Array => signature.subarray(-256);
  let round = 0;
  let signature: Uint8Array;
  // One signature in 256 begins with a zero byte.
  do signature = inner(key.sign("rsa-sha2-256", Buffer.from(`data ${++round}`)));
  while (signature[0] !== 0);
  const signed = Buffer.from(`data ${round}`);
  const verify = (bytes: Uint8Array): boolean =>
    key.publicKey.verify("rsa-sha2-256", blob("rsa-sha2-256", bytes), signed);
  assert.equal(verify(signature), true);
  assert.equal(verify(signature.subarray(1)), true);
  assert.equal(verify(Buffer.concat([Uint8Array.of(0), signature])), false);
  assert.equal(verify(signature.subarray(0, 255)), false);
  assert.equal(verify(new Uint8Array(0)), false);
  assert.equal(verify(new Uint8Array(32768)), false);
});
