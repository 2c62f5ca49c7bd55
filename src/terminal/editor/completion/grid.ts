import { cursorToColumn, RESET_STYLE } from "../../text/ansi.ts";
import { graphemes } from "../../text/graphemes.ts";
import { graphemeWidth, stringWidth } from "../../text/width.ts";
import type { Choice } from "./candidates.ts";

/** How many candidates stand side by side and below each other, and how wide each is. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Cells of a column. */
  readonly width: number;
  /** Cells of the label alone; what is left of a column is for the description. */
  readonly labelWidth: number;
}

const GAP = 2;
/** Descriptions have at least so many cells, or are left away. */
const MIN_DESCRIPTION = 12;

const SELECTED = "\x1b[7m";
const DIM = "\x1b[2m";

/** Arranges candidates in columns, from top to bottom; with descriptions, one a row. */
export function gridOf(choices: readonly Choice[], screenColumns: number): Grid {
  const widest = choices.reduce((width, { label }) => Math.max(width, stringWidth(label)), 1);
  const labelWidth = Math.min(widest, screenColumns);
  const isRoomy = screenColumns - labelWidth - GAP >= MIN_DESCRIPTION;
  if (isRoomy && choices.some(({ description }) => description !== "")) {
    return { columns: 1, rows: choices.length, width: screenColumns, labelWidth };
  }
  const columns = Math.max(1, Math.min(choices.length, Math.floor((screenColumns + GAP) / (labelWidth + GAP))));
  return { columns, rows: Math.ceil(choices.length / columns), width: labelWidth, labelWidth };
}

/** One row of the grid as it is drawn; it takes no more cells than the screen has. */
export function drawRow(choices: readonly Choice[], grid: Grid, row: number, selected: number | undefined): string {
  let out = "";
  for (let column = 0; column < grid.columns; column++) {
    const index = column * grid.rows + row;
    const choice = choices[index];
    if (choice === undefined) break;
    // Terminals disagree on the width of some clusters; a column stands where it is counted to be.
    if (column > 0) out += cursorToColumn(column * (grid.width + GAP));
    out += drawChoice(choice, grid, index === selected);
  }
  return out;
}

function drawChoice({ label, description }: Choice, grid: Grid, isSelected: boolean): string {
  const shown = cut(label, grid.labelWidth);
  const text = isSelected ? `${SELECTED}${padded(shown, grid.labelWidth)}${RESET_STYLE}` : shown;
  const room = grid.width - grid.labelWidth - GAP;
  if (description === "" || room <= 0) return text;
  return `${text}${cursorToColumn(grid.labelWidth + GAP)}${DIM}${cut(description, room)}${RESET_STYLE}`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** As much of a text as has room; an ellipsis says that it is not all. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const cluster of graphemes(text)) {
    left -= graphemeWidth(cluster);
    if (left < 0) break;
    kept += cluster;
  }
  return `${kept}…`;
}
