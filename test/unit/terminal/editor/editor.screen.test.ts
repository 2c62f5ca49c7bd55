import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { LineEditor } from "../../../../src/terminal/editor/editor.ts";
import { History } from "../../../../src/terminal/editor/history/history.ts";
import { perform } from "../../../../src/terminal/editor/commands/draft.ts";
import { KEYMAP } from "../../../../src/terminal/editor/commands/keymap.ts";
import type { Line } from "../../../../src/terminal/editor/buffer/line.ts";
import type { Reflow } from "../../../../src/terminal/editor/display/painter.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { graphemes } from "../../../../src/terminal/text/graphemes.ts";
import { stripAnsi } from "../../../../src/terminal/text/sanitize.ts";
import { graphemeWidth } from "../../../../src/terminal/text/width.ts";
import { draftOf } from "./marked.ts";
import { Screen } from "./screen.ts";

type Step =
  | { do: "type"; text: string }
  | { do: "paste"; text: string }
  | { do: "press"; chord: string }
  | { do: "burst"; keys: string[] }
  | { do: "print"; text: string }
  | { do: "prompt"; text: string }
  | { do: "hide" }
  | { do: "clear" }
  | { do: "resize"; columns: number; rows: number };

const CHORDS: Readonly<Record<string, string>> = {
  left: "\x1b[D",
  right: "\x1b[C",
  home: "\x1b[H",
  end: "\x1b[F",
  "ctrl+left": "\x1b[1;5D",
  "ctrl+right": "\x1b[1;5C",
  backspace: "\x7f",
  delete: "\x1b[3~",
  "ctrl+k": "\x0b",
  "ctrl+u": "\x15",
  "ctrl+w": "\x17",
  "alt+d": "\x1bd",
  "ctrl+y": "\x19",
  "alt+y": "\x1by",
  "ctrl+t": "\x14",
  up: "\x1b[A",
  down: "\x1b[B",
  "alt+return": "\x1b\r",
  "ctrl+_": "\x1f",
  "alt+/": "\x1b/",
  "alt+u": "\x1bu",
  "alt+t": "\x1bt",
};

const HISTORY = [
  "ls",
  "three\nrows of\ntext",
  "a line of the history that takes several rows on a narrow terminal, 日本語 included",
  "👍🏽",
];
const PROMPTS = [
  "> ",
  "\x1b[32mvisitor@host\x1b[0m:~$ ",
  "two\nrows> ",
  "",
  "長い> ",
  "full-width-prompt-of-30-cells: ",
];

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(..."abcdefgh XYZ.-/".split("")) },
  { weight: 1, arbitrary: fc.constant("\n") },
  { weight: 2, arbitrary: fc.constantFrom("字", "한", "（", "é", "ü") },
  { weight: 1, arbitrary: fc.constantFrom("👍🏽", "👩‍👩‍👧", "🇩🇪", "e\u0301", "\u0301", "☺️", "क्षि", "\u200b", "🇫") },
);
const words = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(""));

const letter = character.filter((character) => character !== "\n");

const burst = fc.array(fc.oneof(letter, fc.constantFrom(...Object.keys(CHORDS))), { maxLength: 10 });

/** Steps without a change of size; `size` is added where it belongs. */
const step = (size: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant("type" as const), text: letter }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("paste" as const), text: words }) },
    { weight: 8, arbitrary: fc.constantFrom(...Object.keys(CHORDS)).map((chord): Step => ({ do: "press", chord })) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("burst" as const), keys: burst }) },
    { weight: 1, arbitrary: fc.constantFrom("m1", "m2\nm3", "m4\n").map((text): Step => ({ do: "print", text })) },
    { weight: 1, arbitrary: fc.constantFrom(...PROMPTS).map((text): Step => ({ do: "prompt", text })) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "hide" }, { do: "clear" }) },
    { weight: 2, arbitrary: size },
  );

/** xterm.js has 2 columns at least. */
const sizes = (narrowest = 2): fc.Arbitrary<Step & { do: "resize" }> =>
  fc.record({
    do: fc.constant("resize" as const),
    columns: fc.oneof(fc.integer({ min: narrowest, max: 40 }), fc.integer({ min: narrowest, max: 200 })),
    rows: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 30 })),
  });

interface Scene {
  first: { columns: number; rows: number };
  prompt: string;
  steps: Step[];
}

const scene = (size: fc.Arbitrary<Step>, first = sizes()): fc.Arbitrary<Scene> =>
  fc.record({ first, prompt: fc.constantFrom(...PROMPTS), steps: fc.array(step(size), { maxLength: 40 }) });

/** What the screen must show: rows of text, and the cursor's place among them. A layout as a reader would do it. */
function expected(
  prompt: string,
  line: Line,
  columns: number,
): { rows: string[]; cursor: { row: number; column: number } } {
  const rows = [""];
  let column = 0;
  let cursor = { row: 0, column: 0 };
  const put = (cluster: string): void => {
    const shown = graphemeWidth(cluster) === 0 ? "◌" : cluster;
    const width = graphemeWidth(shown);
    if (column + width > columns) {
      rows.push("");
      column = 0;
    }
    rows.push((rows.pop() ?? "") + shown);
    column += width;
  };
  for (const [index, row] of stripAnsi(prompt).split("\n").entries()) {
    if (index > 0) {
      rows.push("");
      column = 0;
    }
    for (const cluster of graphemes(row)) put(cluster);
  }
  for (const [index, cluster] of [...line.graphemes, "|"].entries()) {
    if (index === line.cursor) {
      const wraps = cluster !== "\n" && column + Math.max(1, graphemeWidth(cluster)) > columns;
      // Before the newline of a full row, the cursor stands on the last cell.
      cursor = wraps
        ? { row: rows.length, column: 0 }
        : { row: rows.length - 1, column: Math.min(column, columns - 1) };
    }
    if (index === line.length) {
      if (column === columns) rows.push("");
    } else if (cluster === "\n") {
      rows.push("");
      column = 0;
    } else {
      put(cluster);
    }
  }
  return { rows: rows.map((row) => row.trimEnd()), cursor };
}

/** Plays a scene on a screen and looks at it after every step. */
function play({ first, prompt, steps }: Scene, reflow: Reflow): void {
  const size = { columns: first.columns, rows: first.rows };
  const screen = new Screen({ ...size, reflow });
  const editor = new LineEditor({
    write: (text) => screen.write(text),
    ...size,
    history: new History(HISTORY),
    reflow,
    limit: 32_768,
  });
  const draft = draftOf("", { multiline: true, limit: 32_768 }, new History(HISTORY));
  const { line } = draft;
  const decoder = new KeyDecoder();
  const send = (text: string): void => {
    for (const event of decoder.decode(Buffer.from(text))) editor.key(event);
  };
  let shownPrompt = prompt;
  let above: string[] = ["m0"];
  screen.write("m0\r\n");
  editor.prompt(prompt, { multiline: true });
  const press = (key: string): void => {
    const bytes = CHORDS[key];
    const command = KEYMAP.get(key);
    if (bytes === undefined) perform(draft, ({ line }) => line.insert(key, "typed"));
    else if (command?.kind === "edit") perform(draft, command.act);
    send(bytes ?? key);
  };
  const look = (): void => {
    assert.equal(editor.text, line.text);
    const want = expected(shownPrompt, line, size.columns);
    const { cursor, rows } = screen;
    assert.equal(Math.min(cursor.column, size.columns - 1), want.cursor.column, "column of the cursor");
    const top = want.cursor.row - cursor.row;
    if (want.rows.length > size.rows) {
      assert.deepEqual(rows, want.rows.slice(top, top + size.rows), "a screen full of the line");
      above = [];
      return;
    }
    const from = rows.length - size.rows - top;
    assert.ok(from >= 0, "the prompt begins on the screen");
    assert.deepEqual(rows.slice(from, from + want.rows.length), want.rows, "prompt and line");
    assert.deepEqual(rows.slice(from + want.rows.length).join(""), "", "nothing below");
    const start = screen.allRows.length - size.rows + from;
    const kept = screen.allRows.slice(Math.max(0, start - above.length), start);
    assert.deepEqual(kept, above.slice(above.length - kept.length), "what was printed above");
    assert.equal(kept.length, above.length);
  };
  look();
  for (const step of steps) {
    switch (step.do) {
      case "type":
        press(step.text);
        break;
      case "burst":
        editor.batch(() => step.keys.forEach(press));
        break;
      case "paste":
        perform(draft, ({ line }) => line.insert(step.text.replace(/\n+$/, "")));
        send(`\x1b[200~${step.text}\x1b[201~`);
        break;
      case "press":
        press(step.chord);
        break;
      case "print":
        above.push(...step.text.trimEnd().split("\n"));
        editor.printAbove(step.text);
        break;
      case "prompt":
        shownPrompt = step.text;
        editor.setPrompt(step.text);
        break;
      case "hide":
        editor.hide();
        above.push("m9");
        screen.write("m9\r\n");
        editor.show();
        break;
      case "clear":
        above = [];
        send("\f");
        break;
      case "resize":
        // What scrolls out of a lower screen cannot be taken back.
        if (expected(shownPrompt, line, size.columns).rows.length > step.rows) above = [];
        size.columns = step.columns;
        size.rows = step.rows;
        screen.resize(step.columns, step.rows);
        editor.resize(step.columns, step.rows);
        break;
    }
    look();
  }
}

test("on a terminal of one size, the screen always shows prompt and line, the cursor in its cell, the output above", () => {
  const none = fc.constant<Step>({ do: "press", chord: "left" });
  fc.assert(
    fc.property(scene(none), (scene) => play(scene, "others")),
    { numRuns: 300 },
  );
});

test("the same holds while the size changes, on terminals that wrap the line with the cursor anew", () => {
  fc.assert(
    fc.property(scene(sizes()), (scene) => play(scene, "all")),
    { numRuns: 300 },
  );
});

test("the same holds while the size changes, on terminals that leave the line with the cursor as it is", () => {
  fc.assert(
    fc.property(scene(sizes()), (scene) => play(scene, "others")),
    { numRuns: 300 },
  );
});

test("the same holds while the size changes, on terminals that wrap nothing anew", () => {
  fc.assert(
    fc.property(scene(sizes()), (scene) => play(scene, "none")),
    { numRuns: 300 },
  );
});

test("a line that just filled its row stays one line for the terminal, when the width grows and when it shrinks", () => {
  const type = (text: string): Step => ({ do: "paste", text });
  const first = { columns: 10, rows: 8 };
  const backspace: Step = { do: "press", chord: "backspace" };
  for (const columns of [5, 20]) {
    const resize: Step = { do: "resize", columns, rows: 8 };
    play({ first, prompt: "> ", steps: [type("12345678"), resize] }, "all");
    play({ first, prompt: "> ", steps: [type("123456789"), backspace, resize] }, "all");
    play({ first, prompt: "> ", steps: [type("1234"), resize, type("56"), resize] }, "all");
  }
});

test("a terminal that counts other widths for emoji still has the cursor where the line editor counts it", () => {
  const screen = new Screen({ columns: 40, rows: 4, widths: "unicode6" });
  const editor = new LineEditor({ write: (text) => screen.write(text), columns: 40, rows: 4 });
  editor.prompt("👍🏽 > ");
  for (const event of new KeyDecoder().decode(Buffer.from("a👍b👍c👍d"))) editor.key(event);
  assert.equal(screen.cursor.column, 5 + 1 + 2 + 1 + 2 + 1 + 2 + 1);
  assert.equal(screen.rows[0]?.endsWith("d"), true);
});
