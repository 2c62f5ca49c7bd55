import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { Reader, Writer } from "../../../src/wire/index.ts";

const hex = (to: Writer): string => Buffer.from(to.finish()).toString("hex");

describe("a writer", () => {
  test("writes the examples of RFC 4251 §5", () => {
    assert.equal(hex(new Writer().uint32(699921578)), "29b7f4aa");
    assert.equal(hex(new Writer().utf8("testing")), "0000000774657374696e67");
    assert.equal(hex(new Writer().mpint(Buffer.alloc(0))), "00000000");
    assert.equal(hex(new Writer().mpint(Buffer.from("09a378f9b2e332a7", "hex"))), "0000000809a378f9b2e332a7");
    assert.equal(hex(new Writer().mpint(Buffer.from("80", "hex"))), "000000020080");
    assert.equal(hex(new Writer().nameList([])), "00000000");
    assert.equal(hex(new Writer().nameList(["zlib"])), "000000047a6c6962");
    assert.equal(hex(new Writer().nameList(["zlib", "none"])), "000000097a6c69622c6e6f6e65");
  });

  test("writes a byte, booleans and a uint64", () => {
    assert.equal(
      hex(new Writer().byte(255).boolean(true).boolean(false).uint64(0x0123456789abcdefn)),
      "ff01000123456789abcdef",
    );
  });

  test("grows from any capacity", () => {
    for (const capacity of [0, 1, 4, 128]) {
      const to = new Writer(capacity);
      for (let i = 0; i < 100; i++) to.uint32(i);
      const from = new Reader(to.finish());
      for (let i = 0; i < 100; i++) assert.equal(from.uint32(), i);
      from.end();
    }
  });

  test("refuses numbers that the type does not hold", () => {
    for (const value of [-1, 2 ** 32]) assert.throws(() => new Writer().uint32(value), RangeError);
    assert.throws(() => new Writer().uint64(-1n), RangeError);
    assert.throws(() => new Writer().uint64(2n ** 64n), RangeError);
  });

  test("gives back no byte that was not written", () => {
    Buffer.allocUnsafe(4096).fill(0xee);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (parts) => {
        const to = new Writer(1);
        for (const part of parts) to.bytes(part);
        assert.deepEqual(Buffer.from(to.finish()), Buffer.concat(parts));
      }),
    );
  });

  test("writes any text as many bytes as it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const from = new Reader(new Writer(1).utf8(text).finish());
        assert.equal(from.utf8(), text);
        from.end();
      }),
    );
  });

  test("writes a magnitude canonically, whatever zeros it begins with", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(3), (bytes, zeros) => {
        const padded = Buffer.concat([Buffer.alloc(zeros), bytes]);
        const first = bytes.findIndex((byte) => byte !== 0);
        const magnitude = first === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(first));
        assert.deepEqual(Buffer.from(new Reader(new Writer().mpint(padded).finish()).mpint()), magnitude);
      }),
    );
  });
});
