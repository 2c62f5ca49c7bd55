import { cursorDown, cursorToColumn, ERASE_BELOW, ERASE_LINE_RIGHT, RESET_STYLE } from "../../text/ansi.ts";
import { NEWLINE, rowStart } from "../buffer/rows.ts";
import { cellsOf, drawable, isBefore, isSame, layOutPrompt, locate, type Place, standing, walk } from "./layout.ts";
import { type Display, sizeOf, type View } from "./view.ts";

/**
 * Which lines a terminal wraps anew when its width changes: all, as VTE, kitty, iTerm2, Windows Terminal, Alacritty and
 * tmux do; all but the one with the cursor, as xterm.js does; none, as xterm, PuTTY and GNU screen do.
 */
export type Reflow = "all" | "others" | "none";

export interface PainterOptions {
  /** Size of the terminal in cells; 0 means unknown and is taken for 80 by 24. */
  columns: number;
  rows: number;
  reflow: Reflow;
}

/** A range of rows, both ends in it. */
interface Rows {
  readonly first: number;
  readonly last: number;
}

/** What an update goes by. */
interface Places {
  /** The first cluster to be painted, and where it is; undefined when none is. */
  readonly first: number | undefined;
  readonly changed: Place | undefined;
  /** Where the cursor is to go. */
  readonly target: Place;
  readonly end: Place;
}

/** The cursor's column is not known. */
const NOWHERE = -1;

/**
 * Draws a prompt and a line that wrap over rows, and keeps track of where the cursor is, counted from the prompt's first
 * row; it never knows the row of the screen. Its methods answer with what to write.
 *
 * Rows are wrapped by the terminal itself (so that it knows the line as one, to copy and to wrap anew), the cursor moves by
 * relative rows and absolute columns. Only what changed is drawn. Of content that has more rows than the screen, a window of
 * rows is shown that has the cursor in it. It keeps numbers only, no copy of the screen.
 */
export class Painter implements Display {
  reflow: Reflow;
  #columns = 80;
  #rows = 24;
  #prompt = "";
  /** Where the prompt ends and the line begins. */
  #start: Place = { row: 0, column: 0 };
  /** The row where the prompt's last line begins. */
  #lastLine = 0;
  /** Where the terminal's cursor is, and before which cluster. */
  #at: Place = { row: 0, column: 0 };
  #cursor = 0;
  /** Where the content ends that was drawn last, and how many clusters it has. */
  #end: Place = { row: 0, column: 0 };
  #count = 0;
  /** Rows that are drawn below the line. */
  #below = 0;
  /** The first row that is on the screen; 0 unless the content is higher than the screen. */
  #top = 0;

  constructor(options: PainterOptions) {
    this.reflow = options.reflow;
    this.#setSize(options.columns, options.rows);
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  get isAtFreshRow(): boolean {
    return this.#isFresh(this.#at) && isSame(this.#at, this.#end);
  }

  draw(view: View, afresh = false): string {
    if (afresh) this.#top = 0;
    this.#below = Math.min(view.below.length, this.#rows - 1);
    this.#cursor = view.cursor;
    this.#layOut(view.prompt);
    const target = this.#locate(view, view.cursor);
    const end = this.#locate(view, view.graphemes.length);
    this.#top = this.#window(target, end);
    const prompt = layOutPrompt(view.prompt, this.#columns, this.#top);
    this.#at = { ...this.#start };
    this.#end = end;
    const line = this.#paint(view, 0, view.graphemes.length, this.#inSight(this.#top), false);
    return prompt.text + line + this.#paintBelow(view.below) + this.#moveTo(target);
  }

  // A character typed at the end of the line costs that character alone.
  update(view: View, from: number | undefined, until: number = view.graphemes.length): string {
    const { graphemes, cursor } = view;
    if (view.prompt !== this.#prompt || view.below.length + this.#below > 0) return this.erase() + this.draw(view);
    const isTypedAtEnd = from === this.#count && cursor === graphemes.length && isSame(this.#at, this.#end);
    if (isTypedAtEnd && graphemes[from] !== NEWLINE) return this.#append(view);
    if (from !== undefined && until < graphemes.length && this.#isRoomFor(view, from, until)) {
      this.#cursor = cursor;
      return this.#paint(view, from, until, { first: this.#top, last: Infinity }, false);
    }

    this.#cursor = cursor;
    const { first, changed, target, end } = this.#places(view, from);
    const top = this.#window(target, end);
    const sight = this.#inSight(this.#top);
    const isInSight =
      changed === undefined
        ? top === this.#top
        : top >= this.#top && changed.row >= sight.first && changed.row <= sight.last;
    // No cursor can be moved behind the last cell of a full row, to go on from there; nor behind such a prompt.
    const isBehindFullPrompt = first === 0 && this.#start.column === this.#columns;
    const isBehindFullRow = isBehindFullPrompt || (changed?.column === this.#columns && !isSame(changed, this.#at));
    if (!isInSight || isBehindFullRow) return this.erase() + this.draw(view);
    if (first === undefined || changed === undefined) return this.#moveTo(target);
    // The rows between the old top and the new one are drawn as well, and scroll out.
    const rows = { first: sight.first, last: this.#inSight(top).last };
    const isShorter = isBefore(end, this.#end);
    this.#top = top;
    this.#end = end;
    return this.#moveTo(changed) + this.#paint(view, first, graphemes.length, rows, isShorter) + this.#moveTo(target);
  }

  erase(): string {
    const { row } = this.#at;
    this.#at = { row: this.#top, column: 0 };
    return `${cursorDown(this.#top - row)}\r${ERASE_BELOW}`;
  }

  resize(columns: number, rows: number): void {
    this.#setSize(columns, rows);
    this.#layOut(this.#prompt);
  }

  resized(columns: number, rows: number, drawn: View, view: View): string {
    const before = this.#columns;
    const hasBlank = this.isAtFreshRow;
    const row = this.#at.row - this.#lineRow(drawn);
    this.resize(columns, rows);
    if (this.reflow !== "none" && this.#columns !== before) {
      // Which row of a content higher than the screen is on top now cannot be known: the whole screen goes.
      if (this.#top > 0) this.#at.row = this.#rows - 1;
      else if (this.reflow === "all") this.#at.row = this.#reflowedRow(drawn, hasBlank);
      else this.#at.row = this.#lineRow(drawn) + row;
      this.#top = 0;
    }
    return this.erase() + this.draw(view);
  }

  #setSize(columns: number, rows: number): void {
    const size = sizeOf(columns, rows);
    this.#columns = size.columns;
    this.#rows = size.rows;
  }

  #layOut(prompt: string): void {
    const { end, lastLine } = layOutPrompt(prompt, this.#columns, Infinity);
    this.#prompt = prompt;
    this.#start = end;
    this.#lastLine = lastLine;
  }

  #isFresh(place: Place): boolean {
    return place.column === 0 && place.row > this.#start.row;
  }

  #locate(view: View, index: number, wide: "wrapped" | "gap" = "wrapped"): Place {
    return locate(this.#start, view.graphemes, index, this.#columns, wide);
  }

  /** The row where the line of text with the cursor begins, as a terminal counts lines: from newline to newline. */
  #lineRow(view: View): number {
    const start = rowStart(view.graphemes, view.cursor);
    return start === 0 ? this.#lastLine : this.#locate(view, start).row;
  }

  /** Where the terminal has the cursor after it has wrapped all anew. */
  #reflowedRow(view: View, hasBlank: boolean): number {
    // The cursor stayed with its character; behind the last one it goes to a further row only with a blank written there.
    const place = this.#locate(view, view.cursor);
    const isPending = view.cursor === view.graphemes.length && this.#isFresh(place) && !hasBlank;
    return place.row - (isPending ? 1 : 0);
  }

  /**
   * Where what changed begins, and where cursor and end are now; each is found from the one before.
   *
   * At the beginning of a row that the one before wraps to, what changed begins a cluster earlier: a newline may have been
   * there, and only a character makes the terminal wrap.
   */
  #places(view: View, from: number | undefined): Places {
    const { graphemes, cursor } = view;
    const { length } = graphemes;
    const columns = this.#columns;
    if (from === undefined) {
      const target = cursor === length ? this.#end : this.#locate(view, cursor);
      return { first: undefined, changed: undefined, target, end: this.#end };
    }
    let first = from;
    const place = { ...this.#start };
    walk(place, graphemes, 0, first, columns);
    let changed = standing(place, graphemes[first], columns, "gap");
    if (changed.column === 0 && first > 0 && graphemes[first - 1] !== NEWLINE) {
      first--;
      changed = this.#locate(view, first, "gap");
    }
    // The place is before the cluster that changed, whichever is to be painted.
    const isBehind = cursor >= from;
    if (isBehind) walk(place, graphemes, from, cursor, columns);
    const target = isBehind ? standing(place, graphemes[cursor], columns, "wrapped") : this.#locate(view, cursor);
    walk(place, graphemes, isBehind ? cursor : from, length, columns);
    return { first, changed, target, end: standing(place, undefined, columns, "wrapped") };
  }

  /** Whether clusters that are painted from the cursor up to another leave it in its row, with more behind it there. */
  #isRoomFor({ graphemes, cursor }: View, from: number, until: number): boolean {
    if (from !== this.#cursor || until !== cursor) return false;
    let { column } = this.#at;
    for (let index = from; index <= until; index++) {
      const grapheme = graphemes[index] ?? "";
      if (grapheme === NEWLINE) return false;
      column += cellsOf(grapheme, this.#columns);
    }
    return column <= this.#columns;
  }

  /** What was typed at the end: neither is anything before it looked at, nor does the cursor need to move. */
  #append(view: View): string {
    const text = this.#paint(view, this.#count, view.graphemes.length, { first: this.#top, last: Infinity }, false);
    this.#cursor = view.cursor;
    this.#end = { ...this.#at };
    this.#top = this.#window(this.#at, this.#at);
    return text;
  }

  /**
   * Draws what of the clusters from one up to another is in these rows; the cursor is at the first of them, or where the
   * rows begin.
   */
  #paint(view: View, from: number, until: number, rows: Rows, isShorter: boolean): string {
    const { graphemes, styles } = view;
    const at = this.#at;
    this.#count = graphemes.length;
    let next = 0;
    let wanted = "";
    let worn = "";
    let out = "";
    for (let index = from; index < until; index++) {
      for (let style = styles[next]; style !== undefined && style.from <= index; style = styles[++next]) {
        wanted = style.sgr;
      }
      const grapheme = graphemes[index] ?? "";
      const isNewline = grapheme === NEWLINE;
      const width = isNewline ? 0 : cellsOf(grapheme, this.#columns);
      if (isNewline || at.column + width > this.#columns) {
        if (worn !== "") out += RESET_STYLE;
        worn = "";
        // What is left of the row may still show something older: a cell where a wide character did not fit, or more.
        if (at.column < this.#columns && at.row >= rows.first) out += ERASE_LINE_RIGHT;
        if (at.row >= rows.last) return out;
        if (isNewline && at.row >= rows.first) out += "\r\n";
        at.row++;
        at.column = 0;
        if (isNewline) continue;
      }
      at.column += width;
      if (at.row < rows.first) continue;
      if (wanted !== worn) {
        out += worn === "" ? wanted : RESET_STYLE + wanted;
        worn = wanted;
      }
      const shown = drawable(grapheme, this.#columns);
      out += shown;
      // Terminals disagree on the width of some clusters; what follows shall stand where it is counted to be.
      if (shown.length > 1 && at.column < this.#columns) out += cursorToColumn(at.column);
    }
    if (worn !== "") out += RESET_STYLE;
    if (until < graphemes.length) return out;
    // A row that scrolled in while a background colour was on has that all over.
    return out + this.#paintEnd(rows, isShorter || styles.length > 0);
  }

  /** The end of the line. */
  #paintEnd(rows: Rows, eraseRest: boolean): string {
    const at = this.#at;
    if (at.column === this.#columns && at.row < rows.last) {
      at.row++;
      at.column = 0;
      // Only a character makes the terminal wrap.
      return ` ${eraseRest ? ERASE_BELOW : ""}\r`;
    }
    if (!eraseRest || at.column === this.#columns) return "";
    // To erase a row from its very first column would part it, for the terminal, from the row that it continues.
    return at.column === 0 ? ` ${ERASE_BELOW}\r` : ERASE_BELOW;
  }

  /** Draws rows below the line; the cursor is in the line's last row that is in sight. */
  #paintBelow(below: readonly string[]): string {
    let out = "";
    for (let index = 0; index < this.#below; index++) out += `\r\n${below[index] ?? ""}`;
    if (this.#below === 0) return out;
    this.#at.row += this.#below;
    this.#at.column = NOWHERE;
    return out;
  }

  /** The first row to show, so that the cursor is in sight and the view moves no more than it must. */
  #window(cursor: Place, end: Place): number {
    const rows = this.#rows - this.#below;
    const last = end.row - rows + 1;
    if (last <= 0) return 0;
    const top = Math.min(this.#top, last);
    return Math.min(Math.max(top, cursor.row - rows + 1), cursor.row);
  }

  /** The rows on the screen when this one is on top. */
  #inSight(top: number): Rows {
    return { first: top, last: top + this.#rows - this.#below - 1 };
  }

  #moveTo({ row, column }: Place): string {
    const at = this.#at;
    if (row === at.row && column === at.column) return "";
    const text = cursorDown(row - at.row) + cursorToColumn(column);
    at.row = row;
    // No move leads behind the last cell; only what is written there does.
    at.column = Math.min(column, this.#columns - 1);
    return text;
  }
}
