import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../src/terminal/editor/history.ts";

test("lines are kept in order, without blank ones and without repetitions", () => {
  const history = new History(["a"]);
  for (const line of ["b", "b", "", "  ", "a"]) history.add(line);
  assert.deepEqual([...history], ["a", "b", "a"]);
  assert.equal(history.length, 3);
  assert.equal(history.at(1), "b");
  assert.equal(history.at(3), undefined);
});

test("the oldest go when there are too many lines", () => {
  assert.deepEqual([...new History(["a", "b", "c"], { lines: 2 })], ["b", "c"]);
});

test("the oldest go when they are too long together; a line that is too long alone is not kept", () => {
  const history = new History(["1234", "5678"], { size: 10 });
  history.add("abcdefghijk");
  assert.deepEqual([...history], ["1234", "5678"]);
  history.add("abc");
  assert.deepEqual([...history], ["5678", "abc"]);
});
