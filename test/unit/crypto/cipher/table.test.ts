import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cipherAlgorithms, macAlgorithms } from "../../../../src/crypto/index.ts";
import { DisconnectReason, ProtocolError } from "../../../../src/wire/index.ts";
import { contentOf, open, packetOf, pairOf, protections } from "./packets.ts";

/** Everything about a failure that could reach a peer. */
const integrity = {
  name: "ProtocolError",
  message: "a packet failed its integrity check",
  reason: DisconnectReason.MAC_ERROR,
};

test("the ciphers and MACs are exactly these, in this order", () => {
  assert.deepEqual(
    [...cipherAlgorithms.values()].map((row) => [row.name, row.keyLength, row.ivLength, row.aead]),
    [
      ["aes128-gcm@openssh.com", 16, 12, true],
      ["aes256-gcm@openssh.com", 32, 12, true],
      ["aes128-ctr", 16, 16, false],
      ["aes192-ctr", 24, 16, false],
      ["aes256-ctr", 32, 16, false],
    ],
  );
  assert.deepEqual(
    [...macAlgorithms.values()].map((row) => [row.name, row.keyLength, row.length, row.etm]),
    [
      ["hmac-sha2-256-etm@openssh.com", 32, 32, true],
      ["hmac-sha2-512-etm@openssh.com", 64, 64, true],
      ["hmac-sha2-256", 32, 32, false],
      ["hmac-sha2-512", 64, 64, false],
    ],
  );
});

for (const protection of protections) {
  const { name } = protection;

  test(`${name}: packets of all sizes come out as they went in, over the wrap of the sequence number`, () => {
    const { sealer, opener } = pairOf(protection);
    let sequence = 0xfffffffe;
    const payloads = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.constant(new Uint8Array(32768).fill(3)),
    );
    fc.assert(
      fc.property(payloads, (payload) => {
        const packet = packetOf(payload, sealer);
        const plain = Buffer.from(packet);
        const content = contentOf(packet, sealer);
        sealer.seal(packet, sequence);
        const opened = open(opener, packet, sequence);
        assert.equal(opened.length, plain.readUInt32BE());
        assert.deepEqual(Buffer.from(opened.content), content);
        sequence = (sequence + 1) >>> 0;
      }),
    );
  });

  test(`${name}: packet_length is ${pairOf(protection).sealer.clearLength ? "clear" : "hidden"}, the rest is hidden`, () => {
    const { sealer } = pairOf(protection);
    const packet = packetOf(new Uint8Array(200), sealer);
    const plain = Buffer.from(packet);
    sealer.seal(packet, 7);
    assert.equal(packet.readUInt32BE() === plain.readUInt32BE(), sealer.clearLength);
    assert.notDeepEqual(packet.subarray(4, 100), plain.subarray(4, 100));
    // Two packets of the same bytes differ.
    sealer.seal(plain, 7);
    assert.notDeepEqual(plain.subarray(4, 100), packet.subarray(4, 100));
  });

  test(`${name}: each bit that is flipped behind the length gives the one error`, () => {
    const length = packetOf(new Uint8Array(20), pairOf(protection).sealer).length;
    // The length field itself decides how much is read, and is looked at by the transport first.
    for (let bit = 32; bit < length * 8; bit++) {
      const { sealer, opener } = pairOf(protection);
      const packet = packetOf(new Uint8Array(20), sealer);
      sealer.seal(packet, 0);
      packet[bit >> 3]! ^= 1 << (bit & 7);
      assert.throws(() => open(opener, packet, 0), integrity, `bit ${bit}`);
    }
  });

  test(`${name}: a length that lies gives the same error when as many bytes are there`, () => {
    for (const lie of [-16, 16, 32]) {
      const { sealer, opener } = pairOf(protection);
      const packet = packetOf(new Uint8Array(100), sealer);
      sealer.seal(packet, 0);
      const longer = Buffer.alloc(packet.length + lie);
      packet.copy(longer);
      if (sealer.clearLength) longer.writeUInt32BE(packet.readUInt32BE() + lie);
      assert.throws(() => open(opener, longer, 0), integrity, `${lie} bytes`);
    }
  });

  test(`${name}: a packet that is repeated, dropped or swapped gives the same error`, () => {
    const sealed = (): { packets: Buffer[]; opener: ReturnType<typeof pairOf>["opener"] } => {
      const { sealer, opener } = pairOf(protection);
      const packets = [0, 1, 2].map((sequence) => {
        const packet = packetOf(new Uint8Array(40).fill(sequence), sealer);
        sealer.seal(packet, sequence);
        return packet;
      });
      return { packets, opener };
    };
    const repeated = sealed();
    open(repeated.opener, repeated.packets[0]!, 0);
    assert.throws(() => open(repeated.opener, repeated.packets[0]!, 1), integrity);
    const dropped = sealed();
    open(dropped.opener, dropped.packets[0]!, 0);
    assert.throws(() => open(dropped.opener, dropped.packets[2]!, 1), integrity);
    const swapped = sealed();
    assert.throws(() => open(swapped.opener, swapped.packets[1]!, 0), integrity);
  });

  test(`${name}: a packet without room for a block or a trailer gives the same error`, () => {
    for (const bytes of [4, 12, 19]) {
      const { opener } = pairOf(protection);
      opener.packetLength(new Uint8Array(opener.headLength), 0);
      assert.throws(() => opener.open(new Uint8Array(bytes), 0), integrity, `${bytes} bytes`);
    }
  });

  test(`${name}: any bytes at all end in a ProtocolError`, () => {
    const { opener } = pairOf(protection);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: opener.headLength, maxLength: 400, size: "max" }), (bytes) => {
        assert.throws(() => open(opener, bytes, 0), ProtocolError);
      }),
    );
  });

  test(`${name}: what was opened stays as it is when its packet's buffer is used again`, () => {
    const { sealer, opener } = pairOf(protection);
    const packet = packetOf(Buffer.from("kept"), sealer);
    sealer.seal(packet, 0);
    const { content } = open(opener, packet, 0);
    packet.fill(0xee);
    assert.equal(Buffer.from(content.subarray(1, 5)).toString(), "kept");
  });

  test(`${name}: the key bytes are zeroed once they are taken over`, () => {
    const { cipher, mac } = protection;
    const keys = [cipher.keyLength, cipher.ivLength, mac?.keyLength ?? 0].map((length) =>
      new Uint8Array(length).fill(5),
    );
    const [key, iv, macKey] = keys as [Uint8Array, Uint8Array, Uint8Array];
    cipher.sealer(key, iv, mac, macKey);
    for (const bytes of keys) assert.ok(bytes.every((byte) => byte === 0));
  });
}
