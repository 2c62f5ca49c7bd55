import assert from "node:assert/strict";
import { test } from "node:test";
import type { PagerOptions } from "../../../../../src/terminal/widgets/pager/pager.ts";
import { Pager } from "../../../../../src/terminal/widgets/pager/pager.ts";
import { GLYPHS, Scene } from "../scene.ts";

const SIZE = { columns: 50, rows: 6 };

function numbered(count: number, first = 0): string {
  return Array.from({ length: count }, (_, index) => `line ${first + index}\n`).join("");
}

/** A pager on a terminal; without a text it is still to come. */
function open(text?: string, options: Partial<PagerOptions> = {}): { pager: Pager; scene: Scene<undefined> } {
  const pager = new Pager({ title: "", wraps: true, ...options }, SIZE, GLYPHS);
  if (text !== undefined) {
    pager.push(text);
    pager.finish();
  }
  return { pager, scene: new Scene(pager, { ...SIZE, alternate: true }) };
}

test("a text that fits, with the prompt below it, shows nothing and says so", () => {
  for (const [text, fits] of [
    [numbered(5), true],
    [numbered(6), false],
    [`${"x".repeat(50 * 5)}\n`, true],
    ["x".repeat(50 * 5 + 1), false],
    ["", true],
  ] as const) {
    const { pager, scene } = open(text);
    assert.equal(pager.fits, fits, JSON.stringify(text.slice(0, 20)));
    assert.equal(scene.sent === "", fits);
  }
});

test("the keys of less move, and the last row says where one is", () => {
  const { scene } = open(numbered(100));
  const shows = (first: string, status: string): void => {
    scene.look();
    assert.equal(scene.screen.rows[0], first);
    assert.equal(scene.screen.rows[5], ` ${status}`);
  };
  shows("line 0", "lines 1-5 of 100  5%");
  scene.press("space");
  shows("line 5", "lines 6-10 of 100  10%");
  scene.press("j", "down", "return", "k");
  shows("line 7", "lines 8-12 of 100  12%");
  scene.press("b");
  shows("line 2", "lines 3-7 of 100  7%");
  scene.press("d", "d", "u");
  shows("line 4", "lines 5-9 of 100  9%");
  scene.press("G");
  shows("line 95", "lines 96-100 of 100  end, q leaves");
  scene.press("space", "down", "pagedown");
  shows("line 95", "lines 96-100 of 100  end, q leaves");
  scene.press("g", "up", "pageup");
  shows("line 0", "lines 1-5 of 100  5%");
  scene.press("end", "home", "q");
  assert.deepEqual(scene.outcome, { type: "done", value: undefined });
  assert.deepEqual(scene.rows, ["m0"]);
});

test("Ctrl-C leaves, and Ctrl-D is half a screen", () => {
  const { scene } = open(numbered(100));
  scene.press("ctrl+d");
  assert.equal(scene.screen.rows[0], "line 2");
  scene.press("ctrl+c");
  assert.deepEqual(scene.outcome, { type: "interrupt" });
  assert.deepEqual(scene.rows, ["m0"]);
});

test("long lines go on in the next row, and a row is a step", () => {
  const { scene } = open(`${"a".repeat(50)}${"b".repeat(50)}${"c".repeat(10)}\n${numbered(20)}`);
  assert.deepEqual(scene.screen.rows.slice(0, 4), ["a".repeat(50), "b".repeat(50), "c".repeat(10), "line 0"]);
  scene.press("down");
  assert.equal(scene.screen.rows[0], "b".repeat(50));
  scene.resize(30, 6);
  assert.equal(scene.screen.rows[0], `${"a".repeat(20)}${"b".repeat(10)}`, "the row that has what was at the top");
  scene.press("up");
  assert.equal(scene.screen.rows[0], "a".repeat(30));
  scene.press("G", "up");
  scene.look();
});

test("without wrapping, Right and Left move over long lines", () => {
  const { scene } = open(`${"a".repeat(50)}${"b".repeat(50)}\n${numbered(20)}`, { wraps: false });
  assert.equal(scene.screen.rows[0], `${"a".repeat(49)}…`);
  scene.press("right");
  assert.equal(scene.screen.rows[0], `${"a".repeat(25)}${"b".repeat(24)}…`);
  scene.press("right", "right", "left");
  assert.equal(scene.screen.rows[0], "b".repeat(50));
  scene.press("left", "left", "left");
  assert.equal(scene.screen.rows[1], "line 0");
});

test("a search finds forwards, goes on with n and back with N, and highlights", () => {
  const { scene } = open(numbered(100));
  scene.press("/");
  assert.equal(scene.screen.rows[5], "/");
  assert.deepEqual(scene.screen.cursor, { row: 5, column: 1 });
  scene.press("7", "x", "backspace", "return");
  assert.equal(scene.screen.rows[0], "line 7");
  assert.match(scene.sent, /\x1b\[7m7\x1b\[m/);
  scene.press("n");
  assert.equal(scene.screen.rows[0], "line 17");
  scene.press("n", "n", "N");
  assert.equal(scene.screen.rows[0], "line 27");
  scene.press("G", "/", "LINE 2", "return");
  assert.equal(scene.screen.rows[5], " lines 96-100  not found: LINE 2", "capitals are meant");
  scene.press("/", "line 9", "return", "n", "n");
  assert.equal(scene.screen.rows[0], "line 97");
  scene.press("G", "N");
  assert.equal(scene.screen.rows[0], "line 94");
  scene.press("g", "/", "line 99", "return", "n");
  assert.equal(scene.screen.rows[5], " lines 100-100  on from the top");
  scene.press("/", "line 3", "return", "N");
  assert.equal(scene.screen.rows[0], "line 39");
  assert.equal(scene.screen.rows[5], " lines 40-44  on from the end");
  scene.press("g", "/", "escape", "/", "\x1b[200~line 5\x1b[201~", "return");
  assert.equal(scene.screen.rows[0], "line 5");
  scene.press("/", "return");
  assert.equal(scene.screen.rows[0], "line 5", "nothing typed is the same again");
  scene.press("/", "backspace", "q");
  assert.equal(scene.outcome?.type, "done");
});

test("colours go on from line to line, also where they began above the screen", () => {
  const { scene } = open(`\x1b[31mred\n${"still red ".repeat(8)}\n${numbered(20)}\x1b[mplain\nplain\n`);
  scene.press("down", "down");
  scene.look();
  scene.sent = "";
  scene.press("ctrl+l");
  assert.equal(scene.screen.rows[0], "still red still red still red");
  assert.match(scene.sent, /\x1b\[31mstill red/);
  scene.press("G");
  scene.sent = "";
  scene.press("ctrl+l");
  assert.match(scene.sent, /\x1b\[31mline 19\x1b\[m\r\n\rplain/);
});

test("tabs go to the eighth column, and what could move the cursor is left out", () => {
  const { scene } = open(`\ta\tb\n12345678\tc\n\x1b[2J\x1b[Hd\r\n${numbered(10)}`);
  assert.deepEqual(scene.screen.rows.slice(0, 3), [`${" ".repeat(8)}a${" ".repeat(7)}b`, "12345678        c", "d"]);
});

test("no more of a text is wanted than a screenful ahead", () => {
  const { pager, scene } = open();
  let given = 0;
  const feed = (): void => {
    while (pager.wants) pager.push(numbered(1, given++));
    scene.panel.refresh();
  };
  assert.equal(scene.sent, "", "nothing is shown before there is more than a screenful");
  feed();
  assert.equal(given, 10);
  assert.equal(scene.screen.rows[5], " lines 1-5");
  scene.press("space");
  feed();
  assert.equal(given, 15);
  // More than there is yet: what is left of the way is gone when the lines have come.
  scene.press("space", "space", "space", "space");
  assert.equal(scene.screen.rows[0], "line 10");
  feed();
  assert.equal(scene.screen.rows[0], "line 25");
  assert.equal(given, 35);
  scene.press("/", "line 77", "return");
  assert.equal(scene.screen.rows[5], " lines 26-30  reading, line 35");
  feed();
  assert.equal(scene.screen.rows[0], "line 77");
  assert.equal(given, 87);
  scene.press("G");
  assert.ok(pager.wants);
  scene.press("k");
  assert.ok(!pager.wants, "another key is another wish");
  pager.finish();
  scene.press("G");
  assert.equal(scene.screen.rows[4], "line 86");
});

test("a text without end takes no more memory than a part of it", () => {
  const { pager, scene } = open();
  pager.push(numbered(10));
  scene.panel.refresh();
  scene.press("G");
  const line = `${"x".repeat(1000)}\n`;
  for (let index = 0; index < 20_000; index++) pager.push(line);
  scene.press("g");
  const [, first = ""] = /lines (\d+)-/.exec(scene.screen.rows[5] ?? "") ?? [];
  assert.ok(Number(first) > 14_000, first);
  scene.look();
  pager.finish();
  scene.press("G");
  scene.look();
});

test("a line without end is parted, in no escape sequence and in no character", () => {
  const { pager } = open();
  pager.push("\x1b[31m👍".repeat(100_000));
  pager.finish();
  const scene = new Scene(pager, { ...SIZE, alternate: true });
  scene.press("space", "space");
  scene.look();
  scene.press("G");
  for (const row of scene.screen.rows.slice(0, 5)) assert.match(row, /^(👍)*$/);
  scene.press("/", "[3", "return");
  assert.match(scene.screen.rows[5] ?? "", /not found/);
});
