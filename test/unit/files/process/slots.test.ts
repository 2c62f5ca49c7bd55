import assert from "node:assert/strict";
import { test } from "node:test";
import { Slots } from "../../../../src/files/process/slots.ts";

test("there are as many places as were said, and one that is given back twice is one", () => {
  const slots = new Slots(2);
  const first = slots.take("ada");
  assert.ok(first !== undefined && slots.take("bob") !== undefined);
  assert.equal(slots.take("eve"), undefined);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.ok(slots.take("eve") !== undefined);
  assert.equal(slots.take("ada"), undefined);
});

test("one user has at most half of the places, rounded up, and has them again when they are given back", () => {
  for (const [places, share] of [
    [1, 1],
    [4, 2],
    [5, 3],
  ] as const) {
    const slots = new Slots(places);
    const held = Array.from({ length: share }, () => slots.take("ada"));
    assert.ok(held.every((slot) => slot !== undefined));
    assert.equal(slots.take("ada"), undefined);
    for (let left = places - share; left > 0; left--) assert.ok(slots.take("bob") !== undefined);
    assert.equal(slots.take("eve"), undefined);
    held[0]?.[Symbol.dispose]();
    assert.ok(slots.take("ada") !== undefined);
  }
});
