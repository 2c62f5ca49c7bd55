import assert from "node:assert/strict";
import { test } from "node:test";
import { lastArgument } from "../../../../../src/terminal/editor/history/arguments.ts";
import { History } from "../../../../../src/terminal/editor/history/history.ts";

test("lines are kept in order, without blank ones, repetitions and those that begin with a blank", () => {
  const history = new History(["a"]);
  const kept = ["b", "b", "", "  ", " secret", "a"].map((line) => history.add(line));
  assert.deepEqual(kept, [true, false, false, false, false, true]);
  assert.deepEqual([...history], ["a", "b", "a"]);
  assert.equal(history.length, 3);
  assert.equal(history.at(1), "b");
  assert.equal(history.at(3), undefined);
});

test("the oldest go when there are too many lines, and the others keep their numbers", () => {
  const history = new History(["a", "b", "c"], { lines: 2 });
  assert.deepEqual([...history], ["b", "c"]);
  assert.equal(history.at(2), "c");
  assert.deepEqual([history.first, history.next], [1, 3]);
  assert.equal(new History([], { lines: 0 }).add("a"), false);
});

test("what is cleared is gone, and its numbers are not given again", () => {
  const history = new History(["1234", "5678"], { size: 10 });
  history.clear();
  assert.deepEqual([[...history], history.length, history.at(1), history.next], [[], 0, undefined, 2]);
  history.add("abcdefghij");
  assert.deepEqual([history.at(2), history.first, history.next], ["abcdefghij", 2, 3]);
});

test("the oldest go when they are too long together; a line that is too long alone is not kept", () => {
  const history = new History(["1234", "5678"], { size: 10 });
  history.add("abcdefghijk");
  assert.deepEqual([...history], ["1234", "5678"]);
  history.add("abc");
  assert.deepEqual([...history], ["5678", "abc"]);
});

test("lines come late before those that are there, as far as there is room", () => {
  const history = new History(["d", "e"], { lines: 4 });
  history.prepend(["a", "b", "c", " x", "d"]);
  assert.deepEqual([...history], ["b", "c", "d", "e"]);
  assert.equal(history.at(0), "d");
  assert.equal(history.at(-2), "b");
  assert.deepEqual([history.first, history.next], [-2, 2]);
});

test("lines are found before and after a number", () => {
  const history = new History(["aa", "b", "ab"]);
  const begins = (line: string): boolean => line.startsWith("a");
  assert.equal(history.findBefore(history.next, begins), 2);
  assert.equal(history.findBefore(2, begins), 0);
  assert.equal(history.findBefore(0, begins), undefined);
  assert.equal(history.findBefore(Infinity, begins), 2);
  assert.equal(history.findAfter(0, begins), 2);
  assert.equal(history.findAfter(-10, begins), 0);
  assert.equal(history.findAfter(2, begins), undefined);
});

test("the last argument is what a shell takes for it, with its quotes", () => {
  const arguments_ = {
    "": "",
    "  ": "",
    ls: "ls",
    "cp a b  ": "b",
    'say "good morning"': '"good morning"',
    "say it's ok": "it's ok",
    'open "half of': '"half of',
    "cat a\\ b": "a\\ b",
    "end \\": "\\",
    "二 三\n四": "四",
  };
  for (const [line, argument] of Object.entries(arguments_)) assert.equal(lastArgument(line), argument);
});
