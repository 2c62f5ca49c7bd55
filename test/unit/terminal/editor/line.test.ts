import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { History } from "../../../../src/terminal/editor/history.ts";
import { KillRing } from "../../../../src/terminal/editor/kill-ring.ts";
import { type Edit, Line, type LineOptions } from "../../../../src/terminal/editor/line.ts";
import { graphemes } from "../../../../src/terminal/text/graphemes.ts";

/** A line with text and a cursor, which "|" marks. */
function line(marked: string, options: Partial<LineOptions> = {}): Line {
  const line = new Line({ kills: new KillRing(), limit: 1000, ...options });
  const [before = "", after = ""] = marked.split("|");
  line.insert(before + after);
  line.home();
  while (line.graphemes.slice(0, line.cursor).join("") !== before) line.right();
  return line;
}

function marked(line: Line): string {
  const { graphemes, cursor } = line;
  return `${graphemes.slice(0, cursor).join("")}|${graphemes.slice(cursor).join("")}`;
}

type Method = Exclude<keyof Line, "text" | "graphemes" | "cursor" | "length" | "insert" | "set">;

const EDITS: readonly [before: string, edit: Method, after: string][] = [
  ["ab|c", "left", "a|bc"],
  ["|abc", "left", "|abc"],
  ["a👍🏽|b", "left", "a|👍🏽b"],
  ["a|👩‍👩‍👧b", "right", "a👩‍👩‍👧|b"],
  ["abc|", "right", "abc|"],
  ["ab|c", "home", "|abc"],
  ["a|bc", "end", "abc|"],
  ["one two-three|", "wordLeft", "one two-|three"],
  ["one  |two", "wordLeft", "|one  two"],
  ["one| two, three", "wordRight", "one two|, three"],
  ["ein |Übergang ß", "wordRight", "ein Übergang| ß"],
  ["ab|c", "backspace", "a|c"],
  ["|abc", "backspace", "|abc"],
  ["e\u0301|x", "backspace", "|x"],
  ["🇩🇪🇫🇷|", "backspace", "🇩🇪|"],
  ["a|bc", "delete", "a|c"],
  ["abc|", "delete", "abc|"],
  ["a|👍🏽", "delete", "a|"],
  ["one |two", "killToEnd", "one |"],
  ["one |two", "killToStart", "|two"],
  ["ls /usr/lib|", "killArgumentLeft", "ls |"],
  ["ls /usr/lib  |x", "killArgumentLeft", "ls |x"],
  ["ls /usr/lib|", "killWordLeft", "ls /usr/|"],
  ["ls| /usr/lib", "killWordRight", "ls|/lib"],
  ["abc|", "transpose", "acb|"],
  ["a|bc", "transpose", "ba|c"],
  ["|abc", "transpose", "|abc"],
  ["a|", "transpose", "a|"],
  ["a👍🏽|字", "transpose", "a字👍🏽|"],
  ["a|bc", "clear", "|"],
  ["a|bc", "yank", "a|bc"],
  ["a|bc", "yankPop", "a|bc"],
  ["a|bc", "older", "a|bc"],
  ["a|bc", "newer", "a|bc"],
];

for (const [before, edit, after] of EDITS) {
  test(`${edit} makes ${after} of ${before}`, () => {
    const it = line(before);
    const { kind } = it[edit]();
    assert.equal(marked(it), after);
    assert.equal(kind === "none", before === after);
  });
}

test("text goes in at the cursor, and an edit tells from where on the line is another", () => {
  const it = line("ab|c");
  assert.deepEqual(it.insert("xyz"), { kind: "changed", from: 2, clipped: false });
  assert.equal(marked(it), "abxyz|c");
  assert.deepEqual(it.left(), { kind: "moved" });
  assert.deepEqual(it.delete(), { kind: "changed", from: 4, clipped: false });
  assert.deepEqual(it.insert(""), { kind: "none" });
});

test("a mark joins the letter before it, and that cluster has changed", () => {
  const it = line("abe|");
  assert.deepEqual(it.insert("\u0301"), { kind: "changed", from: 2, clipped: false });
  assert.deepEqual(it.graphemes, ["a", "b", "e\u0301"]);
  assert.equal(it.cursor, 3);
});

test("deleting what stood between them joins clusters", () => {
  const it = line("🇩x|🇪");
  it.backspace();
  assert.deepEqual(it.graphemes, ["🇩🇪"]);
});

test("a line is clean: newlines and tabs are blanks, other controls and bidirectional overrides are left out", () => {
  const it = line("|");
  it.insert("a\r\nb\nc\td\x1b[31m\x00\x7f\u009b\u202ee\u2066\ud800");
  assert.equal(it.text, "a b c d[31me\ufffd");
});

test("a line has a limit, no cluster is cut at it, and the edit tells that not all went in", () => {
  const it = line("abc|", { limit: 6 });
  assert.deepEqual(it.insert("d👍🏽"), { kind: "changed", from: 3, clipped: true });
  assert.equal(it.text, "abcd");
  assert.deepEqual(it.insert("ef"), { kind: "changed", from: 4, clipped: false });
  const full = it.insert("g");
  assert.equal(full.kind === "changed" && full.clipped, true);
  assert.equal(it.set("1234567").kind, "changed");
  assert.equal(it.text, "123456");
});

test("a letter carries so many marks and no more, whether they come at once or one by one", () => {
  const it = line("|");
  it.insert(`a${"\u0301".repeat(500)}b`);
  assert.equal(it.text.length, 33);
  it.left();
  for (let count = 0; count < 500; count++) it.insert("\u0301");
  assert.equal(it.text.length, 65);
});

test("kills one after another are yanked together, in the order of the text", () => {
  const it = line("one two| three");
  it.killWordLeft();
  it.killToEnd();
  it.killWordLeft();
  it.yank();
  assert.equal(marked(it), "one two three|");
});

test("a move parts the kills, and yank-pop goes back through them", () => {
  const it = line("one two three|");
  it.killArgumentLeft();
  it.home();
  it.end();
  it.killArgumentLeft();
  it.yank();
  assert.equal(it.text, "one two ");
  it.yankPop();
  assert.equal(it.text, "one three");
  it.yankPop();
  assert.equal(it.text, "one two ");
  it.left();
  assert.deepEqual(it.yankPop(), { kind: "none" });
});

test("history goes back and forth, and the line half typed is kept", () => {
  const it = line("half ty|ped", { history: new History(["first", "second"]) });
  it.older();
  assert.equal(marked(it), "second|");
  it.older();
  assert.equal(marked(it), "first|");
  assert.deepEqual(it.older(), { kind: "none" });
  it.insert(", edited");
  it.newer();
  assert.equal(it.text, "second");
  it.newer();
  assert.equal(it.text, "half typed");
  assert.deepEqual(it.newer(), { kind: "none" });
  it.oldest();
  assert.equal(it.text, "first");
  it.newest();
  assert.equal(it.text, "half typed");
});

test("a recalled line tells where it begins to differ from the one before", () => {
  const it = line("git commit|", { history: new History(["git push"]) });
  assert.deepEqual(it.older(), { kind: "changed", from: 4, clipped: false });
});

test("of a secret nothing is put into the kill ring, and its words are not told apart", () => {
  const kills = new KillRing();
  const it = line("my secret|", { kills, secret: true });
  it.wordLeft();
  assert.equal(it.cursor, 0);
  it.wordRight();
  assert.equal(it.cursor, it.length);
  it.killArgumentLeft();
  assert.equal(it.text, "");
  assert.equal(kills.top, undefined);
});

test("whatever is done, the clusters are those of the text, and an edit's claim is true", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", " ", "👍", "🏽", "\u200d", "🇩", "e", "\u0301", "字", "क", "्"),
    maxLength: 6,
  });
  const methods = [...new Set(EDITS.map(([, method]) => method))];
  const step = fc.oneof(
    text.map((text) => (line: Line) => line.insert(text)),
    fc.constantFrom(...methods).map((method) => (line: Line) => line[method]()),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const it = new Line({ kills: new KillRing(), limit: 60, history: new History(["ab", "🇩🇪", "字"]) });
      for (const step of steps) {
        const before = [...it.graphemes];
        const { cursor } = it;
        const edit: Edit = step(it);
        assert.deepEqual([...it.graphemes], graphemes(it.text));
        assert.ok(it.cursor >= 0 && it.cursor <= it.length);
        assert.ok(it.text.length <= 60);
        const same = edit.kind === "changed" ? edit.from : it.length;
        assert.deepEqual(it.graphemes.slice(0, same), before.slice(0, same));
        if (edit.kind !== "changed") assert.equal(before.length, it.length);
        if (edit.kind === "none") assert.equal(it.cursor, cursor);
      }
    }),
    { numRuns: 1000 },
  );
});
