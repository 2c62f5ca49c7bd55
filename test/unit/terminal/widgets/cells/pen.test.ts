import assert from "node:assert/strict";
import { test } from "node:test";
import { Pen, restyle, STYLE } from "../../../../../src/terminal/widgets/cells/pen.ts";

function styleAfter(text: string): string {
  const pen = new Pen();
  for (const [sequence] of text.matchAll(STYLE)) pen.apply(sequence);
  return pen.style;
}

test("attributes add up, and the order in which they came does not matter", () => {
  assert.equal(styleAfter("\x1b[1m\x1b[31m"), "\x1b[1;31m");
  assert.equal(styleAfter("\x1b[31;1m"), "\x1b[1;31m");
  assert.equal(styleAfter("\x1b[38;5;196m\x1b[48;2;1;2;3m"), "\x1b[38;5;196;48;2;1;2;3m");
  assert.equal(styleAfter("\x1b[38:2::1:2:3m\x1b[4:3m\x1b[58;5;9m"), "\x1b[4:3;38:2::1:2:3;58;5;9m");
  assert.equal(styleAfter("\x1b[97;107;53;9;7m"), "\x1b[7;9;53;97;107m");
});

test("what is turned off is gone, and a reset takes all", () => {
  assert.equal(styleAfter("\x1b[1;2;3;4;5;7;8;9;53;31;41;58;5;1m\x1b[22;23;24;25;27;28;29;55;39;49;59m"), "");
  assert.equal(styleAfter("\x1b[1;31m\x1b[0m"), "");
  assert.equal(styleAfter("\x1b[1;31m\x1b[m"), "");
  assert.equal(styleAfter("\x1b[1;31;0;32m"), "\x1b[32m");
  assert.equal(styleAfter("\x1b[4m\x1b[4:0m"), "");
  assert.equal(styleAfter("\x1b[1m\x1b[22m\x1b[31m"), "\x1b[31m");
});

test("a link is part of the style until it is closed", () => {
  const link = "\x1b]8;;https://example.org/\x1b\\";
  assert.equal(styleAfter(`\x1b[1m${link}`), `\x1b[1m${link}`);
  assert.equal(styleAfter(`${link}\x1b]8;;\x1b\\`), "");
  assert.equal(styleAfter(`${link}\x1b]8;;\x07`), "");
  assert.equal(restyle(link, "\x1b[1m"), "\x1b]8;;\x1b\\\x1b[m\x1b[1m");
  assert.equal(restyle("", "\x1b[1m"), "\x1b[1m");
  assert.equal(restyle("\x1b[1m", "\x1b[1m"), "");
  assert.equal(restyle("\x1b[1m", ""), "\x1b[m");
});

test("nonsense in parameters neither grows nor harms", () => {
  assert.equal(styleAfter(`\x1b[${"9".repeat(100_000)}m`), "");
  assert.equal(styleAfter(`\x1b[38:${"0".repeat(100_000)}m`), "");
  assert.equal(styleAfter("\x1b[38m\x1b[38;5m\x1b[38;9;1m").length < 40, true);
  assert.equal(styleAfter(`\x1b]8;;${"x".repeat(100_000)}\x1b\\`), "");
});
