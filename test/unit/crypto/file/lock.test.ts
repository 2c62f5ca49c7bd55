import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { generatePrivateKey, KeyError, parsePrivateKey, parsePublicKey } from "../../../../src/crypto/index.ts";
import type { UnlockOptions } from "../../../../src/crypto/index.ts";
import { Reader, Writer } from "../../../../src/wire/index.ts";
import { fixture } from "../key/blobs.ts";
import { bcrypt, PASSPHRASE, quick } from "./bcrypt.ts";

const MAGIC = Buffer.from("openssh-key-v1\0");
const data = Buffer.from("data");
const locked = (name: string): string => fixture(`locked/${name}.key`);

/** The fields of a locked file in OpenSSH's format. */
interface File {
  cipher: string;
  kdf: string;
  options: Uint8Array;
  count: number;
  blob: Uint8Array;
  section: Uint8Array;
  tag: Uint8Array;
}

function takeApart(text: string): File {
  const from = new Reader(Buffer.from(text.replaceAll(/-----.*-----|\n/g, ""), "base64"), MAGIC.length);
  return {
    cipher: from.name(),
    kdf: from.name(),
    options: from.string(),
    count: from.uint32(),
    blob: from.string(),
    section: from.string(),
    tag: from.rest(),
  };
}

function encode(file: File): string {
  const bytes = new Writer()
    .bytes(MAGIC)
    .utf8(file.cipher)
    .utf8(file.kdf)
    .string(file.options)
    .uint32(file.count)
    .string(file.blob)
    .string(file.section)
    .bytes(file.tag)
    .finish();
  const base64 = Buffer.from(bytes).toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const kdfOptions = (salt: Uint8Array, rounds: number): Uint8Array => new Writer().string(salt).uint32(rounds).finish();
const made = generatePrivateKey("ed25519", { passphrase: PASSPHRASE, bcrypt: quick });
const open = (file: File, options: UnlockOptions = { passphrase: PASSPHRASE, bcrypt: quick }): unknown =>
  parsePrivateKey(encode(file), options);

const fixtureNames = readdirSync(new URL("../fixtures/locked", import.meta.url))
  .filter((file) => file.endsWith(".key") && file !== "chacha.key")
  .map((file) => file.slice(0, -".key".length));

for (const name of fixtureNames) {
  const passphrase = name === "umlauts" ? "pässwörd ☂" : PASSPHRASE;

  test(`${name}: its passphrase opens it, as text and as bytes, and another does not`, () => {
    for (const given of [passphrase, Buffer.from(passphrase), new TextEncoder().encode(passphrase)]) {
      const key = parsePrivateKey(locked(name), { passphrase: given, bcrypt });
      // OpenSSL writes no .pub file.
      if (name !== "pkcs8-ed25519") assert.ok(key.publicKey.equals(parsePublicKey(fixture(`locked/${name}.pub`))));
      const [algorithm] = key.algorithms;
      assert.ok(key.publicKey.verify(algorithm!, key.sign(algorithm!, data), data));
    }
    for (const wrong of ["open sesame ", "x".repeat(1024)]) {
      assert.throws(() => parsePrivateKey(locked(name), { passphrase: wrong, bcrypt }), {
        name: "KeyError",
        code: "KEY_PASSPHRASE",
        message: /does not open/,
      });
    }
  });

  test(`${name}: without a passphrase, or with an empty one, it says what it needs`, () => {
    for (const given of [
      {},
      { passphrase: "" },
      { passphrase: new Uint8Array(0), bcrypt },
      { passphrase: undefined },
    ]) {
      assert.throws(() => parsePrivateKey(locked(name), given), {
        name: "KeyError",
        code: "KEY_ENCRYPTED",
        message: /passphrase.*ssh-keygen -p/,
      });
    }
  });
}

test("OpenSSH's format without the derivation names the package to install; PEM does without", () => {
  assert.throws(() => parsePrivateKey(locked("ed25519"), { passphrase: PASSPHRASE }), {
    name: "KeyError",
    code: "KEY_BCRYPT_MISSING",
    message: /npm install bcrypt-pbkdf/,
  });
  for (const name of ["pem-rsa", "pkcs8-ecdsa"]) assert.ok(parsePrivateKey(locked(name), { passphrase: PASSPHRASE }));
});

test("a passphrase for a file that has none is passed over", () => {
  assert.ok(parsePrivateKey(fixture("ed25519.key"), { passphrase: PASSPHRASE }));
  assert.ok(parsePrivateKey(fixture("rsa-2048-pkcs8.key"), { passphrase: PASSPHRASE }));
});

test("a passphrase of more than 1024 bytes is refused in each format", () => {
  for (const name of ["ed25519", "pem-ecdsa", "pkcs8-rsa"]) {
    assert.throws(() => parsePrivateKey(locked(name), { passphrase: "x".repeat(1025), bcrypt }), {
      code: "KEY_PASSPHRASE",
      message: /1024 bytes/,
    });
  }
});

test("a cipher or derivation that is not supported is told with the way out", () => {
  const file = takeApart(made);
  for (const text of [
    locked("chacha"),
    encode({ ...file, cipher: "3des-cbc" }),
    encode({ ...file, cipher: "constructor" }),
    encode({ ...file, kdf: "none" }),
    encode({ ...file, kdf: "argon2" }),
  ]) {
    assert.throws(() => parsePrivateKey(text, { passphrase: PASSPHRASE, bcrypt: quick }), {
      code: "KEY_ENCRYPTED",
      message: /not supported.*ssh-keygen -p -Z aes256-ctr/,
    });
  }
});

test("rounds and salts that nobody needs are refused before any work is done", () => {
  const file = takeApart(made);
  const never = (): never => assert.fail("the derivation has been called");
  const salt = new Uint8Array(16);
  for (const options of [
    kdfOptions(salt, 0),
    kdfOptions(salt, 2049),
    kdfOptions(salt, 0xffffffff),
    kdfOptions(new Uint8Array(0), 16),
    kdfOptions(new Uint8Array(65), 16),
    new Writer().string(salt).finish(),
    Buffer.concat([kdfOptions(salt, 16), Uint8Array.of(0)]),
    new Uint8Array(0),
  ]) {
    const text = encode({ ...file, options });
    assert.throws(() => parsePrivateKey(text, { passphrase: PASSPHRASE, bcrypt: never }), {
      code: /^KEY_(MALFORMED|REFUSED)$/,
    });
  }
  const text = encode({ ...file, options: kdfOptions(salt, 2048) });
  assert.throws(() => parsePrivateKey(text, { passphrase: PASSPHRASE, bcrypt: quick }), { code: "KEY_PASSPHRASE" });
});

test("a section that is no whole one, and bytes behind it, are refused", () => {
  const file = takeApart(made);
  for (const changes of [
    { section: file.section.subarray(0, -1) },
    { section: new Uint8Array(0) },
    { section: file.section.subarray(0, 16) },
    { tag: new Uint8Array(16) },
    { tag: Uint8Array.of(0) },
    { cipher: "aes256-gcm@openssh.com" },
    { cipher: "aes256-gcm@openssh.com", tag: new Uint8Array(16) },
    { count: 0 },
    { count: 2 },
    { count: 0xffffffff },
  ]) {
    assert.throws(() => open({ ...file, ...changes }), KeyError, inspect(changes));
  }
});

test("the public half in front has to be that of the locked one", () => {
  const other = takeApart(generatePrivateKey("ed25519", { passphrase: PASSPHRASE, bcrypt: quick }));
  assert.throws(() => open({ ...takeApart(made), blob: other.blob }), { code: "KEY_MISMATCH" });
});

test("any byte of an authenticated section or its tag that is changed locks the file", () => {
  const text = locked("aes128-gcm@openssh.com");
  const file = takeApart(text);
  const options = { passphrase: PASSPHRASE, bcrypt };
  assert.ok(open(file, options));
  for (const field of ["section", "tag"] as const) {
    for (let at = 0; at < file[field].length; at++) {
      const changed = Buffer.from(file[field]);
      changed[at]! ^= 1;
      assert.throws(() => open({ ...file, [field]: changed }, options), { code: "KEY_PASSPHRASE" });
    }
  }
});

test("any bytes in place of any field are the same key, or a KeyError", () => {
  const file = takeApart(made);
  const { publicKey } = parsePrivateKey(made, { passphrase: PASSPHRASE, bcrypt: quick });
  const bytes = fc.uint8Array({ maxLength: 200 });
  const ciphers = fc.constantFrom("none", "aes256-ctr", "aes128-cbc", "aes256-gcm@openssh.com", "x");
  const changes = fc.record(
    {
      cipher: ciphers,
      kdf: fc.constantFrom("none", "bcrypt", ""),
      options: fc.oneof(
        bytes,
        fc.tuple(bytes, fc.nat()).map(([salt, rounds]) => kdfOptions(salt, rounds)),
      ),
      count: fc.nat(2),
      section: bytes,
      tag: bytes,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(changes, (changes) => {
      try {
        const key = parsePrivateKey(encode({ ...file, ...changes }), { passphrase: PASSPHRASE, bcrypt: quick });
        assert.ok(key.publicKey.equals(publicKey));
      } catch (error) {
        assert.ok(error instanceof KeyError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test("no error holds the passphrase or what it opened", () => {
  const secret = "a secret that is long enough";
  const file = takeApart(made);
  const texts = [
    ...["ed25519", "aes256-gcm@openssh.com", "pem-rsa", "pkcs8-rsa", "chacha"].map(locked),
    encode({ ...file, options: kdfOptions(new Uint8Array(16), 9999) }),
  ];
  for (const text of texts) {
    for (const options of [{ passphrase: secret, bcrypt }, { passphrase: secret.repeat(50) }, { passphrase: secret }]) {
      try {
        parsePrivateKey(text, options);
        assert.fail("it opened");
      } catch (error) {
        assert.ok(error instanceof KeyError, String(error));
        assert.equal(inspect(error, { depth: 10, showHidden: true }).includes(secret), false);
      }
    }
  }
});

test("the key that was derived is zeroed, whether it opened the file or not", () => {
  for (const passphrase of [PASSPHRASE, "wrong"]) {
    const derived: Uint8Array[] = [];
    const spy: typeof quick = (...given) => {
      derived.push(quick(...given));
      return derived.at(-1)!;
    };
    try {
      parsePrivateKey(made, { passphrase, bcrypt: spy });
    } catch (error) {
      assert.ok(error instanceof KeyError);
    }
    assert.equal(derived.length, 1);
    assert.ok(derived[0]!.every((byte) => byte === 0));
  }
});
