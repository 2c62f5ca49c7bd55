import assert from "node:assert/strict";
import { test } from "node:test";
import type { Candidate, CompletionRequest } from "../../../../../src/terminal/editor/completion/candidates.ts";
import { ctrl, KEY, pasted, type Stage, start } from "../stage.ts";

interface Completing extends Stage {
  readonly requests: CompletionRequest[];
  /** Answers the request that came last. */
  readonly answer: (...items: (string | Candidate)[]) => void;
}

/** An editor whose completer waits to be told its answer. */
function completing(size: { columns?: number; rows?: number; screenReader?: boolean } = {}): Completing {
  const stage = start({ columns: 40, ...size });
  const requests: CompletionRequest[] = [];
  stage.editor.prompt("> ", { complete: (request) => requests.push(request), multiline: true });
  const answer = (...items: (string | Candidate)[]): void => {
    const request = requests.at(-1);
    if (request !== undefined) stage.editor.completed(request, { items });
  };
  return { ...stage, requests, answer };
}

test("Tab asks for the word before the cursor, and shows nothing until the answer is there", () => {
  const { type, requests, written } = completing();
  type(`ls x.txt y${KEY.left}`);
  written.length = 0;
  type(KEY.tab);
  assert.deepEqual(written, []);
  const { signal, ...asked } = requests[0] ?? assert.fail("not asked");
  assert.deepEqual(asked, { line: "ls x.txt y", cursor: 9, word: "" });
  assert.equal(signal.aborted, false);
});

test("the only candidate is put in with a blank behind, which is not part of what is entered", () => {
  const { type, answer, shown } = completing();
  type("gi\t");
  answer("git", "make");
  assert.deepEqual(shown(), ["> git"]);
  type("pu\t");
  answer("push");
  assert.deepEqual(type(KEY.enter), [{ type: "done", value: "git push" }]);
});

test("a blank that was typed after all is entered", () => {
  const { type, answer } = completing();
  type("gi\t");
  answer("git");
  assert.deepEqual(type(`${KEY.backspace} ${KEY.enter}`), [{ type: "done", value: "git " }]);
});

test("a candidate says what follows it, and a blank that is there already is not doubled", () => {
  const { type, answer, editor, screen } = completing();
  type("cd s\t");
  answer({ value: "src/", suffix: "" });
  assert.equal(editor.text, "cd src/");
  type(`${KEY.home}${KEY.right}${KEY.right}\t`);
  answer("cd");
  assert.equal(editor.text, "cd src/");
  assert.equal(screen.cursor.column, 2 + 3);
});

test("what all candidates begin with is put in, and a menu opens below the line", () => {
  const { type, answer, shown, screen } = completing();
  type("g\t");
  answer("git-push", "git-pull", "make");
  assert.deepEqual(shown(), ["> git-pu", "git-push  git-pull"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 8 });
});

test("Tab and Shift-Tab go through the menu, and show in the line what is chosen", () => {
  const { type, answer, styled, editor } = completing();
  type("\t");
  answer("one", "two", "six");
  type(KEY.tab);
  assert.deepEqual(styled(), ["> one", "{~|o}{~|n}{~|e}  two  six"]);
  type(`${KEY.tab}${KEY.tab}`);
  assert.deepEqual(styled(), ["> six", "one  two  {~|s}{~|i}{~|x}"]);
  type(KEY.tab);
  assert.deepEqual(styled()[0], "> one");
  type(KEY.shiftTab);
  assert.deepEqual(styled()[0], "> six");
  assert.equal(editor.text, "");
});

test("Enter takes what is chosen and goes on with the line; Space does too; Enter again enters it", () => {
  for (const key of [KEY.enter, " "]) {
    const { type, answer, shown } = completing();
    type("\t");
    answer("one", { value: "two", suffix: key === " " ? "/" : " " });
    assert.deepEqual(type(`\t\t${key}`), []);
    assert.deepEqual(shown(), ["> two"]);
    assert.deepEqual(type(`x${KEY.enter}`), [{ type: "done", value: "two x" }]);
  }
});

test("with nothing chosen, Enter enters the line as it is", () => {
  const { type, answer, shown } = completing();
  type("g\t");
  answer("git", "gitk");
  assert.deepEqual(type(KEY.enter), [{ type: "done", value: "git" }]);
  assert.deepEqual(shown(), ["> git", ""]);
});

test("Esc and Ctrl-G close the menu and leave what was typed, and undo takes back what was put in", () => {
  for (const key of [KEY.escape, ctrl("g")]) {
    const { type, answer, shown, editor } = completing();
    type("g\t");
    answer("git", "gitk");
    type(`\t${key}`);
    assert.deepEqual(shown(), ["> git"]);
    type(KEY.undo);
    assert.equal(editor.text, "g");
  }
});

test("typing narrows the menu until nothing is left to choose, Backspace widens it", () => {
  const { type, answer, shown } = completing();
  type("\t");
  answer("pull", "push", "pin", "make");
  type("pu");
  assert.deepEqual(shown(), ["> pu", "pull  push"]);
  type(KEY.backspace);
  assert.deepEqual(shown(), ["> p", "pull  push  pin"]);
  type("us");
  assert.deepEqual(shown(), ["> pus", "push"]);
  type("h");
  assert.deepEqual(shown(), ["> push"]);
});

test("Backspace takes back a choice first, and one before the word closes the menu", () => {
  const { type, answer, shown } = completing();
  type("x \t");
  answer("one", "two");
  type(`\t${KEY.backspace}`);
  assert.deepEqual(shown(), ["> x", "one  two"]);
  type(KEY.backspace);
  assert.deepEqual(shown(), ["> x"]);
});

test("text behind a choice goes on from it", () => {
  const { type, answer, editor, shown } = completing();
  type("\t");
  answer("src", "src/lib", "test");
  type("\t/");
  assert.deepEqual(shown(), ["> src/", "src/lib"]);
  type("x");
  assert.deepEqual(shown(), ["> src/x"]);
  assert.equal(editor.text, "src/x");
});

test("any other key takes what is chosen and then does what it does", () => {
  const { type, answer, shown, screen } = completing();
  type("\t");
  answer("one", "two");
  type(`\t${ctrl("a")}`);
  assert.deepEqual(shown(), ["> one"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 2 });
  type(`${ctrl("e")}\t`);
  answer("onea", "oneb");
  type(`\t${pasted("!")}`);
  assert.deepEqual(shown(), ["> onea!"]);
});

test("the arrows move in the rows and columns of the menu", () => {
  const { type, answer, shown } = completing({ columns: 20, rows: 12 });
  type("\t");
  answer("aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg");
  assert.deepEqual(shown().slice(1), ["aaaa  dddd  gggg", "bbbb  eeee", "cccc  ffff"]);
  const chosen = (key: string): string => {
    type(key);
    return shown()[0] ?? "";
  };
  assert.deepEqual([KEY.down, KEY.down, KEY.right, KEY.right, KEY.left, KEY.up, KEY.left, KEY.left].map(chosen), [
    "> aaaa",
    "> bbbb",
    "> eeee",
    "> gggg",
    "> dddd",
    "> cccc",
    "> cccc",
    "> cccc",
  ]);
});

test("more than half a screen of candidates is scrolled, and says where in them it is", () => {
  const { type, answer, shown } = completing({ columns: 10, rows: 8 });
  type("\t");
  answer(...Array.from({ length: 30 }, (_, index) => `item${index}`));
  assert.deepEqual(shown(), ["> item", "item0", "item1", "item2", "rows 1-3 o"]);
  type(KEY.tab.repeat(4));
  assert.deepEqual(shown().slice(1), ["item1", "item2", "item3", "rows 2-4 o"]);
  type(KEY.pageDown);
  assert.equal(shown()[0], "> item6");
  type(`${KEY.pageUp}${KEY.pageUp}${KEY.pageUp}`);
  assert.equal(shown()[0], "> item0");
  type(KEY.shiftTab);
  assert.deepEqual(shown(), ["> item29", "item27", "item28", "item29", "rows 28-30"]);
});

test("descriptions stand beside their candidates where there is room, and are left away where not", () => {
  const items = [
    { value: "push", description: "sends your commits away" },
    { value: "pull", description: "gets theirs" },
  ];
  const wide = completing();
  wide.type("\t");
  wide.answer(...items);
  assert.deepEqual(wide.shown(), ["> pu", "push  sends your commits away", "pull  gets theirs"]);
  const narrow = completing({ columns: 16 });
  narrow.type("\t");
  narrow.answer(...items);
  assert.deepEqual(narrow.shown(), ["> pu", "push  pull"]);
});

test("on a screen of one row there is no menu, but Tab goes through the candidates all the same", () => {
  const { type, answer, shown } = completing({ rows: 1 });
  type("\t");
  answer("one", "two");
  assert.deepEqual(shown(), [">"]);
  type("\t\t");
  assert.deepEqual(shown(), ["> two"]);
});

test("a key calls the completer off, and an answer that comes late is dropped", () => {
  const { type, answer, requests, editor, written } = completing();
  type("g\t");
  assert.equal(requests[0]?.signal.aborted, false);
  type("i");
  assert.equal(requests[0]?.signal.aborted, true);
  written.length = 0;
  answer("git");
  assert.equal(editor.text, "gi");
  assert.deepEqual(written, []);
});

test("another Tab goes on waiting, Ctrl-C, a paste, and the end of the prompt do not", () => {
  for (const end of [ctrl("c"), KEY.enter, pasted("x"), "cancel", "prompt"]) {
    const { type, editor, requests } = completing();
    type("g\t\t");
    assert.equal(requests.length, 1);
    if (end === "cancel") editor.cancel();
    else if (end === "prompt") editor.prompt("? ");
    else type(end);
    assert.equal(requests[0]?.signal.aborted, true, JSON.stringify(end));
  }
});

test("without candidates the bell rings, and when the completer throws, which is reported", () => {
  const { type, answer, written } = completing();
  type("g\t");
  written.length = 0;
  answer("make");
  assert.deepEqual(written, ["\x07"]);
  const { editor, type: press, failures, written: wrote } = start();
  editor.prompt("> ", {
    complete: () => {
      throw new Error("broken");
    },
  });
  press("g\t");
  press("i");
  assert.deepEqual(wrote, ["> ", "g", "\x07", "i"]);
  assert.deepEqual(failures.map(String), ["Error: broken"]);
});

test("the completer may say where what it completes begins", () => {
  const { editor, type, requests } = completing();
  type("open 👍🏽 my fi\t");
  const [request] = requests;
  assert.ok(request !== undefined);
  editor.completed(request, { items: ["👍🏽 my file.txt"], start: 5 });
  assert.equal(editor.text, "open 👍🏽 my file.txt ");
  type(`${KEY.backspace}\t`);
  editor.completed(requests[1] ?? request, { items: ["👍🏽 my file.txt.gz"], start: 7 });
  assert.equal(editor.text, "open 👍🏽 my file.txt.gz ", "the middle of a character stands for its beginning");
  type("\t");
  editor.completed(requests[2] ?? request, { items: ["end"], start: 10_000 });
  assert.equal(editor.text, "open 👍🏽 my file.txt.gz end ");
});

test("candidates are matched in any case unless a capital was typed, and correct the word", () => {
  const { type, answer, editor } = completing();
  type("re\t");
  answer("README", "make");
  assert.equal(editor.text, "README ");
  type(`${ctrl("u")}Re\t`);
  answer("README");
  assert.equal(editor.text, "Re");
});

test("candidates are made harmless, and what is no text is left out", () => {
  const { type, answer, editor, shown } = completing();
  type("\t");
  answer("\x1b[31ma\n\u202eb", "", 5 as unknown as string, { value: "c", label: "\x1b]0;x\x07", description: "d\te" });
  assert.deepEqual(shown(), [">", "a b", "c    d e"]);
  type(`\t${KEY.enter}`);
  assert.equal(editor.text, "a b ");
});

test("secrets are not completed", () => {
  const { editor, type, written } = start();
  editor.prompt("Password: ", { mask: true, complete: () => assert.fail("asked") });
  type("a\t");
  assert.deepEqual(written, ["Password: "]);
});

test("a message goes above a menu that is open, which stays", () => {
  const { editor, type, answer, shown } = completing();
  type("\t");
  answer("one", "two");
  type("\t");
  editor.printAbove("hello");
  assert.deepEqual(shown(), ["hello", "> one", "one  two"]);
  editor.resize(6, 6);
  editor.hide();
  editor.show();
  type("\t");
  assert.deepEqual(editor.text, "");
});
