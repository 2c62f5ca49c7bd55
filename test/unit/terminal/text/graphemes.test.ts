import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { graphemes, isPlain } from "../../../../src/terminal/text/graphemes.ts";

test("clusters are what a reader calls characters", () => {
  assert.deepEqual(graphemes(""), []);
  assert.deepEqual(graphemes("ab c"), ["a", "b", " ", "c"]);
  assert.deepEqual(graphemes("e\u0301👩‍👩‍👧🇩🇪\r\n"), ["e\u0301", "👩‍👩‍👧", "🇩🇪", "\r\n"]);
});

test("joined, they are the text again, whatever it is", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => graphemes(text).join("") === text));
});

test("plain is printable ASCII alone", () => {
  assert.equal(isPlain("hello, world ~"), true);
  assert.equal(isPlain("tab\t"), false);
  assert.equal(isPlain("ü"), false);
  assert.equal(isPlain("line\n"), false);
});
