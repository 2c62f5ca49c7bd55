import type { Align } from "../cells/fit.ts";
import { columnsOf, fit, pad, widestOf, wrap } from "../cells/fit.ts";
import { bold, glyphsFor } from "../theme.ts";
import type { Border, BorderSet } from "./borders.ts";
import { BORDERS, PLAIN } from "./borders.ts";
import { shareWidths } from "./widths.ts";

/** What a cell of a table may hold; undefined and null are empty. */
export type TableCell = string | number | bigint | boolean | null | undefined;

/** A row of a table: cells in the order of the columns, or by the `key` of their columns. */
export type TableRow = readonly TableCell[] | Readonly<Record<string, TableCell>>;

/** How a column of a table looks. */
export interface TableColumn {
  /** The property of the rows that stands in it. For rows that are lists not needed. */
  readonly key?: string;
  /** What stands above it. Default the key. */
  readonly header?: string;
  /** Default right for a column that has numbers alone, else left. */
  readonly align?: Align;
  /** Its text is never wider, in cells. Default as wide as there is room for. */
  readonly maxWidth?: number;
  /** What becomes of text that is too wide: it goes on below, or is cut off with an ellipsis. Default `wrap`. */
  readonly overflow?: "wrap" | "truncate";
}

/** How a table is laid out. */
export interface TableOptions {
  /** The columns, or what stands above them. Default the keys of the first row; for rows that are lists, without a head. */
  readonly columns?: readonly (string | TableColumn)[];
  /** Default `head`: a line below the head, and nothing else. */
  readonly border?: Border;
  /** Cells that it may be wide. Default 80; in `client.table` the width of the terminal. */
  readonly width?: number;
  /** Whether the terminal shows Unicode; else all that is drawn is ASCII. Default true. */
  readonly unicode?: boolean;
}

/** A column with the text that is in it. */
interface Column {
  readonly header: string;
  readonly align: Align;
  readonly overflow: "wrap" | "truncate";
  readonly wanted: number;
}

/**
 * A table as text, a line a row, without a newline at the end. It is never wider than `width`: texts are wrapped or cut
 * off. They may have colours; what could move the cursor is left out.
 *
 *     table([{ name: "tea", price: 2.5 }, { name: "coffee", price: 3 }], { border: "rounded" })
 */
export function table(rows: readonly TableRow[], options: TableOptions = {}): string {
  const { border = "head", width = 80, unicode = true } = options;
  const { ellipsis } = glyphsFor(unicode);
  const set = (unicode ? BORDERS : PLAIN)[border];
  const specs = columnsFor(rows, options.columns);
  const texts = rows.map((row) => specs.map((spec, index) => textOf(cellOf(row, spec, index))));
  const columns = specs.map((spec, index) => columnOf(spec, rows, texts, index));
  if (columns.length === 0) return "";
  const [left, between, right] = set.row;
  const frame = left.length + right.length + between.length * (columns.length - 1);
  const widths = shareWidths(
    columns.map(({ wanted }) => wanted),
    Math.max(0, Math.trunc(width) || 80) - frame,
  );
  const laidOut = (cells: readonly string[]): string[] => rowOf(cells, columns, widths, set, ellipsis);
  const hasHead = columns.some(({ header }) => header !== "");
  const lines = [
    ...ruleOf(set.top, widths),
    ...(hasHead ? [...laidOut(columns.map(({ header }) => bold(header))), ...ruleOf(set.middle, widths)] : []),
    ...texts.flatMap(laidOut),
    ...ruleOf(set.bottom, widths),
  ];
  // With more columns than there is room for even one cell of each.
  return lines.map((line) => fit(line, Math.max(1, Math.trunc(width) || 80), ellipsis)).join("\n");
}

function columnsFor(rows: readonly TableRow[], given: TableOptions["columns"]): readonly TableColumn[] {
  if (given !== undefined) return given.map((column) => (typeof column === "string" ? asColumn(column, rows) : column));
  const [first] = rows;
  if (first === undefined) return [];
  if (!isList(first)) return Object.keys(first).map((key) => ({ key }));
  const length = rows.reduce((most, row) => Math.max(most, isList(row) ? row.length : 0), 0);
  return Array.from({ length }, () => ({}));
}

/** A name is that of a property, or what stands above a column of lists. */
function asColumn(name: string, [first]: readonly TableRow[]): TableColumn {
  return first === undefined || isList(first) ? { header: name } : { key: name };
}

function columnOf(
  { key = "", header = key, align, maxWidth = Infinity, overflow = "wrap" }: TableColumn,
  rows: readonly TableRow[],
  texts: readonly (readonly string[])[],
  index: number,
): Column {
  const cells = rows.map((row) => cellOf(row, { key }, index));
  const isNumeric = cells.length > 0 && cells.every((cell) => typeof cell === "number" || typeof cell === "bigint");
  let wanted = columnsOf(header);
  for (const row of texts) wanted = Math.max(wanted, widestOf((row[index] ?? "").split("\n")));
  return { header, align: align ?? (isNumeric ? "right" : "left"), overflow, wanted: Math.min(wanted, maxWidth) };
}

function cellOf(row: TableRow, { key = "" }: TableColumn, index: number): TableCell {
  if (isList(row)) return row[index];
  return Object.hasOwn(row, key) ? row[key] : undefined;
}

function textOf(cell: TableCell): string {
  return cell === undefined || cell === null ? "" : String(cell);
}

function isList(row: TableRow): row is readonly TableCell[] {
  return Array.isArray(row);
}

/** One row of the table as lines: as many as its highest cell has. */
function rowOf(
  cells: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  { row: [left, between, right] }: BorderSet,
  ellipsis: string,
): string[] {
  const parts = columns.map(({ overflow }, index) => {
    const cell = cells[index] ?? "";
    return overflow === "wrap" ? wrap(cell, widths[index] ?? 1) : [cell];
  });
  const height = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const padded = columns.map(({ align }, index) =>
      pad(parts[index]?.[line] ?? "", widths[index] ?? 1, ellipsis, align),
    );
    return `${left}${padded.join(between)}${right}`.trimEnd();
  });
}

function ruleOf(rule: BorderSet["top"], widths: readonly number[]): string[] {
  if (rule === undefined) return [];
  const [left, line, crossing, right] = rule;
  return [`${left}${widths.map((width) => line.repeat(width)).join(crossing)}${right}`];
}
