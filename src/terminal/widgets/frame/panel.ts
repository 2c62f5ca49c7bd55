import type { Foreground, Outcome, Stage } from "../../foreground.ts";
import { chordOf } from "../../editor/commands/chord.ts";
import { KEYMAP } from "../../editor/commands/keymap.ts";
import type { Key, KeyEvent } from "../../keys/key.ts";
import { CLEAR_SCREEN } from "../../text/ansi.ts";
import { wrap } from "../cells/fit.ts";
import type { Glyphs } from "../theme.ts";
import { AlternateFrame } from "./alternate.ts";
import type { Canvas } from "./canvas.ts";
import { Frame } from "./frame.ts";
import type { Widget } from "./widget.ts";

/** How a panel looks. */
export interface PanelOptions {
  readonly glyphs: Glyphs;
  /** Whether it has the second screen for itself. Default false: it is drawn below what was written. */
  readonly alternate?: boolean;
  /** What is called when the widget throws, which is what the app's own code in it does. */
  readonly failed: (error: unknown) => void;
}

/** What is written while the second screen is shown waits for the first, up to so many UTF-16 code units. */
const MAX_HELD = 16_384;
/** No answer needs more rows to be recognized. */
const MAX_LAST_ROWS = 40;

/**
 * A widget on a terminal: its state lives in the widget, what is on the screen in a frame, and this brings them together.
 * Ctrl-C, Ctrl-D and Ctrl-L mean the same in all of them.
 */
export class Panel<Value> implements Foreground<Value> {
  readonly #stage: Stage;
  readonly #widget: Widget<Value>;
  readonly #canvas: Canvas;
  readonly #ellipsis: string;
  readonly #failed: (error: unknown) => void;
  #isShown = false;
  #isOver = false;
  #isBatch = false;
  #held = "";

  constructor(stage: Stage, widget: Widget<Value>, options: PanelOptions) {
    const { glyphs, alternate = false, failed } = options;
    this.#stage = stage;
    this.#widget = widget;
    this.#failed = failed;
    this.#ellipsis = glyphs.ellipsis;
    const { columns, rows } = stage;
    this.#canvas = new (alternate ? AlternateFrame : Frame)({ columns, rows, glyphs });
  }

  key(event: KeyEvent): Outcome<Value> | undefined {
    if (this.#isOver) return undefined;
    let outcome: Outcome<Value> | undefined;
    try {
      outcome = this.#take(event);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
    if (outcome === undefined) this.refresh();
    else this.#finish(outcome);
    return outcome;
  }

  batch<T>(work: () => T): T {
    this.#isBatch = true;
    try {
      return work();
    } finally {
      this.#isBatch = false;
      this.refresh();
    }
  }

  /** Draws what has changed in the widget. */
  refresh(): void {
    if (!this.#isShown || this.#isBatch) return;
    this.#write(this.#draw());
  }

  hide(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#write(this.#canvas.erase() + this.#release());
  }

  show(): void {
    if (this.#isShown || this.#isOver) return;
    this.#isShown = true;
    this.#write(this.#draw());
  }

  printAbove(text: string): void {
    if (text === "") return;
    this.#held += text.endsWith("\n") ? text : `${text}\n`;
    // From the second screen there is a way back but no way to write there; it is not gone for every word.
    if (this.#isShown && this.#canvas.covers && this.#held.length <= MAX_HELD) return;
    const erased = this.#isShown ? this.#canvas.erase() : "";
    this.#write(erased + this.#release() + (this.#isShown ? this.#draw() : ""));
  }

  resize(columns: number, rows: number): void {
    const erased = this.#canvas.resize(columns, rows);
    if (this.#isShown) this.#write(erased + this.#draw());
  }

  clearScreen(): void {
    this.#write(this.#canvas.forget() + CLEAR_SCREEN + (this.#isShown ? this.#draw() : ""));
  }

  cancel(): void {
    this.hide();
    this.#isOver = true;
  }

  #take(event: KeyEvent): Outcome<Value> | undefined {
    if (event.type === "paste") this.#widget.paste?.(event.text);
    return event.type === "key" ? this.#press(chordOf(event, KEYMAP), event) : undefined;
  }

  #press(chord: string, key: Key): Outcome<Value> | undefined {
    if (chord === "ctrl+c") return { type: "interrupt" };
    if (chord === "ctrl+d" && this.#widget.takesCtrlD !== true) return { type: "eof" };
    if (chord === "ctrl+l") this.clearScreen();
    return this.#widget.key(chord, key);
  }

  /** Leaves the widget's last word on the screen, and the cursor below it. */
  #finish(outcome: Outcome<Value>): void {
    this.#isOver = true;
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#write(this.#canvas.erase() + this.#release() + this.#lastWord(this.#widget.epitaph(outcome)));
  }

  #draw(): string {
    const { size } = this.#canvas;
    try {
      return this.#widget.isReady?.(size) === false ? "" : this.#canvas.draw(this.#widget.view(size));
    } catch (error) {
      this.#failed(error);
      return "";
    }
  }

  #lastWord(text: string): string {
    if (text === "") return "";
    const rows = wrap(text, this.#canvas.size.columns);
    const kept = rows.slice(0, MAX_LAST_ROWS);
    return `${kept.join("\n")}${rows.length > kept.length ? this.#ellipsis : ""}\n`;
  }

  /** What was held back. */
  #release(): string {
    const text = this.#held;
    this.#held = "";
    return text;
  }

  #write(text: string): void {
    if (text !== "") this.#stage.write(text.replaceAll(/\r?\n/g, "\r\n"));
  }
}
