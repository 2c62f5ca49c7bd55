import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { CompletionRequest, Completions } from "../../../../src/terminal/editor/completion/candidates.ts";
import { LineEditor } from "../../../../src/terminal/editor/editor.ts";
import type { Reflow } from "../../../../src/terminal/editor/display/painter.ts";
import { History } from "../../../../src/terminal/editor/history/history.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { Screen } from "./screen.ts";

const KEYS: Readonly<Record<string, string>> = {
  tab: "\t",
  "shift-tab": "\x1b[Z",
  up: "\x1b[A",
  down: "\x1b[B",
  left: "\x1b[D",
  right: "\x1b[C",
  end: "\x1b[F",
  home: "\x1b[H",
  "alt-right": "\x1b[1;3C",
  "page-down": "\x1b[6~",
  "page-up": "\x1b[5~",
  "ctrl-r": "\x12",
  "ctrl-s": "\x13",
  "ctrl-g": "\x07",
  "ctrl-w": "\x17",
  "ctrl-k": "\x0b",
  undo: "\x1f",
  backspace: "\x7f",
  space: " ",
  newline: "\x1b\r",
  esc: "\x1b",
};

const HISTORY = [
  "make all",
  "git commit -m 日本語",
  "git push",
  "make 四つ and a long line that goes on beyond the edge of a narrow screen",
  "two\nrows",
  "ab ba",
];

const ITEMS = [
  "make",
  "mask",
  "日本語",
  "日曜日",
  "git",
  { value: "gitk", description: "shows the history as a tree, with all its branches" },
  { value: "src/", suffix: "", label: "📁 src" },
  ...Array.from({ length: 30 }, (_, index) => `item${index}${"字".repeat(index % 5)}`),
];

type Step =
  | { do: "type"; text: string }
  | { do: "press"; key: string }
  | { do: "burst"; keys: string[] }
  | { do: "answer" }
  | { do: "suggest" }
  | { do: "print" }
  | { do: "resize"; columns: number; rows: number };

const letter = fc.constantFrom(..."magit eb日四".split(""));
const pressed = fc.constantFrom(...Object.keys(KEYS));
const steps = (resizes: boolean): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: letter.map((text): Step => ({ do: "type", text })) },
      { weight: 4, arbitrary: fc.constant<Step>({ do: "press", key: "tab" }) },
      { weight: 10, arbitrary: pressed.map((key): Step => ({ do: "press", key })) },
      {
        weight: 2,
        arbitrary: fc.array(fc.oneof(letter, pressed), { maxLength: 6 }).map((keys): Step => ({ do: "burst", keys })),
      },
      { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "answer" }, { do: "suggest" }) },
      { weight: 1, arbitrary: fc.constant<Step>({ do: "print" }) },
      ...(resizes
        ? [
            {
              weight: 2,
              arbitrary: fc.record({
                do: fc.constant("resize" as const),
                columns: fc.oneof(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 400 })),
                rows: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 })),
              }),
            },
          ]
        : []),
    ),
    { maxLength: 40 },
  );

interface Scene {
  columns: number;
  rows: number;
  /** Whether the completer answers at once. */
  isPrompt: boolean;
  isColoured: boolean;
  steps: Step[];
}

const scene = (columns: number, resizes: boolean): fc.Arbitrary<Scene> =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.integer({ min: 1, max: 12 }),
    isPrompt: fc.boolean(),
    isColoured: fc.boolean(),
    steps: steps(resizes),
  });

/** Every other word in red on blue. */
function colour(text: string): string {
  return text.replaceAll(/(\S+)(\s+)(\S+)/g, "\x1b[31;44m$1\x1b[m$2$3");
}

/**
 * Plays a scene. After each step, what is on the screen is taken off and drawn anew: that has to leave nothing behind and
 * bring back the same cells, looks and cursor.
 */
function play({ columns, rows, isPrompt, isColoured, steps }: Scene, reflow: Reflow): void {
  const size = { columns, rows };
  const screen = new Screen({ ...size, reflow });
  const asked: CompletionRequest[] = [];
  const failures: unknown[] = [];
  const editor = new LineEditor({
    write: (text) => screen.write(text),
    ...size,
    history: new History(HISTORY),
    reflow,
    failed: (error) => failures.push(error),
  });
  const answer = (request: CompletionRequest): void => {
    const completions: Completions = request.word === "e" ? { items: [] } : { items: ITEMS };
    editor.completed(request, completions);
  };
  const decoder = new KeyDecoder();
  const send = (key: string): void => {
    const bytes = Buffer.from(KEYS[key] ?? key);
    for (const event of [...decoder.decode(bytes), ...decoder.flush()]) editor.key(event);
  };
  let above = ["m0"];
  screen.write("m0\r\n");
  editor.prompt("長> ", {
    multiline: true,
    suggest: true,
    complete: (request) => (isPrompt ? answer(request) : asked.push(request)),
    ...(isColoured && { highlight: colour }),
  });
  const look = (): void => {
    const before = { rows: screen.styledRows, cursor: screen.cursor };
    const { length } = screen.allRows;
    editor.hide();
    assert.equal(screen.cursor.column, 0);
    const { row } = screen.cursor;
    assert.equal(screen.rows.slice(row).join(""), "", "nothing is left");
    const start = screen.allRows.length - size.rows + row;
    const kept = screen.allRows.slice(Math.max(0, start - above.length), start);
    if (row > 0) assert.deepEqual(kept, above.slice(above.length - kept.length), "what was printed above");
    if (row === 0) above = [];
    editor.show();
    assert.deepEqual({ rows: screen.styledRows, cursor: screen.cursor }, before, "the same again");
    assert.equal(screen.allRows.length, length, "nothing more has scrolled out");
  };
  look();
  for (const step of steps) {
    switch (step.do) {
      case "type":
        send(step.text);
        break;
      case "press":
        send(step.key);
        break;
      case "burst":
        editor.batch(() => step.keys.forEach(send));
        break;
      case "answer": {
        const request = asked.pop();
        if (request !== undefined) answer(request);
        break;
      }
      case "suggest":
        editor.suggested(editor.text, `${editor.text} later 後で`);
        break;
      case "print":
        above.push("m1");
        editor.printAbove("m1");
        break;
      case "resize":
        // What the terminal makes of the rows below the line may drive others out of it.
        above = [];
        size.columns = step.columns;
        size.rows = step.rows;
        screen.resize(step.columns, step.rows);
        editor.resize(step.columns, step.rows);
        break;
    }
    look();
  }
  assert.deepEqual(failures, []);
}

for (const columns of [20, 80, 400]) {
  test(`at ${columns} columns, menus, searches and suggestions are drawn as they would be afresh`, () => {
    fc.assert(
      fc.property(scene(columns, false), (scene) => play(scene, "others")),
      { numRuns: 120 },
    );
  });
}

for (const reflow of ["all", "others", "none"] as const) {
  test(`the same holds while the size changes, on terminals that wrap anew: ${reflow}`, () => {
    fc.assert(
      fc.property(scene(40, true), (scene) => play(scene, reflow)),
      { numRuns: 120 },
    );
  });
}
