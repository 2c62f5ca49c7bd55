import assert from "node:assert/strict";
import { test } from "node:test";
import { Choose } from "../../../../../src/terminal/widgets/prompts/choose.ts";
import { GLYPHS, Scene } from "../scene.ts";

const SIZE = { columns: 40, rows: 16 };
const few = [
  { label: "red" },
  { label: "green", description: "like grass" },
  { label: "blue", disabled: "sold out" },
  { label: "brown" },
];
const many = Array.from({ length: 10_000 }, (_, index) => ({ label: `City ${index}`, value: index }));

function choose(items: readonly { label: string }[], start = 0, size = SIZE): Scene<{ label: string }> {
  return new Scene(new Choose("Which?", items, start, GLYPHS), size);
}

function chosen(scene: Scene<{ label: string }>): string | undefined {
  return scene.outcome?.type === "done" ? scene.outcome.value.label : undefined;
}

test("a short list has numbers, descriptions, and what cannot be chosen", () => {
  const scene = choose(few);
  assert.deepEqual(scene.rows.slice(1), [
    "Which?",
    "❯ 1) red",
    "  2) green  like grass",
    "  3) blue  sold out",
    "  4) brown",
  ]);
  assert.deepEqual(scene.screen.cursor, { row: 1, column: 7 });
});

test("one line with the answer stays", () => {
  const scene = choose(few);
  scene.press("down", "return");
  assert.equal(chosen(scene), "green");
  assert.deepEqual(scene.rows, ["m0", "Which? green"]);
  assert.deepEqual(scene.screen.cursor, { row: 2, column: 0 });
});

test("arrows, j and k pass what cannot be chosen and go round the ends", () => {
  for (const [keys, label] of [
    [["down", "down"], "brown"],
    [["j", "j"], "brown"],
    [["down", "down", "down"], "red"],
    [["up"], "brown"],
    [["up", "k"], "green"],
    [["end"], "brown"],
    [["end", "home"], "red"],
    [["pagedown"], "brown"],
    [["pagedown", "pageup"], "red"],
  ] as const) {
    const scene = choose(few);
    scene.press(...keys, "return");
    assert.equal(chosen(scene), label, keys.join(" "));
  }
});

test("a number points at its entry and Enter takes it; one that cannot be chosen is passed over", () => {
  for (const [keys, label] of [
    [["2"], "green"],
    [["3"], "red"],
    [["9"], "red"],
    [["4", "1"], "red"],
  ] as const) {
    const scene = choose(few);
    scene.press(...keys);
    assert.equal(scene.outcome, undefined);
    scene.press("return");
    assert.equal(chosen(scene), label, keys.join(" "));
  }
});

test("typing filters, and points at what begins with it", () => {
  const scene = choose(few);
  scene.press("r");
  assert.deepEqual(scene.rows.slice(1), ["Which? r", "❯ 1) red", "  2) green  like grass", "  4) brown"]);
  scene.press("e", "e");
  assert.deepEqual(scene.rows.slice(1), ["Which? ree", "❯ 2) green  like grass"]);
  scene.press("x");
  assert.deepEqual(scene.rows.slice(1), ["Which? reex", "  Nothing matches."]);
  scene.press("return");
  assert.equal(scene.outcome, undefined);
  scene.press("backspace", "return");
  assert.equal(chosen(scene), "green");
  const other = choose(few);
  other.press("b");
  assert.equal(other.rows[3], "❯ 4) brown", "blue begins with it too, but cannot be chosen");
  other.press("escape");
  assert.equal(other.rows.length, 6);
  assert.equal(other.rows[5], "❯ 4) brown", "the pointer stays");
  other.press("G", "R", "return");
  assert.equal(chosen(other), "green");
});

test("a paste filters", () => {
  const scene = choose(few);
  scene.press("\x1b[200~GREEN\x1b[201~", "return");
  assert.equal(chosen(scene), "green");
});

test("a list of 10,000 shows twelve, with marks, and every letter and digit filters", () => {
  const scene = choose(many, 5000);
  assert.equal(scene.rows.length, 14);
  assert.equal(scene.rows[1], "Which? type to filter");
  assert.equal(scene.rows[2], "↑ 4995 more");
  assert.equal(scene.rows[13], "↓ 4995 more");
  scene.press("9", "9", "9", "9");
  assert.deepEqual(scene.rows.slice(1), ["Which? 9999", "❯ City 9999"]);
  scene.press("return");
  assert.equal(chosen(scene), "City 9999");
  assert.ok(scene.sent.length < 4000);
});

test("a screen too low for the list scrolls it", () => {
  const scene = choose(many, 0, { columns: 20, rows: 4 });
  scene.press("down", "down", "down");
  scene.look();
  assert.deepEqual(scene.rows, ["Which? type to filt…", "↑ 3 more", "❯ City 3", "↓ 9996 more"]);
});

test("a list with nothing that can be chosen does not end", () => {
  const scene = choose([{ label: "a", disabled: true } as { label: string }]);
  scene.press("return", "down", "1", "a", "return");
  assert.ok(scene.outcome === undefined);
  scene.press("ctrl+c");
  assert.deepEqual(scene.outcome, { type: "interrupt" });
});

test("invalid UTF-8 and control characters that are typed do no harm", () => {
  const scene = choose(few);
  scene.press("\xff\xfe", "\x00\x01\x02", "\x1b[<0;1;1M", "\x1bOZ", "escape", "return");
  assert.equal(chosen(scene), "red");
});
