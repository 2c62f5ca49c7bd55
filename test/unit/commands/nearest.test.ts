import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { nearest } from "../../../src/commands/nearest.ts";

const NAMES = ["buy", "order", "help", "history", "who", "w"];

for (const [word, meant] of [
  ["bui", "buy"],
  ["ordre", "order"],
  ["odrer", "order"],
  ["HELP", "help"],
  ["hlep", "help"],
  ["histroy", "history"],
  ["hisory", "history"],
  ["who1", "who"],
  ["x", undefined],
  ["zebra", undefined],
  ["", undefined],
  ["order".repeat(20), undefined],
] as const) {
  test(`${word === "" ? "nothing" : word} may have meant ${meant ?? "nothing"}`, () =>
    assert.equal(nearest(word, NAMES), meant));
}

test("a name that is typed as it is has been meant, and one letter too many is seen through", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3, maxLength: 20 }), fc.nat(), (name, at) => {
      assert.equal(nearest(name, ["completely-other", name]), name);
      const wrong = `${name.slice(0, at % name.length)}x${name.slice(at % name.length)}`;
      assert.equal(nearest(wrong, [name]), name);
    }),
  );
});
