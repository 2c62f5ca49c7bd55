import assert from "node:assert/strict";
import { test } from "node:test";
import { Tries } from "../../../../src/auth/totp/tries.ts";
import { UsedCodes } from "../../../../src/auth/totp/used-codes.ts";

test("so many tries may be taken in a period that begins with the first", () => {
  const tries = new Tries(2, 100);
  assert.deepEqual(
    [tries.take("ada", 0), tries.take("ada", 50), tries.take("ada", 99), tries.take("bob", 99)],
    [true, true, false, true],
  );
  assert.deepEqual([tries.take("ada", 100), tries.take("ada", 100), tries.take("ada", 100)], [true, true, false]);
});

test("a memory of names stays within bounds, and forgets the oldest first", () => {
  const tries = new Tries(1, 1000);
  tries.take("first", 0);
  for (let index = 0; index < 9_999; index++) tries.take(`name ${index}`, 0);
  assert.equal(tries.take("first", 0), false);
  tries.take("one more", 0);
  assert.equal(tries.take("first", 0), true);
});

test("a step can be claimed once, and none before it", () => {
  const used = new UsedCodes();
  assert.deepEqual(
    [used.claim("ada", 5, 4), used.claim("ada", 5, 4), used.claim("ada", 4, 4), used.claim("ada", 6, 4)],
    [true, false, false, true],
  );
});

test("codes that have run out are forgotten, those that have not are not", () => {
  const used = new UsedCodes();
  for (let index = 0; index < 1500; index++) used.claim(`name ${index}`, 5, 4);
  assert.equal(used.claim("name 0", 5, 4), false);
  used.claim("late", 9, 8);
  assert.equal(used.claim("late", 9, 8), false);
  assert.equal(used.claim("name 0", 5, 8), true);
});
