import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { ByteQueue } from "../../../../src/terminal/tty/byte-queue.ts";

test("what goes in comes out in order, however it is pushed and taken", () => {
  const step = fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.integer({ min: 500, max: 5000 }).map((length) => new Uint8Array(length).fill(7)),
    fc.constantFrom<"shift" | "shift 2" | "take">("shift", "shift 2", "take"),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new ByteQueue();
      const into: number[] = [];
      const out: number[] = [];
      for (const one of steps) {
        if (typeof one === "string") {
          const bytes = one === "take" ? queue.take() : queue.shift(one === "shift" ? undefined : 2);
          out.push(...(bytes ?? []));
        } else {
          into.push(...one);
          queue.push(one);
        }
        assert.equal(queue.size, into.length - out.length);
      }
      for (let bytes = queue.shift(); bytes !== undefined; bytes = queue.shift()) out.push(...bytes);
      assert.deepEqual(out, into);
      assert.equal(queue.size, 0);
    }),
  );
});

test("a million bytes that come one by one are a few pieces", () => {
  const queue = new ByteQueue();
  for (let count = 0; count < 1_000_000; count++) queue.push(Uint8Array.of(count & 0xff));
  let pieces = 0;
  for (let bytes = queue.shift(); bytes !== undefined; bytes = queue.shift()) pieces++;
  assert.ok(pieces < 300, `${pieces} pieces`);
});

test("small pieces are copied, so that they may be written over", () => {
  const queue = new ByteQueue();
  const bytes = Uint8Array.of(1, 2);
  queue.push(bytes);
  bytes.fill(9);
  queue.push(bytes);
  assert.deepEqual([...(queue.shift() ?? [])], [1, 2, 9, 9]);
  queue.push(bytes);
  queue.clear();
  assert.equal(queue.shift(), undefined);
  assert.equal(queue.take().length, 0);
});
