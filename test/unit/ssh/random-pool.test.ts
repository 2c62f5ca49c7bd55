import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { randomPool } from "../../../src/ssh/random-pool.ts";

describe("the random pool", () => {
  test("fills every byte, of any length, across refills", () => {
    const random = randomPool();
    for (const length of [1, 16, 255, 8191, 8192, 8193, 20_000]) {
      const seen = new Set<number>();
      const bytes = new Uint8Array(length);
      // A byte that stays 0 over 40 fills was not written: the chance is 1 in 256^40.
      const untouched = new Set(bytes.keys());
      for (let round = 0; round < 40; round++) {
        random(bytes.fill(0));
        for (const at of untouched) if (bytes[at] !== 0) untouched.delete(at);
        seen.add(bytes[0]!);
      }
      assert.equal(untouched.size, 0, `${length} bytes`);
      assert.ok(seen.size > 1);
    }
  });

  test("hands out no bytes twice", () => {
    const random = randomPool();
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      const bytes = new Uint8Array(16);
      random(bytes);
      seen.add(Buffer.from(bytes).toString("hex"));
    }
    assert.equal(seen.size, 5000);
  });
});
