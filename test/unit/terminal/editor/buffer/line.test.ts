import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Edit, Line, type LineOptions } from "../../../../../src/terminal/editor/buffer/line.ts";
import { graphemes } from "../../../../../src/terminal/text/graphemes.ts";
import { lineOf, marked } from "../marked.ts";

const full: Partial<LineOptions> = { limit: 6 };

test("text goes in at the cursor, and an edit tells from where on the line is another", () => {
  const it = lineOf("ab|c");
  assert.deepEqual(it.insert("xyz"), { kind: "changed", from: 2, clipped: false });
  assert.equal(marked(it), "abxyz|c");
  assert.deepEqual(it.moveTo(4), { kind: "moved" });
  assert.deepEqual(it.replace(4, 5, ""), { kind: "changed", from: 4, clipped: false });
  assert.deepEqual(it.insert(""), { kind: "none" });
  assert.deepEqual(it.moveTo(4), { kind: "none" });
  assert.deepEqual(it.set("abxyc"), { kind: "moved" });
});

test("a mark joins the letter before it, and that cluster has changed", () => {
  const it = lineOf("abe|");
  assert.deepEqual(it.insert("\u0301"), { kind: "changed", from: 2, clipped: false });
  assert.deepEqual(it.graphemes, ["a", "b", "e\u0301"]);
  assert.equal(it.cursor, 3);
});

test("deleting what stood between them joins clusters", () => {
  const it = lineOf("🇩x|🇪");
  it.replace(1, 2, "");
  assert.deepEqual(it.graphemes, ["🇩🇪"]);
});

test("a line is clean: newlines and tabs are blanks, other controls and bidirectional overrides are left out", () => {
  const it = lineOf("|");
  it.insert("a\r\nb\nc\td\x1b[31m\x00\x7f\u009b\u202ee\u2066\ud800");
  assert.equal(it.text, "a b c d[31me\ufffd");
});

test("a line of several rows keeps its newlines, all of one kind", () => {
  const it = lineOf("|", { multiline: true });
  it.insert("a\r\nb\nc\rd\u2028e\u0085f\tg\x1bh");
  assert.equal(it.text, "a\nb\nc\nd\ne\nf gh");
});

test("a line has a limit, no cluster is cut at it, and the edit tells that not all went in", () => {
  const it = lineOf("abc|", full);
  assert.deepEqual(it.insert("d👍🏽"), { kind: "changed", from: 3, clipped: true });
  assert.equal(it.text, "abcd");
  assert.deepEqual(it.insert("ef"), { kind: "changed", from: 4, clipped: false });
  assert.deepEqual(it.insert("g"), { kind: "refused" });
  assert.equal(it.set("1234567").kind, "changed");
  assert.equal(it.text, "123456");
  assert.equal(it.replace(1, 3, "abcdef").kind, "changed");
  assert.equal(it.text, "1ab456");
});

test("a letter carries so many marks and no more, whether they come at once or one by one", () => {
  const it = lineOf("|");
  it.insert(`a${"\u0301".repeat(500)}b`);
  assert.equal(it.text.length, 33);
  it.moveTo(1);
  for (let count = 0; count < 500; count++) it.insert("\u0301");
  assert.equal(it.text.length, 65);
});

test("typed words are undone one by one, what was erased at once, and all of it can be done again", () => {
  const it = lineOf("|");
  for (const letter of "make all") it.insert(letter, "typed");
  it.replace(7, 8, "", "erased");
  it.replace(6, 7, "", "erased");
  assert.equal(marked(it), "make a|");
  const texts = [];
  for (let edit = it.undo(); edit.kind !== "none"; edit = it.undo()) texts.push(marked(it));
  assert.deepEqual(texts, ["make all|", "make |", "|"]);
  const again = [];
  for (let edit = it.redo(); edit.kind !== "none"; edit = it.redo()) again.push(it.text);
  assert.deepEqual(again, ["make ", "make all", "make a"]);
  it.undo();
  it.insert("!");
  assert.equal(it.redo().kind, "none");
});

test("what has other letters before and after it is undone as it was put in", () => {
  const it = lineOf("字|字");
  for (const letter of ["か", "が", "\u3099"]) it.insert(letter, "typed");
  it.undo();
  assert.equal(marked(it), "字|字");
});

test("lines recalled one after another are undone at once", () => {
  const it = lineOf("typed|");
  for (const text of ["one", "two", "one more"]) it.set(text, "recalled");
  it.undo();
  assert.equal(it.text, "typed");
});

test("what a line begins with is not taken away by an undo", () => {
  const it = new Line({ limit: 10 });
  it.start("given");
  assert.equal(it.undo().kind, "none");
});

test("of very much text, the undo keeps the latest", () => {
  const it = new Line({ limit: 40_000 });
  for (let count = 0; count < 20; count++) it.set(String(count % 10).repeat(30_000));
  assert.equal(it.undo().kind, "changed");
  assert.equal(it.text, "8".repeat(30_000));
  assert.equal(it.undo().kind, "none");
});

const units = ["a", " ", "\n", "👍", "🏽", "\u200d", "🇩", "e", "\u0301", "字", "क", "्"];
const text = fc.string({ unit: fc.constantFrom(...units), maxLength: 6 });
const place = fc.nat({ max: 70 });
const step = fc.oneof(
  text.map((text) => (line: Line) => line.insert(text, text.length === 1 ? "typed" : "other")),
  text.map((text) => (line: Line) => line.set(text, "recalled")),
  place.map((to) => (line: Line) => line.moveTo(to)),
  fc.tuple(place, place, text).map(([one, other, text]) => (line: Line) => {
    const [start, end] = [Math.min(one, other, line.length), Math.min(Math.max(one, other), line.length)];
    return line.replace(start, end, text, text === "" ? "erased" : "other");
  }),
  fc.constant((line: Line) => line.undo()),
  fc.constant((line: Line) => line.redo()),
);

test("whatever is done, the clusters are those of the text, and an edit's claim is true", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, multiline) => {
      const it = new Line({ limit: 60, multiline });
      for (const step of steps) {
        const before = [...it.graphemes];
        const { cursor } = it;
        const edit: Edit = step(it);
        assert.deepEqual([...it.graphemes], graphemes(it.text));
        assert.equal(multiline || !it.text.includes("\n"), true);
        assert.ok(it.cursor >= 0 && it.cursor <= it.length);
        assert.ok(it.text.length <= 60);
        const same = edit.kind === "changed" ? edit.from : it.length;
        assert.deepEqual(it.graphemes.slice(0, same), before.slice(0, same));
        if (edit.kind !== "changed") assert.equal(before.length, it.length);
        if (edit.kind === "none" || edit.kind === "refused") assert.equal(it.cursor, cursor);
      }
    }),
    { numRuns: 1000 },
  );
});

test("whatever was done, undoing all of it brings back the beginning, and doing it again the end", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), text, (steps, first) => {
      const it = new Line({ limit: 60, multiline: true });
      it.start(first);
      const begin = it.text;
      for (const step of steps) step(it);
      while (it.redo().kind !== "none");
      const end = it.text;
      while (it.undo().kind !== "none");
      assert.equal(it.text, begin);
      while (it.redo().kind !== "none");
      assert.equal(it.text, end);
    }),
    { numRuns: 1000 },
  );
});
