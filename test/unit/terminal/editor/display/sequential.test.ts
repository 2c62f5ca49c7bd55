import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../../src/terminal/editor/history/history.ts";
import { ctrl, KEY, pasted, type Stage, start } from "../stage.ts";

function spoken(columns = 30): Stage {
  return start({ columns, rows: 12, screenReader: true, history: new History(["make all", "git push"]) });
}

test("what is typed at the end is written and nothing else, and what is erased there is cut off", () => {
  const { editor, type, written, shown } = spoken();
  editor.prompt("> ");
  type("ab");
  type("字");
  type(KEY.backspace);
  assert.deepEqual(written, ["> ", "a", "b", "字", "\x1b[5G\x1b[J"]);
  assert.deepEqual(shown(), ["> ab"]);
});

test("any other change is a new row with the whole line", () => {
  const { editor, type, shown, screen } = spoken();
  editor.prompt("> ");
  type(`abc${KEY.left}x`);
  assert.deepEqual(shown(), ["> abc", "> abxc"]);
  assert.deepEqual(screen.cursor, { row: 1, column: 5 });
  type(`${ctrl("u")}${KEY.up}${KEY.up}`);
  assert.deepEqual(shown().slice(2), ["> c", "> git push", "> make all"]);
});

test("the cursor moves where it is, so that its character can be heard", () => {
  const { editor, type, written } = spoken();
  editor.prompt("> ");
  type("abc");
  written.length = 0;
  type(KEY.left);
  type(KEY.home);
  assert.deepEqual(written, ["\x1b[5G", "\x1b[3G"]);
});

test("candidates come as lines, and the line again below them; then Tab says one after the other", () => {
  const { editor, type, shown } = spoken();
  const items = [{ value: "push", description: "sends" }, "pull", "make"];
  editor.prompt("> ", { complete: (request) => editor.completed(request, { items }) });
  type("p\t");
  assert.deepEqual(shown(), ["> pu", "push: sends", "pull", "> pu"]);
  type("\t\t");
  assert.deepEqual(shown().slice(3), ["> push", "> pull"]);
  assert.deepEqual(type(`${KEY.enter}${KEY.enter}`), [{ type: "done", value: "pull" }]);
});

test("a search says what it finds, row by row", () => {
  const { editor, type, shown } = spoken();
  editor.prompt("> ");
  type(`${ctrl("r")}ma${KEY.enter}`);
  assert.deepEqual(shown(), [">", "(search) :", "(search) m: make all", "(search) ma: make all", "> make all", ""]);
});

test("nothing is suggested", () => {
  const { editor, type, shown } = spoken();
  editor.prompt("> ", { suggest: true });
  type("gi");
  editor.suggested("gi", "git");
  assert.deepEqual(shown(), ["> gi"]);
});

test("messages come in order, the line again below them", () => {
  const { editor, type, shown } = spoken();
  editor.prompt("> ");
  type("half");
  editor.printAbove("hello");
  assert.deepEqual(shown(), ["> half", "hello", "> half"]);
});

test("a new size writes nothing; the next change that needs the old rows is a new row", () => {
  const { editor, type, written, screen, shown } = spoken();
  editor.prompt("> ");
  type("abc");
  written.length = 0;
  screen.resize(20, 12);
  editor.resize(20, 12);
  assert.deepEqual(written, []);
  type(KEY.left);
  assert.deepEqual(shown(), ["> abc", "> abc"]);
});

test("whatever is done, nothing is written over what is there", () => {
  const { editor, type, screen } = spoken(12);
  /** Every row that is there stays; the last one may grow or be cut. */
  const step = (work: () => void): void => {
    const before = screen.allRows.join("\n").trimEnd().split("\n");
    work();
    assert.deepEqual(screen.allRows.slice(0, before.length - 1), before.slice(0, -1));
  };
  editor.prompt("> ", { multiline: true, complete: (request) => editor.completed(request, { items: ["one", "two"] }) });
  step(() => type(pasted("a line that is longer than a row\nand another")));
  const keys = [KEY.undo, "\x1b/", KEY.up, KEY.up, ctrl("w"), "x", "\t", ctrl("u"), ctrl("u"), "\t", "\t", ctrl("y")];
  for (const key of keys) step(() => type(key));
  step(() => editor.setPrompt("longer> "));
  step(() => editor.printAbove("above"));
  step(() => type(ctrl("r")));
  step(() => type(ctrl("c")));
  step(() => editor.prompt("> "));
});

test("it can be switched on and off while a line is typed", () => {
  const { editor, type, shown } = start({ columns: 30, history: new History(["git push"]) });
  editor.prompt("> ", { suggest: true });
  type("gi");
  editor.setScreenReader(true);
  editor.setScreenReader(true);
  assert.deepEqual(shown(), ["> gi"]);
  type(`t${KEY.left}`);
  type("x");
  assert.deepEqual(shown(), ["> git", "> gixt"]);
  editor.setScreenReader(false);
  type("y");
  assert.deepEqual(shown(), ["> git", "> gixt", "> gixyt"]);
  editor.hide();
  editor.setScreenReader(true);
  editor.show();
  assert.equal(editor.text, "gixyt");
});

test("secrets are hidden as ever", () => {
  const { editor, type, written } = spoken();
  editor.prompt("Password: ", { mask: true });
  type("abc");
  assert.deepEqual(written, ["Password: "]);
  assert.deepEqual(type(KEY.enter), [{ type: "done", value: "abc" }]);
});
