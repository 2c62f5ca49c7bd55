import assert from "node:assert/strict";
import { test } from "node:test";
import { type Action, type Draft, perform } from "../../../../../src/terminal/editor/commands/draft.ts";
import * as changes from "../../../../../src/terminal/editor/commands/changes.ts";
import * as kills from "../../../../../src/terminal/editor/commands/kills.ts";
import * as moves from "../../../../../src/terminal/editor/commands/moves.ts";
import * as recalls from "../../../../../src/terminal/editor/commands/recalls.ts";
import { History } from "../../../../../src/terminal/editor/history/history.ts";
import { draftOf, marked } from "../marked.ts";

const ACTIONS = {
  ...moves,
  ...changes,
  killToEnd: kills.killToEnd,
  killToStart: kills.killToStart,
  killArgumentLeft: kills.killArgumentLeft,
  killWordLeft: kills.killWordLeft,
  killWordRight: kills.killWordRight,
  yank: kills.yank,
  yankPop: kills.yankPop,
  up: recalls.up,
  down: recalls.down,
  older: recalls.older,
};
type Name = {
  [Name in keyof typeof ACTIONS]: (typeof ACTIONS)[Name] extends Action ? Name : never;
}[keyof typeof ACTIONS];

const ROWS: readonly [before: string, action: Name, after: string][] = [
  ["ab|c", "left", "a|bc"],
  ["|abc", "left", "|abc"],
  ["a👍🏽|b", "left", "a|👍🏽b"],
  ["a|👩‍👩‍👧b", "right", "a👩‍👩‍👧|b"],
  ["abc|", "right", "abc|"],
  ["ab|c", "home", "|abc"],
  ["ab\ncd|e", "home", "ab\n|cde"],
  ["ab\n|cde", "home", "ab\n|cde"],
  ["a|bc", "end", "abc|"],
  ["a|b\ncde", "end", "ab|\ncde"],
  ["one two-three|", "wordLeft", "one two-|three"],
  ["one  |two", "wordLeft", "|one  two"],
  ["one\ntwo|", "wordLeft", "one\n|two"],
  ["one| two, three", "wordRight", "one two|, three"],
  ["ein |Übergang ß", "wordRight", "ein Übergang| ß"],
  ["ab|c", "backspace", "a|c"],
  ["|abc", "backspace", "|abc"],
  ["a\n|b", "backspace", "a|b"],
  ["e\u0301|x", "backspace", "|x"],
  ["🇩🇪🇫🇷|", "backspace", "🇩🇪|"],
  ["a|bc", "deleteRight", "a|c"],
  ["abc|", "deleteRight", "abc|"],
  ["a|👍🏽", "deleteRight", "a|"],
  ["a|\nb", "deleteRight", "a|b"],
  ["one  |  two", "deleteBlanks", "one|two"],
  ["one|two", "deleteBlanks", "one|two"],
  ["one|two", "newline", "one\n|two"],
  ["one |two", "killToEnd", "one |"],
  ["one |two\nthree", "killToEnd", "one |\nthree"],
  ["one|\nthree", "killToEnd", "one|three"],
  ["one|", "killToEnd", "one|"],
  ["one |two", "killToStart", "|two"],
  ["one\nt|wo", "killToStart", "one\n|wo"],
  ["one\n|two", "killToStart", "one|two"],
  ["|one", "killToStart", "|one"],
  ["ls /usr/lib|", "killArgumentLeft", "ls |"],
  ["ls /usr/lib  |x", "killArgumentLeft", "ls |x"],
  ["ls /usr/lib|", "killWordLeft", "ls /usr/|"],
  ["ls| /usr/lib", "killWordRight", "ls|/lib"],
  ["abc|", "transpose", "acb|"],
  ["a|bc", "transpose", "ba|c"],
  ["|abc", "transpose", "|abc"],
  ["a|", "transpose", "a|"],
  ["a👍🏽|字", "transpose", "a字👍🏽|"],
  ["one| two three", "transposeWords", "two one| three"],
  ["one tw|o three", "transposeWords", "two one| three"],
  ["one, two;  |", "transposeWords", "two, one|;  "],
  ["one|", "transposeWords", "one|"],
  ["|one two", "transposeWords", "|one two"],
  ["  |", "transposeWords", "  |"],
  ["o|ne two", "upperCase", "oNE| two"],
  ["one| two", "upperCase", "one TWO|"],
  ["stra|ße", "upperCase", "straSSE|"],
  ["O|NE TWO", "lowerCase", "One| TWO"],
  ["one| tWO", "capitalize", "one Two|"],
  ["one|, élAN", "capitalize", "one, Élan|"],
  ["one|  ", "capitalize", "one  |"],
  ["a|bc", "yank", "a|bc"],
  ["a|bc", "yankPop", "a|bc"],
  ["abc\nd|ef", "up", "a|bc\ndef"],
  ["a|bc", "up", "a|bc"],
  ["ab|c\nd\nef", "down", "abc\nd|\nef"],
  ["字字|\nabcde", "down", "字字\nabcd|e"],
  ["abc|\n字字", "down", "abc\n字|字"],
  ["a|bc", "older", "a|bc"],
];

for (const [before, name, after] of ROWS) {
  test(`${name} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    const draft = draftOf(before, { multiline: true });
    const { kind } = perform(draft, ACTIONS[name]);
    assert.equal(marked(draft.line), after);
    assert.equal(kind === "none", before === after);
  });
}

/** Does one thing after the other. */
function all(draft: Draft, ...actions: Action[]): string {
  for (const action of actions) perform(draft, action);
  return marked(draft.line);
}

test("a line of one row has no newline", () => {
  assert.equal(all(draftOf("one|two"), changes.newline), "one|two");
});

test("going up and down keeps to the cell where it began, whatever the rows between", () => {
  const draft = draftOf("12345\n\n字字字\n1234|5", { multiline: true });
  assert.equal(all(draft, recalls.up), "12345\n\n字字|字\n12345");
  assert.equal(all(draft, recalls.up), "12345\n|\n字字字\n12345");
  assert.equal(all(draft, recalls.up), "1234|5\n\n字字字\n12345");
  assert.equal(all(draft, moves.left, recalls.down, recalls.down), "12345\n\n字|字字\n12345");
});

test("kills one after another are put back together, in the order of the text", () => {
  const draft = draftOf("one two| three");
  assert.equal(all(draft, kills.killWordLeft, kills.killToEnd, kills.killWordLeft, kills.yank), "one two three|");
});

test("a move parts the kills, and a second key goes back through them", () => {
  const draft = draftOf("one two three|");
  all(draft, kills.killArgumentLeft, moves.home, moves.end, kills.killArgumentLeft, kills.yank);
  assert.equal(draft.line.text, "one two ");
  assert.equal(all(draft, kills.yankPop), "one three|");
  assert.equal(all(draft, kills.yankPop), "one two |");
  assert.equal(all(draft, moves.left, kills.yankPop), "one two| ");
});

test("what had no room is not taken away again by the key for the kill before", () => {
  const draft = draftOf("abc|def", { limit: 6 });
  draft.kills.add("one", "forward", false);
  draft.kills.add("two", "forward", false);
  assert.deepEqual(perform(draft, kills.yank), { kind: "refused" });
  assert.deepEqual(perform(draft, kills.yankPop), { kind: "none" });
  assert.equal(draft.line.text, "abcdef");
});

test("of a secret nothing is kept, its words are not told apart, and it is not written otherwise", () => {
  const draft = draftOf("my secret|", { secret: true });
  assert.equal(all(draft, moves.wordLeft), "|my secret");
  assert.equal(all(draft, moves.wordRight), "my secret|");
  assert.equal(all(draft, moves.home, changes.upperCase, moves.end, changes.transposeWords), "my secret|");
  assert.equal(all(draft, kills.killArgumentLeft), "|");
  assert.equal(draft.kills.top, undefined);
});

test("undo, redo and revert ring when there is nothing left", () => {
  const draft = draftOf("ab|");
  assert.equal(all(draft, changes.backspace, moves.home, changes.deleteRight), "|");
  assert.equal(all(draft, changes.undo), "|a");
  assert.equal(all(draft, changes.redo), "|");
  assert.equal(all(draft, changes.revert), "ab|");
  for (const action of [changes.undo, changes.revert]) assert.deepEqual(perform(draft, action), { kind: "refused" });
});

test("the last argument of the line before is put in, then that of the line before that instead", () => {
  const history = new History(["cp a.txt /tmp", "ls", 'say "good morning"']);
  const draft = draftOf("x |", {}, history);
  assert.equal(all(draft, recalls.yankArgument), 'x "good morning"|');
  assert.equal(all(draft, recalls.yankArgument), "x ls|");
  assert.equal(all(draft, recalls.yankArgument), "x /tmp|");
  assert.deepEqual(perform(draft, recalls.yankArgument), { kind: "refused" });
  assert.equal(all(draft, changes.undo), "x |");
  assert.deepEqual(perform(draftOf("|", {}, new History()), recalls.yankArgument), { kind: "refused" });
  assert.deepEqual(perform(draftOf("|"), recalls.yankArgument), { kind: "none" });
});
