import assert from "node:assert/strict";
import { test } from "node:test";
import { promptParts } from "../../../../../src/terminal/editor/display/prompt.ts";

/** The parts in short: text joined, sequences in braces, newlines as themselves. */
function short(prompt: string): string {
  const parts = promptParts(prompt).map((part) =>
    part.kind === "text" ? part.grapheme : part.kind === "style" ? `{${part.sequence.slice(1)}}` : "\n",
  );
  return parts.join("");
}

test("a plain prompt is its characters and rows", () => {
  assert.equal(short("a\nb\r\n👍🏽> "), "a\nb\n👍🏽> ");
  assert.equal(promptParts("👍🏽>").length, 2);
  assert.deepEqual(promptParts(""), []);
});

test("colours and links stay, and what is typed behind them has none", () => {
  assert.equal(short("\x1b[1;32mhost\x1b[0m> "), "{[1;32m}host{[0m}> {[m}");
  assert.equal(short("\x1b]8;;https://a.b\x07x\x1b]8;;\x1b\\"), "{]8;;https://a.b\x07}x{]8;;\x1b\\}{[m}");
});

test("what would move the cursor is left out", () => {
  assert.equal(short("a\x1b[2Jb\x1b[10;10Hc\x1b]0;title\x07d\re\x08f\x07g\th"), "abcdefg h");
});
