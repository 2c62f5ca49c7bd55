import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { InputBuffer } from "../../../src/transport/input-buffer.ts";

describe("the input buffer", () => {
  test("uses a chunk where it is while nothing waits", () => {
    const input = new InputBuffer();
    const chunk = Buffer.from("abc");
    input.append(chunk);
    assert.equal(input.peek(3).buffer, chunk.buffer);
  });

  test("gives bytes out once, in order, and peeks without using up", () => {
    const input = new InputBuffer();
    input.append(Buffer.from("abc"));
    input.append(Buffer.from("defg"));
    assert.equal(Buffer.from(input.peek(5)).toString(), "abcde");
    assert.equal(Buffer.from(input.take(2)).toString(), "ab");
    assert.equal(Buffer.from(input.take(5)).toString(), "cdefg");
    assert.equal(input.length, 0);
  });

  test("writes nothing into the chunks it was given", () => {
    const input = new InputBuffer();
    const first = Buffer.from("abcdef");
    input.append(first.subarray(0, 3));
    input.append(Buffer.from("XY"));
    assert.equal(first.toString(), "abcdef");
  });

  test("grows with what came and not faster than twofold", () => {
    const input = new InputBuffer();
    for (let i = 0; i < 10_000; i++) input.append(Uint8Array.of(i));
    assert.equal(input.length, 10_000);
    assert.ok(input.peek(1).buffer.byteLength <= 20_000);
  });

  test("holds nothing when it is empty or cleared", () => {
    const input = new InputBuffer();
    input.append(Buffer.alloc(5000));
    input.append(Buffer.alloc(5000));
    input.take(10_000);
    assert.equal(input.peek(0).buffer.byteLength, 0);
    input.append(Buffer.alloc(5));
    input.clear();
    assert.equal(input.length, 0);
  });

  test("is a queue of bytes, however it is filled and emptied", () => {
    const step = fc.oneof(fc.record({ append: fc.uint8Array({ maxLength: 50 }) }), fc.record({ take: fc.nat(60) }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const input = new InputBuffer();
        let model: Buffer = Buffer.alloc(0);
        for (const action of steps) {
          if ("append" in action) {
            input.append(action.append);
            model = Buffer.concat([model, action.append]);
          } else {
            const length = Math.min(action.take, model.length);
            assert.deepEqual(Buffer.from(input.take(length)), model.subarray(0, length));
            model = model.subarray(length);
          }
          assert.equal(input.length, model.length);
        }
      }),
    );
  });
});
