import assert from "node:assert/strict";
import { test } from "node:test";
import { KillRing } from "../../../../../src/terminal/editor/commands/kill-ring.ts";

test("what was killed last is on top, and rotating brings up what was killed before", () => {
  const ring = new KillRing();
  assert.equal(ring.top, undefined);
  ring.rotate();
  ring.add("a", "forward", false);
  ring.add("b", "forward", false);
  assert.equal(ring.top, "b");
  ring.rotate();
  assert.equal(ring.top, "a");
  ring.rotate();
  assert.equal(ring.top, "b");
});

test("a kill that follows another is joined to it on the side it came from", () => {
  const ring = new KillRing();
  ring.add("b", "forward", false);
  ring.add("c", "forward", true);
  ring.add("a", "backward", true);
  assert.equal(ring.top, "abc");
});

test("eight kills are kept", () => {
  const ring = new KillRing();
  for (const text of "123456789") ring.add(text, "forward", false);
  const seen = new Set<string | undefined>();
  for (let count = 0; count < 9; count++) {
    seen.add(ring.top);
    ring.rotate();
  }
  assert.deepEqual(seen, new Set("98765432".split("")));
});
