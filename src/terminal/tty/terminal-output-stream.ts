import { clearLine, clearScreenDown, cursorTo, moveCursor } from "node:readline";
import { WriteStream } from "node:tty";
import type { Direction } from "node:tty";
import { OutputStream } from "./output-stream.ts";
import type { OutputSink } from "./output-stream.ts";

/** What a terminal's output stream knows of the terminal. */
export interface TerminalSink extends OutputSink {
  /** Its size in cells when the stream is made, never 0. */
  readonly columns: number;
  readonly rows: number;
  /** Bits of colour that it shows. */
  readonly colors: 1 | 4 | 8 | 24;
}

/**
 * What the visitor of a terminal sees, as a `tty.WriteStream` has it: a newline also brings the cursor back to the first
 * column, and colours come out as the terminal can show them.
 */
export class TerminalOutputStream extends OutputStream {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #terminal: TerminalSink;

  constructor(terminal: TerminalSink) {
    super(terminal);
    this.#terminal = terminal;
    this.columns = terminal.columns;
    this.rows = terminal.rows;
  }

  /** The terminal has this size; raises `resize` when that is new. */
  resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows) return;
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }

  getWindowSize(): [columns: number, rows: number] {
    return [this.columns, this.rows];
  }

  /** Bits of colour of this visitor's terminal: 1, 4, 8 or 24. With an environment, what Node makes of that. */
  getColorDepth(env?: object): number {
    return env === undefined ? this.#terminal.colors : WriteStream.prototype.getColorDepth.call(this, env);
  }

  /** Whether it shows so many colours, 16 if not said. */
  hasColors(count?: number | object, env?: object): boolean {
    const isSaid = typeof count === "number";
    return (isSaid ? count : 16) <= 2 ** this.getColorDepth(isSaid ? env : count);
  }

  cursorTo(x: number, y?: number | (() => void), callback?: () => void): boolean {
    return cursorTo(this, x, y as number, callback);
  }

  moveCursor(dx: number, dy: number, callback?: () => void): boolean {
    return moveCursor(this, dx, dy, callback);
  }

  clearLine(direction: Direction, callback?: () => void): boolean {
    return clearLine(this, direction, callback);
  }

  clearScreenDown(callback?: () => void): boolean {
    return clearScreenDown(this, callback);
  }

  /** A session keeps no process running. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
