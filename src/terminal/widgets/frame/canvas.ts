import type { Size, View } from "./widget.ts";

/** Where a panel is drawn: below what was written, or on the second screen. */
export interface Canvas {
  readonly size: Size;
  /** Whether it covers what was written, so that nothing can be printed above it. */
  readonly covers: boolean;
  /** Brings the screen up to date; what is drawn first begins in the first column of an empty row. */
  draw(view: View): string;
  /** Takes itself off the screen; the cursor is then to be seen, in the first column of where it began. */
  erase(): string;
  /** The screen is empty, with the cursor at its top left: all is drawn anew. */
  forget(): string;
  /** The terminal has another size: takes what it made of the rows off the screen, for a {@link draw} to follow. */
  resize(columns: number, rows: number): string;
}
