import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import { columnsOf, fit, pad, widestOf, wrap } from "../cells/fit.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import type { Glyphs } from "../theme.ts";
import { bold, dim, inverse } from "../theme.ts";
import type { Entry } from "./list.ts";

/** What a dialog says. */
export interface DialogTexts {
  readonly title: string;
  readonly text: string;
}

/** Wider than this a text is hard to read. */
const WIDEST = 64;
/** In less room than this a frame takes more than it gives. */
const LEAST: Size = { columns: 16, rows: 7 };

/** A box in the middle of the screen: a text and buttons, one of which is pressed. */
export class Dialog<Button extends Entry> implements Widget<Button> {
  readonly #texts: DialogTexts;
  readonly #buttons: readonly Button[];
  readonly #glyphs: Glyphs;
  #at: number;
  /** The first row of the text that is shown, and the last that may be so. */
  #top = 0;
  #lastTop = 0;

  constructor(texts: DialogTexts, buttons: readonly Button[], start: number, glyphs: Glyphs) {
    this.#texts = texts;
    this.#buttons = buttons;
    this.#glyphs = glyphs;
    this.#at = start;
  }

  key(chord: string, key: Key): Outcome<Button> | undefined {
    if (chord === "return" || chord === "enter" || chord === "space") {
      const value = this.#buttons[this.#at];
      return value === undefined ? undefined : { type: "done", value };
    }
    const scroll = SCROLLS.get(chord);
    if (scroll !== undefined) {
      this.#top = Math.min(Math.max(0, this.#top + scroll), this.#lastTop);
      return undefined;
    }
    const step = chord === "tab" && key.shift ? -1 : STEPS.get(chord);
    const count = this.#buttons.length;
    if (step !== undefined) this.#at = (this.#at + step + count) % count;
    return undefined;
  }

  view(size: Size): View {
    return size.columns < LEAST.columns || size.rows < LEAST.rows ? this.#plain(size) : this.#box(size);
  }

  epitaph(): string {
    return "";
  }

  #box({ columns, rows }: Size): View {
    const most = Math.min(WIDEST, columns - 6);
    const text = wrap(this.#texts.text, most);
    const buttons = this.#buttonRows(most);
    const title = this.#texts.title === "" ? "" : ` ${fit(this.#texts.title, most - 4, this.#glyphs.ellipsis)} `;
    const inner = Math.max(columnsOf(title) + 2, widestOf(text), widestOf(buttons));
    const shown = this.#scrolled(text, Math.max(1, rows - buttons.length - 5));
    const [bar, side, topLeft, topRight, bottomRight, bottomLeft] = this.#glyphs.box;
    const framed = (row: string, align: "left" | "center"): string =>
      `${side}  ${pad(row, inner, this.#glyphs.ellipsis, align)}  ${side}`;
    const box = [
      `${topLeft}${bar}${bold(title)}${bar.repeat(inner + 3 - columnsOf(title))}${topRight}`,
      framed("", "left"),
      ...shown.map((row) => framed(row, "left")),
      framed("", "left"),
      ...buttons.map((row) => framed(row, "center")),
      `${bottomLeft}${bar.repeat(inner + 4)}${bottomRight}`,
    ];
    const left = " ".repeat((columns - inner - 6) >> 1);
    const above = Array.from({ length: Math.max(0, (rows - box.length) >> 1) }, () => "");
    const focus = above.length + box.length - 2 - (buttons.length > 1 ? buttons.length - 1 - this.#at : 0);
    return { rows: [...above, ...box.map((row) => left + row)], focus };
  }

  /** Without a frame, for a screen on which there is no room for one. */
  #plain({ columns, rows }: Size): View {
    const title = this.#texts.title === "" ? [] : wrap(bold(this.#texts.title), columns);
    const buttons = this.#buttonRows(columns);
    const room = Math.max(1, rows - title.length - buttons.length);
    const text = this.#scrolled(wrap(this.#texts.text, columns), room);
    return {
      rows: [...title, ...text, ...buttons],
      focus: title.length + text.length + (buttons.length > 1 ? this.#at : 0),
    };
  }

  /** The buttons side by side if there is room, or else one below the other. */
  #buttonRows(columns: number): string[] {
    const buttons = this.#buttons.map(({ label }, index) => {
      const button = `[ ${fit(label, Math.max(1, columns - 4), this.#glyphs.ellipsis)} ]`;
      return index === this.#at ? inverse(button) : button;
    });
    const row = buttons.join("  ");
    return columnsOf(row) <= columns ? [row] : buttons;
  }

  #scrolled(text: readonly string[], height: number): readonly string[] {
    this.#lastTop = Math.max(0, text.length - height);
    this.#top = Math.min(this.#top, this.#lastTop);
    const end = this.#top + height;
    const isMarked = end < text.length && height > 1;
    if (!isMarked) return text.slice(this.#top, end);
    return [...text.slice(this.#top, end - 1), dim(`${this.#glyphs.down} ${text.length - end + 1} more`)];
  }
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ["left", -1],
  ["right", 1],
  ["tab", 1],
]);

const SCROLLS: ReadonlyMap<string, number> = new Map([
  ["up", -1],
  ["down", 1],
  ["pageup", -10],
  ["pagedown", 10],
]);
