import assert from "node:assert/strict";
import test from "node:test";
import { Tally } from "../../../../src/commands/sudo/tally.ts";

test("so many tries, then a wait, then as many again", () => {
  const tally = new Tally(2, 10);
  assert.deepEqual([tally.take("a", 0), tally.take("a", 1000), tally.take("a", 2000)], [true, true, false]);
  assert.deepEqual([tally.waits("a", 2000), tally.waits("a", 10_999), tally.waits("a", 11_000)], [9, 1, 0]);
  assert.deepEqual([tally.take("a", 11_000), tally.take("a", 11_000), tally.take("a", 11_000)], [true, true, false]);
  assert.equal(tally.take("b", 11_000), true);
});

test("what went wrong is forgotten after a right one, and after the wait", () => {
  const tally = new Tally(2, 10);
  tally.take("a", 0);
  tally.clear("a");
  assert.deepEqual([tally.take("a", 1), tally.take("a", 2), tally.take("a", 3)], [true, true, false]);
  const slow = new Tally(2, 10);
  for (let now = 0; now < 100_000; now += 10_000) assert.equal(slow.take("a", now), true);
});

test("it keeps no more users than it may, the newest", () => {
  const tally = new Tally(1, 1000);
  for (let user = 0; user <= 10_000; user++) tally.take(String(user), 0);
  assert.equal(tally.take("0", 1), true);
  assert.equal(tally.take("10000", 1), false);
});
