import { graphemes, isPlain } from "./graphemes.ts";
import { TEXT_EMOJI, WIDE, ZERO_WIDTH } from "./width-table.ts";

const EMOJI_PRESENTATION = "\ufe0f";

const ASTRAL = 0x10000;

const zeroWidth = unpack(ZERO_WIDTH);
const wide = unpack(WIDE);
const textEmoji = unpack(TEXT_EMOJI);

/** The widths of the Basic Multilingual Plane: a look-up where a search took ten times as long on CJK text. */
const basic = basicPlane();

/**
 * Cells that a terminal gives to one grapheme cluster: 0, 1 or 2. Control characters count 0, characters of ambiguous
 * width count 1 (as outside East Asian locales). A cluster of several spacing characters (a flag, a joined emoji, an
 * Indic conjunct) is as wide as these together, at most 2.
 *
 * Terminals differ in clusters of more than one code point; who places the cursor after one should say the column.
 */
export function graphemeWidth(grapheme: string): number {
  const first = grapheme.codePointAt(0);
  if (first === undefined) return 0;
  if (grapheme.length === 1 || (grapheme.length === 2 && first > 0xffff)) return codePointWidth(first);
  if (grapheme.includes(EMOJI_PRESENTATION) && contains(textEmoji, first)) return 2;
  let width = 0;
  for (const character of grapheme) {
    width += codePointWidth(character.codePointAt(0) ?? 0);
    if (width >= 2) return 2;
  }
  return width;
}

/** Cells that a text takes on one row, as {@link graphemeWidth} counts them. Escape sequences are text to it. */
export function stringWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

function codePointWidth(point: number): number {
  if (point < ASTRAL) return basic[point] ?? 0;
  if (contains(zeroWidth, point)) return 0;
  return contains(wide, point) ? 2 : 1;
}

function basicPlane(): Uint8Array {
  const widths = new Uint8Array(ASTRAL).fill(1);
  for (let index = 0; index < wide.length; index += 2) widths.fill(2, wide[index], wide[index + 1]);
  for (let index = 0; index < zeroWidth.length; index += 2) widths.fill(0, zeroWidth[index], zeroWidth[index + 1]);
  return widths.fill(0, 0, 0x20).fill(0, 0x7f, 0xa0);
}

/** Whether the number of range borders up to the point is odd, by binary search. */
function contains(borders: Uint32Array, point: number): boolean {
  let low = 0;
  let high = borders.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((borders[middle] ?? 0) <= point) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** The packed ranges as their borders: first in, first out, first in, … */
function unpack(packed: string): Uint32Array {
  let border = 0;
  return Uint32Array.from(packed.split(","), (step) => (border += Number.parseInt(step, 36)));
}
