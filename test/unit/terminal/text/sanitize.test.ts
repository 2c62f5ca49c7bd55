import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { escapeControls, stripAnsi } from "../../../../src/terminal/text/sanitize.ts";

const HARMFUL = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

test("ordinary text of any script stays as it is", () => {
  const text = "x from 1.2.3.4 – Grüße, 日本語, שלום, 👩‍👩‍👧 \\n";
  assert.equal(escapeControls(text), text);
});

test("what acts on a terminal or a log is spelled out", () => {
  assert.equal(escapeControls("a\nb\r\tc"), "a\\nb\\r\\tc");
  assert.equal(escapeControls("\x1b]0;owned\x07\0\x7f\u009b31m"), "\\x1b]0;owned\\x07\\x00\\x7f\\x9b31m");
  assert.equal(escapeControls("user\u202egnp.exe\u2069\u200f"), "user\\u202egnp.exe\\u2069\\u200f");
  assert.equal(escapeControls("\ud800 \udfff\u2028\ufeff"), "\\ud800 \\udfff\\u2028\\ufeff");
});

test("a limit cuts neither a character nor an escape, and says that it cut", () => {
  assert.equal(escapeControls("abcdef", { limit: 6 }), "abcdef");
  assert.equal(escapeControls("abcdefg", { limit: 6 }), "abcde…");
  assert.equal(escapeControls("abc\x1bx", { limit: 7 }), "abc…");
  assert.equal(escapeControls("abc\x1b", { limit: 7 }), "abc\\x1b");
  assert.equal(escapeControls("abc👍👍", { limit: 5 }), "abc…");
  assert.equal(escapeControls("abc", { limit: 0 }), "");
});

test("nothing harmful is left of any text, and a limit holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(40), (text, limit) => {
      assert.doesNotMatch(escapeControls(text), HARMFUL);
      const cut = escapeControls(text, { limit });
      assert.doesNotMatch(cut, HARMFUL);
      assert.ok(cut.length <= limit);
    }),
  );
});

test("escape sequences are taken out of a text", () => {
  assert.equal(stripAnsi("\x1b[1;31mred\x1b[0m, \x1b]8;;http://a\x1b\\link\x1b]8;;\x07"), "red, link");
  assert.equal(stripAnsi("\x1bPq\x1b\\a\x1b(Bb\x1b7c\x1b[?25hd\x1b[1 qe"), "abcde");
  assert.equal(stripAnsi("plain\n"), "plain\n");
});

test("sequences without an end are taken out in one pass", () => {
  assert.equal(stripAnsi("a\x1b]0;never ends"), "a");
  assert.equal(stripAnsi("a\x1b[12"), "a");
  assert.equal(stripAnsi("a\x1b"), "a");
  assert.equal(stripAnsi("\x1b]".repeat(200_000)), "");
  assert.doesNotMatch(stripAnsi(`${"\x1b[".repeat(100_000)}m`), /\x1b/);
});
