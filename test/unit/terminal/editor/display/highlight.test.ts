import assert from "node:assert/strict";
import { test } from "node:test";
import { stylesOf } from "../../../../../src/terminal/editor/display/highlight.ts";
import { graphemes } from "../../../../../src/terminal/text/graphemes.ts";
import { ctrl, KEY, start } from "../stage.ts";

function styles(text: string, highlighted: string): [number, string][] | undefined {
  return stylesOf(text, highlighted, graphemes(text))?.map(({ from, sgr }) => [from, sgr.replaceAll("\x1b", "")]);
}

test("colours and attributes become styles of clusters", () => {
  assert.deepEqual(styles("git push", "\x1b[1mgit\x1b[m push"), [
    [0, "[1m"],
    [3, ""],
  ]);
  assert.deepEqual(styles("abc", "a\x1b[1mb\x1b[31mc\x1b[0m"), [
    [1, "[1m"],
    [2, "[1m[31m"],
  ]);
  assert.deepEqual(styles("ab", "\x1b[1ma\x1b[0;32mb"), [
    [0, "[1m"],
    [1, "[0;32m"],
  ]);
  assert.deepEqual(styles("abc", "abc"), []);
  assert.deepEqual(styles("", ""), []);
  assert.deepEqual(styles("👍🏽b", "👍\x1b[1m🏽b"), [[1, "[1m"]]);
});

test("another text, another sequence, or a style without end is no highlighting", () => {
  for (const highlighted of [
    "git pull",
    "git push!",
    "git pus",
    "\x1b[2Jgit push",
    "\x1b[Agit push",
    "git\rpush",
    "\x1b]0;t\x07git push",
    "\x1b[31git push",
    `${"\x1b[1m".repeat(50)}git push`,
    "",
  ]) {
    assert.equal(styles("git push", highlighted), undefined, JSON.stringify(highlighted));
  }
});

const shout = (text: string): string => text.replace(/^\w+/, "\x1b[31m$&\x1b[m");

test("what is typed is coloured as it comes, in rows, behind a cursor in the middle, and in the menu", () => {
  const { editor, type, styled } = start();
  const red = (text: string): string => text.replaceAll(/./gu, (character) => `{f1|${character}}`);
  editor.prompt("> ", {
    highlight: shout,
    multiline: true,
    complete: (request) => editor.completed(request, { items: ["one", "two"] }),
  });
  type("make all");
  assert.deepEqual(styled(), [`> ${red("make")} all`]);
  type(`${KEY.home}x ${KEY.left}`);
  assert.deepEqual(styled(), [`> ${red("x")} make all`]);
  type(`${ctrl("k")}${ctrl("u")}${"long".repeat(5)} ${KEY.altEnter}y`);
  assert.deepEqual(styled(), [`> ${red("long".repeat(4))}${red("lo")}`, red("ng"), "y"]);
  type(`${ctrl("u")}${ctrl("u")}${KEY.undo}`);
  editor.prompt("> ", {
    highlight: shout,
    complete: (request) => editor.completed(request, { items: ["one", "two"] }),
  });
  type("\t\t");
  assert.deepEqual(styled().slice(-2), [`> ${red("one")}`, "{~|o}{~|n}{~|e}  two"]);
});

test("a function that throws or tells another text is reported once, and the line goes on without colours", () => {
  for (const highlight of [
    () => {
      throw new Error("broken");
    },
    (text: string) => text.toUpperCase(),
  ]) {
    const { editor, type, styled, failures } = start();
    editor.prompt("> ", { highlight });
    type("abc");
    assert.deepEqual(styled(), ["> abc"]);
    assert.equal(failures.length, 1);
  }
});

test("secrets are not coloured, nor seen by what colours", () => {
  const { editor, type, styled } = start();
  editor.prompt("Password: ", { mask: "*", highlight: () => assert.fail("asked") });
  type("abc");
  assert.deepEqual(styled(), ["Password: ***"]);
});

test("a background colour does not run over the edge of the screen", () => {
  const { editor, type, styled } = start({ columns: 10, rows: 3 });
  editor.prompt("> ", { highlight: (text) => `\x1b[44m${text}\x1b[m` });
  type("abcdefgh字字字字字");
  const blue = (text: string): string => text.replaceAll(/./gu, (character) => `{b4|${character}}`);
  assert.deepEqual(styled(), [`> ${blue("abcdefgh")}`, blue("字字字字字"), ""]);
  type("xyz");
  assert.deepEqual(styled(), [`> ${blue("abcdefgh")}`, blue("字字字字字"), blue("xyz")]);
});
