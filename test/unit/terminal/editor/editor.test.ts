import assert from "node:assert/strict";
import { test } from "node:test";
import { LineEditor, type LineEditorOptions } from "../../../../src/terminal/editor/editor.ts";
import type { Outcome } from "../../../../src/terminal/foreground.ts";
import { History } from "../../../../src/terminal/editor/history.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { Screen } from "./screen.ts";

/** An editor on a screen of 20 columns and 6 rows, with all that it wrote, call by call. */
function start(options: Partial<LineEditorOptions> = {}) {
  const size = { columns: 20, rows: 6 };
  const screen = new Screen(size);
  const written: string[] = [];
  const write = (text: string): void => {
    written.push(text);
    screen.write(text);
  };
  const editor = new LineEditor({ write, ...size, ...options });
  const decoder = new KeyDecoder();
  const type = (text: string): Outcome<string>[] =>
    decoder
      .decode(Buffer.from(text))
      .map((event) => editor.key(event))
      .filter((outcome) => outcome !== undefined);
  /** What is on the screen, down to the row of the cursor. */
  const shown = (): string[] => screen.rows.slice(0, screen.cursor.row + 1);
  return { editor, screen, written, type, shown };
}

test("Enter ends the prompt with the line, and the cursor is in the row below", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  assert.equal(editor.active, true);
  assert.deepEqual(type("hello\x1b[D\r"), [{ type: "done", value: "hello" }]);
  assert.equal(editor.active, false);
  assert.deepEqual(shown(), ["> hello", ""]);
});

test("a line that fills its row leaves no empty row behind when it is entered", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  assert.deepEqual(type(`${"x".repeat(18)}\r`).length, 1);
  assert.deepEqual(shown(), [`> ${"x".repeat(18)}`, ""]);
});

test("a character typed at the end of the line costs that character alone", () => {
  const { editor, written, type } = start();
  editor.prompt("> ");
  type("ab字");
  assert.deepEqual(written, ["> ", "a", "b", "字"]);
});

test("every key is one write, and a key without effect is none", () => {
  const { editor, written, type } = start();
  editor.prompt("two\nrows> ", { initial: "some words to wrap here" });
  written.length = 0;
  type("\x01");
  type("x");
  type("\x1b[D");
  type("\x17");
  type("\x0b");
  assert.equal(written.length, 4);
});

test("keys taken in a batch are drawn once", () => {
  const { editor, written, type, shown } = start();
  editor.prompt("> ");
  const outcomes = editor.batch(() => type("abc\x1b[D\x1b[Dxy\x7f"));
  assert.deepEqual(outcomes, []);
  assert.equal(written.length, 2);
  assert.deepEqual(shown(), ["> axbc"]);
  assert.deepEqual(
    editor.batch(() => type("123\r")),
    [{ type: "done", value: "ax123bc" }],
  );
  assert.deepEqual(shown(), ["> ax123bc", ""]);
});

test("Ctrl-C interrupts, behind the line", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  assert.deepEqual(type("hello\x1b[D\x03"), [{ type: "interrupt" }]);
  assert.deepEqual(shown(), ["> hello^C", ""]);
  assert.equal(editor.active, false);
});

test("Ctrl-D is the end of input on an empty line, and deletes on any other", () => {
  const { editor, type } = start();
  editor.prompt("> ");
  assert.deepEqual(type("ab\x01\x04"), []);
  assert.equal(editor.text, "b");
  assert.deepEqual(type("\x04\x04"), [{ type: "eof" }]);
});

test("without a prompt, keys do nothing", () => {
  const { written, type, editor } = start();
  assert.deepEqual(type("abc\r\x03\x04"), []);
  editor.hide();
  editor.show();
  editor.setPrompt("> ");
  editor.resize(10, 10);
  assert.equal(editor.cancel(), "");
  assert.deepEqual(written, []);
});

test("a paste does not submit: its newlines become blanks", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  assert.deepEqual(type("\x1b[200~one\r\ntwo\nthree\r\x1b[201~"), []);
  assert.equal(editor.text, "one two three ");
  assert.deepEqual(type("\x1b[200~\x1b]0;owned\x07\x1b[201~"), []);
  assert.deepEqual(shown(), ["> one two three ]0;o", "wned"]);
});

test("lines entered join the history, and Up recalls them at the next prompt", () => {
  const history = new History();
  const { editor, type } = start({ history });
  editor.prompt("> ");
  type("first\r");
  editor.prompt("> ");
  assert.deepEqual(type("\x1b[A\r"), [{ type: "done", value: "first" }]);
  editor.prompt("name? ", { history: false });
  assert.deepEqual(type("\x1b[A\x1b[Ax\r"), [{ type: "done", value: "x" }]);
  assert.deepEqual([...history], ["first"]);
});

test("what was killed at one prompt can be yanked at the next", () => {
  const { editor, type } = start();
  editor.prompt("> ");
  type("kept\x15\r");
  editor.prompt("> ");
  assert.deepEqual(type("\x19\r"), [{ type: "done", value: "kept" }]);
});

test("a masked line shows one character for each typed, and is kept nowhere", () => {
  const history = new History(["before"]);
  const { editor, type, written, shown } = start({ history });
  editor.prompt("Password: ", { mask: "•", history: true });
  type("\x1b[As3cr👍🏽t\x1b[D\x7f\x15\x19");
  type("pw字");
  assert.deepEqual(shown(), ["Password: ••••"]);
  assert.deepEqual(type("\r"), [{ type: "done", value: "pw字t" }]);
  assert.deepEqual([...history], ["before"]);
  editor.prompt("> ");
  assert.deepEqual(type("\x19\r"), [{ type: "done", value: "" }]);
  assert.ok(!written.join("").includes("s3"));
});

test("a line that is hidden altogether shows nothing of its length", () => {
  const { editor, type, written } = start();
  editor.prompt("Password: ", { mask: true });
  type("secret\x1b[D\x7f");
  assert.equal(written.join(""), "Password: ");
  assert.deepEqual(type("\r"), [{ type: "done", value: "secrt" }]);
});

test("messages are printed above a line that is half typed", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  type("half a line, on two rows\x1b[D");
  editor.printAbove("hello");
  editor.printAbove("one\ntwo\n");
  assert.deepEqual(shown(), ["hello", "one", "two", "> half a line, on tw", "o rows"]);
  assert.deepEqual(type("!\r"), [{ type: "done", value: "half a line, on two row!s" }]);
});

test("a message is printed where the cursor is when there is no prompt, or a hidden one", () => {
  const { editor, type, shown } = start();
  editor.printAbove("first");
  editor.prompt("> ");
  type("ab");
  editor.hide();
  editor.printAbove("second");
  type("c");
  editor.show();
  editor.show();
  assert.deepEqual(shown(), ["first", "second", "> abc"]);
});

test("a line may begin with text, and its prompt may change while it is typed", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ", { initial: "draft" });
  type("!");
  editor.setPrompt("\x1b[1mlonger>\x1b[0m ");
  assert.deepEqual(shown(), ["longer> draft!"]);
  editor.hide();
  editor.setPrompt("$ ");
  editor.show();
  assert.deepEqual(shown(), ["$ draft!"]);
});

test("a cancelled line is gone from the screen, and can be begun again", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  type("half typed, more than a row");
  const initial = editor.cancel();
  assert.equal(editor.active, false);
  assert.deepEqual(shown(), [""]);
  editor.prompt("> ", { initial });
  assert.equal(editor.text, "half typed, more than a row");
});

test("a new prompt takes the place of one that was not answered", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  type("given up");
  editor.prompt("really? ");
  assert.deepEqual(shown(), ["really?"]);
  assert.equal(editor.text, "");
});

test("Ctrl-L empties the screen but for prompt and line", () => {
  const { editor, type, screen } = start();
  editor.printAbove("noise");
  editor.prompt("> ");
  type("abc\f");
  assert.deepEqual(screen.rows.slice(0, 2), ["> abc", ""]);
  assert.equal(screen.cursor.row, 0);
});

test("the bell rings when a line is full", () => {
  const { editor, type, written } = start({ limit: 5 });
  editor.prompt("> ");
  type("\x1b[200~1234567\x1b[201~");
  type("8");
  assert.deepEqual(written, ["> ", "12345\x07", "\x07"]);
});

test("keys that no one knows and answers of the terminal change nothing", () => {
  const { editor, type, written } = start();
  editor.prompt("> ");
  assert.deepEqual(type("\x1b[?62;4c\x1b[15~\t\x1a\x1bq\x1b[Z"), []);
  assert.deepEqual(written, ["> "]);
});

test("a terminal that tells no size is taken for 80 by 24, one of a single column shows what it can", () => {
  const { editor, type, written } = start({ columns: 0, rows: 0 });
  editor.prompt("> ");
  type("x".repeat(77));
  assert.ok(!written.join("").includes("\r"));
  type("x");
  assert.equal(written.at(-1), "x \r");
  editor.resize(1, 1);
  type("字");
  assert.equal(written.at(-1), "? \r");
});

test("what a terminal may leave in the last cell when a wide character wraps is erased", () => {
  const { editor, type, written } = start({ columns: 5 });
  editor.prompt("> ");
  type("ab");
  type("字");
  assert.equal(written.at(-1), "\x1b[K字");
});
