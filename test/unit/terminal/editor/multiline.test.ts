import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../src/terminal/editor/history/history.ts";
import { ctrl, KEY, pasted, start } from "./stage.ts";

test("a paste of several lines is shown in full, edited, and entered as one", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ", { multiline: true });
  assert.deepEqual(type(pasted("for x\r\n  echo x\r\nend\r\n")), []);
  assert.deepEqual(shown(), ["> for x", "  echo x", "end"]);
  type(`${KEY.up}${KEY.end}!`);
  assert.deepEqual(shown(), ["> for x", "  echo x!", "end"]);
  assert.deepEqual(type(KEY.enter), [{ type: "done", value: "for x\n  echo x!\nend" }]);
  assert.deepEqual(shown(), ["> for x", "  echo x!", "end", ""]);
});

test("only the last piece of a paste loses the newlines at its end", () => {
  const { editor } = start();
  editor.prompt("> ", { multiline: true });
  editor.key({ type: "paste", text: "one\n", last: false });
  editor.key({ type: "paste", text: "two\n\n", last: true });
  assert.equal(editor.text, "one\ntwo");
});

test("Alt-Enter and Shift-Enter begin a new row, and nothing at a prompt of one row", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ", { multiline: true });
  type(`one${KEY.altEnter}two`);
  editor.key({ type: "key", name: "return", text: "", ctrl: false, alt: false, shift: true, sequence: "\x1b[13;2u" });
  type("three");
  assert.deepEqual(shown(), ["> one", "two", "three"]);
  editor.prompt("> ");
  type(`one${KEY.altEnter}two`);
  assert.deepEqual(editor.text, "onetwo");
});

test("rows are joined and parted at any width", () => {
  const { editor, type, shown } = start({ columns: 8 });
  editor.prompt("> ", { multiline: true });
  type(`abcdef${KEY.altEnter}ghi`);
  assert.deepEqual(shown(), ["> abcdef", "ghi"]);
  type(`${KEY.home}${KEY.backspace}`);
  assert.deepEqual(shown(), ["> abcdef", "ghi"]);
  type(`X${KEY.left}${KEY.left}${KEY.altEnter}`);
  assert.deepEqual(shown(), ["> abcde", "fXghi"]);
});

test("more rows than the screen has are scrolled, with the cursor in sight", () => {
  const { editor, type, shown, screen } = start({ rows: 3 });
  editor.prompt("> ", { multiline: true });
  type(pasted("1\n2\n3\n4\n5"));
  assert.deepEqual(shown(), ["3", "4", "5"]);
  type(KEY.up.repeat(4));
  assert.deepEqual(shown(), ["> 1", "2", "3"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 3 });
  type(KEY.enter);
  assert.deepEqual(shown(), ["4", "5", ""]);
});

test("a recalled entry of several rows is shown whole, and Up goes on to the one before", () => {
  const { editor, type, shown } = start({ history: new History(["older", "a\nb"]) });
  editor.prompt("> ", { multiline: true });
  type(KEY.up);
  assert.deepEqual(shown(), ["> a", "b"]);
  type(KEY.up);
  assert.deepEqual(shown(), ["> older"]);
  type(`${KEY.down}${KEY.left}${KEY.up}`);
  assert.deepEqual(shown(), ["> a", "b"]);
});

test("Ctrl-C leaves all rows on the screen", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ", { multiline: true });
  assert.deepEqual(type(`${pasted("a\nb")}${KEY.up}${ctrl("c")}`), [{ type: "interrupt" }]);
  assert.deepEqual(shown(), ["> a", "b^C", ""]);
});

test("messages go above all rows", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ", { multiline: true });
  type(`${pasted("a\nb\nc")}${KEY.up}`);
  editor.printAbove("hello");
  assert.deepEqual(shown(), ["hello", "> a", "b", "c"]);
});
