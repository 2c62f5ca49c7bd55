import type { Key } from "../../keys/key.ts";
import type { Outcome } from "../../foreground.ts";

/** Room on a screen, in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is to be on the screen. */
export interface View {
  /** One text a row. It may have colours and links; what does not fit is cut off, and a mark says so. */
  readonly rows: readonly string[];
  /** Where the cursor is to be seen; undefined hides it. */
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
  /** The row that must be in sight when there are more than fit. Default that of the cursor, or else the first. */
  readonly focus?: number;
}

/** Something that takes keys and has a look, without a screen: the state of a list, a form, a pager. */
export interface Widget<Value> {
  view(size: Size): View;
  /** Takes a key; answers how the widget ended, if it did. @param chord the key as it is written, `ctrl+alt+b`. */
  key(chord: string, key: Key): Outcome<Value> | undefined;
  /** Takes a piece of pasted text; without this it is ignored. */
  paste?(text: string): void;
  /** Whether Ctrl-D deletes at the moment, rather than ends. */
  readonly takesCtrlD?: boolean;
  /** Whether it has something to show yet. Default yes. */
  isReady?(size: Size): boolean;
  /** What stays on the screen once it is over, in a line or a few; empty for nothing. */
  epitaph(outcome: Outcome<Value>): string;
}
