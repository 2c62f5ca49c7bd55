import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../../src/terminal/editor/history/history.ts";
import { Search } from "../../../../../src/terminal/editor/search/search.ts";
import { ctrl, KEY, pasted, type Stage, start } from "../stage.ts";

const LINES = ["make all", "git push", "Make Install", "git commit", "ls -l"];

function searching(columns = 40): Stage {
  const stage = start({ columns, history: new History(LINES) });
  stage.editor.prompt("> ", { suggest: true });
  return stage;
}

test("Ctrl-R shows the newest line that has the pattern, the match marked, the cursor at it", () => {
  const { editor, type, shown, styled, screen } = searching();
  type(`half${ctrl("r")}`);
  assert.deepEqual(shown(), ["(search) : half"]);
  type("mm");
  assert.deepEqual(styled(), ["(search) mm: git co{~|m}{~|m}it"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 19 });
  assert.equal(editor.text, "half");
});

test("Ctrl-R goes on to older lines, Ctrl-S comes back, and the bell rings at the ends", () => {
  const { type, shown, written } = searching();
  type(`${ctrl("r")}ma`);
  assert.deepEqual(shown(), ["(search) ma: Make Install"]);
  type(ctrl("r"));
  assert.deepEqual(shown(), ["(search) ma: make all"]);
  written.length = 0;
  type(ctrl("r"));
  assert.deepEqual(shown(), ["(no match) ma: make all"]);
  assert.ok(written.join("").endsWith("\x07"));
  type(ctrl("s"));
  assert.deepEqual(shown(), ["(search forward) ma: Make Install"]);
});

test("a pattern with a capital is found as it is written", () => {
  const { type, shown } = searching();
  type(`${ctrl("r")}Ma`);
  assert.deepEqual(shown(), ["(search) Ma: Make Install"]);
  type(ctrl("r"));
  assert.deepEqual(shown(), ["(no match) Ma: Make Install"]);
});

test("a longer pattern that is found nowhere leaves what was found, and Backspace brings the match back", () => {
  const { type, shown } = searching();
  type(`${ctrl("r")}giz`);
  assert.deepEqual(shown(), ["(no match) giz: git commit"]);
  type(KEY.backspace);
  assert.deepEqual(shown(), ["(search) gi: git commit"]);
  type(KEY.backspace.repeat(3));
  assert.deepEqual(shown(), ["(search) :"]);
});

test("Enter enters what was found", () => {
  const { type, shown } = searching();
  assert.deepEqual(type(`${ctrl("r")}push\r`), [{ type: "done", value: "git push" }]);
  assert.deepEqual(shown(), ["> git push", ""]);
});

test("Esc takes it into the line, any other key too and then does what it does, and undo brings back what was typed", () => {
  const { editor, type, shown, screen } = searching();
  type(`half${ctrl("r")}push${KEY.escape}`);
  assert.deepEqual(shown(), ["> git push"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 6 });
  type(KEY.undo);
  assert.equal(editor.text, "half");
  type(`${ctrl("r")}push${KEY.end}!`);
  assert.deepEqual(shown(), ["> git push!"]);
});

test("Ctrl-G brings back the line as it was", () => {
  const { type, shown, screen } = searching();
  type(`half${KEY.left}${ctrl("r")}push${ctrl("g")}`);
  assert.deepEqual(shown(), ["> half"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 5 });
});

test("Ctrl-C gives up the search and the line", () => {
  const { type } = searching();
  assert.deepEqual(type(`half${ctrl("r")}push${ctrl("c")}`), [{ type: "interrupt" }]);
});

test("Ctrl-R without a pattern takes the last one, at a later prompt too", () => {
  const { editor, type, shown } = searching();
  type(`${ctrl("r")}push${ctrl("g")}${ctrl("r")}${ctrl("r")}`);
  assert.deepEqual(shown(), ["(search) push: git push"]);
  type(KEY.enter);
  editor.prompt("> ");
  type(`${ctrl("r")}${ctrl("r")}`);
  assert.deepEqual(shown().slice(1), ["(search) push: git push"]);
});

test("a paste adds to the pattern", () => {
  const { type, shown } = searching();
  type(`${ctrl("r")}${pasted("git\n")}${pasted("p")}`);
  assert.deepEqual(shown(), ["(search) git p: git push"]);
});

test("without a history there is nothing to search", () => {
  const { editor, type, written, shown } = start({ history: new History(LINES) });
  editor.prompt("Name: ", { history: false });
  type(`a${ctrl("r")}b`);
  assert.deepEqual(shown(), ["Name: ab"]);
  editor.prompt("Password: ", { mask: "*" });
  written.length = 0;
  type(ctrl("r"));
  assert.deepEqual(written, ["\x07"]);
});

test("a line that is found in other rows or behind wide characters is marked where it is", () => {
  const stage = start({ columns: 20, history: new History(["日本\nの四"]) });
  stage.editor.prompt("> ", { multiline: true });
  stage.type(`${ctrl("r")}四`);
  assert.deepEqual(stage.styled(), ["(search) 四: 日本", "の{~|四}"]);
  assert.deepEqual(stage.screen.cursor, { row: 1, column: 2 });
});

test("a search at 20 columns wraps as a line does, and of a long pattern its end is shown", () => {
  const stage = start({ columns: 20, rows: 8, history: new History(["a line of the history that is long"]) });
  stage.editor.prompt("> ");
  stage.type(`${ctrl("r")}long`);
  assert.deepEqual(stage.shown(), ["(search) long: a lin", "e of the history tha", "t is long"]);
  const search = new Search(new History(), "older");
  search.type("x".repeat(1000));
  assert.equal(search.prompt, `(no match) …${"x".repeat(39)}: `);
});
