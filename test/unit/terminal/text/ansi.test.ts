import assert from "node:assert/strict";
import { test } from "node:test";
import { cursorDown, cursorTo, cursorToColumn, hyperlink, title } from "../../../../src/terminal/text/ansi.ts";

test("cells count from 0 here, from 1 on the wire", () => {
  assert.equal(cursorTo(0, 0), "\x1b[1;1H");
  assert.equal(cursorTo(4, 9), "\x1b[10;5H");
  assert.equal(cursorToColumn(0), "\r");
  assert.equal(cursorToColumn(4), "\x1b[5G");
});

test("the cursor goes down by rows, and up by negative ones", () => {
  assert.equal(cursorDown(0), "");
  assert.equal(cursorDown(2), "\x1b[2B");
  assert.equal(cursorDown(-2), "\x1b[2A");
});

test("a title cannot end its own sequence", () => {
  assert.equal(title("hello"), "\x1b]2;hello\x1b\\");
  assert.equal(title("a\x07\x1b\\b"), "\x1b]2;a\\x07\\x1b\\b\x1b\\");
  assert.equal(title("x".repeat(1000)).length, 256 + 6);
});

test("neither can the text or the address of a link", () => {
  assert.equal(hyperlink("docs", "https://a.b/c?d#e"), "\x1b]8;;https://a.b/c?d#e\x1b\\docs\x1b]8;;\x1b\\");
  assert.equal(
    hyperlink("a\x1b[2Jb", "http://ü/\x1b\\ \n\ud800"),
    "\x1b]8;;http://%C3%BC/%1B\\%20%0A%EF%BF%BD\x1b\\a\\x1b[2Jb\x1b]8;;\x1b\\",
  );
});
