/** Draws what a terminal shows as SVG: every cell in its place, whatever monospaced font the reader has. */
import type { IBufferCell, Terminal } from "@xterm/headless";

/** A terminal window to draw. */
export interface Window {
  readonly terminal: Terminal;
  /** What stands in the bar above it. */
  readonly title: string;
  readonly cursor: boolean;
}

interface Style {
  readonly ink: string;
  readonly paper: string;
  readonly bold: boolean;
  readonly underline: boolean;
}
interface Cell extends Style {
  readonly text: string;
  readonly width: number;
}

const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const BAR = 34;
const PADDING = 14;
const GAP = 20;
const MARGIN = 4;
const INK = "#d7dbe4";
const PAPER = "#171a21";
/** The sixteen colours that a terminal's theme chooses. */
const THEME: readonly string[] = [
  ..."#2a2f3a #ef6b73 #8ec07c #e2b86b #6ea8fe #c78bea #56c2c9 #c8cdd8".split(" "),
  ..."#5b6372 #ff8b92 #a9db97 #f5d08b #93c0ff #dcaaf7 #7edbe1 #ffffff".split(" "),
];

/** One picture of several windows, side by side. */
export function drawWindows(windows: readonly Window[], description: string): string {
  const heights = windows.map(({ terminal }) => BAR + terminal.rows * CELL.height + PADDING);
  const widths = windows.map(({ terminal }) => terminal.cols * CELL.width + 2 * PADDING);
  const width = widths.reduce((sum, each) => sum + each, 0) + GAP * (windows.length - 1) + 2 * MARGIN;
  const height = Math.max(...heights) + 2 * MARGIN;
  let left = MARGIN;
  const drawn = windows.map((window, index) => {
    const at = `<g transform="translate(${round(left)} ${MARGIN})">`;
    left += (widths[index] ?? 0) + GAP;
    return `${at}\n${drawWindow(window, widths[index] ?? 0, heights[index] ?? 0)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" width="${round(width)}" height="${height}" role="img">
<title>${escape(description)}</title>
<style>
text { font: ${FONT_SIZE}px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; }
.b { font-weight: 700; }
.u { text-decoration: underline; }
.t { fill: #98a1b2; font-size: 12px; text-anchor: middle; }
path, .p { shape-rendering: crispEdges; }
</style>
${drawn.join("\n")}
</svg>
`;
}

function drawWindow({ terminal, title, cursor }: Window, width: number, height: number): string {
  const rows = cellsOf(terminal);
  const lights = ["#ff5f57", "#febc2e", "#28c840"].map(
    (colour, index) => `<circle cx="${18 + index * 19}" cy="${BAR / 2}" r="5.5" fill="${colour}"/>`,
  );
  return [
    `<rect x="0.5" y="0.5" width="${round(width - 1)}" height="${round(height - 1)}" rx="10" fill="${PAPER}" stroke="#808896" stroke-opacity="0.45"/>`,
    ...edgeOf(rows).map((fill) => {
      const [w, h] = [round(width - 1), round(height - 1)];
      return `<path fill="${fill}" d="M1 ${BAR}H${w}V${h - 10}a10 10 0 0 1-10 10H11a10 10 0 0 1-10-10z"/>`;
    }),
    `${lights.join("")}<text class="t" x="${round(width / 2)}" y="${BAR / 2 + 4}">${escape(title)}</text>`,
    `<g transform="translate(${PADDING} ${BAR})">`,
    ...papers(rows),
    ...shapes(rows),
    ...rows.flatMap(texts),
    ...(cursor ? [cursorOf(terminal, rows)] : []),
    "</g>",
  ].join("\n");
}

/** The one colour along the edge of a full screen, which then fills its window to the frame. */
function edgeOf(rows: readonly (readonly Cell[])[]): string[] {
  const edge = [rows[0] ?? [], rows.at(-1) ?? [], rows.map((row) => row[0]), rows.map((row) => row.at(-1))];
  const papers = new Set(edge.flat().map((cell) => cell?.paper ?? PAPER));
  return papers.size === 1 && !papers.has(PAPER) ? [...papers] : [];
}

function cellsOf(terminal: Terminal): readonly (readonly Cell[])[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    return Array.from({ length: terminal.cols }, (_, x) => line?.getCell(x))
      .filter((cell) => cell !== undefined)
      .map(cellOf);
  });
}

function cellOf(cell: IBufferCell): Cell {
  const own = colourOf(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor()) ?? INK;
  const back = colourOf(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor()) ?? PAPER;
  const [ink, paper] = cell.isInverse() ? [back, own] : [own, back];
  return {
    text: cell.getChars() || " ",
    width: cell.getWidth(),
    ink: cell.isDim() ? mix(ink, paper, 0.45) : ink,
    paper,
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
  };
}

function colourOf(isDefault: boolean, isPalette: boolean, value: number): string | undefined {
  if (isDefault) return undefined;
  if (!isPalette) return hex([value >> 16, (value >> 8) & 255, value & 255]);
  if (value < 16) return THEME[value];
  if (value >= 232) return hex(Array<number>(3).fill(8 + (value - 232) * 10));
  const steps = [0, 95, 135, 175, 215, 255];
  return hex([36, 6, 1].map((weight) => steps[Math.floor((value - 16) / weight) % 6] ?? 0));
}

/** The backgrounds: one rectangle for each area of one colour. */
function papers(rows: readonly (readonly Cell[])[]): string[] {
  const open = new Map<string, { x: number; y: number; width: number; height: number; fill: string }>();
  const areas: { x: number; y: number; width: number; height: number; fill: string }[] = [];
  for (const [y, row] of rows.entries()) {
    for (const { x, cells } of runs(row, (cell) => cell.paper)) {
      const fill = cells[0]?.paper ?? PAPER;
      if (fill === PAPER) continue;
      const key = `${x} ${cells.length} ${fill}`;
      const above = open.get(key);
      if (above !== undefined && above.y + above.height === y) {
        above.height++;
      } else {
        const area = { x, y, width: cells.length, height: 1, fill };
        open.set(key, area);
        areas.push(area);
      }
    }
  }
  return areas.map(
    ({ x, y, width, height, fill }) =>
      `<rect class="p" x="${round(x * CELL.width)}" y="${y * CELL.height}" width="${round(width * CELL.width)}" height="${height * CELL.height}" fill="${fill}"/>`,
  );
}

/** Glyphs that have to meet their neighbours without a gap, as rectangles of a cell: left, top, width, height. */
const SHAPES: ReadonlyMap<string, readonly (readonly [number, number, number, number])[]> = new Map([
  ["█", [[0, 0, 1, 1]]],
  ["▀", [[0, 0, 1, 0.5]]],
  ["▄", [[0, 0.5, 1, 0.5]]],
  ["▌", [[0, 0, 0.5, 1]]],
  ["▐", [[0.5, 0, 0.5, 1]]],
  ["▪", [[0.25, 0.3, 0.5, 0.4]]],
  [
    "╫",
    [
      [0.2, 0, 0.15, 1],
      [0.65, 0, 0.15, 1],
      [0, 0.45, 1, 0.1],
    ],
  ],
  ["─", [[0, 0.47, 1, 0.07]]],
  ["│", [[0.44, 0, 0.12, 1]]],
  ...quadrants("▘", 0b1000),
  ...quadrants("▝", 0b0100),
  ...quadrants("▖", 0b0010),
  ...quadrants("▗", 0b0001),
  ...quadrants("▛", 0b1110),
  ...quadrants("▜", 0b1101),
  ...quadrants("▙", 0b1011),
  ...quadrants("▟", 0b0111),
]);

function quadrants(glyph: string, bits: number): [string, [number, number, number, number][]][] {
  const all: [number, number, number, number][] = [
    [0, 0, 0.5, 0.5],
    [0.5, 0, 0.5, 0.5],
    [0, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5],
  ];
  return [[glyph, all.filter((_, index) => (bits & (8 >> index)) !== 0)]];
}

/** One path for each colour. */
function shapes(rows: readonly (readonly Cell[])[]): string[] {
  const paths = new Map<string, string>();
  for (const [y, row] of rows.entries()) {
    for (const { x, cells } of runs(row, ({ text, ink }) => (SHAPES.has(text) ? `${text} ${ink}` : ""))) {
      const { text = "", ink = INK } = cells[0] ?? {};
      for (const [left, top, width, height] of SHAPES.get(text) ?? []) {
        // What spans a cell is drawn across all of its kind; the rest is drawn in each.
        const pieces = width === 1 ? [0] : cells.keys();
        for (const piece of pieces) {
          const across = width === 1 ? cells.length : width;
          const [px, py] = [round((x + piece + left) * CELL.width), round((y + top) * CELL.height)];
          const [pw, ph] = [round(across * CELL.width), round(height * CELL.height)];
          paths.set(ink, `${paths.get(ink) ?? ""}M${px} ${py}h${pw}v${ph}h-${pw}z`);
        }
      }
    }
  }
  return [...paths].map(([ink, path]) => `<path fill="${ink}" d="${path}"/>`);
}

function texts(row: readonly Cell[], y: number): string[] {
  return runs(row, ({ text, ink, bold, underline }) => (isDrawn(text) ? `${ink} ${bold} ${underline}` : "")).map(
    ({ x, cells }) => textOf(x, y, cells),
  );
}

function textOf(x: number, y: number, cells: readonly Cell[]): string {
  const { ink = INK, bold = false, underline = false } = cells[0] ?? {};
  const names = [bold && "b", underline && "u"].filter((name) => name !== false).join(" ");
  const width = round(cells.reduce((sum, cell) => sum + cell.width, 0) * CELL.width);
  const style = `${names === "" ? "" : ` class="${names}"`} fill="${ink}"`;
  const place = `x="${round(x * CELL.width)}" y="${round((y + 0.74) * CELL.height)}"`;
  const content = escape(cells.map((cell) => cell.text).join(""));
  return `<text${style} ${place} textLength="${width}" lengthAdjust="spacingAndGlyphs">${content}</text>`;
}

function cursorOf(terminal: Terminal, rows: readonly (readonly Cell[])[]): string {
  const { cursorX: x, cursorY: y } = terminal.buffer.active;
  const block = `<rect x="${round(x * CELL.width)}" y="${y * CELL.height + 1}" width="${CELL.width}" height="${CELL.height - 2}" fill="${INK}"/>`;
  const under = rows[y]?.[x];
  return under === undefined || !isDrawn(under.text) ? block : block + textOf(x, y, [{ ...under, ink: PAPER }]);
}

/** The stretches of a row whose cells have one key; the empty key is left out. */
function runs(row: readonly Cell[], keyOf: (cell: Cell) => string): { x: number; cells: Cell[] }[] {
  const found: { x: number; key: string; cells: Cell[] }[] = [];
  for (const [x, cell] of row.entries()) {
    const key = keyOf(cell);
    const last = found.at(-1);
    if (last?.key === key) last.cells.push(cell);
    else found.push({ x, key, cells: [cell] });
  }
  return found.filter(({ key }) => key !== "");
}

function isDrawn(text: string): boolean {
  return text !== " " && !SHAPES.has(text);
}

function mix(colour: string, other: string, share: number): string {
  const [a, b] = [colour, other].map((each) => [1, 3, 5].map((at) => Number.parseInt(each.slice(at, at + 2), 16)));
  return hex((a ?? []).map((value, index) => Math.round(value * (1 - share) + (b?.[index] ?? 0) * share)));
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
