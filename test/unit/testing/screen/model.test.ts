import assert from "node:assert/strict";
import test from "node:test";
import xterm from "@xterm/headless";
import { ScreenModel } from "../../../../src/testing/screen/model.ts";
import type { ScreenOptions } from "../../../../src/testing/screen/model.ts";
import { loadXterm } from "../../../../src/testing/screen/load-xterm.ts";

function drawn(text: string | Uint8Array, options: Partial<ScreenOptions> = {}): ScreenModel {
  const screen = new ScreenModel(xterm, { columns: 20, rows: 4, ...options });
  screen.write(text);
  return screen;
}

test("the text of a screen is what can be read on it, without the blanks at the ends", () => {
  const screen = drawn("one  \r\n\r\n\x1b[31m  three\x1b[m");
  assert.equal(screen.text(), "one\n\n  three");
  assert.deepEqual(screen.lines, ["one", "", "  three", ""]);
  assert.deepEqual(screen.cursor, { row: 2, column: 7, visible: true });
});

test("what has scrolled out is in allLines", () => {
  const screen = drawn("1\r\n2\r\n3\r\n4\r\n5\r\n6");
  assert.equal(screen.text(), "3\n4\n5\n6");
  assert.equal(screen.allLines.join(), "1,2,3,4,5,6");
});

test("looks are told in words and in one form of escape sequences", () => {
  const screen = drawn(
    "a\x1b[1m\x1b[32mb\x1b[1;32mc\x1b[0;7;48;5;196md\x1b[m\x1b[38;2;1;2;3;104me\x1b[9;53;2;3;4;5;8mf\x1b[m g",
  );
  assert.equal(
    screen.styled(),
    "a‹bold green›bc‹/›‹inverse on-color-196›d‹/›‹#010203 on-bright-blue›e‹/›" +
      "‹dim italic underline blink hidden strikethrough overline #010203 on-bright-blue›f‹/› g",
  );
  assert.equal(
    screen.ansi(),
    "a\x1b[1;32mbc\x1b[m\x1b[7;48;5;196md\x1b[m\x1b[38;2;1;2;3;104me\x1b[m\x1b[2;3;4;5;8;9;53;38;2;1;2;3;104mf\x1b[m g",
  );
  // What was drawn from that form looks the same.
  assert.equal(drawn(screen.ansi()).styled(), screen.styled());
});

test("blanks that have a colour are seen, and others at the end of a row are not", () => {
  const screen = drawn("\x1b[41m  \x1b[m  \r\nx");
  assert.equal(screen.styled(), "‹on-red›  ‹/›\nx");
});

test("a text is found across the rows that the terminal wrapped, with the place of its first character", () => {
  const screen = drawn("a long line that is wrapped here\r\nnext");
  assert.equal(screen.text(), "a long line that is\nwrapped here\nnext");
  assert.ok(screen.has("that is wrapped"));
  assert.ok(screen.has(/is\nwrapped/));
  assert.ok(!screen.has("here next"));
  assert.deepEqual(screen.find("wrapped"), { row: 1, column: 0 });
  assert.deepEqual(screen.find(/h[aeiou]re/g), { row: 1, column: 8 });
  assert.equal(screen.find("nowhere"), undefined);
});

test("the blank between a prompt and the cursor is seen, and the end of the text is the end of an expression", () => {
  const screen = drawn("one\r\n> ");
  assert.equal(screen.text(), "one\n>");
  assert.ok(screen.has("> ") && screen.has(/one\n> $/) && screen.has(/^>$/m));
  assert.equal(screen.beforeCursor, "> ");
  screen.write("x\b\b");
  assert.equal(screen.beforeCursor, ">");
  assert.ok(screen.has(/> x$/));
});

test("a wide character is two cells, whole clusters are one, and one that does not fit goes to the next row", () => {
  const screen = drawn(`${"x".repeat(19)}字👩‍👩‍👧e\u0301!`);
  assert.deepEqual(screen.lines.slice(0, 2), ["x".repeat(19), "字👩‍👩‍👧e\u0301!"]);
  assert.deepEqual(screen.find("!"), { row: 1, column: 5 });
  assert.ok(screen.has("x字"));
  assert.equal(screen.cursor.column, 6);
});

test("marks without end cost no memory without end, and what follows stands beside them", () => {
  const screen = drawn(`a${"\u0301".repeat(10_000)}b`);
  assert.deepEqual(screen.find("b"), { row: 0, column: 1 });
});

test("a terminal of Unicode 6 believes in other widths", () => {
  assert.equal(drawn("👩‍👩‍👧|").cursor.column, 3);
  assert.equal(drawn("👩‍👩‍👧|", { widths: "unicode6" }).cursor.column, 4);
});

test("bytes that are cut within a character are put together", () => {
  const screen = drawn(Uint8Array.of(0xe2, 0x82));
  screen.write(Uint8Array.of(0xac));
  assert.equal(screen.text(), "€");
});

test("a text that looks one way is told in one look, and another in all of its looks", () => {
  const screen = drawn("\x1b[31mred\x1b[32mgreen\x1b[m plain");
  assert.equal(screen.styleOf("red"), "red");
  assert.equal(screen.styleOf("plain"), "");
  assert.equal(screen.styleOf(/red\w+/), "red | green");
  assert.throws(() => screen.styleOf("blue"), /There is no blue to look at\.\n┌.*redgreen plain/s);
});

test("the cursor, the title, the bell and the second screen are told", () => {
  const screen = drawn("\x1b[?25l\x1b]2;A title\x07\x07\x07\x1b[?1049h");
  assert.deepEqual(
    [screen.cursor.visible, screen.title, screen.bells, screen.isAlternate],
    [false, "A title", 2, true],
  );
  screen.write("\x1b[?1049l\x1b[!p");
  assert.deepEqual([screen.cursor.visible, screen.isAlternate], [true, false]);
  screen.write("\x1b[?25;1006h\x1b[?25l\x1bc");
  assert.deepEqual([screen.cursor.visible, screen.modes.sgrMouse], [true, false]);
});

test("it answers queries as the terminal does that it is said to be", () => {
  const ask = "\x1b[c\x1b[6n\x1b[?2026$p\x1b]11;?\x07\x1b[>q";
  const answers = (profile: ScreenOptions["profile"]): string => {
    let text = "";
    const screen = drawn("", profile === undefined ? {} : { profile });
    screen.onReply((answer) => (text += answer));
    screen.write(ask);
    return text;
  };
  const usual = "\x1b[?1;2c\x1b[1;1R\x1b[?2026;2$y";
  assert.equal(answers(undefined), `${usual}\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\`);
  assert.equal(
    answers({ background: "light", name: "kitty(0.42.0)" }),
    `${usual}\x1b]11;rgb:fafa/fafa/fafa\x1b\\\x1bP>|kitty(0.42.0)\x1b\\`,
  );
  assert.equal(answers(false), "");
});

test("without the package the message says how to install it", async () => {
  const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  await assert.rejects(
    loadXterm(() => Promise.reject(missing)),
    {
      name: "TestingError",
      code: "MISSING_PACKAGE",
      message: /npm install --save-dev @xterm\/headless/,
      cause: missing,
    },
  );
});
