import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { stripAnsi } from "../../../../../src/terminal/text/sanitize.ts";
import { columnsOf, fit, pad, widestOf, wrap } from "../../../../../src/terminal/widgets/cells/fit.ts";
import { cellsOf, render } from "../../../../../src/terminal/widgets/cells/row.ts";

test("a text is cut by cells, and a mark says so", () => {
  assert.equal(fit("abcdef", 6, "…"), "abcdef");
  assert.equal(fit("abcdef", 5, "…"), "abcd…");
  assert.equal(fit("日本語", 5, "…"), "日本…");
  assert.equal(fit("日本語", 4, "…"), "日…");
  assert.equal(fit("👩‍👩‍👧👩‍👩‍👧", 3, "…"), "👩‍👩‍👧…");
  assert.equal(fit("字", 1, "…"), "…");
  assert.equal(fit("abc", 0, "…"), "");
});

test("colours are kept and closed, whatever else is in a text is not", () => {
  assert.equal(fit("\x1b[31mred and more", 4, "…"), "\x1b[31mred\x1b[m…");
  assert.equal(fit("a\x1b[2Jb\x1b[5;5Hc\nd\te\rf\x07g\x9bh", 40, "…"), "abc d e fgh");
  assert.equal(fit("\u202eturned\u2066\u200b x\ud800y", 40, "…"), "turned x\ufffdy");
  assert.equal(fit("\x1b[31", 40, "…"), "");
});

test("a text is padded to its columns on either side", () => {
  assert.equal(pad("ab", 5, "…"), "ab   ");
  assert.equal(pad("ab", 5, "…", "right"), "   ab");
  assert.equal(pad("ab", 5, "…", "center"), " ab  ");
  assert.equal(pad("日本", 5, "…", "right"), " 日本");
  assert.equal(pad("abcdef", 3, "…", "right"), "ab…");
});

test("a text is wrapped between words, words that are too long are parted, newlines stay", () => {
  assert.deepEqual(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
  assert.deepEqual(wrap("  indented text", 10), ["  indented", "text"]);
  assert.deepEqual(wrap("incomprehensibilities", 8), ["incompre", "hensibil", "ities"]);
  assert.deepEqual(wrap("a\n\nb", 8), ["a", "", "b"]);
  assert.deepEqual(wrap("日本語の文章", 5), ["日本", "語の", "文章"]);
  assert.deepEqual(wrap("", 8), [""]);
  assert.deepEqual(wrap("字字", 1), ["字", "字"]);
});

test("a colour goes on in the next row and is closed in each", () => {
  assert.deepEqual(wrap("\x1b[31mone two\nthree\x1b[m four", 5), [
    "\x1b[31mone\x1b[m",
    "\x1b[31mtwo\x1b[m",
    "\x1b[31mthree\x1b[m",
    "four",
  ]);
});

test("the column is told after clusters on whose width terminals disagree", () => {
  assert.equal(render(cellsOf("a👍b"), 0), "a👍\x1b[4Gb");
  assert.equal(render(cellsOf("a字b"), 0), "a字b");
});

test("of a long text only the beginning is looked at", () => {
  assert.equal(cellsOf("x".repeat(1_000_000), undefined, 10).length, 11);
  assert.equal(cellsOf("é".repeat(1_000_000), undefined, 10).length, 11);
  assert.equal(cellsOf(`a${"\u0301".repeat(100_000)}b`)[0]?.text.length, 32);
});

test("whatever the text, what comes out has its width, its letters, and no control character", () => {
  const text = fc.array(
    fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\x1b[31m", "\x1b[m", "\x1b[2J", " ", "字")),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (parts, columns) => {
      const joined = parts.join("");
      const shown = fit(joined, columns, "…");
      assert.ok(columnsOf(shown) <= columns);
      assert.doesNotMatch(stripAnsi(shown), /\p{Cc}/u);
      assert.equal(columnsOf(pad(joined, columns, "…")), columns);
      assert.ok(widestOf(wrap(joined, columns)) <= Math.max(columns, 2));
    }),
    { numRuns: 500 },
  );
});
