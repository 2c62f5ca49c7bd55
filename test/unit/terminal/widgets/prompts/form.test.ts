import assert from "node:assert/strict";
import { test } from "node:test";
import type { FormFields } from "../../../../../src/terminal/widgets/prompts/form.ts";
import { Form } from "../../../../../src/terminal/widgets/prompts/form.ts";
import { GLYPHS, Scene } from "../scene.ts";

const SIZE = { columns: 50, rows: 14 };
const FIELDS = {
  name: { type: "text", label: "Name", validate: (name) => name !== "" || "A name, please." },
  pin: { type: "password", label: "PIN", validate: (pin) => pin.length === 4 || "Four digits." },
  size: {
    type: "choice",
    label: "Size",
    choices: ["small", { label: "none", value: 0, disabled: true }, { label: "large", value: 2 }],
  },
  milk: { type: "confirm", label: "With milk?" },
} as const satisfies FormFields;

function form(): Scene<unknown> {
  return new Scene(new Form({ title: "Order", submit: "Send" }, FIELDS, undefined, GLYPHS), SIZE);
}

test("all fields are on one screen, and Enter leads through them to the button", () => {
  const scene = form();
  assert.deepEqual(scene.rows.slice(1), [
    "Order",
    "❯ Name",
    "  PIN",
    "  Size        small",
    "  With milk?  no",
    "  [ Send ]",
  ]);
  scene.press("A", "d", "a", "return", "1234", "return");
  assert.deepEqual(scene.rows.slice(2, 5), ["  Name        Ada", "  PIN         ••••", "❯ Size        ‹ small ›"]);
  scene.press("right", "return", "y", "return");
  assert.equal(scene.rows.at(-1), "❯ [ Send ]");
  scene.press("return");
  assert.deepEqual(scene.outcome, { type: "done", value: { name: "Ada", pin: "1234", size: 2, milk: true } });
  assert.deepEqual(scene.rows, [
    "m0",
    "Order",
    "  Name        Ada",
    "  PIN         ••••••••",
    "  Size        large",
    "  With milk?  yes",
  ]);
});

test("a field that does not validate says so, holds Enter, and lets Tab pass", () => {
  const scene = form();
  scene.press("return");
  assert.equal(scene.rows[3], `${" ".repeat(14)}A name, please.`);
  scene.press("tab", "1", "tab");
  assert.deepEqual(scene.rows.slice(2, 7), [
    "  Name",
    `${" ".repeat(14)}A name, please.`,
    "  PIN         •",
    `${" ".repeat(14)}Four digits.`,
    "❯ Size        ‹ small ›",
  ]);
  scene.press("tab", "tab", "return");
  assert.ok(scene.outcome === undefined);
  assert.equal(scene.rows[2], "❯ Name", "the first that is wrong");
  scene.press("x", "tab");
  assert.ok(!scene.rows.some((row) => row.includes("A name")));
  scene.press("ctrl+u", "9876", "up", "up", "return");
  assert.deepEqual(scene.outcome, { type: "done", value: { name: "x", pin: "9876", size: "small", milk: false } });
});

test("Tab, Shift-Tab and the arrows go round", () => {
  const scene = form();
  scene.press("shift+tab");
  assert.equal(scene.rows.at(-1), "❯ [ Send ]");
  scene.press("tab");
  assert.ok(scene.rows.includes("❯ Name"));
  scene.press("up", "up");
  assert.ok(scene.rows.some((row) => row.startsWith("❯ With milk?")));
  scene.press("down");
  assert.equal(scene.rows.at(-1), "❯ [ Send ]");
});

test("what belongs together can be validated together", () => {
  const fields = { one: { type: "text", label: "One" }, two: { type: "text", label: "Two" } } as const;
  const scene = new Scene(
    new Form({ title: "", submit: "OK" }, fields, ({ one, two }) => one === two || "They differ.", GLYPHS),
    SIZE,
  );
  scene.press("a", "tab", "b", "tab", "return");
  assert.equal(scene.rows.at(-1), "  They differ.");
  scene.press("up", "backspace", "a", "return", "return");
  assert.deepEqual(scene.outcome, { type: "done", value: { one: "a", two: "a" } });
});

test("a field edits as the prompt does, long text scrolls in it, and what is pasted is one clean line", () => {
  const fields = { text: { type: "text", label: "Text", default: "one two" } } as const;
  const scene = new Scene(new Form({ title: "", submit: "OK" }, fields, undefined, GLYPHS), { columns: 20, rows: 5 });
  assert.equal(scene.rows[1], "❯ Text  one two");
  scene.press("ctrl+w", "ctrl+a", "x", "end", "字", "\x1b[200~a\nb\x1b[31m\x00\x1b[201~");
  assert.equal(scene.rows[1], "❯ Text  … 字a b[31m");
  scene.look();
  scene.press("tab", "return");
  assert.deepEqual(scene.outcome, { type: "done", value: { text: "xone 字a b[31m" } });
});

test("a choice moves by its first letters and passes what cannot be chosen; a default begins", () => {
  const choices = ["alpha", "beta", "bravo", { label: "gone", value: "gone", disabled: true }, "gamma"];
  const fields = { word: { type: "choice", label: "Word", choices, default: 2 } } as const;
  for (const [keys, want] of [
    [[], "beta"],
    [["b"], "bravo"],
    [["b", "b"], "beta"],
    [["g"], "gamma"],
    [["x"], "beta"],
    [["left", "left"], "gamma"],
    [["space", "right"], "gamma"],
  ] as const) {
    const scene = new Scene(new Form({ title: "", submit: "OK" }, fields, undefined, GLYPHS), SIZE);
    scene.press(...keys, "tab", "return");
    assert.deepEqual(scene.outcome, { type: "done", value: { word: want } }, keys.join(" "));
  }
});

test("Ctrl-D deletes in a field, and ends the form where there is nothing to delete", () => {
  const scene = form();
  scene.press("a", "left", "ctrl+d");
  assert.equal(scene.outcome, undefined);
  assert.equal(scene.rows[2], "❯ Name");
  scene.press("ctrl+d");
  assert.deepEqual(scene.outcome, { type: "eof" });
  assert.deepEqual(scene.rows, ["m0", "Order"]);
});

test("a form that is higher than the screen shows the field that has the keys", () => {
  const fields = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`f${index}`, { type: "text", label: `Field ${index}` }] as const),
  );
  const scene = new Scene(new Form({ title: "Long", submit: "OK" }, fields, undefined, GLYPHS), {
    columns: 30,
    rows: 6,
  });
  for (let field = 0; field < 31; field++) {
    scene.look();
    assert.ok(scene.rows.some((row) => row.startsWith(field < 30 ? `❯ Field ${field}` : "❯ [ OK ]")));
    scene.press("tab");
  }
});

test("names that objects have by themselves are names of fields like others", () => {
  const fields = JSON.parse('{"__proto__": {"type": "text", "label": "Odd", "default": "x"}}') as FormFields;
  const scene = new Scene(new Form({ title: "", submit: "OK" }, fields, undefined, GLYPHS), SIZE);
  scene.press("tab", "return");
  assert.equal(scene.outcome?.type, "done");
  if (scene.outcome?.type === "done")
    assert.deepEqual(Object.entries(scene.outcome.value as object), [["__proto__", "x"]]);
});
