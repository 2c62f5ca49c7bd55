import { widestOf } from "../cells/fit.ts";
import { Frame } from "../frame/frame.ts";
import type { FrameOptions } from "../frame/frame.ts";
import type { Glyphs } from "../theme.ts";

/** What a row is drawn for. */
export interface LiveContext {
  /** In milliseconds, from any beginning. */
  readonly now: number;
  readonly columns: number;
  /** Columns of the widest label, so that what follows the labels stands in line. */
  readonly labels: number;
  readonly glyphs: Glyphs;
}

/** A row that changes by itself: a spinner, a progress bar. */
export interface LiveItem {
  /** What stands before that which is to be in line with other rows. */
  readonly label?: string;
  row(context: LiveContext): string;
}

/** Rows at the bottom of what was written, which change while more is written above them. */
export class Live {
  readonly #frame: Frame;
  readonly #glyphs: Glyphs;
  readonly #items: Set<LiveItem> = new Set();

  constructor(options: FrameOptions) {
    this.#frame = new Frame(options);
    this.#glyphs = options.glyphs;
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  add(item: LiveItem): void {
    this.#items.add(item);
  }

  remove(item: LiveItem): void {
    this.#items.delete(item);
  }

  /** Brings the rows up to date; the first time from the first column of an empty row on. */
  draw(now: number): string {
    const items = [...this.#items];
    const labels = widestOf(items.map(({ label = "" }) => label));
    const context = { now, columns: this.#frame.size.columns, labels, glyphs: this.#glyphs };
    const rows = items.map((item) => item.row(context));
    // The last ones are the newest: they stay in sight.
    return this.#frame.draw({ rows, focus: Math.max(0, rows.length - 1) });
  }

  /** Takes the rows off the screen. */
  erase(): string {
    return this.#frame.erase();
  }

  resize(columns: number, rows: number): string {
    return this.#frame.resize(columns, rows);
  }

  /** The screen has been emptied. */
  forget(): string {
    return this.#frame.forget();
  }
}
