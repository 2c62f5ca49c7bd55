import type { KeyEvent } from "./keys/key.ts";

/** How something that took the keys ended. */
export type Outcome<Value> =
  /** The user gave what was wanted. */
  | { readonly type: "done"; readonly value: Value }
  /** Ctrl-C. */
  | { readonly type: "interrupt" }
  /** Ctrl-D, where nothing has been typed. */
  | { readonly type: "eof" };

/** Where a {@link Foreground} draws. */
export interface Stage {
  /** Sends text to the terminal. */
  write(text: string): void;
  /** The size of the terminal in cells, as it is now. */
  readonly columns: number;
  readonly rows: number;
}

/**
 * What has the terminal's attention: it takes the keys and draws rows below all that was written, until it has ended. A
 * line that is edited is one, a menu, a form, a pager. When it begins, the cursor is in the first column of a fresh row;
 * when it has ended, it is so again.
 */
export interface Foreground<Value> {
  /** Takes a key, a paste or what else the terminal sends; answers how it ended, once it has. */
  key(event: KeyEvent): Outcome<Value> | undefined;
  /** Draws once, when the work is done, what all keys in it did: for the keys that came in one chunk. */
  batch<T>(work: () => T): T;
  /** Takes what it drew off the screen; the cursor is then in the first column, where that began. */
  hide(): void;
  /** Draws it again after {@link hide}, from the cursor on, which must be in the first column. */
  show(): void;
  /** Writes whole lines above itself. The text may have colours; it is not made harmless. */
  printAbove(text: string): void;
  /** The terminal has another size, in cells. */
  resize(columns: number, rows: number): void;
  /** Empties the screen, and draws itself at the top. */
  clearScreen(): void;
  /** Gives up, and takes itself off the screen. */
  cancel(): void;
}
