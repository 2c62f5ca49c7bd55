import type { KeyModes } from "../keys.ts";
import type { MouseModes } from "../mouse.ts";
import type { Screen } from "./screen.ts";

/** A screen as the terminal around it has it. It names no type of xterm.js, which not all who import this package have. */
export interface TerminalScreen extends Screen {
  /** The modes that an app has set. */
  readonly modes: KeyModes & MouseModes & { readonly synchronizedOutputMode: boolean };
  write(data: string | Uint8Array): void;
  /** Says where the terminal's answers go. */
  onReply(reply: (text: string) => void): void;
  /** Changes the size. Rows that the terminal has wrapped are wrapped anew, but those of the line with the cursor. */
  resize(columns: number, rows: number): void;
  /**
   * What is matched first, in the text of the screen or in its lines as they were before they were wrapped, with the blank
   * between a prompt and the cursor.
   */
  match(what: string | RegExp): RegExpMatchArray | undefined;
  /** Remembers the row of the cursor: gives the rows between it and the cursor's row of later, without both. */
  markRow(): () => readonly string[];
}
