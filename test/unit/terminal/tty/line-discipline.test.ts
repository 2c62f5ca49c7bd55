import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { LineDiscipline } from "../../../../src/terminal/tty/line-discipline.ts";
import { Screen } from "../editor/screen.ts";

/** A line discipline, what it told, and what its user sees. */
function type(text: string | Uint8Array, modes: Readonly<Record<string, number>> = {}, columns = 40) {
  const told: string[] = [];
  const screen = new Screen({ columns, rows: 10 });
  let echoed = "";
  const discipline = new LineDiscipline(
    {
      line: (bytes) => told.push(Buffer.from(bytes).toString("latin1")),
      end: () => told.push("<end>"),
      interrupt: () => told.push("<interrupt>"),
      echo: (shown) => {
        echoed += shown;
        screen.write(shown.replaceAll("\n", "\r\n"));
      },
    },
    { modes: new Map(Object.entries(modes)), columns: () => columns },
  );
  const more = (next: string | Uint8Array): void => discipline.receive(Buffer.from(next as string));
  more(text);
  return {
    told,
    more,
    discipline,
    get echoed() {
      return echoed;
    },
    get rows() {
      const rows = screen.rows;
      while (rows.at(-1) === "") rows.pop();
      return rows;
    },
  };
}

const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** What is typed, what the reader gets, and what is on the screen. */
const table: readonly (readonly [title: string, typed: string, told: readonly string[], rows: readonly string[]])[] = [
  ["CR becomes NL, and is echoed as a new row", "one\rtwo\r", ["one\n", "two\n"], ["one", "two"]],
  ["NL is one too", "one\n", ["one\n"], ["one"]],
  ["a line waits for its end", "one", [], ["one"]],
  ["Backspace takes a character back", "onx\x7fe\r", ["one\n"], ["one"]],
  ["Ctrl-H as well", "onx\x08e\r", ["one\n"], ["one"]],
  ["Backspace on nothing does nothing", "\x7f\x7fa\r", ["a\n"], ["a"]],
  ["Backspace takes a character of several bytes", "aé\x7fb\r", ["ab\n"], ["ab"]],
  ["Backspace takes both cells of a wide character", "a四\x7fb\r", ["ab\n"], ["ab"]],
  ["Backspace takes a letter with its accents", "ae\u0301\u0302\x7fb\r", ["ab\n"], ["ab"]],
  ["Backspace takes an emoji with its skin tone", "a👍🏽\x7fb\r", ["ab\n"], ["ab"]],
  ["Backspace takes a flag", "🇩🇪🇫🇷\x7fb\r", [utf8("🇩🇪b\n")], ["🇩🇪b"]],
  ["Backspace takes both cells of a control character", "a\x01\x7fb\r", ["ab\n"], ["ab"]],
  ["Backspace takes a tab", "a\t\x7fb\r", ["ab\n"], ["ab"]],
  ["Ctrl-U takes all", "one 四\tand\x01\x15two\r", ["two\n"], ["two"]],
  ["Ctrl-W takes a word, and the blanks behind it", "one two  \x17x\r", ["one x\n"], ["one x"]],
  ["Ctrl-W on nothing does nothing", "  \x17\x17x\r", ["x\n"], ["x"]],
  ["Ctrl-R shows the line again", "ab\x12c\r", ["abc\n"], ["ab^R", "abc"]],
  ["Ctrl-C gives the line up", "one\x03two\r", ["<interrupt>", "two\n"], ["one^C", "two"]],
  ["so does Ctrl-\\", "one\x1ctwo\r", ["<interrupt>", "two\n"], ["one^C", "two"]],
  ["Ctrl-D hands over what there is", "ab\x04c\r", ["ab", "c\n"], ["abc"]],
  ["Ctrl-D on nothing is the end", "ab\r\x04", ["ab\n", "<end>"], ["ab"]],
  ["Ctrl-D twice ends a line that has begun", "ab\x04\x04", ["ab", "<end>"], ["ab"]],
  ["Ctrl-V takes the next character as it is", "a\x16\x03\x16\x7fb\r", ["a\x03\x7fb\n"], ["a^C^?b"]],
  ["Ctrl-V and Enter is a return in the line", "a\x16\rb\r", ["a\rb\n"], ["a^Mb"]],
  ["Ctrl-Z, Ctrl-S and Ctrl-Q do nothing", "a\x1a\x13\x11b\r", ["ab\n"], ["ab"]],
  ["an arrow key is what it sends", "a\x1b[Db\r", ["a\x1b[Db\n"], ["a^[[Db"]],
  ["a tab is shown as blanks", "a\tb\r", ["a\tb\n"], ["a    b"]],
];

for (const [title, typed, told, rows] of table) {
  test(title, () => {
    const subject = type(typed);
    assert.deepEqual(subject.told, told);
    assert.deepEqual(subject.rows, rows);
  });

  test(`${title}: wherever it is cut`, () => {
    const bytes = Buffer.from(typed);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const subject = type(bytes.subarray(0, cut));
      subject.more(bytes.subarray(cut));
      assert.deepEqual(subject.told, told, `cut at ${cut}`);
      assert.deepEqual(subject.rows, rows, `cut at ${cut}`);
    }
  });
}

test("a character is echoed when all of it has come, and half of one is taken back with Backspace", () => {
  const subject = type(Buffer.from([0x61, 0xe5, 0x9b]));
  assert.equal(subject.echoed, "a");
  subject.more(Buffer.from([0x9b]));
  assert.equal(subject.echoed, "a四");
  subject.more(Buffer.from([0xe5, 0x7f, 0x0d]));
  assert.deepEqual(subject.told, [utf8("a四\n")]);
});

test("bytes that are not UTF-8 reach the reader as they are, and each is one character to Backspace", () => {
  const subject = type(Buffer.from([0xff, 0xc3, 0x28, 0x0d]));
  assert.deepEqual(subject.told, ["\xff\xc3(\n"]);
  assert.deepEqual(subject.rows, ["��("]);
  subject.more(Buffer.from([0xff, 0xfe, 0x80, 0x7f, 0x7f, 0x61, 0x0d]));
  assert.equal(subject.told.at(-1), "\xffa\n");
  assert.equal(subject.rows.at(-1), "�a");
});

test("C1 control characters reach the reader, but do not steer the terminal", () => {
  const subject = type("\u009b2Jx\u0085\x7f\r");
  assert.deepEqual(subject.told, [utf8("\u009b2Jx\n")]);
  assert.deepEqual(subject.rows, ["�2Jx"]);
});

test("the client's own characters count: another erase, another end, none to interrupt", () => {
  const subject = type("axe\x0e\x7f.abc\x03x", { VERASE: 0x65, VEOF: 0x78, VINTR: 255, VKILL: 0, VREPRINT: 1000 });
  assert.deepEqual(subject.told, ["a", ".abc\x03"]);
});

test("a client without echo sees nothing of what it types", () => {
  const subject = type("secret\x7f\x15\x12x\r", { ECHO: 0 });
  assert.equal(subject.echoed, "");
  assert.deepEqual(subject.told, ["x\n"]);
});

test("Ctrl-U on a line that has wrapped begins a new row", () => {
  const subject = type("x".repeat(45));
  subject.more("\x15ab\r");
  assert.deepEqual(subject.rows, ["x".repeat(40), "xxxxx^U", "ab"]);
  assert.deepEqual(subject.told, ["ab\n"]);
});

test("a line has 4,096 bytes at most; beyond them the bell rings, and no character is cut in two", () => {
  const subject = type("é".repeat(3000));
  assert.equal(subject.discipline.length, 4094);
  assert.equal(subject.echoed, `\x07${"é".repeat(2047)}`);
  subject.more("x\r");
  assert.deepEqual(subject.told, [utf8(`${"é".repeat(2047)}x\n`)]);
});

test("a megabyte in one piece is taken, with a line or without an end", () => {
  const subject = type("x".repeat(1_000_000));
  assert.equal(subject.discipline.length, 4095);
  assert.ok(subject.echoed.length <= 4200);
  subject.more(`\r${"line\r".repeat(200_000)}`);
  assert.equal(subject.told.length, 200_001);
});

test("a full line is shown again once for each piece of input, whatever it asks for", () => {
  const subject = type("x".repeat(4095));
  const before = subject.echoed.length;
  subject.more("\x12".repeat(10_000));
  assert.equal(subject.echoed.length - before, 4095 + "^R\n".length);
});

test("what was typed of a line can be taken away", () => {
  const subject = type("half");
  assert.equal(Buffer.from(subject.discipline.take()).toString(), "half");
  subject.more("\r");
  assert.deepEqual(subject.told, ["\n"]);
});

test("any bytes in any pieces: the reader gets the same lines, none longer than 4,096, and nothing throws", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom("é", "四", "👍🏽", "\r", "\x7f", "\x17", "\x15", "\x04", "\x16", "\x12", "\t", "a b")
      .map((text) => Uint8Array.from(Buffer.from(text))),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const whole = type(Buffer.concat(pieces));
      const cut = type("");
      for (const part of pieces) cut.more(part);
      assert.deepEqual(cut.told, whole.told);
      assert.ok(whole.told.every((line) => line.length <= 4096));
    }),
    { numRuns: 500 },
  );
});
