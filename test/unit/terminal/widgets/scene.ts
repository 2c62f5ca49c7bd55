/** A widget on a terminal of the test's own, with the keys of a keyboard. */
import assert from "node:assert/strict";
import type { Outcome } from "../../../../src/terminal/foreground.ts";
import { stringWidth } from "../../../../src/terminal/text/width.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { Frame } from "../../../../src/terminal/widgets/frame/frame.ts";
import { Panel } from "../../../../src/terminal/widgets/frame/panel.ts";
import type { Size, Widget } from "../../../../src/terminal/widgets/frame/widget.ts";
import { glyphsFor } from "../../../../src/terminal/widgets/theme.ts";
import { Screen } from "../editor/screen.ts";

export const GLYPHS = glyphsFor(true);

/** What keys send; anything else is typed as it is. */
const KEYS: Readonly<Record<string, string>> = {
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  pageup: "\x1b[5~",
  pagedown: "\x1b[6~",
  tab: "\t",
  "shift+tab": "\x1b[Z",
  return: "\r",
  space: " ",
  backspace: "\x7f",
  escape: "\x1b",
  "ctrl+a": "\x01",
  "ctrl+c": "\x03",
  "ctrl+d": "\x04",
  "ctrl+l": "\f",
  "ctrl+u": "\x15",
  "ctrl+w": "\x17",
};
export const KEY_NAMES: readonly string[] = Object.keys(KEYS);

export interface SceneOptions extends Size {
  alternate?: boolean;
  /** What the terminal does when its size changes. */
  how?: "reflow" | "resize";
}

export class Scene<Value> {
  readonly screen: Screen;
  readonly panel: Panel<Value>;
  readonly widget: Widget<Value>;
  /** All that was sent to the terminal. */
  sent = "";
  outcome: Outcome<Value> | undefined;
  readonly failures: unknown[] = [];
  #size: Size;
  readonly #alternate: boolean;
  readonly #how: "reflow" | "resize";
  readonly #decoder = new KeyDecoder();
  #above: string[] = [];

  constructor(widget: Widget<Value>, options: SceneOptions) {
    const { columns, rows, alternate = false, how = "reflow" } = options;
    this.#size = { columns, rows };
    this.#alternate = alternate;
    this.#how = how;
    this.screen = new Screen({ columns, rows, reflow: how === "reflow" ? "all" : "others" });
    this.widget = widget;
    const write = (text: string): void => {
      this.sent += text;
      this.screen.write(text);
    };
    this.#write("m0");
    this.panel = new Panel({ write, columns, rows }, widget, {
      glyphs: GLYPHS,
      alternate,
      failed: (error) => this.failures.push(error),
    });
    this.panel.show();
  }

  /** What is on the screen, without the blank rows at its end. */
  get rows(): string[] {
    const rows = [...this.screen.rows];
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** Presses keys by their names, or types what is no name. */
  press(...keys: readonly string[]): void {
    for (const key of keys) {
      for (const event of [...this.#decoder.decode(Buffer.from(KEYS[key] ?? key)), ...this.#decoder.flush()]) {
        if (event.type === "key" && event.name === "l" && event.ctrl) this.#above = [];
        this.outcome ??= this.panel.key(event);
      }
    }
  }

  print(text: string): void {
    this.panel.printAbove(text);
    if (!this.#alternate) this.#above.push(...text.trimEnd().split("\n"));
  }

  /** Something else is written while the widget is off the screen. */
  interrupt(text: string): void {
    this.panel.hide();
    this.#write(text);
    this.panel.show();
  }

  resize(columns: number, rows: number): void {
    // xterm.js counts rows that it wraps below the cursor as if they were above it: there a frame cannot know where it is.
    if (this.#how === "resize" && this.screen.rows.some((row) => stringWidth(row) > columns)) return;
    const drawn = this.#fresh(this.#size);
    const wrapped = drawn.rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(stringWidth(row) / (columns - 1))), 0);
    const heights = [drawn.height, wrapped - drawn.rows.length + drawn.height, this.#fresh({ columns, rows }).height];
    this.#size = { columns, rows };
    this.screen.resize(columns, rows);
    // What scrolls out of a lower screen cannot be taken back.
    if (Math.max(...heights) >= rows) this.#above = [];
    this.panel.resize(columns, rows);
  }

  /** Looks whether the screen is as if all were drawn for the first time, with what was written above it. */
  look(): void {
    if (this.outcome !== undefined) return;
    const want = this.#fresh(this.#size);
    const { cursor, rows } = this.screen;
    assert.equal(cursor.column, want.cursor.column, "column of the cursor");
    const top = cursor.row - want.cursor.row;
    assert.ok(top >= 0, "the frame begins on the screen");
    assert.deepEqual(rows.slice(top, top + want.height), want.rows.slice(0, want.height), "the rows of the widget");
    assert.equal(rows.slice(top + want.height).join(""), "", "nothing below");
    if (this.#alternate) {
      assert.equal(top, 0, "the second screen is its own");
      return;
    }
    const start = this.screen.allRows.length - this.#size.rows + top;
    const kept = this.screen.allRows.slice(Math.max(0, start - this.#above.length), start);
    assert.deepEqual(kept, this.#above, "what was written above");
  }

  #write(line: string): void {
    this.#above.push(line);
    this.screen.write(`${line}\r\n`);
  }

  #fresh(size: Size): { rows: string[]; cursor: { row: number; column: number }; height: number } {
    const screen = new Screen(size);
    const frame = new Frame({ ...size, glyphs: GLYPHS });
    const view = this.widget.view(frame.size);
    screen.write(frame.draw(view).replaceAll("\n", "\r\n"));
    return { rows: screen.rows, cursor: screen.cursor, height: Math.max(1, Math.min(view.rows.length, size.rows)) };
  }
}
