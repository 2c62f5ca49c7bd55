/** What stands between the cells of a table, each of its signs one cell wide; empty where nothing does. */
export interface BorderSet {
  /** Above the head, below it, and below the last row: left end, line, crossing, right end. */
  readonly top: Rule;
  readonly middle: Rule;
  readonly bottom: Rule;
  /** In a row: before the first cell, between two of them, after the last. */
  readonly row: readonly [left: string, between: string, right: string];
}

type Rule = readonly [left: string, line: string, crossing: string, right: string] | undefined;

/** How a table is framed. */
export type Border = "none" | "head" | "single" | "rounded" | "double" | "ascii";

const SINGLE: BorderSet = {
  top: ["┌─", "─", "─┬─", "─┐"],
  middle: ["├─", "─", "─┼─", "─┤"],
  bottom: ["└─", "─", "─┴─", "─┘"],
  row: ["│ ", " │ ", " │"],
};

/** All that is known of the borders. */
export const BORDERS: Readonly<Record<Border, BorderSet>> = {
  none: { top: undefined, middle: undefined, bottom: undefined, row: ["", "  ", ""] },
  head: { top: undefined, middle: ["", "─", "  ", ""], bottom: undefined, row: ["", "  ", ""] },
  single: SINGLE,
  rounded: { ...SINGLE, top: ["╭─", "─", "─┬─", "─╮"], bottom: ["╰─", "─", "─┴─", "─╯"] },
  double: {
    top: ["╔═", "═", "═╦═", "═╗"],
    middle: ["╠═", "═", "═╬═", "═╣"],
    bottom: ["╚═", "═", "═╩═", "═╝"],
    row: ["║ ", " ║ ", " ║"],
  },
  ascii: {
    top: ["+-", "-", "-+-", "-+"],
    middle: ["+-", "-", "-+-", "-+"],
    bottom: ["+-", "-", "-+-", "-+"],
    row: ["| ", " | ", " |"],
  },
};

/** What stands for a border on a terminal without Unicode. */
export const PLAIN: Readonly<Record<Border, BorderSet>> = {
  none: BORDERS.none,
  head: { ...BORDERS.head, middle: ["", "-", "  ", ""] },
  single: BORDERS.ascii,
  rounded: BORDERS.ascii,
  double: BORDERS.ascii,
  ascii: BORDERS.ascii,
};
