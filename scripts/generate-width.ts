/**
 * Writes `src/terminal/text/width-table.ts` from the East Asian Width property (npm's get-east-asian-width) and the
 * general categories that this Node's regular expressions know. Run it when Unicode moves on:
 *
 *     node scripts/generate-width.ts
 */
import { writeFileSync } from "node:fs";
import { eastAsianWidth } from "get-east-asian-width";

const TARGET = new URL("../src/terminal/text/width-table.ts", import.meta.url);
const LAST_CODE_POINT = 0x10ffff;

const MARK_OR_IGNORABLE = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u;
const EMOJI = /\p{Emoji}/u;

/** Ignorable by property, yet every terminal gives them cells: the soft hyphen and the Hangul fillers. */
const NOT_ZERO = new Set([0xad, 0x115f, 0x3164, 0xffa0]);

writeFileSync(
  TARGET,
  `/**
 * Made by \`node scripts/generate-width.ts\` from Unicode ${process.versions["unicode"]}; do not edit.
 *
 * Each table lists ranges of code points, in order, as pairs of base-36 numbers: how far the range begins after the end
 * of the one before it, and how many code points it holds.
 */

/** Marks, joiners, selectors and the Hangul vowels and finals that a terminal draws into the cell before them. */
${table("ZERO_WIDTH", isZeroWidth)}
/** East Asian Wide and Fullwidth, which includes the emoji that are drawn as pictures on their own. */
${table("WIDE", isWide)}
/** Emoji that are drawn as narrow text unless variation selector 16 follows. */
${table("TEXT_EMOJI", (point) => EMOJI.test(String.fromCodePoint(point)) && !isWide(point))}`.trimEnd() + "\n",
);

function isZeroWidth(point: number): boolean {
  if (NOT_ZERO.has(point)) return false;
  const isJamoTail = (point >= 0x1160 && point <= 0x11ff) || (point >= 0xd7b0 && point <= 0xd7ff);
  return isJamoTail || MARK_OR_IGNORABLE.test(String.fromCodePoint(point));
}

function isWide(point: number): boolean {
  return eastAsianWidth(point) === 2 && !isZeroWidth(point);
}

function table(name: string, has: (point: number) => boolean): string {
  const numbers: number[] = [];
  let end = 0;
  for (let point = 0; point <= LAST_CODE_POINT; point++) {
    if (!has(point)) continue;
    const start = point;
    while (point <= LAST_CODE_POINT && has(point)) point++;
    numbers.push(start - end, point - start);
    end = point;
  }
  const packed = numbers.map((number) => number.toString(36)).join();
  const lines = packed.match(/.{1,112}/g) ?? [];
  return `export const ${name}: string =\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`;
}
