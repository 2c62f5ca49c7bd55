import assert from "node:assert/strict";
import { test } from "node:test";
import { Checkbox } from "../../../../../src/terminal/widgets/prompts/checkbox.ts";
import type { CheckboxRules } from "../../../../../src/terminal/widgets/prompts/checkbox.ts";
import { Confirm } from "../../../../../src/terminal/widgets/prompts/confirm.ts";
import { Dialog } from "../../../../../src/terminal/widgets/prompts/dialog.ts";
import { Menu } from "../../../../../src/terminal/widgets/prompts/menu.ts";
import { GLYPHS, Scene } from "../scene.ts";

const SIZE = { columns: 50, rows: 14 };

interface Topping {
  readonly label: string;
  readonly disabled?: boolean | string;
}
const toppings: readonly Topping[] = [
  { label: "ham" },
  { label: "cheese" },
  { label: "gold", disabled: true },
  { label: "olives" },
];

function checkbox(
  ticked: readonly number[] = [],
  rules: Partial<CheckboxRules<Topping>> = {},
): Scene<readonly Topping[]> {
  const start = toppings.filter((_, index) => ticked.includes(index));
  return new Scene(new Checkbox("On it?", toppings, start, { min: 0, max: Infinity, ...rules }, GLYPHS), SIZE);
}

function ticked(scene: Scene<readonly Topping[]>): readonly string[] | undefined {
  return scene.outcome?.type === "done" ? scene.outcome.value.map(({ label }) => label) : undefined;
}

test("checkbox: space ticks, and what is ticked comes in the order of the list", () => {
  const scene = checkbox();
  scene.press("end", "space", "home", "space");
  assert.deepEqual(scene.rows.slice(1), [
    "On it?",
    "❯ ● ham",
    "  ○ cheese",
    "  ○ gold",
    "  ● olives",
    "space ticks, a all, i the others, Enter when done",
  ]);
  scene.press("return");
  assert.deepEqual(ticked(scene), ["ham", "olives"]);
  assert.deepEqual(scene.rows, ["m0", "On it? ham, olives"]);
});

test("checkbox: a ticks all that can be and again none, i turns all round; what cannot be changed stays", () => {
  for (const [start, keys, want] of [
    [[], ["a"], ["ham", "cheese", "olives"]],
    [[], ["a", "a"], []],
    [[2], ["a"], ["ham", "cheese", "gold", "olives"]],
    [[2], ["a", "a"], ["gold"]],
    [[0, 2], ["i"], ["cheese", "gold", "olives"]],
    [[0], ["i", "i"], ["ham"]],
    [[], ["j", "space", "k", "space", "space"], ["cheese"]],
  ] as const) {
    const scene = checkbox(start);
    scene.press(...keys, "return");
    assert.deepEqual(ticked(scene), want, `${start.join()} ${keys.join(" ")}`);
  }
});

test("checkbox: too few, too many and what does not validate is said, and can be mended", () => {
  const scene = checkbox([], { min: 1, max: 2, validate: (items) => items.length !== 1 || "Not one alone." });
  scene.press("return");
  assert.equal(scene.rows.at(-1), "At least 1.");
  scene.press("a");
  assert.equal(scene.rows.at(-1), "At most 2.");
  scene.press("space", "return");
  assert.equal(scene.rows.at(-1), "Not one alone.");
  scene.press("down", "space", "down", "space");
  assert.equal(scene.rows.at(-1), "At most 2.");
  scene.press("return");
  assert.deepEqual(ticked(scene), ["ham", "cheese"]);
});

test("checkbox: a validate that throws is reported, and takes no key with it", () => {
  const scene = checkbox([], {
    validate: () => {
      throw new Error("broken");
    },
  });
  scene.press("return");
  assert.equal(scene.outcome, undefined);
  assert.match(String(scene.failures[0]), /broken/);
});

test("confirm: one key answers, Enter is the default, others are nothing", () => {
  for (const [byDefault, keys, want] of [
    [false, ["y"], true],
    [false, ["Y"], true],
    [true, ["n"], false],
    [true, ["x", "1", "up", "return"], true],
    [false, ["return"], false],
  ] as const) {
    const scene = new Scene(new Confirm("Sure?", byDefault), SIZE);
    assert.deepEqual(scene.rows, ["m0", `Sure? ${byDefault ? "[Y/n]" : "[y/N]"}`]);
    assert.deepEqual(scene.screen.cursor, { row: 1, column: 12 });
    scene.press(...keys);
    assert.deepEqual(scene.outcome, { type: "done", value: want });
    assert.deepEqual(scene.rows, ["m0", `Sure? ${want ? "yes" : "no"}`]);
  }
});

interface Drink {
  readonly label: string;
  readonly items?: readonly Drink[];
}
const drinks: readonly Drink[] = [
  { label: "hot", items: [{ label: "tea", items: [{ label: "green" }, { label: "black" }] }, { label: "coffee" }] },
  { label: "water" },
];

test("menu: Enter goes down and takes, Left and Escape go up to where one was", () => {
  const scene = new Scene(new Menu("Drinks", drinks, GLYPHS), SIZE);
  scene.press("return");
  assert.deepEqual(scene.rows.slice(1), ["Drinks › hot", "❯ 1) tea", "  2) coffee", "‹ Escape goes back"]);
  scene.press("right", "down");
  assert.deepEqual(scene.rows.slice(1), ["Drinks › hot › tea", "  1) green", "❯ 2) black", "‹ Escape goes back"]);
  scene.press("left", "escape", "left", "down", "right");
  assert.deepEqual(scene.rows.slice(1), ["Drinks", "  1) hot", "❯ 2) water"]);
  scene.press("up", "return", "c", "o");
  assert.equal(scene.rows[1], "Drinks › hot co");
  scene.press("escape");
  assert.equal(scene.rows[1], "Drinks › hot");
  scene.press("return");
  assert.deepEqual(scene.outcome, { type: "done", value: { label: "coffee" } });
  assert.deepEqual(scene.rows, ["m0", "Drinks › hot coffee"]);
});

function dialog(text: string, labels: readonly string[], size = SIZE, start = 0): Scene<{ label: string }> {
  const buttons = labels.map((label) => ({ label }));
  return new Scene(new Dialog({ title: "Delete?", text }, buttons, start, GLYPHS), { ...size, alternate: true });
}

test("dialog: a box in the middle, and nothing of it stays", () => {
  const scene = dialog("The file is gone then.", ["Delete", "Keep"]);
  assert.deepEqual(scene.rows, [
    "",
    "",
    "",
    "",
    "           ╭─ Delete? ────────────────╮",
    "           │                          │",
    "           │  The file is gone then.  │",
    "           │                          │",
    "           │   [ Delete ]  [ Keep ]   │",
    "           ╰──────────────────────────╯",
  ]);
  scene.press("right", "return");
  assert.deepEqual(scene.outcome, { type: "done", value: { label: "Keep" } });
  assert.deepEqual(scene.rows, ["m0"]);
});

test("dialog: Tab, Shift-Tab and the arrows move from button to button, space presses", () => {
  for (const [keys, want] of [
    [["space"], "b"],
    [["tab", "space"], "c"],
    [["tab", "tab", "space"], "a"],
    [["shift+tab", "return"], "a"],
    [["left", "left", "return"], "c"],
  ] as const) {
    const scene = dialog("?", ["a", "b", "c"], SIZE, 1);
    scene.press(...keys);
    assert.deepEqual(scene.outcome, { type: "done", value: { label: want } }, keys.join(" "));
  }
});

test("dialog: a text that is higher than the screen scrolls", () => {
  const text = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
  const scene = dialog(text, ["OK"], { columns: 30, rows: 10 });
  assert.ok(scene.rows.some((row) => row.includes("line 2")) && scene.rows.some((row) => row.includes("↓ 27 more")));
  scene.press("pagedown", "down");
  assert.ok(scene.rows.some((row) => row.includes("line 11")));
  scene.press("pagedown", "pagedown", "pagedown");
  assert.ok(scene.rows.some((row) => row.includes("line 29")));
  scene.press("up");
  assert.ok(scene.rows.some((row) => row.includes("↓ 2 more")));
  scene.look();
});

test("dialog: on a screen without room for a box there is the text, and all buttons can be reached", () => {
  const scene = dialog("Some text here", ["Delete", "Keep", "Cancel"], { columns: 12, rows: 4 });
  scene.look();
  scene.press("tab", "tab");
  scene.look();
  assert.ok(scene.rows.some((row) => row.includes("[ Cancel ]")));
});
