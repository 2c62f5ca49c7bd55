import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { cipherAlgorithms, macAlgorithms } from "../../../../src/crypto/index.ts";
import type { Cipher, Mac } from "../../../../src/crypto/index.ts";
import { packetOf, pairOf } from "./packets.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

// NIST SP 800-38A §F.5.1, §F.5.3 and §F.5.5: CTR-AES128, 192 and 256, encryption.
const counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
const plaintext =
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
const recorded: Record<string, { key: string; ciphertext: string }> = {
  "aes128-ctr": {
    key: "2b7e151628aed2a6abf7158809cf4f3c",
    ciphertext:
      "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
  },
  "aes192-ctr": {
    key: "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
    ciphertext:
      "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e941e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050",
  },
  "aes256-ctr": {
    key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    ciphertext:
      "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
  },
};

/** A sealer and an opener over one recorded key. */
function keyed(cipher: Cipher, mac: Mac, key: string) {
  const bytes = () => [Uint8Array.from(hex(key)), Uint8Array.from(hex(counter))] as const;
  const macKey = () => new Uint8Array(mac.keyLength).fill(1);
  return { sealer: cipher.sealer(...bytes(), mac, macKey()), opener: cipher.opener(...bytes(), mac, macKey()) };
}

for (const [name, { key, ciphertext }] of Object.entries(recorded)) {
  const cipher = cipherAlgorithms.get(name)!;

  test(`${name} encrypts as NIST recorded, one block a packet, with encrypt-and-MAC`, () => {
    const mac = macAlgorithms.get("hmac-sha2-256")!;
    const { sealer } = keyed(cipher, mac, key);
    for (let at = 0; at < 64; at += 16) {
      const packet = Buffer.concat([hex(plaintext).subarray(at, at + 16), Buffer.alloc(32)]);
      sealer.seal(packet, at);
      assert.equal(packet.toString("hex", 0, 16), ciphertext.slice(at * 2, at * 2 + 32));
    }
  });

  test(`${name} encrypts as NIST recorded behind the clear length, with encrypt-then-MAC`, () => {
    const mac = macAlgorithms.get("hmac-sha2-512-etm@openssh.com")!;
    const { sealer } = keyed(cipher, mac, key);
    const packet = Buffer.concat([hex("00000040"), hex(plaintext), Buffer.alloc(64)]);
    sealer.seal(packet, 9);
    assert.equal(packet.toString("hex", 0, 68), `00000040${ciphertext}`);
  });

  test(`${name} decrypts the length before the rest, and both once`, () => {
    const mac = macAlgorithms.get("hmac-sha2-256")!;
    const { sealer, opener } = keyed(cipher, mac, key);
    const packet = packetOf(new Uint8Array(50).fill(8), sealer);
    const plain = Buffer.from(packet);
    sealer.seal(packet, 0);
    assert.equal(opener.packetLength(packet.subarray(0, 16), 0), plain.readUInt32BE());
    assert.deepEqual(Buffer.from(opener.open(packet, 0)), plain.subarray(4, -32));
  });
}

for (const mac of macAlgorithms.values()) {
  const cipher = cipherAlgorithms.get("aes128-ctr")!;

  test(`${mac.name} is over the sequence number and the ${mac.etm ? "ciphertext behind the clear length" : "plaintext"}`, () => {
    const { sealer } = keyed(cipher, mac, "2b7e151628aed2a6abf7158809cf4f3c");
    const packet = packetOf(Buffer.from("payload"), sealer);
    const plain = Buffer.from(packet);
    sealer.seal(packet, 0xdeadbeef);
    const covered = (mac.etm ? packet : plain).subarray(0, -mac.length);
    const code = createHmac(mac.hash, Buffer.alloc(mac.keyLength, 1)).update(hex("deadbeef")).update(covered).digest();
    assert.deepEqual(packet.subarray(-mac.length), code);
  });
}

test("a packet of one block opens: nothing is left behind its head", () => {
  const mac = macAlgorithms.get("hmac-sha2-256")!;
  const { sealer, opener } = pairOf({ name: "", cipher: cipherAlgorithms.get("aes256-ctr")!, mac });
  const packet = packetOf(Uint8Array.of(2), sealer);
  assert.equal(packet.length, 16 + 32);
  sealer.seal(packet, 0);
  assert.equal(opener.packetLength(packet.subarray(0, 16), 0), 12);
  assert.equal(opener.open(packet, 0).length, 12);
});

test("open() without packetLength() is a mistake of the caller, not of the peer", () => {
  const { opener } = pairOf({
    name: "",
    cipher: cipherAlgorithms.get("aes256-ctr")!,
    mac: macAlgorithms.get("hmac-sha2-256")!,
  });
  assert.throws(() => opener.open(new Uint8Array(64), 0), { name: "Error" });
});

test("without a MAC there is no counter mode", () => {
  const cipher = cipherAlgorithms.get("aes256-ctr")!;
  const keys = [new Uint8Array(32), new Uint8Array(16), undefined, new Uint8Array(0)] as const;
  assert.throws(() => cipher.sealer(...keys), TypeError);
  assert.throws(() => cipher.opener(...keys), TypeError);
});
