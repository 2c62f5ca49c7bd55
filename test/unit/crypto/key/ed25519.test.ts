import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePublicKeyBlob } from "../../../../src/crypto/index.ts";
import { blob, hex, hostKey } from "./blobs.ts";

// RFC 8032 §7.1, tests 1, 2 and 3.
const recorded = [
  {
    key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    data: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    data: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    data: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

for (const [at, { key, data, signature }] of recorded.entries()) {
  test(`the signature of RFC 8032 §7.1, test ${at + 1}, verifies, and with one bit changed it does not`, () => {
    const parsed = parsePublicKeyBlob(blob("ssh-ed25519", hex(key)));
    const bytes = hex(signature);
    const verify = (): boolean => parsed.verify("ssh-ed25519", blob("ssh-ed25519", bytes), hex(data));
    assert.equal(verify(), true);
    for (const place of [0, 31, 32, 63]) {
      bytes[place]! ^= 1;
      assert.equal(verify(), false);
      bytes[place]! ^= 1;
    }
  });
}

test("a key that is not 32 bytes long is refused", () => {
  for (const length of [0, 31, 33, 64]) {
    assert.throws(() => parsePublicKeyBlob(blob("ssh-ed25519", new Uint8Array(length))), { code: "KEY_MALFORMED" });
  }
});

test("a signature that is not 64 bytes long does not verify", () => {
  const key = hostKey("ed25519");
  const data = Buffer.from("data");
  const inner = key.sign("ssh-ed25519", data).subarray(-64);
  const verify = (signature: Uint8Array): boolean =>
    key.publicKey.verify("ssh-ed25519", blob("ssh-ed25519", signature), data);
  assert.equal(verify(inner), true);
  for (const signature of [
    new Uint8Array(0),
    inner.subarray(1),
    inner.subarray(0, 63),
    Buffer.concat([inner, inner]),
  ]) {
    assert.equal(verify(signature), false);
  }
});

test("a point that is none verifies nothing, and throws nothing", () => {
  for (const point of [new Uint8Array(32).fill(0xff), new Uint8Array(32)]) {
    const parsed = parsePublicKeyBlob(blob("ssh-ed25519", point));
    for (const data of [new Uint8Array(0), Buffer.from("data")]) {
      assert.equal(parsed.verify("ssh-ed25519", blob("ssh-ed25519", new Uint8Array(64).fill(1)), data), false);
    }
  }
});
