import type { Outcome } from "../../foreground.ts";
import type { Key } from "../../keys/key.ts";
import { render } from "../cells/row.ts";
import type { Size, View, Widget } from "../frame/widget.ts";
import { TextField } from "../prompts/text-field.ts";
import type { Glyphs } from "../theme.ts";
import { dim, inverse } from "../theme.ts";
import { Lines } from "./lines.ts";
import { findIn, highlighted } from "./search.ts";
import { Viewport } from "./viewport.ts";

/** How a pager shows its text. */
export interface PagerOptions {
  /** Stands in the last row, before where the reader is. */
  readonly title: string;
  /** Whether long lines go on in the next row; else Left and Right move over them. */
  readonly wraps: boolean;
}

/** What the reader waits for while the text up to there comes in. */
type Goal =
  | { readonly to: "row"; readonly rows: number }
  | { readonly to: "end" }
  | { readonly to: "match"; readonly from: number };

/** How things were before a key: the line from which a search goes on, and rows still to go down. */
interface Before {
  readonly line: number;
  readonly owed: number;
}
type Action = (pager: Pager, before: Before) => void;

/**
 * A text of any length, of which a screenful is seen. It is handed the text as it asks for it: while {@link wants} says
 * so, more of it. What was read long ago is dropped.
 */
export class Pager implements Widget<undefined> {
  /** The keys of less, and what they do. */
  static readonly #ACTIONS: ReadonlyMap<string, Action> = new Map(
    Object.entries<Action>({
      "down j return enter ctrl+n ctrl+e": (pager, before) => pager.#rows(1, before),
      "up k ctrl+p ctrl+y": (pager, before) => pager.#rows(-1, before),
      "space pagedown f ctrl+f ctrl+v": (pager, before) => pager.#screens(1, before),
      "pageup b ctrl+b alt+v": (pager, before) => pager.#screens(-1, before),
      "d ctrl+d": (pager, before) => pager.#screens(0.5, before),
      "u ctrl+u": (pager, before) => pager.#screens(-0.5, before),
      "g home alt+<": (pager) => pager.#port.toLine(0),
      "G end alt+>": (pager) => pager.#strive({ to: "end" }),
      left: (pager) => pager.#port.sideways(-Math.max(1, pager.#columns >> 1)),
      right: (pager) => pager.#port.sideways(Math.max(1, pager.#columns >> 1)),
      "/": (pager) => (pager.#typed = new TextField()),
      n: (pager, { line }) => pager.#search(line + 1, 1),
      N: (pager, { line }) => pager.#search(line - 1, -1),
    }).flatMap(([chords, action]) => chords.split(" ").map((chord) => [chord, action] as const)),
  );

  readonly takesCtrlD = true;
  readonly #lines = new Lines();
  readonly #options: PagerOptions;
  readonly #glyphs: Glyphs;
  readonly #port: Viewport;
  readonly #wanted: () => void;
  #columns: number;
  #isWhole = false;
  #isOpen = false;
  #goal: Goal | undefined;
  /** What is typed after a `/`. */
  #typed: TextField | undefined;
  #pattern = "";
  /** The line that a search has led to. */
  #found: number | undefined;
  #message = "";

  /** @param wanted is called when more of the text may be wanted than before. */
  constructor(options: PagerOptions, { columns, rows }: Size, glyphs: Glyphs, wanted: () => void = () => undefined) {
    this.#wanted = wanted;
    this.#options = options;
    this.#glyphs = glyphs;
    this.#columns = columns;
    this.#port = new Viewport(this.#lines, options.wraps, columns, Math.max(1, rows - 1));
  }

  /** Whether the text is longer than the screen, so that there is something to leaf through. */
  isReady(size: Size): boolean {
    this.#resize(size);
    this.#isOpen ||= this.#port.count("start", this.#port.height + 1) > this.#port.height;
    return this.#isOpen;
  }

  /** Whether it has been {@link isReady}. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether all of the text has come and fits the screen, with room for the prompt that follows. */
  get fits(): boolean {
    return this.#isWhole && !this.#isOpen;
  }

  /** Whether more of the text is wanted: for what the reader waits for, and a screenful ahead. */
  get wants(): boolean {
    if (this.#isWhole) return false;
    const ahead = this.#port.height * 2;
    return this.#goal !== undefined || this.#port.count("top", ahead) < ahead;
  }

  /** Takes a piece of the text. */
  push(text: string): void {
    this.#lines.push(text);
    this.#pursue();
  }

  /** That was all of the text. */
  finish(): void {
    this.#lines.finish();
    this.#isWhole = true;
    this.#pursue();
  }

  key(chord: string, key: Key): Outcome<undefined> | undefined {
    if (this.#typed !== undefined) {
      this.#type(this.#typed, chord, key);
      this.#wanted();
      return undefined;
    }
    if (chord === "q") return { type: "done", value: undefined };
    const action = Pager.#ACTIONS.get(key.text.trim() === "" ? chord : key.text);
    if (action === undefined) return undefined;
    const before = { line: this.#found ?? this.#port.line, owed: this.#goal?.to === "row" ? this.#goal.rows : 0 };
    this.#message = "";
    this.#goal = undefined;
    this.#found = undefined;
    action(this, before);
    this.#wanted();
    return undefined;
  }

  paste(text: string): void {
    this.#typed?.paste(text);
  }

  view(size: Size): View {
    this.#resize(size);
    const shown = this.#port.rows();
    const rows = shown.map(({ cells }) => render(highlighted(cells, this.#pattern)));
    while (rows.length < this.#port.height) rows.push(dim("~"));
    const last = shown.at(-1)?.line ?? this.#port.line;
    if (size.rows < 2) return { rows };
    if (this.#typed === undefined) return { rows: [...rows, inverse(this.#status(last))] };
    const { text, column } = this.#typed.view(size.columns - 1, this.#glyphs.ellipsis);
    return { rows: [...rows, `/${text}`], cursor: { row: rows.length, column: column + 1 } };
  }

  epitaph(): string {
    return "";
  }

  #resize({ columns, rows }: Size): void {
    const height = Math.max(1, rows - 1);
    if (columns === this.#columns && height === this.#port.height) return;
    this.#columns = columns;
    this.#port.resize(columns, height);
    this.#wanted();
  }

  #status(last: number): string {
    const { end } = this.#lines;
    const lines = `${this.#options.title === "" ? "" : `${this.#options.title}  `}lines ${this.#port.line + 1}-${last + 1}`;
    if (this.#message !== "") return ` ${lines}  ${this.#message} `;
    if (this.#goal !== undefined && this.#goal.to !== "row") return ` ${lines}  reading, line ${end} `;
    if (!this.#isWhole) return ` ${lines} `;
    const percent = Math.floor(((last + 1) / end) * 100);
    return ` ${lines} of ${end}  ${last + 1 === end ? "end, q leaves" : `${percent}%`} `;
  }

  #type(field: TextField, chord: string, key: Key): void {
    if (chord === "return" || chord === "enter") {
      this.#typed = undefined;
      if (!field.isEmpty) this.#pattern = field.text;
      this.#search(this.#port.line, 1);
    } else if (chord === "escape" || (chord === "backspace" && field.isEmpty)) {
      this.#typed = undefined;
    } else field.key(chord, key);
  }

  #rows(count: number, { owed }: Before): void {
    if (count < 0) this.#port.up(-count);
    else this.#strive({ to: "row", rows: count + owed });
  }

  /** Half a screen is a row at least. */
  #screens(count: number, before: Before): void {
    this.#rows(Math.trunc(count * this.#port.height) || Math.sign(count), before);
  }

  #search(from: number, step: 1 | -1): void {
    if (this.#pattern === "") return;
    if (step > 0) this.#strive({ to: "match", from });
    else this.#arrive(from, this.#find(from, step), step);
  }

  /** The next line with the pattern; of a text that has all come, from the other end on when there is none. */
  #find(from: number, step: 1 | -1): number | undefined {
    const found = findIn(this.#lines, this.#pattern, from, step);
    if (found !== undefined || !this.#isWhole) return found;
    return findIn(this.#lines, this.#pattern, step > 0 ? this.#lines.first : this.#lines.end - 1, step);
  }

  #strive(goal: Goal): void {
    this.#goal = goal;
    this.#pursue();
  }

  /** Goes as far as the text has come; what is left of the way is kept. */
  #pursue(): void {
    const goal = this.#goal;
    if (goal === undefined) return;
    this.#goal = undefined;
    if (goal.to === "row") {
      const rows = this.#port.down(goal.rows);
      if (rows > 0 && !this.#isWhole) this.#goal = { to: "row", rows };
    } else if (goal.to === "end") {
      if (this.#isWhole) this.#port.toEnd();
      else this.#goal = goal;
    } else {
      const line = this.#find(Math.max(goal.from, this.#lines.first), 1);
      if (line === undefined && !this.#isWhole) this.#goal = { to: "match", from: this.#lines.end };
      else this.#arrive(goal.from, line, 1);
    }
  }

  #arrive(from: number, line: number | undefined, step: 1 | -1): void {
    if (line === undefined) {
      this.#message = `not found: ${this.#pattern}`;
      return;
    }
    if ((line - from) * step < 0) this.#message = step > 0 ? "on from the top" : "on from the end";
    this.#found = line;
    this.#port.toLine(line);
  }
}
