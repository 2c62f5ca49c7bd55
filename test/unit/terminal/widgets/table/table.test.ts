import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { stripAnsi } from "../../../../../src/terminal/text/sanitize.ts";
import { columnsOf } from "../../../../../src/terminal/widgets/cells/fit.ts";
import type { Border } from "../../../../../src/terminal/widgets/table/borders.ts";
import { BORDERS } from "../../../../../src/terminal/widgets/table/borders.ts";
import { table } from "../../../../../src/terminal/widgets/table/table.ts";
import { shareWidths } from "../../../../../src/terminal/widgets/table/widths.ts";

const plain = (text: string): string[] => stripAnsi(text).split("\n");

const ROWS = [
  { name: "tea", price: 2.5, note: null },
  { name: "日本茶", price: 30, note: "from afar" },
];

test("columns are named by the properties, numbers stand to the right", () => {
  assert.deepEqual(plain(table(ROWS)), [
    "name    price  note",
    "──────  ─────  ─────────",
    "tea       2.5",
    "日本茶     30  from afar",
  ]);
});

test("columns can be chosen, named, aligned and limited", () => {
  const columns = ["price", { key: "name", header: "What", align: "right" }, { key: "note", maxWidth: 5 }] as const;
  assert.deepEqual(plain(table(ROWS, { columns, border: "single" })), [
    "┌───────┬────────┬───────┐",
    "│ price │   What │ note  │",
    "├───────┼────────┼───────┤",
    "│   2.5 │    tea │       │",
    "│    30 │ 日本茶 │ from  │",
    "│       │        │ afar  │",
    "└───────┴────────┴───────┘",
  ]);
});

test("rows may be lists, with or without a head", () => {
  assert.deepEqual(plain(table([["a", 1n], ["b"], []])), ["a  1", "b", ""]);
  assert.deepEqual(plain(table([["a", true]], { columns: ["x", "y"] })), ["x  y", "─  ────", "a  true"]);
  assert.deepEqual(plain(table([["a", "b"]], { border: "double" })), ["╔═══╦═══╗", "║ a ║ b ║", "╚═══╩═══╝"]);
  assert.deepEqual(plain(table([["a"]], { border: "rounded" })), ["╭───╮", "│ a │", "╰───╯"]);
  assert.deepEqual(plain(table([["a", "b"]], { border: "none" })), ["a  b"]);
  assert.deepEqual(plain(table([["a", "b"]], { border: "rounded", unicode: false })), [
    "+---+---+",
    "| a | b |",
    "+---+---+",
  ]);
});

test("nothing makes no table, and a head alone is one", () => {
  assert.equal(table([]), "");
  assert.equal(table([[]]), "");
  assert.equal(table([{}]), "");
  assert.deepEqual(plain(table([], { columns: [{ header: "x" }] })), ["x", "─"]);
});

test("what is too wide goes on below or is cut off, and colours stay in their cells", () => {
  const rows = [["\x1b[31mred text that goes on\x1b[m", "b"]];
  assert.deepEqual(table(rows, { border: "single", width: 17 }).split("\n"), [
    "┌───────────┬───┐",
    "│ \x1b[31mred text\x1b[m  │ b │",
    "│ \x1b[31mthat goes\x1b[m │   │",
    "│ \x1b[31mon\x1b[m        │   │",
    "└───────────┴───┘",
  ]);
  const columns = [{ overflow: "truncate" }, {}] as const;
  assert.deepEqual(plain(table([["a text\nof two lines", "b"]], { columns, width: 12 })), ["a text o…  b"]);
});

test("a cell with newlines has several lines, one that moves the cursor does not", () => {
  assert.deepEqual(plain(table([["a\nb", "c\td\x1b[2Je\rf"]])), ["a  c de f", "b"]);
});

test("room is shared: who wants little gets it, the others get the same", () => {
  assert.deepEqual(shareWidths([5, 5], 20), [5, 5]);
  assert.deepEqual(shareWidths([3, 50, 50], 23), [3, 10, 10]);
  assert.deepEqual(shareWidths([50, 3, 8], 20), [9, 3, 8]);
  assert.deepEqual(shareWidths([0, 9], 4), [1, 3]);
  assert.deepEqual(shareWidths([9, 9, 9], 0), [1, 1, 1]);
  assert.deepEqual(shareWidths([], 5), []);
});

test("whatever is in it, no line is wider than it may be, and all lines of a box are of one width", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.constantFrom("\x1b[31mred", "a\nb\nc", "日本語のテキスト", null, undefined, 12, true),
  );
  const rows = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 5 });
  const borders = Object.keys(BORDERS) as Border[];
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 90 }), fc.constantFrom(...borders), (rows, width, border) => {
      const lines = table(rows, { width, border }).split("\n");
      const widths = lines.map(columnsOf);
      assert.ok(Math.max(...widths) <= width);
      if (border !== "none" && border !== "head") assert.equal(new Set(widths).size, 1);
      assert.doesNotMatch(lines.map(stripAnsi).join(""), /\p{Cc}/u);
    }),
    { numRuns: 500 },
  );
});

test("a table of 100,000 rows is made", () => {
  const lines = table(Array.from({ length: 100_000 }, (_, index) => [index, "x"])).split("\n");
  assert.equal(lines.length, 100_000);
});
