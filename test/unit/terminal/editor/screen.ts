/** The screen of the testing harness, for drawing on without a server, and wrapping as other terminals than xterm.js do. */
import xterm from "@xterm/headless";
import { ScreenModel } from "../../../../src/testing/screen/model.ts";
import { graphemeWidth } from "../../../../src/terminal/text/width.ts";

/** Which widths the terminal believes in: those of this project by whole clusters, or xterm.js' own of Unicode 6. */
type Widths = "clusters" | "unicode6";

interface ScreenOptions {
  columns: number;
  rows: number;
  widths?: Widths;
  /**
   * Which lines are wrapped anew when the width changes: all, as VTE, kitty and others do, all but the one with the cursor,
   * which is what xterm.js does, or none, as xterm does.
   */
  reflow?: "all" | "others" | "none";
}

export class Screen {
  #model: ScreenModel;
  readonly #widths: Widths;
  readonly #reflow: "all" | "others" | "none";

  constructor({ columns, rows, widths = "clusters", reflow = "others" }: ScreenOptions) {
    this.#widths = widths;
    this.#reflow = reflow;
    this.#model = this.#make(columns, rows);
  }

  write(text: string): void {
    this.#model.write(text);
  }

  /** Changes the size. */
  resize(columns: number, rows: number): void {
    if (this.#reflow === "others") this.#model.resize(columns, rows);
    else if (this.#reflow === "all") this.#rewrite(this.#logicalLines(), columns, rows);
    else this.#rewrite(this.#cutRows(columns), columns, rows);
  }

  /** Writes lines onto a terminal of another size, the cursor before its cell; what is below it gives way if it must. */
  #rewrite({ lines, cursor }: Content, columns: number, rows: number): void {
    const wrapped = lines.map((line) => wrap(line, columns));
    const above = wrapped.slice(0, cursor.line).reduce((sum, { length }) => sum + length, 0);
    const place = placeOf(lines[cursor.line] ?? [], cursor.cell, columns);
    const cursorRow = above + place.row;
    const physical = wrapped.flatMap((line) => line.map((text, row) => ({ text, isLast: row === line.length - 1 })));
    while (physical.length <= cursorRow) physical.push({ text: "", isLast: true });
    const kept = physical.slice(0, Math.max(cursorRow + rows, 1));
    this.#model = this.#make(columns, rows);
    for (const [row, { text, isLast }] of kept.entries()) {
      this.write(text + (isLast && row < kept.length - 1 ? "\r\n" : ""));
    }
    const isAtEnd = cursorRow === kept.length - 1 && place.column === columns;
    const top = Math.max(0, kept.length - rows);
    if (!isAtEnd) this.write(`\x1b[${cursorRow - top + 1};${Math.min(place.column, columns - 1) + 1}H`);
  }

  /** Cell of the cursor on the screen. */
  get cursor(): { row: number; column: number } {
    const { row, column } = this.#model.cursor;
    return { row, column };
  }

  /** The rows on the screen, without the blanks at their ends. */
  get rows(): string[] {
    return [...this.#model.lines];
  }

  /** The rows that scrolled out and those on the screen. */
  get allRows(): string[] {
    return [...this.#model.allLines];
  }

  /** The cells on the screen with their looks: what is inverse, faint, or has a colour, is marked so. */
  get styledRows(): string[] {
    const active = this.#model.buffer;
    return Array.from({ length: this.#model.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row);
      let text = "";
      for (let column = 0; column < this.#model.columns; column++) {
        const cell = line?.getCell(column);
        if (cell === undefined || cell.getWidth() === 0) continue;
        const looks = `${cell.isInverse() ? "~" : ""}${cell.isDim() ? "." : ""}`;
        const colours = `${cell.isFgDefault() ? "" : `f${cell.getFgColor()}`}${cell.isBgDefault() ? "" : `b${cell.getBgColor()}`}`;
        text += looks + colours === "" ? cell.getChars() || " " : `{${looks}${colours}|${cell.getChars() || " "}}`;
      }
      return text.trimEnd();
    });
  }

  #make(columns: number, rows: number): ScreenModel {
    return new ScreenModel(xterm, { columns, rows, widths: this.#widths });
  }

  /** Rows joined where the terminal wrapped them, each as what its cells show, and where the cursor is among them. */
  #logicalLines(): Content {
    const active = this.#model.buffer;
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
      if (row === cursorRow && active.cursorX >= line.length) cursor = { line: lines.length - 1, cell: cells.length };
    }
    return withoutBlank({ lines, cursor });
  }

  /** Every row as a line of its own, as much of it as a screen of so many columns shows. */
  #cutRows(columns: number): Content {
    const active = this.#model.buffer;
    const cursorRow = active.baseY + active.cursorY;
    let cursor = { line: cursorRow, cell: 0 };
    const lines = Array.from({ length: active.length }, (_, row) => {
      const line = active.getLine(row);
      const cells: string[] = [];
      for (let column = 0; column < Math.min(columns, line?.length ?? 0); column++) {
        if (row === cursorRow && column === active.cursorX) cursor = { line: row, cell: cells.length };
        const cell = line?.getCell(column);
        const width = cell?.getWidth() ?? 0;
        if (width > 0) cells.push(column + width > columns ? " " : cell?.getChars() || " ");
      }
      if (row === cursorRow && active.cursorX >= columns) cursor = { line: row, cell: cells.length };
      return cells;
    });
    for (const [row, cells] of lines.entries()) {
      while (cells.at(-1) === " " && !(row === cursor.line && cells.length <= cursor.cell)) cells.pop();
    }
    return withoutBlank({ lines, cursor });
  }
}

/** Lines of cells, and where the cursor is among them. */
interface Content {
  readonly lines: readonly string[][];
  readonly cursor: { readonly line: number; readonly cell: number };
}

/** Without the blank lines below the cursor, which nobody has written. */
function withoutBlank({ lines, cursor }: Content): Content {
  let { length } = lines;
  while (length > cursor.line + 1 && lines[length - 1]?.join("").trim() === "") length--;
  return { lines: lines.slice(0, length), cursor };
}

/** A line as rows of so many columns. */
function wrap(cells: readonly string[], columns: number): string[] {
  const rows = [""];
  let column = 0;
  for (const cell of cells) {
    const width = graphemeWidth(cell);
    if (column + width > columns) {
      rows.push("");
      column = 0;
    }
    rows.push((rows.pop() ?? "") + cell);
    column += width;
  }
  return rows;
}

/** Where a terminal has the cursor that is before a cell. */
function placeOf(cells: readonly string[], index: number, columns: number): { row: number; column: number } {
  let row = 0;
  let column = 0;
  for (const [at, cell] of cells.entries()) {
    const width = graphemeWidth(cell);
    if (column + width > columns) {
      row++;
      column = 0;
    }
    if (at === index) return { row, column };
    column += width;
  }
  return { row, column };
}
