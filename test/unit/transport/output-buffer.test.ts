import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { bufferPool, OutputBuffer } from "../../../src/transport/output-buffer.ts";

function put(output: OutputBuffer, bytes: Uint8Array): void {
  output.room(bytes.length).set(bytes);
  output.written(bytes.length);
}

const LARGE = bufferPool().take().length;

describe("the output buffer", () => {
  test("gives everything that was written, in order and in one piece, and is empty then", () => {
    const output = new OutputBuffer(bufferPool());
    put(output, Buffer.from("one "));
    put(output, Buffer.from("two"));
    assert.equal(output.length, 7);
    assert.equal(Buffer.from(output.pull()!).toString(), "one two");
    assert.deepEqual([output.length, output.pull()], [0, undefined]);
  });

  test("does not count room that was asked for and not written", () => {
    const output = new OutputBuffer(bufferPool());
    put(output, Buffer.from("sealed"));
    output.room(9).set(Buffer.from("plaintext"));
    put(output, Buffer.from("!"));
    assert.equal(Buffer.from(output.pull()!).toString(), "sealed!");
  });

  test("does not write again into what has been pulled", () => {
    const output = new OutputBuffer(bufferPool());
    put(output, Buffer.from("first"));
    const pulled = output.pull()!;
    put(output, Buffer.from("SECOND"));
    assert.equal(Buffer.from(pulled).toString(), "first");
  });

  test("keeps every byte, however it grows", () => {
    const sizes = fc.array(fc.oneof(fc.nat(600), fc.nat(5000), fc.nat(LARGE)), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const pool = bufferPool();
        const output = new OutputBuffer(pool);
        const parts = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        for (const part of parts) put(output, part);
        assert.ok(Buffer.concat(parts).equals(output.pull() ?? Buffer.alloc(0)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("the pool", () => {
  test("gives a buffer out again when it has come back", () => {
    const pool = bufferPool();
    const { buffer } = pool.take();
    pool.give(buffer);
    assert.equal(pool.take().buffer, buffer);
    assert.notEqual(pool.take().buffer, buffer);
  });

  test("gives one that came back twice out once", () => {
    const pool = bufferPool();
    const { buffer } = pool.take();
    pool.give(buffer);
    pool.give(buffer);
    assert.notEqual(pool.take().buffer, pool.take().buffer);
  });

  test("takes back only its own size, and only so many", () => {
    const pool = bufferPool();
    pool.give(new ArrayBuffer(10));
    assert.equal(pool.take().length, LARGE);
    const many = Array.from({ length: 100 }, () => pool.take().buffer);
    for (const buffer of many) pool.give(buffer);
    const kept = Array.from({ length: 100 }, () => pool.take().buffer).filter((buffer) => many.includes(buffer));
    assert.equal(kept.length, 16);
  });
});
