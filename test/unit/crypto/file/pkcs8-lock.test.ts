import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { KeyError, parsePrivateKey } from "../../../../src/crypto/index.ts";
import { der, Der, derInteger } from "../../../../src/crypto/der.ts";

const OID = {
  pbes2: "2a864886f70d01050d",
  pbkdf2: "2a864886f70d01050c",
  scrypt: "2b06010401da47040b",
  pbeSha1TripleDes: "2a864886f70d010c0103",
  aes256: "60864801650304012a",
} as const;

const oid = (name: keyof typeof OID): Uint8Array => der(Der.objectIdentifier, Buffer.from(OID[name], "hex"));
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(Der.sequence, ...parts);
const salt = der(Der.octetString, Buffer.alloc(8, 1));
const whole = (value: number): Uint8Array => {
  const hex = value.toString(16);
  return derInteger(Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex"));
};

/** A file of an algorithm, with as much behind it as a key has. */
function file(algorithm: Uint8Array): string {
  return pem(sequence(algorithm, der(Der.octetString, Buffer.alloc(64, 2))));
}

function pem(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

function pbes2(...derivation: readonly Uint8Array[]): Uint8Array {
  const cipher = sequence(oid("aes256"), der(Der.octetString, Buffer.alloc(16, 3)));
  return sequence(oid("pbes2"), sequence(sequence(...derivation), cipher));
}

const pbkdf2 = (...numbers: readonly number[]): string =>
  file(pbes2(oid("pbkdf2"), sequence(salt, ...numbers.map(whole))));
const scrypt = (n: number, r: number, p: number): string =>
  file(pbes2(oid("scrypt"), sequence(salt, whole(n), whole(r), whole(p))));

function codeOf(text: string): string {
  try {
    parsePrivateKey(text, { passphrase: "open sesame" });
  } catch (error) {
    assert.ok(error instanceof KeyError, String(error));
    return error.code;
  }
  return "none";
}

const CASES: readonly (readonly [what: string, text: string, code: string])[] = [
  ["as many rounds as OpenSSL makes", pbkdf2(2048), "KEY_PASSPHRASE"],
  ["many rounds for a key of a length that is told", pbkdf2(600_000, 32), "KEY_PASSPHRASE"],
  ["rounds that take an hour", pbkdf2(0x7fffffff), "KEY_REFUSED"],
  ["more rounds than a number can tell exactly", pbkdf2(2 ** 70), "KEY_REFUSED"],
  [
    "rounds that take an hour, in PKCS#5's first scheme",
    file(sequence(oid("pbeSha1TripleDes"), sequence(salt, whole(0x7fffffff)))),
    "KEY_REFUSED",
  ],
  ["scrypt as OpenSSL makes it", scrypt(2 ** 14, 8, 1), "KEY_PASSPHRASE"],
  ["scrypt that takes an hour in little memory", scrypt(2 ** 16, 1, 2 ** 16), "KEY_REFUSED"],
];

for (const [what, text, code] of CASES) {
  test(`a PKCS#8 file that is locked with ${what} is answered with ${code}`, () => {
    assert.equal(codeOf(text), code);
  });
}

test("every block of a text is looked at, whichever of them is taken", () => {
  assert.equal(codeOf(pbkdf2(1) + pbkdf2(0x7fffffff)), "KEY_REFUSED");
});

test("a file whose lock cannot be read is damaged", () => {
  let nested = whole(1);
  for (let depth = 0; depth < 100; depth++) nested = sequence(nested);
  for (const bytes of [
    new Uint8Array(0),
    salt,
    sequence(salt),
    sequence(sequence(oid("pbes2"), nested), salt),
    Uint8Array.of(0x30, 0x80, 0, 0),
    Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
    Uint8Array.of(0x30, 0x7f),
  ]) {
    assert.equal(codeOf(pem(bytes)), "KEY_MALFORMED");
  }
});

test("any byte of a locked file that is changed is a KeyError, or makes no difference", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const options = { type: "pkcs8", format: "der", cipher: "aes-256-cbc", passphrase: "open sesame" } as const;
  const good = privateKey.export(options);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(good);
      changed[at] = byte;
      assert.match(codeOf(pem(changed)), /^(none|KEY_(MALFORMED|PASSPHRASE|REFUSED))$/);
    }),
    { numRuns: 200 },
  );
});
