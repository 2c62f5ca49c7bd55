import assert from "node:assert/strict";
import { test } from "node:test";
import { Slots } from "../../../../src/files/process/slots.ts";

test("there are as many places as were said, and one that is given back twice is one", () => {
  const slots = new Slots(2);
  const first = slots.take();
  const second = slots.take();
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(slots.take(), undefined);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.ok(slots.take() !== undefined);
  assert.equal(slots.take(), undefined);
});
