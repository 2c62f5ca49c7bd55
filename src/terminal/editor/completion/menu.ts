import { RESET_STYLE } from "../../text/ansi.ts";
import { type Choice, matching } from "./candidates.ts";
import { drawRow, type Grid, gridOf } from "./grid.ts";

/** Where the menu goes from one candidate to another. */
export type MenuMove = "next" | "previous" | "left" | "right" | "page-up" | "page-down";

const DIM = "\x1b[2m";

/** The candidates for a word to choose from. It knows no keys, and is drawn as rows of text. */
export class Menu {
  /** All that the completer gave, for the word as it was then. */
  readonly #all: readonly Choice[];
  readonly #word: string;
  #choices: readonly Choice[];
  #selected: number | undefined;
  #columns = 0;
  #rows = 0;
  #grid: Grid | undefined;
  /** The first row of the grid that is shown. */
  #top = 0;

  constructor(choices: readonly Choice[], word: string) {
    this.#all = choices;
    this.#word = word;
    this.#choices = choices;
  }

  get length(): number {
    return this.#choices.length;
  }

  /** The candidate that is chosen, as long as it stays so; undefined at first. */
  get selected(): Choice | undefined {
    return this.#selected === undefined ? undefined : this.#choices[this.#selected];
  }

  /** Keeps the candidates for a word that was typed on. False when there is nothing left to choose. */
  narrow(word: string): boolean {
    if (!word.toLowerCase().startsWith(this.#word.toLowerCase())) return false;
    this.#choices = matching(this.#all, word);
    this.#selected = undefined;
    this.#grid = undefined;
    this.#top = 0;
    const [first, second] = this.#choices;
    return first !== undefined && (second !== undefined || first.value !== word);
  }

  /** Nothing is chosen any more. */
  deselect(): void {
    this.#selected = undefined;
  }

  move(move: MenuMove): void {
    const { length } = this.#choices;
    const { rows, columns } = this.#layout();
    const at = this.#selected;
    if (at === undefined) {
      this.#selected = move === "previous" ? length - 1 : 0;
      return;
    }
    const page = Math.max(1, Math.min(this.#rows - 1, rows));
    switch (move) {
      case "next":
        this.#selected = (at + 1) % length;
        break;
      case "previous":
        this.#selected = (at + length - 1) % length;
        break;
      case "left":
        if (at >= rows) this.#selected = at - rows;
        break;
      case "right":
        if (columns > 1) this.#selected = Math.min(at + rows, length - 1);
        break;
      case "page-up":
        this.#selected = Math.max(at - page, 0);
        break;
      case "page-down":
        this.#selected = Math.min(at + page, length - 1);
        break;
    }
  }

  /** What is drawn below the line: so many rows at most, none wider than the screen; the chosen candidate is in sight. */
  draw(columns: number, rows: number): readonly string[] {
    if (columns !== this.#columns) this.#grid = undefined;
    this.#columns = columns;
    this.#rows = rows;
    if (rows < 1) return [];
    const grid = this.#layout();
    if (grid.rows <= rows) {
      this.#top = 0;
      return this.#drawRows(grid, grid.rows);
    }
    // One row says where in the whole this is, if any is left for it.
    const shown = Math.max(1, rows - 1);
    const row = (this.#selected ?? 0) % grid.rows;
    this.#top = Math.max(Math.min(this.#top, row, grid.rows - shown), row - shown + 1);
    const drawn = this.#drawRows(grid, shown);
    const where = `rows ${this.#top + 1}-${this.#top + shown} of ${grid.rows}`;
    if (rows > 1) drawn.push(`${DIM}${where.slice(0, columns)}${RESET_STYLE}`);
    return drawn;
  }

  /** The candidates as lines, for those who hear them. */
  spoken(limit: number): readonly string[] {
    const lines = this.#choices
      .slice(0, limit)
      .map(({ label, description }) => (description === "" ? label : `${label}: ${description}`));
    const more = this.#choices.length - lines.length;
    return more > 0 ? [...lines, `and ${more} more`] : lines;
  }

  #drawRows(grid: Grid, count: number): string[] {
    return Array.from({ length: count }, (_, row) => drawRow(this.#choices, grid, this.#top + row, this.#selected));
  }

  #layout(): Grid {
    return (this.#grid ??= gridOf(this.#choices, Math.max(1, this.#columns)));
  }
}
