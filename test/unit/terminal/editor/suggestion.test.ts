import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../../src/terminal/editor/history/history.ts";
import { ctrl, KEY, pasted, start } from "./stage.ts";

const history = (): History => new History(["git push", "git commit -m x", "make"]);

/** What is grey, in braces. */
function grey(rows: readonly string[]): string[] {
  return rows.map((row) => row.replaceAll(/((?:\{f8\|.\})+)/gu, (run) => `{${run.replaceAll(/\{f8\|(.)\}/gu, "$1")}}`));
}

test("the newest line of the history that begins so stands in grey behind the cursor", () => {
  const { editor, type, styled, screen } = start({ history: history() });
  editor.prompt("> ", { suggest: true });
  assert.deepEqual(styled(), [">"]);
  type("git");
  assert.deepEqual(grey(styled()), ["> git{ commit -m x}"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 5 });
  type(" p");
  assert.deepEqual(grey(styled()), ["> git p{ush}"]);
  type("x");
  assert.deepEqual(styled(), ["> git px"]);
  type(KEY.backspace);
  assert.deepEqual(grey(styled()), ["> git p{ush}"]);
  type(KEY.left);
  assert.deepEqual(styled(), ["> git p"]);
});

for (const [name, key] of Object.entries({
  Right: KEY.right,
  End: KEY.end,
  "Ctrl-E": ctrl("e"),
  "Ctrl-F": ctrl("f"),
})) {
  test(`${name} takes the suggestion, and undo takes it back`, () => {
    const { editor, type } = start({ history: history() });
    editor.prompt("> ", { suggest: true });
    type(`gi`);
    type(key);
    assert.equal(editor.text, "git commit -m x");
    type(KEY.undo);
    assert.equal(editor.text, "gi");
  });
}

test("Alt-Right takes a word of it", () => {
  const { editor, type, styled } = start({ history: history() });
  editor.prompt("> ", { suggest: true });
  type("gi");
  type(KEY.altRight);
  type(KEY.altRight);
  assert.deepEqual(grey(styled()), ["> git commit{ -m x}"]);
  assert.equal(editor.text, "git commit");
});

test("what has not been seen is not taken", () => {
  const { editor, type } = start({ history: history() });
  editor.prompt("> ", { suggest: true });
  editor.batch(() => type(`gi${KEY.right}`));
  assert.equal(editor.text, "gi");
});

test("a letter that was suggested costs that letter alone", () => {
  const { editor, type, written } = start({ history: history() });
  editor.prompt("> ", { suggest: true });
  type("gi");
  written.length = 0;
  type("t");
  assert.deepEqual(written, ["t"]);
});

test("a letter for which there is no room takes nothing of the suggestion", () => {
  const { editor, type, styled } = start({ history: history(), limit: 4 });
  editor.prompt("> ", { suggest: true });
  type("git ");
  assert.deepEqual(grey(styled()), ["> git {commit -m x}"]);
  type("c");
  assert.deepEqual(grey(styled()), ["> git {commit -m x}"]);
  assert.equal(editor.text, "git ");
});

test("Enter and Ctrl-C leave only what was typed", () => {
  for (const key of [KEY.enter, ctrl("c")]) {
    const { editor, type, styled } = start({ history: history() });
    editor.prompt("> ", { suggest: true });
    type("gi");
    type(key);
    assert.deepEqual(styled(), [key === KEY.enter ? "> gi" : "> gi^C", ""]);
  }
});

test("secrets get no suggestions, nor does what is suggested to them see any", () => {
  const { editor, type, written } = start({ history: history() });
  editor.prompt("Password: ", { mask: true, suggest: () => assert.fail("asked") });
  type("gi");
  assert.deepEqual(written, ["Password: "]);
});

test("a suggestion may come from a function, now or later, and is made harmless", () => {
  const asked: string[] = [];
  const { editor, type, styled } = start();
  editor.prompt("> ", {
    suggest: (text) => {
      asked.push(text);
      return text === "n" ? "now\x1b[2J\nnot \u202ehere" : undefined;
    },
  });
  type("n");
  assert.deepEqual(grey(styled()), ["> n{ow[2J not here}"]);
  type("x");
  editor.suggested("n", "never");
  assert.deepEqual(styled(), ["> nx"]);
  editor.suggested("nx", "nx later");
  assert.deepEqual(grey(styled()), ["> nx{ later}"]);
  type(KEY.right);
  assert.equal(editor.text, "nx later");
  assert.deepEqual(asked, ["n", "nx", "nx later"]);
});

test("what does not go on from the line, or is too long, is not shown", () => {
  const { editor, type, styled } = start();
  const answers: (string | undefined)[] = ["other", `a${"x".repeat(5000)}`, "a"];
  editor.prompt("> ", { suggest: () => answers.shift() });
  for (const _ of [1, 2, 3]) {
    type(`a${KEY.backspace}`);
    assert.deepEqual(styled(), [">"]);
  }
});

test("a function that throws is reported once, and asked no more", () => {
  let count = 0;
  const { editor, type, failures, styled } = start();
  editor.prompt("> ", {
    suggest: () => {
      count++;
      throw new Error("broken");
    },
  });
  type("a");
  type("b");
  assert.deepEqual(styled(), ["> ab"]);
  assert.equal(count, 1);
  assert.deepEqual(failures.map(String), ["Error: broken"]);
});

test("a suggestion of several rows is shown as such, and pasted text gets one too", () => {
  const { editor, type, styled } = start({ history: new History(["for x\n  do\nend"]) });
  editor.prompt("> ", { suggest: true, multiline: true });
  type(pasted("for x\n "));
  assert.deepEqual(grey(styled()), ["> for x", " {\u0020do}", "{end}"]);
});
