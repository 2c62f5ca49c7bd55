/** From a cluster on, a line looks like this: colours and attributes (SGR) on top of the terminal's own; empty for none. */
export interface Style {
  readonly from: number;
  readonly sgr: string;
}

/** What is to be on the screen. */
export interface View {
  /** Stands before the line; may have several rows, colours and links. */
  readonly prompt: string;
  /** The clusters of the line, and of what is suggested behind it. */
  readonly graphemes: readonly string[];
  /** How many of them are before the cursor. */
  readonly cursor: number;
  /** In order of their clusters. */
  readonly styles: readonly Style[];
  /** Rows below the line; each fits the width of the screen. */
  readonly below: readonly string[];
}

export const NO_STYLES: readonly Style[] = [];
export const NO_ROWS: readonly string[] = [];

/** The size of a terminal in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A size that can be drawn on: 0 stands for one that is not known, and is taken for 80 by 24. */
export function sizeOf(columns: number, rows: number): Size {
  return { columns: Math.max(0, Math.trunc(columns)) || 80, rows: Math.max(0, Math.trunc(rows)) || 24 };
}

/** What draws views on a terminal. Its methods answer with what to write. */
export interface Display extends Size {
  /** Whether the cursor is in a row that holds nothing yet, because what is before it fills the row before. */
  readonly isAtFreshRow: boolean;
  /** Draws all from the first column of an empty row. `afresh` forgets the rows a longer line was scrolled by. */
  draw(view: View, afresh?: boolean): string;
  /**
   * Brings the screen up to date after the clusters from `from` on changed, or only the cursor when it is undefined. Those
   * from `until` on are as before, and where they were.
   */
  update(view: View, from: number | undefined, until?: number): string;
  /** Takes all off the screen; the cursor is then where it began, or at the top of the screen. */
  erase(): string;
  /** Takes note of another size while nothing is drawn. */
  resize(columns: number, rows: number): void;
  /** The terminal has another size: draws a view anew, in place of what it made of the one that was `drawn`. */
  resized(columns: number, rows: number, drawn: View, view: View): string;
}

/** The first cluster that looks different in one line than in another; Infinity if none does. */
export function firstDifference(before: readonly Style[], after: readonly Style[]): number {
  if (before === after) return Infinity;
  let at = 0;
  while (at < before.length && before[at]?.from === after[at]?.from && before[at]?.sgr === after[at]?.sgr) at++;
  return Math.min(before[at]?.from ?? Infinity, after[at]?.from ?? Infinity);
}
