import { cursorDown, cursorToColumn, ERASE_BELOW, ERASE_LINE_RIGHT } from "../text/ansi.ts";
import { graphemeWidth } from "../text/width.ts";
import { promptParts } from "./prompt.ts";

export interface PainterOptions {
  /** Size of the terminal in cells; 0 means unknown and is taken for 80 by 24. */
  columns: number;
  rows: number;
  /** Whether the terminal wraps the line with the cursor anew when its width changes. */
  reflows: boolean;
}

/** What is to be on the screen behind the prompt. */
export interface Content {
  readonly graphemes: readonly string[];
  /** How many of them are before the cursor. */
  readonly cursor: number;
}

/**
 * A place in the prompt and line as they are laid out: rows count from the first row of the prompt. A column equal to the
 * width of the screen is what terminals do there as well: the row is full, and the next character wraps.
 */
interface Place {
  row: number;
  column: number;
}

/** A range of rows, both ends in it. */
interface Rows {
  readonly first: number;
  readonly last: number;
}

/** Stands in the line for what has no width of its own (a mark without a letter), so that every cluster has a cell. */
const PLACEHOLDER = "◌";
/** Stands for a wide character on a screen of one column. */
const TOO_WIDE = "?";

/**
 * Draws a prompt and a line that wrap over rows, and keeps track of where the cursor is, counted from the prompt's first
 * row; it never knows the row of the screen. Its methods answer with what to write.
 *
 * Rows are wrapped by the terminal itself (so that it knows the line as one, to copy and to wrap anew), the cursor moves by
 * relative rows and absolute columns. Only what changed is drawn. Of content that has more rows than the screen, a window of
 * rows is shown that has the cursor in it. It keeps numbers only, no copy of the screen.
 */
export class Painter {
  readonly #reflows: boolean;
  #columns = 80;
  #rows = 24;
  #prompt = "";
  #mask: string | undefined;
  /** Where the prompt ends and the line begins. */
  #start: Place = { row: 0, column: 0 };
  /** Where the terminal's cursor is. */
  #at: Place = { row: 0, column: 0 };
  /** Where the content ends that was drawn last, and how many clusters it has. */
  #end: Place = { row: 0, column: 0 };
  #count = 0;
  /** The first row that is on the screen; 0 unless the content is higher than the screen. */
  #top = 0;

  constructor(options: PainterOptions) {
    this.#reflows = options.reflows;
    this.#setSize(options.columns, options.rows);
  }

  /** Sets what the next {@link draw} begins with, and what it draws for each cluster of the line; "" draws nothing. */
  setPrompt(prompt: string, mask: string | undefined): void {
    this.#prompt = prompt;
    this.#mask = mask;
    this.#start = this.#walkPrompt(Infinity).end;
  }

  /** Draws all from the first column of an empty row. `afresh` forgets the rows a longer line was scrolled by. */
  draw(content: Content, afresh = false): string {
    if (afresh) this.#top = 0;
    const target = this.#locate(content, content.cursor);
    const end = this.#locate(content, content.graphemes.length);
    this.#top = this.#window(target, end);
    const prompt = this.#walkPrompt(this.#top);
    this.#at = { ...this.#start };
    this.#end = end;
    return prompt.text + this.#paint(content.graphemes, 0, this.#inSight(this.#top), false) + this.#moveTo(target);
  }

  /**
   * Brings the screen up to date after the clusters from `from` on changed, or only the cursor when it is undefined.
   * A character typed at the end of the line costs that character alone.
   */
  update(content: Content, from: number | undefined): string {
    const { graphemes, cursor } = content;
    const isTypedAtEnd = from === this.#count && cursor === graphemes.length && isSame(this.#at, this.#end);
    if (isTypedAtEnd) return this.#append(graphemes);

    const end = from === undefined ? this.#end : this.#locate(content, graphemes.length);
    const target = cursor === graphemes.length ? end : this.#locate(content, cursor);
    const changed = from === undefined ? undefined : this.#locate(content, from, "gap");
    const top = this.#window(target, end);
    const sight = this.#inSight(this.#top);
    const isInSight =
      changed === undefined
        ? top === this.#top
        : top >= this.#top && changed.row >= sight.first && changed.row <= sight.last;
    if (!isInSight) return this.erase() + this.draw(content);
    if (from === undefined || changed === undefined) return this.#moveTo(target);
    // The rows between the old top and the new one are drawn as well, and scroll out.
    const rows = { first: sight.first, last: this.#inSight(top).last };
    const isShorter = isBefore(end, this.#end);
    this.#top = top;
    this.#end = end;
    return this.#moveTo(changed) + this.#paint(graphemes, from, rows, isShorter) + this.#moveTo(target);
  }

  /** Takes prompt and line off the screen; the cursor is then where they began, or at the top of the screen. */
  erase(): string {
    const { row } = this.#at;
    this.#at = { row: this.#top, column: 0 };
    return `${cursorDown(this.#top - row)}\r${ERASE_BELOW}`;
  }

  /** The terminal has another size: takes what it made of the rows off the screen, for a {@link draw} to follow. */
  eraseResized(columns: number, rows: number, content: Content): string {
    const before = this.#columns;
    const hasBlank = this.isAtFreshRow;
    this.resize(columns, rows);
    if (this.#reflows && this.#columns !== before) {
      // The cursor stayed with its character; behind the last one it goes to a further row only with a blank written there.
      const place = this.#locate(content, content.cursor);
      const isPending = content.cursor === content.graphemes.length && this.#isFresh(place) && !hasBlank;
      // Which row of a content higher than the screen is on top now cannot be known: the whole screen goes.
      this.#at.row = this.#top > 0 ? this.#rows - 1 : place.row - (isPending ? 1 : 0);
      this.#top = 0;
    }
    return this.erase();
  }

  /** Takes note of another size while nothing is drawn. */
  resize(columns: number, rows: number): void {
    this.#setSize(columns, rows);
    this.#start = this.#walkPrompt(Infinity).end;
  }

  /** Whether the cursor is in a row that holds nothing yet, because the last character filled the row before. */
  get isAtFreshRow(): boolean {
    return this.#isFresh(this.#at) && isSame(this.#at, this.#end);
  }

  #setSize(columns: number, rows: number): void {
    this.#columns = Math.max(0, Math.trunc(columns)) || 80;
    this.#rows = Math.max(0, Math.trunc(rows)) || 24;
  }

  #isFresh(place: Place): boolean {
    return place.column === 0 && place.row > this.#start.row;
  }

  /** What was typed at the end: neither is anything before it looked at, nor does the cursor need to move. */
  #append(graphemes: readonly string[]): string {
    const text = this.#paint(graphemes, this.#count, { first: this.#top, last: Infinity }, false);
    this.#end = { ...this.#at };
    this.#top = this.#window(this.#at, this.#at);
    return text;
  }

  /** Draws what of the line, from a cluster on, is in these rows; the cursor is at the cluster, or where the rows begin. */
  #paint(graphemes: readonly string[], from: number, rows: Rows, eraseRest: boolean): string {
    const at = this.#at;
    this.#count = graphemes.length;
    let out = "";
    for (let index = from; index < graphemes.length; index++) {
      const source = this.#mask ?? graphemes[index] ?? "";
      const width = cellsOf(source, this.#columns);
      if (at.column + width > this.#columns) {
        // A wide character that does not fit leaves a cell, which may still show something older.
        if (at.column < this.#columns && at.row >= rows.first) out += ERASE_LINE_RIGHT;
        if (at.row >= rows.last) return out;
        at.row++;
        at.column = 0;
      }
      at.column += width;
      if (at.row < rows.first) continue;
      const shown = drawable(source, this.#columns);
      out += shown;
      // Terminals disagree on the width of some clusters; what follows shall stand where it is counted to be.
      if (shown.length > 1 && at.column < this.#columns) out += cursorToColumn(at.column);
    }
    if (at.column === this.#columns && at.row < rows.last) {
      at.row++;
      at.column = 0;
      // Only a character makes the terminal wrap.
      return `${out} ${eraseRest ? ERASE_BELOW : ""}\r`;
    }
    if (!eraseRest || at.column === this.#columns) return out;
    // To erase a row from its very first column would part it, for the terminal, from the row that it continues.
    return out + (at.column === 0 ? ` ${ERASE_BELOW}\r` : ERASE_BELOW);
  }

  /** The prompt's rows from `top` on as text to write, and where it ends. */
  #walkPrompt(top: number): { text: string; end: Place } {
    const end: Place = { row: 0, column: 0 };
    let text = "";
    for (const part of promptParts(this.#prompt)) {
      if (part.kind === "style") {
        text += part.sequence;
      } else if (part.kind === "newline") {
        end.row++;
        end.column = 0;
        if (end.row > top) text += "\r\n";
      } else {
        const shown = drawable(part.grapheme, this.#columns);
        const width = cellsOf(part.grapheme, this.#columns);
        if (end.column + width > this.#columns) {
          end.row++;
          end.column = 0;
        }
        end.column += width;
        if (end.row < top) continue;
        text += shown;
        if (shown.length > 1 && end.column < this.#columns) text += cursorToColumn(end.column);
      }
    }
    return { text, end };
  }

  /**
   * Where the cursor stands before a cluster of the line, or behind the last one. That is the next row when the cluster
   * is wide and only one cell is left in this one; "gap" asks for that cell.
   */
  #locate({ graphemes }: Content, index: number, wide: "wrapped" | "gap" = "wrapped"): Place {
    const place = { ...this.#start };
    for (let at = 0; at <= index; at++) {
      const grapheme = at === index && wide === "gap" ? undefined : graphemes[at];
      const width = grapheme === undefined ? 1 : cellsOf(this.#mask ?? grapheme, this.#columns);
      if (place.column + (at < index ? width : width || 1) > this.#columns) {
        place.row++;
        place.column = 0;
      }
      if (at < index) place.column += width;
    }
    return place;
  }

  /** The first row to show, so that the cursor is in sight and the view moves no more than it must. */
  #window(cursor: Place, end: Place): number {
    const last = end.row - this.#rows + 1;
    if (last <= 0) return 0;
    const top = Math.min(this.#top, last);
    return Math.min(Math.max(top, cursor.row - this.#rows + 1), cursor.row);
  }

  /** The rows on the screen when this one is on top. */
  #inSight(top: number): Rows {
    return { first: top, last: top + this.#rows - 1 };
  }

  #moveTo({ row, column }: Place): string {
    const at = this.#at;
    const isThere = row === at.row && column === at.column;
    const text = isThere ? "" : cursorDown(row - at.row) + cursorToColumn(column);
    at.row = row;
    at.column = column;
    return text;
  }
}

/** Most of what is typed is this, and needs no look into tables. A line has no control characters. */
function isAscii(grapheme: string): boolean {
  return grapheme.length === 1 && grapheme <= "~";
}

/** Cells that a cluster takes as it is drawn: 1 at least, unless it is nothing, and never more than the screen has. */
function cellsOf(grapheme: string, columns: number): number {
  if (isAscii(grapheme)) return 1;
  const width = graphemeWidth(grapheme);
  return width <= columns ? width || Math.min(1, grapheme.length) : 1;
}

/** A cluster as it is drawn. */
function drawable(grapheme: string, columns: number): string {
  if (isAscii(grapheme) || grapheme === "") return grapheme;
  const width = graphemeWidth(grapheme);
  if (width === 0) return PLACEHOLDER;
  return width > columns ? TOO_WIDE : grapheme;
}

function isSame(a: Place, b: Place): boolean {
  return a.row === b.row && a.column === b.column;
}

function isBefore(a: Place, b: Place): boolean {
  return a.row < b.row || (a.row === b.row && a.column < b.column);
}
