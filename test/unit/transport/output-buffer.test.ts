import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { bufferPool, OutputBuffer } from "../../../src/transport/output-buffer.ts";
import type { BufferPool } from "../../../src/transport/output-buffer.ts";

/** Counts what is taken and given back. */
function counted(): { pool: BufferPool; taken: () => number; given: () => number } {
  const pool = bufferPool();
  let taken = 0;
  let given = 0;
  return {
    pool: {
      take: () => (taken++, pool.take()),
      give: (buffer) => (given++, pool.give(buffer)),
    },
    taken: () => taken,
    given: () => given,
  };
}

function write(output: OutputBuffer, size: number, byte: number): void {
  output.room(size).fill(byte);
  output.written(size);
}

describe("the output buffer", () => {
  test("gives everything out in order, whatever the sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 40 }), (pieces) => {
        const output = new OutputBuffer(bufferPool());
        for (const piece of pieces) {
          output.room(piece.length).set(piece);
          output.written(piece.length);
        }
        const whole = Buffer.concat(pieces);
        assert.equal(output.length, whole.length);
        assert.deepEqual(Buffer.from(output.pull() ?? []), whole);
        assert.equal(output.pull(), undefined);
      }),
    );
  });

  test("has room for the last byte at every size of its buffers", () => {
    for (let size = 1; size <= 5000; size++) {
      const output = new OutputBuffer(bufferPool());
      write(output, 100, 1);
      assert.equal(output.room(size).length, size);
      assert.equal(new OutputBuffer(bufferPool()).room(size).length, size);
    }
    for (const size of [196_507, 196_508, 196_509, 196_608, 196_609]) {
      const output = new OutputBuffer(bufferPool());
      write(output, 100, 1);
      assert.equal(output.room(size).length, size);
    }
  });

  test("takes more than a pooled buffer holds", () => {
    const output = new OutputBuffer(bufferPool());
    for (let i = 0; i < 10; i++) write(output, 100_000, i);
    const bytes = output.pull()!;
    assert.equal(bytes.length, 1_000_000);
    for (let i = 0; i < 10; i++) assert.ok(bytes.subarray(i * 100_000, (i + 1) * 100_000).every((byte) => byte === i));
  });

  test("does not touch the pool for a few packets", () => {
    const { pool, taken } = counted();
    const output = new OutputBuffer(pool);
    write(output, 500, 1);
    write(output, 3000, 2);
    assert.equal(output.pull()?.length, 3500);
    assert.equal(taken(), 0);
  });

  test("uses a buffer again only after it was given back", () => {
    const pool = bufferPool();
    const output = new OutputBuffer(pool);
    write(output, 50_000, 1);
    const first = output.pull()!;
    write(output, 50_000, 2);
    const second = output.pull()!;
    assert.notEqual(first.buffer, second.buffer);
    assert.ok(first.every((byte) => byte === 1));
    pool.give(first.buffer);
    write(output, 50_000, 3);
    assert.equal(output.pull()?.buffer, first.buffer);
    assert.ok(second.every((byte) => byte === 2));
  });
});

describe("the buffer pool", () => {
  test("leaves buffers of other sizes alone", () => {
    const pool = bufferPool();
    const stranger = Buffer.allocUnsafeSlow(1000);
    pool.give(stranger.buffer);
    assert.notEqual(pool.take().buffer, stranger.buffer);
  });

  test("keeps a bounded number", () => {
    const pool = bufferPool();
    const buffers = Array.from({ length: 40 }, () => pool.take());
    for (const { buffer } of buffers) pool.give(buffer);
    const known = new Set(buffers.map(({ buffer }) => buffer));
    const kept = Array.from({ length: 40 }, () => pool.take()).filter(({ buffer }) => known.has(buffer));
    assert.equal(kept.length, 16);
  });
});
