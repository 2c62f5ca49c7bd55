import assert from "node:assert/strict";
import { test } from "node:test";
import { Choose } from "../../../../../src/terminal/widgets/prompts/choose.ts";
import { Confirm } from "../../../../../src/terminal/widgets/prompts/confirm.ts";
import { Dialog } from "../../../../../src/terminal/widgets/prompts/dialog.ts";
import { GLYPHS, Scene } from "../scene.ts";

const SIZE = { columns: 40, rows: 8 };
const dialog = (): Dialog<{ label: string }> => new Dialog({ title: "T", text: "Text" }, [{ label: "OK" }], 0, GLYPHS);

test("Ctrl-C and Ctrl-D end a widget, and leave the question and a fresh line", () => {
  for (const [key, type, row] of [
    ["ctrl+c", "interrupt", "Sure? ^C"],
    ["ctrl+d", "eof", "Sure?"],
  ] as const) {
    const scene = new Scene(new Confirm("Sure?", false), SIZE);
    scene.press(key);
    assert.equal(scene.outcome?.type, type);
    assert.deepEqual(scene.rows, ["m0", row]);
    assert.deepEqual(scene.screen.cursor, { row: 2, column: 0 });
    scene.press("y");
    assert.deepEqual(scene.rows, ["m0", row], "it is over");
  }
});

test("Ctrl-D in what is typed deletes", () => {
  const scene = new Scene(new Choose("Which?", [{ label: "abc" }, { label: "acb" }], 0, GLYPHS), SIZE);
  scene.press("a", "b", "left", "left", "ctrl+d");
  assert.equal(scene.outcome, undefined);
  assert.equal(scene.rows[1], "Which? b");
});

test("Ctrl-L empties the screen and draws it again", () => {
  const scene = new Scene(new Confirm("Sure?", false), SIZE);
  scene.press("ctrl+l");
  assert.deepEqual(scene.rows, ["Sure? [y/N]"]);
});

test("several keys of one chunk are drawn once", () => {
  const scene = new Scene(new Choose("Which?", [{ label: "a" }, { label: "b" }, { label: "c" }], 0, GLYPHS), SIZE);
  scene.sent = "";
  scene.panel.batch(() => scene.press("down", "down", "up", "up"));
  assert.equal(scene.sent, "");
  scene.panel.batch(() => scene.press("down", "down"));
  assert.equal(scene.rows[4], "❯ 3) c");
});

test("what is cancelled leaves nothing behind", () => {
  for (const alternate of [false, true]) {
    const scene = new Scene(dialog(), { ...SIZE, alternate });
    scene.panel.cancel();
    assert.deepEqual(scene.rows, ["m0"]);
    assert.deepEqual(scene.screen.cursor, { row: 1, column: 0 });
    assert.doesNotMatch(scene.sent, /\x1b\[\?25l(?!.*\x1b\[\?25h)/s, "the cursor is back");
    scene.panel.show();
    assert.deepEqual(scene.rows, ["m0"]);
  }
});

test("what is written while the second screen is shown comes when it is left, and nothing is lost when it is much", () => {
  const scene = new Scene(dialog(), { ...SIZE, alternate: true });
  scene.print("one");
  scene.print("two\n");
  assert.ok(!scene.rows.includes("one"));
  scene.press("return");
  assert.deepEqual(scene.rows, ["m0", "one", "two"]);

  const busy = new Scene(dialog(), { ...SIZE, alternate: true });
  for (let line = 0; line < 3000; line++) busy.print(`message ${line}`);
  busy.look();
  busy.press("return");
  const rows = busy.screen.allRows.filter((row) => row.startsWith("message"));
  assert.equal(rows.at(-1), "message 2999");
  assert.equal(new Set(rows).size, rows.length);
  for (let line = 0; line < 3000; line++) assert.ok(busy.sent.includes(`message ${line}\r\n`));
});

test("a second screen that somebody else has left already takes no row of the first with it", () => {
  const scene = new Scene(dialog(), { ...SIZE, alternate: true });
  scene.screen.write("\x1b[?1049l");
  scene.panel.cancel();
  assert.deepEqual(scene.rows, ["m0"]);
  assert.deepEqual(scene.screen.cursor, { row: 1, column: 0 });
});

test("an answer and a question of 10 kB stay readable and finite", () => {
  const scene = new Scene(new Choose("q".repeat(10_000), [{ label: "l".repeat(10_000) }], 0, GLYPHS), SIZE);
  scene.look();
  scene.press("return");
  assert.equal(scene.outcome?.type, "done");
  assert.ok(scene.sent.length < 10_000);
});
