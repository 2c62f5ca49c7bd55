import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Widget } from "../../../../src/terminal/widgets/frame/widget.ts";
import { Pager } from "../../../../src/terminal/widgets/pager/pager.ts";
import { Checkbox } from "../../../../src/terminal/widgets/prompts/checkbox.ts";
import { Choose } from "../../../../src/terminal/widgets/prompts/choose.ts";
import { Confirm } from "../../../../src/terminal/widgets/prompts/confirm.ts";
import { Dialog } from "../../../../src/terminal/widgets/prompts/dialog.ts";
import { Form } from "../../../../src/terminal/widgets/prompts/form.ts";
import { Menu } from "../../../../src/terminal/widgets/prompts/menu.ts";
import { GLYPHS, KEY_NAMES, Scene } from "./scene.ts";

const LABELS = [
  "red",
  "a \x1b[32mgreen\x1b[m label",
  "one that is rather long and has no end in sight, " + "really ".repeat(20),
  "日本語の長いラベル",
  "👍🏽 👩‍👩‍👧 🇩🇪",
  "two\nlines\tand a tab",
  "a cursor\x1b[2J\x1b[5;5Hthat would move",
  "",
  "e\u0301\u0301 and \u202eturned",
];
const entries = LABELS.map((label, index) => ({
  label,
  description: index % 3 === 1 ? "with a description" : "",
  disabled: index === 3 ? "sold out" : false,
}));
const many = Array.from({ length: 40 }, (_, index) => ({ label: `${LABELS[index % LABELS.length]} ${index}` }));

interface Subject {
  readonly make: () => Widget<unknown>;
  readonly alternate?: boolean;
}

const TEXT = Array.from({ length: 60 }, (_, index) => `${LABELS[index % LABELS.length]} ${index}\n`).join("");

function pager(wraps: boolean): Pager {
  const pager = new Pager({ title: "a \x1b[31mtitle", wraps }, { columns: 20, rows: 5 }, GLYPHS);
  pager.push(TEXT);
  pager.finish();
  pager.isReady({ columns: 20, rows: 5 });
  return pager;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  "choose from a few": { make: () => new Choose("Which?", entries, 0, GLYPHS) },
  "choose from many": { make: () => new Choose("Which \x1b[1mof them\x1b[m?", many, 20, GLYPHS) },
  "a question of many rows": {
    make: () => new Choose("A question that is long, and has\nseveral rows.", many, 3, GLYPHS),
  },
  checkbox: {
    make: () =>
      new Checkbox<{ label: string; disabled?: boolean | string }>(
        "Which\nones?",
        entries,
        [],
        { min: 2, max: 4, validate: () => "No." },
        GLYPHS,
      ),
  },
  confirm: { make: () => new Confirm("字 or no 字?", true) },
  menu: {
    make: () => {
      interface Item {
        readonly label: string;
        readonly items?: readonly Item[];
      }
      const items: Item[] = [...many.slice(0, 12), { label: "deep", items: [{ label: "deeper", items: entries }] }];
      return new Menu("Menu", items, GLYPHS);
    },
  },
  form: {
    make: () =>
      new Form(
        { title: "A form", submit: "Go 字" },
        {
          name: {
            type: "text",
            label: "Name 字",
            default: "字x",
            validate: (text) => text.length < 3 || "Too long, 字.",
          },
          pin: { type: "password", label: "A label that is long" },
          size: { type: "choice", label: "Size", choices: LABELS, default: 3 },
          milk: { type: "confirm", label: "Milk", validate: (yes) => yes || "Take milk." },
        },
        () => "Never.",
        GLYPHS,
      ),
  },
  dialog: {
    make: () => new Dialog({ title: "A \x1b[31mtitle", text: TEXT.slice(0, 400) }, entries.slice(0, 3), 0, GLYPHS),
    alternate: true,
  },
  "pager that wraps": { make: () => pager(true), alternate: true },
  "pager that does not": { make: () => pager(false), alternate: true },
};

type Step =
  | { do: "press"; keys: readonly string[] }
  | { do: "burst"; keys: readonly string[] }
  | { do: "print"; text: string }
  | { do: "hide" }
  | { do: "resize"; columns: number; rows: number };

const TYPED = [
  "a",
  "b",
  "g",
  "n",
  "r",
  "N",
  "G",
  "q",
  "/",
  "字",
  "👍🏽",
  "1",
  "e",
  "9",
  "\x1b[200~pasted\nand 字\x1b[201~",
];
const keys = fc.array(
  fc.constantFrom(...KEY_NAMES.filter((name) => !/ctrl\+[cd]/.test(name)), "down", "down", "tab", ...TYPED),
  { minLength: 1, maxLength: 3 },
);
const side = fc.oneof(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 200 }));
const height = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 }));
const resize = fc.record({ do: fc.constant("resize" as const), columns: side, rows: height });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("press" as const), keys }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("burst" as const), keys }) },
  { weight: 1, arbitrary: fc.constantFrom("m1", "m2\nm3", "m4\n").map((text): Step => ({ do: "print", text })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "hide" }) },
  { weight: 2, arbitrary: resize },
);

function play({ make, alternate }: Subject, how: "reflow" | "resize", first: Step & { do: "resize" }, steps: Step[]) {
  const { columns, rows } = first;
  const scene = new Scene(make(), { columns, rows, how, ...(alternate !== undefined && { alternate }) });
  scene.look();
  for (const step of steps) {
    if (step.do === "press") scene.press(...step.keys);
    else if (step.do === "burst") scene.panel.batch(() => scene.press(...step.keys));
    else if (step.do === "print") scene.print(step.text);
    else if (step.do === "hide") scene.interrupt("m9");
    else scene.resize(step.columns, step.rows);
    assert.deepEqual(scene.failures, []);
    if (scene.outcome !== undefined) return;
    scene.look();
  }
}

for (const [name, subject] of Object.entries(SUBJECTS)) {
  for (const how of ["reflow", "resize"] as const) {
    test(`${name}: whatever is pressed, the screen is as if drawn for the first time (${how})`, () => {
      fc.assert(
        fc.property(resize, fc.array(step, { maxLength: 25 }), (first, steps) => play(subject, how, first, steps)),
        { numRuns: 100 },
      );
    });
  }
}
