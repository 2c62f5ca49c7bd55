import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { KeyError, parsePrivateKey, parsePublicKey } from "../../../../src/crypto/index.ts";
import { fixture, fixtures } from "../key/blobs.ts";

const data = Buffer.from("data");

for (const name of [...fixtures, "rsa-3072-pkcs1", "rsa-2048-pkcs8", "ecdsa-256-sec1", "ecdsa-384-pkcs8"]) {
  test(`${name}: the file is read, belongs to its .pub file, and signs by each of its algorithms`, () => {
    const key = parsePrivateKey(fixture(`${name}.key`));
    const pub = parsePublicKey(fixture(`${name}.pub`));
    assert.ok(key.publicKey.equals(pub));
    assert.equal(key.type, pub.type);
    assert.deepEqual(key.algorithms, pub.algorithms);
    for (const algorithm of key.algorithms) {
      assert.equal(pub.verify(algorithm, key.sign(algorithm, data), data), true);
    }
  });

  test(`${name}: bytes, CRLF and text around the key make no difference`, () => {
    const text = fixture(`${name}.key`);
    const { publicKey } = parsePrivateKey(text);
    for (const file of [
      Buffer.from(text),
      new TextEncoder().encode(text),
      text.replaceAll("\n", "\r\n"),
      `\n\n${text}\n`,
    ]) {
      assert.ok(parsePrivateKey(file).publicKey.equals(publicKey));
    }
  });
}

test("OpenSSL's PKCS#8 of an Ed25519 key is read", () => {
  assert.equal(parsePrivateKey(fixture("ed25519-pkcs8.key")).type, "ssh-ed25519");
});

test("a type that SSH or this project does not have is told apart", () => {
  for (const { privateKey } of [
    generateKeyPairSync("x25519"),
    generateKeyPairSync("ed448"),
    generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
    generateKeyPairSync("rsa-pss", { modulusLength: 2048 }),
  ]) {
    const pem = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
    assert.throws(() => parsePrivateKey(pem), { code: "KEY_TYPE_UNKNOWN" });
  }
});

test("what is no private key is answered with what it is", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /no private key/],
    ["hello", /no private key/],
    [fixture("ed25519.pub"), /public key.*\.pub/],
    [fixture("ecdsa-256.pub"), /public key/],
    ["PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", /PuTTY.*puttygen/],
    ["-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n", /no private key/],
    ["-----BEGIN CERTIFICATE-----\nMCow\n-----END CERTIFICATE-----\n", /no private key/],
    ["-----BEGIN PRIVATE KEY-----\nMCow\n-----END PRIVATE KEY-----\n", /damaged/],
    ["-----BEGIN DSA PRIVATE KEY-----\nMCow\n-----END DSA PRIVATE KEY-----\n", /no private key/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", /cut short/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", /openssh-key-v1/],
    ["x".repeat(65537), /65536 bytes/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parsePrivateKey(text), { name: "KeyError", code: "KEY_MALFORMED", message }, text.slice(0, 40));
  }
});

test("a file with one character changed is read as the same key, or is a KeyError", () => {
  // Not for ed25519-pkcs8, which holds a seed and nothing to compare it with.
  for (const name of ["ed25519", "ecdsa-256", "ecdsa-256-sec1"]) {
    const text = fixture(`${name}.key`);
    const { publicKey } = parsePrivateKey(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("A", "z", "/", "=", "\n", "-", "\0"), (at, character) => {
        try {
          const key = parsePrivateKey(text.slice(0, at) + character + text.slice(at + 1));
          assert.ok(key.publicKey.equals(publicKey));
        } catch (error) {
          assert.ok(error instanceof KeyError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  }
});

test("any text and any bytes are a KeyError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), (file) => {
      assert.throws(() => parsePrivateKey(file), KeyError);
    }),
  );
});
