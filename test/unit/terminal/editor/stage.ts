import { LineEditor, type LineEditorOptions } from "../../../../src/terminal/editor/editor.ts";
import type { Outcome } from "../../../../src/terminal/foreground.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { Screen } from "./screen.ts";

/** What a test of an editor works with. */
export interface Stage {
  readonly editor: LineEditor;
  readonly screen: Screen;
  /** All that the editor wrote, call by call. */
  readonly written: string[];
  /** What the functions of the prompt threw. */
  readonly failures: unknown[];
  /** Sends what a terminal sends, and answers what came of it. */
  readonly type: (text: string) => Outcome<string>[];
  /** What is on the screen, down to the last row that has something. */
  readonly shown: () => string[];
  /** The same with colours and attributes. */
  readonly styled: () => string[];
}

/** An editor on a screen of 20 columns and 6 rows. */
export function start(options: Partial<LineEditorOptions> = {}): Stage {
  const { columns = 20, rows = 6 } = options;
  const screen = new Screen({ columns: columns || 80, rows: rows || 24 });
  const written: string[] = [];
  const failures: unknown[] = [];
  const write = (text: string): void => {
    written.push(text);
    screen.write(text);
  };
  const editor = new LineEditor({ write, columns, rows, failed: (error) => failures.push(error), ...options });
  const decoder = new KeyDecoder();
  const trimmed = (rows: readonly string[]): string[] => {
    const last = rows.findLastIndex((row) => row !== "");
    return rows.slice(0, Math.max(last, screen.cursor.row) + 1);
  };
  return {
    editor,
    screen,
    written,
    failures,
    type: (text) =>
      [...decoder.decode(Buffer.from(text)), ...decoder.flush()]
        .map((event) => editor.key(event))
        .filter((outcome) => outcome !== undefined),
    shown: () => trimmed(screen.rows),
    styled: () => trimmed(screen.styledRows),
  };
}

/** What the keys send that are not text. */
export const KEY = {
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  tab: "\t",
  shiftTab: "\x1b[Z",
  escape: "\x1b",
  enter: "\r",
  altEnter: "\x1b\r",
  backspace: "\x7f",
  pageDown: "\x1b[6~",
  pageUp: "\x1b[5~",
  altRight: "\x1b[1;3C",
  undo: "\x1f",
} as const;

/** What Ctrl with a letter sends. */
export function ctrl(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) & 0x1f);
}

/** What a terminal with bracketed paste sends. */
export function pasted(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}
