import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { Buffers } from "../../../../src/files/sftp/wire/buffers.ts";
import { FramingError, PacketReader } from "../../../../src/files/sftp/wire/packet-reader.ts";
import { string } from "../../../sftp/index.ts";

/** Cuts bytes into pieces of these lengths, over and over. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

test("packets come out as they went in, however the stream is cut", () => {
  const packets = fc.array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 9000 }).map((length) => Buffer.alloc(length, length)),
    ),
    { maxLength: 8 },
  );
  const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5000 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(packets, lengths, fc.boolean(), (packets, lengths, isEager) => {
      const stream = Buffer.concat(packets.map((bytes) => string(bytes)));
      const reader = new PacketReader(new Buffers());
      const found: Buffer[] = [];
      const takeAll = (): void => {
        for (let next = reader.next(); next !== undefined; next = reader.next()) found.push(Buffer.from(next));
      };
      for (const piece of cut(stream, lengths)) {
        reader.push(piece);
        if (isEager) takeAll();
      }
      takeAll();
      assert.deepEqual(
        found,
        packets.map((bytes) => Buffer.from(bytes)),
      );
      assert.equal(reader.takeRead(), stream.length);
      assert.equal(reader.isInside, false);
    }),
  );
});

test("the memory of pieces is freed when they have been copied, and not while a packet is a view of it", () => {
  const reader = new PacketReader(new Buffers());
  const whole = Buffer.alloc(100_000, 7);
  const stream = Buffer.concat([string(Buffer.from("small")), string(whole)]);
  // As they are decrypted: each piece has memory of its own, with a head and padding in it.
  const pieces = cut(stream, [33_000]).map((piece) => {
    const packet = new Uint8Array(piece.length + 30);
    packet.set(piece, 14);
    return packet.subarray(14, 14 + piece.length);
  });
  const buffers = pieces.map(({ buffer }) => buffer);
  for (const piece of pieces) reader.push(piece);
  const small = reader.next()!;
  assert.deepEqual(Buffer.from(reader.next()!), whole);
  assert.equal(String(Buffer.from(small)), "small");
  assert.deepEqual(
    buffers.map((buffer) => buffer.byteLength === 0),
    [false, true, true, false],
  );
});

test("a packet that came in one piece is not copied", () => {
  const reader = new PacketReader(new Buffers());
  const bytes = string(Buffer.alloc(1000));
  reader.push(bytes);
  assert.equal(reader.next()?.buffer, bytes.buffer);
});

test("a stream of single bytes takes little more memory than its bytes", () => {
  const reader = new PacketReader(new Buffers());
  const before = process.memoryUsage();
  const piece = Uint8Array.of(1);
  for (let sent = 0; sent < 1_000_000; sent++) reader.push(piece);
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(grown < 128 * 1024 ** 2, `${grown} bytes`);
});

test("a length of 0 or above 256 KiB is an error, before any memory is taken", () => {
  for (const length of [0, 262_145, 2 ** 31, 2 ** 32 - 1]) {
    const reader = new PacketReader(new Buffers());
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    reader.push(head);
    assert.throws(() => reader.next(), FramingError, String(length));
  }
  const reader = new PacketReader(new Buffers());
  reader.push(string(Buffer.alloc(262_144)));
  assert.equal(reader.next()?.length, 262_144);
});

test("what ends in the middle of a packet is told", () => {
  for (const [bytes, isInside] of [
    [[0], true],
    [[0, 0, 0, 2, 7], true],
    [[0, 0, 0, 1, 7], false],
    [[], false],
  ] as const) {
    const reader = new PacketReader(new Buffers());
    if (bytes.length > 0) reader.push(Uint8Array.from(bytes));
    while (reader.next() !== undefined);
    assert.equal(reader.isInside, isInside);
  }
});

test("memory is used again once it is given back, and never while somebody has it", () => {
  const buffers = new Buffers();
  const one = buffers.take(200_000);
  const two = buffers.take(200_000);
  assert.notEqual(one.buffer, two.buffer);
  buffers.give(one.subarray(0, 10));
  buffers.give(one);
  assert.equal(buffers.take(250_000).buffer, one.buffer);
  assert.notEqual(buffers.take(250_000).buffer, one.buffer, "what is given back twice is kept once");
  const foreign = new Uint8Array(two.buffer.byteLength);
  buffers.give(foreign);
  assert.notEqual(buffers.take(200_000).buffer, foreign.buffer);
});
