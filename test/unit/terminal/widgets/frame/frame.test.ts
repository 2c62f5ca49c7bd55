import assert from "node:assert/strict";
import { test } from "node:test";
import { Frame } from "../../../../../src/terminal/widgets/frame/frame.ts";
import { GLYPHS } from "../scene.ts";
import { Screen } from "../../editor/screen.ts";

function frameOf(columns: number, rows: number): Frame {
  return new Frame({ columns, rows, glyphs: GLYPHS });
}

const OFF = "\x1b[?7l";
const ON = "\x1b[?7h";

test("only the cells that changed are drawn", () => {
  const frame = frameOf(40, 10);
  frame.draw({ rows: ["one", "count 10 of 99", "three"], cursor: { row: 0, column: 3 } });
  assert.equal(frame.draw({ rows: ["one", "count 10 of 99", "three"], cursor: { row: 0, column: 3 } }), "");
  assert.equal(
    frame.draw({ rows: ["one", "count 11 of 99", "three"], cursor: { row: 0, column: 3 } }),
    `${OFF}\x1b[1B\x1b[8G1${ON}\x1b[1A\x1b[4G`,
  );
  assert.equal(
    frame.draw({ rows: ["one", "count", "three"], cursor: { row: 0, column: 3 } }),
    `${OFF}\x1b[1B\x1b[6G\x1b[K${ON}\x1b[1A\x1b[4G`,
  );
  assert.equal(frame.draw({ rows: ["one", "count", "three"], cursor: { row: 0, column: 1 } }), "\x1b[2G");
});

test("a cursor that is not to be seen waits in the first cell, and is back once the frame is gone", () => {
  const frame = frameOf(40, 10);
  assert.equal(frame.draw({ rows: ["ab", "cd"] }), `\x1b[?25l${OFF}ab\n\rcd${ON}\x1b[1A\r`);
  assert.equal(frame.draw({ rows: ["ab", "cx"] }), `${OFF}\x1b[1B\x1b[2Gx${ON}\x1b[1A\r`);
  assert.equal(frame.erase(), "\r\x1b[J\x1b[?25h");
  assert.equal(frame.erase(), "");
});

test("rows that a window has just become too small for are cut off by the terminal, not wrapped", () => {
  const screen = new Screen({ columns: 20, rows: 6 });
  const frame = frameOf(30, 6);
  screen.write("above\r\n");
  screen.write(frame.draw({ rows: ["x".repeat(30), "y".repeat(30)] }).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows.slice(0, 4), ["above", "x".repeat(20), "y".repeat(20), ""]);
  screen.write(frame.resize(20, 6) + frame.draw({ rows: ["x".repeat(20), "z"] }).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows.slice(0, 4), ["above", "x".repeat(20), "z", ""]);
});

test("a terminal that counts other widths has every row where it belongs", () => {
  const screen = new Screen({ columns: 12, rows: 4, widths: "unicode6" });
  const frame = frameOf(12, 4);
  screen.write(frame.draw({ rows: ["👍🏽 one 👍🏽!", "👍🏽".repeat(6), "three"] }).replaceAll("\n", "\r\n"));
  assert.equal(screen.rows[2], "three");
  screen.write(frame.draw({ rows: ["👍🏽 two 👍🏽?", "👍🏽".repeat(6), "three"] }));
  assert.match(screen.rows[0] ?? "", / two .*\?$/);
});

test("of more rows than the screen has, those around the focus are shown, with marks", () => {
  const screen = new Screen({ columns: 20, rows: 5 });
  const frame = frameOf(20, 5);
  const rows = Array.from({ length: 20 }, (_, index) => `row ${index}`);
  screen.write(frame.draw({ rows, focus: 10 }).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows, ["↑ 9 more", "row 9", "row 10", "row 11", "↓ 8 more"]);
  screen.write(frame.draw({ rows, focus: 19 }).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows, ["↑ 16 more", "row 16", "row 17", "row 18", "row 19"]);
  screen.write(frame.draw({ rows, cursor: { row: 0, column: 2 } }).replaceAll("\n", "\r\n"));
  assert.deepEqual(screen.rows, ["row 0", "row 1", "row 2", "row 3", "↓ 16 more"]);
  assert.deepEqual(screen.cursor, { row: 0, column: 2 });
});

test("sizes that no terminal has do no harm", () => {
  for (const [columns, rows] of [
    [0, 0],
    [-1, -5],
    [Number.NaN, Number.NaN],
    [1, 1],
    [100_000, 100_000],
  ] as const) {
    const frame = frameOf(columns, rows);
    const text = frame.draw({ rows: Array.from({ length: 10_000 }, () => "字".repeat(10_000)) });
    assert.ok(text.length < 3_000_000);
    frame.resize(1, 1);
    frame.draw({ rows: ["字"], cursor: { row: 0, column: 7 } });
  }
  assert.deepEqual(frameOf(0, 0).size, { columns: 80, rows: 24 });
  assert.deepEqual(frameOf(100_000, 100_000).size, { columns: 1000, rows: 1000 });
});
