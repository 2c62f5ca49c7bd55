import { cursorDown, cursorToColumn, ERASE_BELOW } from "../../text/ansi.ts";
import { NEWLINE } from "../buffer/rows.ts";
import { cellsOf, drawable, isSame, layOutPrompt, locate, type Place } from "./layout.ts";
import { type Display, sizeOf, type View } from "./view.ts";

/**
 * The display for those who hear the screen: what is written stays as it was, and is read in the order in which it came. A
 * line to which something is added at its end grows, one that loses its end is cut; after any other change the whole of it
 * is written once more, in a row of its own. No styles, nothing below the line.
 */
export class Sequential implements Display {
  #columns = 80;
  #rows = 24;
  #prompt = "";
  #start: Place = { row: 0, column: 0 };
  #at: Place = { row: 0, column: 0 };
  #end: Place = { row: 0, column: 0 };
  #count = 0;
  /** The terminal has had another size since the line was written: nobody knows what it made of the rows. */
  #isLost = false;

  constructor(columns: number, rows: number) {
    this.resize(columns, rows);
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  get isAtFreshRow(): boolean {
    return this.#at.column === 0 && this.#at.row > this.#start.row;
  }

  draw(view: View): string {
    const { text, end } = layOutPrompt(view.prompt, this.#columns, 0);
    this.#prompt = view.prompt;
    this.#start = end;
    this.#at = { ...end };
    this.#isLost = false;
    const line = this.#write(view, 0);
    return text + line + this.#moveTo(this.#locate(view, view.cursor));
  }

  update(view: View, from: number | undefined): string {
    const { length } = view.graphemes;
    const isSamePrompt = view.prompt === this.#prompt;
    if (isSamePrompt && from === this.#count && isSame(this.#at, this.#end)) {
      const text = this.#write(view, from);
      return view.cursor === length ? text : text + this.#moveTo(this.#locate(view, view.cursor));
    }
    if (this.#isLost || !isSamePrompt) return this.erase() + this.draw(view);
    if (from === undefined) return this.#moveTo(this.#locate(view, view.cursor));
    const end = this.#locate(view, length);
    const isCut = from === length && length < this.#count && view.cursor === length && end.row === this.#end.row;
    if (!isCut) return this.erase() + this.draw(view);
    this.#count = length;
    this.#end = end;
    return this.#moveTo(end) + ERASE_BELOW;
  }

  /** What is written stays; the cursor goes to a row of its own below. */
  erase(): string {
    const text = this.#moveTo({ row: this.#end.row, column: this.#end.column });
    this.#at = { row: 0, column: 0 };
    return `${text}\r\n`;
  }

  resize(columns: number, rows: number): void {
    const size = sizeOf(columns, rows);
    this.#columns = size.columns;
    this.#rows = size.rows;
    this.#isLost = true;
  }

  resized(columns: number, rows: number, _drawn: View, view: View): string {
    this.resize(columns, rows);
    return view.graphemes.length === this.#count ? "" : this.erase() + this.draw(view);
  }

  /** Writes the clusters from one on, behind the last that was written. */
  #write({ graphemes }: View, from: number): string {
    const at = this.#at;
    let out = "";
    for (let index = from; index < graphemes.length; index++) {
      const grapheme = graphemes[index] ?? "";
      const width = grapheme === NEWLINE ? 0 : cellsOf(grapheme, this.#columns);
      if (grapheme === NEWLINE || at.column + width > this.#columns) {
        at.row++;
        at.column = 0;
      }
      at.column += width;
      out += grapheme === NEWLINE ? "\r\n" : drawable(grapheme, this.#columns);
    }
    if (at.column === this.#columns) {
      at.row++;
      at.column = 0;
      out += " \r";
    }
    this.#count = graphemes.length;
    this.#end = { ...at };
    return out;
  }

  #locate(view: View, index: number): Place {
    return locate(this.#start, view.graphemes, index, this.#columns);
  }

  #moveTo({ row, column }: Place): string {
    if (isSame(this.#at, { row, column })) return "";
    const text = cursorDown(row - this.#at.row) + cursorToColumn(column);
    this.#at = { row, column };
    return text;
  }
}
