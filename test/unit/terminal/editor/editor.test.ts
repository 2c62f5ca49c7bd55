import assert from "node:assert/strict";
import { test } from "node:test";
import { LineEditor } from "../../../../src/terminal/editor/editor.ts";
import { History } from "../../../../src/terminal/editor/history/history.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { ctrl, KEY, pasted, start } from "./stage.ts";

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
  editor.cancel();
  assert.deepEqual(written, []);
});

test("a paste does not submit: its newlines become blanks", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  assert.deepEqual(type(pasted("one\r\ntwo\nthree \r")), []);
  assert.equal(editor.text, "one two three ");
  assert.deepEqual(type(pasted("\x1b]0;owned\x07")), []);
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
  const initial = editor.text;
  editor.cancel();
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
  type(pasted("1234567"));
  type("8");
  assert.deepEqual(written, ["> ", "12345\x07", "\x07"]);
});

test("keys that no one knows and answers of the terminal change nothing", () => {
  const { editor, type, written } = start();
  editor.prompt("> ");
  assert.deepEqual(type("\x1b[?62;4c\x1b[15~\t\x1bq\x1b[Z"), []);
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

test("Ctrl-Z and Ctrl-_ take an edit back, Alt-/ does it again, and the bell rings when there is none left", () => {
  const { editor, type, written, shown } = start();
  editor.prompt("> ", { initial: "given" });
  type(` two ${KEY.backspace}${KEY.undo}${ctrl("z")}`);
  assert.deepEqual(shown(), ["> given"]);
  type("\x1b/\x1b/");
  assert.deepEqual(shown(), ["> given two"]);
  type(`${ctrl("x")}${ctrl("u")}${KEY.undo}${KEY.undo}`);
  assert.equal(editor.text, "given");
  written.length = 0;
  type(KEY.undo);
  assert.deepEqual(written, ["\x07"]);
});

test("a key that has to be followed by another does nothing alone, and nothing with one that it is not for", () => {
  const { editor, type, written } = start();
  editor.prompt("> ");
  type("ab");
  written.length = 0;
  type(`${ctrl("x")}q${ctrl("x")}${KEY.left}`);
  assert.equal(editor.text, "ab");
  assert.deepEqual(written, []);
  type(`${ctrl("x")}${pasted("c")}d`);
  assert.equal(editor.text, "abcd");
});

test("words change their case and their places", () => {
  const { editor, type } = start();
  editor.prompt("> ");
  type(`one two${KEY.home}\x1bu\x1bc${KEY.home}\x1bl\x1bt`);
  assert.equal(editor.text, "Two one");
});

test("the last argument of earlier lines is a key away", () => {
  const { editor, type } = start({ history: new History(["cat a.txt", "ls /usr/lib"]) });
  editor.prompt("> ");
  type("cd \x1b.");
  assert.equal(editor.text, "cd /usr/lib");
  type("\x1b.");
  assert.equal(editor.text, "cd a.txt");
});

test("lines that join the history are told of; those that begin with a blank, and secrets, do not", () => {
  const kept: string[] = [];
  const { editor, type } = start({ history: new History(), kept: (line) => kept.push(line) });
  for (const line of ["one", "one", " two", "three"]) {
    editor.prompt("> ");
    type(`${line}\r`);
  }
  editor.prompt("Password: ", { mask: "*" });
  type("secret\r");
  assert.deepEqual(kept, ["one", "three"]);
});

test("a megabyte that is pasted fills the line and rings once, in bounded time and output", () => {
  const { editor, type, written } = start({ limit: 32_768 });
  editor.prompt("> ", { multiline: true });
  written.length = 0;
  editor.batch(() => type(pasted("line of text 日本語\n".repeat(50_000))));
  assert.ok(editor.text.length <= 32_768 && editor.text.length > 32_760);
  assert.equal(written.length, 1);
  assert.ok((written[0] ?? "").length < 4 * 32_768);
  assert.ok(written[0]?.endsWith("\x07"));
  assert.deepEqual(type(KEY.enter).length, 1);
});

test("half a character that is never finished is shown as one that is not known", () => {
  const { editor, type, shown } = start();
  editor.prompt("> ");
  type("a");
  for (const event of [{ type: "paste", text: "b\ufffd", last: true }] as const) editor.key(event);
  assert.deepEqual(shown(), ["> ab\ufffd"]);
});

test("on a screen of 100,000 columns a line is one row, and a menu has no more rows than it needs", () => {
  let written = "";
  const editor = new LineEditor({ write: (text) => (written += text), columns: 100_000, rows: 100_000 });
  const items = ["a".repeat(2000), "b"];
  editor.prompt("> ", { complete: (request) => editor.completed(request, { items }) });
  for (const event of new KeyDecoder().decode(Buffer.from(`${"x ".repeat(1000)}\t`))) editor.key(event);
  assert.ok(written.length < 20_000);
  assert.equal(written.split("\r\n").length, 2);
});
