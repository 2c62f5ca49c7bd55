import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Serials } from "../../../../src/auth/revocation/serials.ts";

test("a number is in the set when one of the ranges holds it, in whatever order and however they overlap", () => {
  const number = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 12 }), (pairs) => {
      const ranges = pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      const serials = new Serials();
      for (const [index, [from, to]] of ranges.entries()) {
        serials.addRange(BigInt(from), BigInt(to));
        if (index === 3) serials.has(1n);
      }
      for (let serial = 0; serial <= 61; serial++) {
        assert.equal(
          serials.has(BigInt(serial)),
          ranges.some(([from, to]) => from <= serial && serial <= to),
        );
      }
    }),
  );
});

test("a hundred thousand numbers are looked up at once", () => {
  const serials = new Serials();
  for (let serial = 200_000n; serial > 0n; serial -= 2n) serials.addRange(serial, serial);
  assert.deepEqual([serials.has(2n), serials.has(3n), serials.has(200_000n)], [true, false, true]);
});
