import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { KeyError, parsePrivateKey } from "../../../../src/crypto/index.ts";
import { Reader, Writer } from "../../../../src/wire/index.ts";
import { fixture, fixtures } from "../key/blobs.ts";

const MAGIC = Buffer.from("openssh-key-v1\0");

/** The fields of a file, taken apart as OpenSSH PROTOCOL.key has them. */
interface File {
  cipher: string;
  kdf: string;
  options: Uint8Array;
  count: number;
  blob: Uint8Array;
  section: Uint8Array;
  tail: Uint8Array;
}

function takeApart(name: string): File {
  const from = new Reader(
    Buffer.from(fixture(`${name}.key`).replaceAll(/-----.*-----|\n/g, ""), "base64"),
    MAGIC.length,
  );
  return {
    cipher: from.name(),
    kdf: from.name(),
    options: Buffer.from(from.string()),
    count: from.uint32(),
    blob: Buffer.from(from.string()),
    section: Buffer.from(from.string()),
    tail: Buffer.from(from.rest()),
  };
}

function encode(file: File, magic: Uint8Array = MAGIC): string {
  const bytes = new Writer()
    .bytes(magic)
    .utf8(file.cipher)
    .utf8(file.kdf)
    .string(file.options)
    .uint32(file.count)
    .string(file.blob)
    .string(file.section)
    .bytes(file.tail)
    .finish();
  return wrap(bytes);
}

function wrap(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The section with one byte changed. */
function changed(section: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(section);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
}

for (const name of fixtures) {
  const file = takeApart(name);

  test(`${name}: the file put together again is read`, () => {
    assert.deepEqual(Buffer.from(parsePrivateKey(encode(file)).publicKey.blob), file.blob);
  });

  test(`${name}: each field that is wrong is refused`, () => {
    const cases: Record<string, string> = {
      "another magic": encode(file, Buffer.from("openssh-key-v2\0")),
      "no bytes": wrap(new Uint8Array(0)),
      "a key derivation without encryption": encode({ ...file, kdf: "bcrypt" }),
      "options without a key derivation": encode({ ...file, options: Uint8Array.of(1) }),
      "no key": encode({ ...file, count: 0 }),
      "two keys": encode({ ...file, count: 2 }),
      "a count that is not to be looped over": encode({ ...file, count: 0xffffffff }),
      "bytes behind the section": encode({ ...file, tail: Uint8Array.of(0) }),
      "a section that is not padded": encode({ ...file, section: file.section.subarray(0, -1) }),
      "check numbers that differ": encode({ ...file, section: changed(file.section, 0) }),
      "a changed type": encode({ ...file, section: changed(file.section, 14) }),
      "eight bytes of padding too many": encode({
        ...file,
        section: Buffer.concat([file.section, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]),
      }),
    };
    for (const [what, text] of Object.entries(cases)) assert.throws(() => parsePrivateKey(text), KeyError, what);
  });

  test(`${name}: each cut of the file is refused`, () => {
    const bytes = Buffer.from(encode(file).replaceAll(/-----.*-----|\n/g, ""), "base64");
    for (let length = 0; length < bytes.length; length += 7) {
      assert.throws(() => parsePrivateKey(wrap(bytes.subarray(0, length))), KeyError, `${length} bytes`);
    }
  });

  test(`${name}: a byte changed in the private section gives the same key or a KeyError`, () => {
    const { publicKey } = parsePrivateKey(encode(file));
    fc.assert(
      fc.property(fc.nat(file.section.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const section = Buffer.from(file.section);
        section[at]! ^= change;
        try {
          // The comment may have changed, and the copy of the public half that is not used.
          assert.ok(parsePrivateKey(encode({ ...file, section })).publicKey.equals(publicKey));
        } catch (error) {
          assert.ok(error instanceof KeyError, String(error));
        }
      }),
      { numRuns: 60 },
    );
  });
}

test("the public half in front has to be that of the private one", () => {
  const file = takeApart("ed25519");
  const other = takeApart("ecdsa-256");
  assert.throws(() => parsePrivateKey(encode({ ...file, blob: other.blob })), { code: "KEY_MISMATCH" });
});

test("padding that is not 1, 2, 3 … is refused", () => {
  for (const name of fixtures) {
    const file = takeApart(name);
    if (file.section.at(-1)! > 7) continue;
    assert.throws(() => parsePrivateKey(encode({ ...file, section: changed(file.section, -1) })), KeyError);
  }
});

test("an RSA key whose parts do not fit is refused, or signs rightly all the same", () => {
  const file = takeApart("rsa-2048");
  const from = new Reader(file.section, 8);
  const type = from.name();
  const [n, e, d, iqmp, p, q] = [1, 2, 3, 4, 5, 6].map(() => from.mpint()) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const section = (...parts: readonly Uint8Array[]): Uint8Array => {
    const to = new Writer(4096).bytes(file.section.subarray(0, 8)).utf8(type);
    for (const part of parts) to.mpint(part);
    const bytes = Buffer.from(to.utf8("").finish());
    return Buffer.concat([bytes, Uint8Array.of(1, 2, 3, 4, 5, 6, 7).subarray(0, (8 - (bytes.length % 8)) % 8)]);
  };
  const parse = (...parts: readonly Uint8Array[]) => parsePrivateKey(encode({ ...file, section: section(...parts) }));
  assert.ok(parse(n, e, d, iqmp, p, q));
  const one = Uint8Array.of(1);
  const none = new Uint8Array(0);
  for (const parts of [
    [n, e, d, iqmp, p, p],
    [n, e, d, p, p, q],
    [n, e, p, iqmp, p, q],
    [n, e, d, iqmp, one, n],
    [n, e, d, iqmp, none, none],
    [n, e, none, none, none, none],
    [p, e, d, iqmp, p, q],
    [n, e, new Uint8Array(20_000).fill(7), iqmp, p, q],
  ]) {
    // Where n, e and d belong together and only the CRT parts do not, OpenSSL does without them.
    try {
      const key = parse(...parts);
      const data = Buffer.from("data");
      assert.equal(key.publicKey.verify("rsa-sha2-256", key.sign("rsa-sha2-256", data), data), true);
      assert.deepEqual([parts[0], parts[2]], [n, d]);
    } catch (error) {
      assert.ok(error instanceof KeyError, String(error));
    }
  }
});
