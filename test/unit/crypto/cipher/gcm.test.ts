import assert from "node:assert/strict";
import { test } from "node:test";
import { cipherAlgorithms } from "../../../../src/crypto/index.ts";
import { open } from "./packets.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const none = new Uint8Array(0);

// No published GCM vector has four bytes of associated data, which is all that SSH ever has. These packets were sealed
// by Python's `cryptography` 48 (AESGCM): key 00 01 02 …, nonce a0a1a2a3 ‖ a counter from 2^64 - 2 on, body
// 0b ‖ four bytes 14, 15 or 16 ‖ 11 zeros. The third has wrapped the counter, not the four fixed bytes (RFC 5647 §7.1).
const recorded: Record<string, readonly string[]> = {
  "aes128-gcm@openssh.com": [
    "00000010ea8e02b93eaf8465acfe953abeb77a826b7ac104db77b312c1d155c92a8464b2",
    "00000010db2667524bc626c1b088b40b4a5c1a25838a917a4a9da139882e0cd88d422466",
    "00000010814bd88b518f346f53c62a2371ca7ba011bd642a4d51877ebb08e2f7d2fc5d67",
  ],
  "aes256-gcm@openssh.com": [
    "00000010ef04180749789212dd11fe513b7976c81ef03f963aff6b48bb815b2d958b9dcc",
    "00000010afaad75ae92f732d1a5e135c2b1dda7a94c33b9cd4cab41054b61d988069f7fb",
    "0000001017af4a203564b5bcb93bbb3351da65db6fd34e2f2ff8cf2840d9c2b250c8c946",
  ],
};

for (const [name, packets] of Object.entries(recorded)) {
  const cipher = cipherAlgorithms.get(name)!;
  const key = (): Uint8Array => Uint8Array.from({ length: cipher.keyLength }, (_, at) => at);
  const iv = (): Uint8Array => Uint8Array.from(hex("a0a1a2a3fffffffffffffffe"));
  const plain = (at: number): Buffer =>
    Buffer.concat([hex("000000100b"), Buffer.alloc(4, 0x14 + at), Buffer.alloc(27)]);

  test(`${name} seals as another implementation did, whatever the sequence number`, () => {
    const sealer = cipher.sealer(key(), iv(), undefined, none);
    for (const [at, sealed] of packets.entries()) {
      const packet = plain(at);
      sealer.seal(packet, 1000 - at);
      assert.equal(packet.toString("hex"), sealed);
    }
  });

  test(`${name} opens what another implementation sealed`, () => {
    const opener = cipher.opener(key(), iv(), undefined, none);
    for (const [at, sealed] of packets.entries()) {
      const { length, content } = open(opener, hex(sealed), at);
      assert.equal(length, 16);
      assert.deepEqual(Buffer.from(content), plain(at).subarray(4, 20));
    }
  });
}

test("packet_length is read as an unsigned number", () => {
  const cipher = cipherAlgorithms.get("aes128-gcm@openssh.com")!;
  const opener = cipher.opener(new Uint8Array(16), new Uint8Array(12), undefined, none);
  assert.equal(opener.packetLength(hex("ffffffff"), 0), 0xffffffff);
  assert.equal(opener.packetLength(hex("80000000"), 0), 0x80000000);
});
