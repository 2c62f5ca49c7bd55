/** A real terminal without a window (xterm.js) to draw on, and what a reader of it sees. */
import xterm from "@xterm/headless";
import { graphemes } from "../../../../src/terminal/text/graphemes.ts";
import { graphemeWidth } from "../../../../src/terminal/text/width.ts";

/** Which widths the terminal believes in: those of this project by whole clusters, or xterm.js' own of Unicode 6. */
type Widths = "clusters" | "unicode6";

interface ScreenOptions {
  columns: number;
  rows: number;
  widths?: Widths;
}

/** xterm.js itself has this method; only its typings do not. */
interface WithCore {
  _core: { writeSync(data: string): void };
}

export class Screen {
  #terminal: xterm.Terminal;
  readonly #widths: Widths;

  constructor({ columns, rows, widths = "clusters" }: ScreenOptions) {
    this.#widths = widths;
    this.#terminal = this.#make(columns, rows);
  }

  write(text: string): void {
    (this.#terminal as unknown as WithCore)._core.writeSync(text);
  }

  /** Changes the size as xterm.js does: rows that belong to the cursor's line are not wrapped anew. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /**
   * Changes the size as VTE, kitty and others do: every line is wrapped anew, the cursor stays with its character, and of
   * the lines below it those are dropped that do not fit any more.
   */
  reflow(columns: number, rows: number): void {
    const { lines, cursor } = this.#logicalLines();
    this.#terminal = this.#make(columns, rows);
    const before = lines.slice(0, cursor.line).map((line) => line.join(""));
    const line = lines[cursor.line] ?? [];
    this.write([...before, line.slice(0, cursor.cell).join("")].join("\r\n"));
    const rest = line.slice(cursor.cell);
    const [next] = rest;
    if (next === undefined) {
      this.#writeBelow(lines.slice(cursor.line + 1));
      return;
    }
    const { cursorX, cursorY, baseY } = this.#terminal.buffer.active;
    const isFull = cursorX + graphemeWidth(next) > columns;
    this.write(rest.join(""));
    const row = baseY + cursorY + (isFull ? 1 : 0) - this.#terminal.buffer.active.baseY;
    this.#writeBelow(lines.slice(cursor.line + 1));
    this.write(`\x1b[${row + 1};${isFull ? 1 : cursorX + 1}H`);
  }

  /** Writes lines below the cursor as far as there is room for them. */
  #writeBelow(lines: readonly string[][]): void {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    const { rows } = this.#terminal;
    for (const line of lines) {
      const before = this.#terminal.buffer.active;
      if (before.cursorY === rows - 1) break;
      // A line that wraps beyond the last row would scroll: only what fits of it is written.
      const room = (rows - 1 - before.cursorY) * this.#terminal.cols;
      let width = 0;
      const fitting = line.filter((cell) => (width += graphemeWidth(cell)) <= room - 1);
      this.write(`\r\n${fitting.join("")}`);
    }
    this.write(`\x1b[${cursorY + 1};${cursorX + 1}H`);
  }

  /** Cell of the cursor on the screen. */
  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** The rows on the screen, without the blanks at their ends. */
  get rows(): string[] {
    return this.#read(this.#terminal.buffer.active.baseY);
  }

  /** The rows that scrolled out and those on the screen. */
  get allRows(): string[] {
    return this.#read(0);
  }

  #read(first: number): string[] {
    const { active } = this.#terminal.buffer;
    const rows = [];
    for (let row = first; row < active.length; row++)
      rows.push(active.getLine(row)?.translateToString().trimEnd() ?? "");
    return rows;
  }

  #make(columns: number, rows: number): xterm.Terminal {
    const terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 2000,
      allowProposedApi: true,
      logLevel: "off",
    });
    if (this.#widths === "clusters") {
      terminal.unicode.register(clusters);
      terminal.unicode.activeVersion = clusters.version;
    }
    return terminal;
  }

  /** Rows joined where the terminal wrapped them, each as what its cells show, and where the cursor is among them. */
  #logicalLines(): { lines: string[][]; cursor: { line: number; cell: number } } {
    const { active } = this.#terminal.buffer;
    const cursorRow = active.baseY + active.cursorY;
    const lines: string[][] = [];
    let cursor = { line: 0, cell: 0 };
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      if (line === undefined) break;
      if (!line.isWrapped || row === 0) lines.push([]);
      const cells = lines.at(-1) ?? [];
      const written = line.translateToString(true).length;
      let text = 0;
      for (let column = 0; column < line.length; column++) {
        if (row === cursorRow && column === active.cursorX) cursor = { line: lines.length - 1, cell: cells.length };
        const cell = line.getCell(column);
        if (cell === undefined || cell.getWidth() === 0 || text >= written) continue;
        text += Math.max(1, cell.getChars().length);
        const isGap = column === line.length - 1 && cell.getChars() === "";
        if (!isGap) cells.push(cell.getChars() || " ");
      }
    }
    return { lines, cursor };
  }
}

/** Clusters met so far; the terminal hands the index of the one before the cursor back. */
const seen: string[] = [""];

/** xterm.js asks for each code point whether it joins what is before it: bit 0; bits 1 and 2 are the width. */
const clusters: xterm.IUnicodeVersionProvider = {
  version: "clusters",
  wcwidth: (point) => graphemeWidth(String.fromCodePoint(point)) as 0 | 1 | 2,
  charProperties(point, preceding) {
    const character = String.fromCodePoint(point);
    const before = seen[preceding >> 3] ?? "";
    const joins = before !== "" && graphemes(before + character).length === 1;
    const cluster = joins ? before + character : character;
    let index = seen.indexOf(cluster);
    if (index < 0) index = seen.push(cluster) - 1;
    return (index << 3) | (graphemeWidth(cluster) << 1) | (joins ? 1 : 0);
  },
};
