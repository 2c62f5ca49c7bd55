import assert from "node:assert/strict";
import { test } from "node:test";
import { perform } from "../../../../../src/terminal/editor/commands/draft.ts";
import { left } from "../../../../../src/terminal/editor/commands/moves.ts";
import { down, newer, newest, older, oldest, up } from "../../../../../src/terminal/editor/commands/recalls.ts";
import { History } from "../../../../../src/terminal/editor/history/history.ts";
import { draftOf, marked } from "../marked.ts";

const KEYS = { up, down, older, newer, oldest, newest, left };

/** What is on the line after each of some keys. */
function after(marks: string, lines: readonly string[], ...keys: (keyof typeof KEYS)[]): string[] {
  const draft = draftOf(marks, { multiline: true }, new History(lines));
  return keys.map((key) => {
    perform(draft, KEYS[key]);
    return marked(draft.line);
  });
}

test("the history goes back and forth, and the line half typed is kept", () => {
  assert.deepEqual(after("half ty|ped", ["first", "second"], "older", "older", "older", "newer", "newer", "newer"), [
    "second|",
    "first|",
    "first|",
    "second|",
    "half typed|",
    "half typed|",
  ]);
  assert.deepEqual(after("x|", ["1", "2", "3"], "oldest", "oldest", "newest", "newest"), ["1|", "1|", "x|", "x|"]);
  assert.deepEqual(after("|", [], "older", "oldest", "up"), ["|", "|", "|"]);
});

test("Up goes through the lines that begin as what is typed does, and Down comes back the same way", () => {
  const lines = ["git push", "ls", "git commit", "ls -l", "git commit"];
  assert.deepEqual(after("git|", lines, "up", "up", "up", "down", "down"), [
    "git commit|",
    "git push|",
    "git push|",
    "git commit|",
    "git|",
  ]);
  assert.deepEqual(after("l|xyz", lines, "up", "up", "down", "down"), ["ls -l|", "ls|", "ls -l|", "lxyz|"]);
  assert.deepEqual(after("none|", lines, "up"), ["none|"]);
});

test("a recalled line tells where it begins to differ from the one before", () => {
  const draft = draftOf("git commit|", {}, new History(["git push"]));
  assert.deepEqual(perform(draft, older), { kind: "changed", from: 4, clipped: false });
});

test("a line that was recalled and changed is a new beginning for Up, and lies between two lines for the others", () => {
  const draft = draftOf("|", {}, new History(["make a", "make b", "make c"]));
  perform(draft, up);
  perform(draft, up);
  draft.line.set("make");
  perform(draft, up);
  assert.equal(draft.line.text, "make c");
  draft.line.set("make");
  perform(draft, older);
  assert.equal(draft.line.text, "make b");
  draft.line.set("other");
  perform(draft, newer);
  assert.equal(draft.line.text, "make c");
  perform(draft, newer);
  assert.equal(draft.line.text, "make");
});

test("Up moves in the rows of the line first, but goes on through the history once it is there", () => {
  const lines = ["one", "a\nb\nc"];
  assert.deepEqual(after("|", lines, "up", "up", "down", "left", "up"), [
    "a\nb\nc|",
    "one|",
    "a\nb\nc|",
    "a\nb\n|c",
    "a\n|b\nc",
  ]);
  assert.deepEqual(after("x\ny|", lines, "up", "down", "down"), ["x|\ny", "x\ny|", "x\ny|"]);
});

test("lines that are loaded later, or added by others, do not shift the place", () => {
  const history = new History(["b", "c"]);
  const draft = draftOf("|", {}, history);
  perform(draft, older);
  perform(draft, older);
  assert.equal(draft.line.text, "b");
  history.prepend(["a"]);
  history.add("d");
  perform(draft, older);
  assert.equal(draft.line.text, "a");
  perform(draft, newer);
  perform(draft, newer);
  assert.equal(draft.line.text, "c");
});
