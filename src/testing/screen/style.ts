import type { IBufferCell } from "@xterm/headless";

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** The attributes of a cell in the order in which a style names them, with their SGR codes (ECMA-48 §8.3.117). */
const ATTRIBUTES: readonly { name: string; code: number; of: (cell: IBufferCell) => number }[] = [
  { name: "bold", code: 1, of: (cell) => cell.isBold() },
  { name: "dim", code: 2, of: (cell) => cell.isDim() },
  { name: "italic", code: 3, of: (cell) => cell.isItalic() },
  { name: "underline", code: 4, of: (cell) => cell.isUnderline() },
  { name: "blink", code: 5, of: (cell) => cell.isBlink() },
  { name: "inverse", code: 7, of: (cell) => cell.isInverse() },
  { name: "hidden", code: 8, of: (cell) => cell.isInvisible() },
  { name: "strikethrough", code: 9, of: (cell) => cell.isStrikethrough() },
  { name: "overline", code: 53, of: (cell) => cell.isOverline() },
];

/** How a cell looks: in words, such as `bold green on-blue`, and as the parameters of an SGR sequence; both empty for plain text. */
export interface Style {
  readonly words: string;
  readonly codes: string;
}

const PLAIN: Style = { words: "", codes: "" };

/** Reads how a cell looks. */
export function styleOf(cell: IBufferCell): Style {
  if (cell.isAttributeDefault()) return PLAIN;
  const words: string[] = [];
  const codes: (number | string)[] = [];
  for (const { name, code, of } of ATTRIBUTES) {
    if (of(cell) === 0) continue;
    words.push(name);
    codes.push(code);
  }
  if (!cell.isFgDefault()) {
    words.push(nameOf(cell.isFgRGB(), cell.getFgColor()));
    codes.push(codeOf(30, cell.isFgRGB(), cell.getFgColor()));
  }
  if (!cell.isBgDefault()) {
    words.push(`on-${nameOf(cell.isBgRGB(), cell.getBgColor())}`);
    codes.push(codeOf(40, cell.isBgRGB(), cell.getBgColor()));
  }
  return { words: words.join(" "), codes: codes.join(";") };
}

function nameOf(isRgb: boolean, colour: number): string {
  if (isRgb) return `#${colour.toString(16).padStart(6, "0")}`;
  if (colour < 8) return COLOURS[colour] ?? "";
  return colour < 16 ? `bright-${COLOURS[colour - 8]}` : `color-${colour}`;
}

/** @param base 30 for the text, 40 for what is behind it. */
function codeOf(base: 30 | 40, isRgb: boolean, colour: number): number | string {
  if (isRgb) return `${base + 8};2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}`;
  if (colour < 8) return base + colour;
  return colour < 16 ? base + 60 + colour - 8 : `${base + 8};5;${colour}`;
}
