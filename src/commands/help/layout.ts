import { stringWidth } from "../../server/index.ts";

/** A name and what is told of it. */
export type Row = readonly [name: string, text: string];

const INDENT = 2;
const GAP = 2;
/** Narrower than that, a text is not put beside its name, but below. */
const MIN_TEXT = 20;

/** Parts a text into lines that fit a width, at its blanks; a word that does not fit is cut. Its own newlines stay. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  return text.split("\n").flatMap((line) => {
    const lines: string[] = [];
    let current = "";
    for (const word of line.split(" ").flatMap((word) => pieces(word, room))) {
      const longer = current === "" ? word : `${current} ${word}`;
      if (stringWidth(longer) <= room) current = longer;
      else {
        lines.push(current);
        current = word;
      }
    }
    return [...lines, current];
  });
}

/** Rows with the texts in a column of their own, as far as that fits. */
export function rows(all: readonly Row[], width: number): string[] {
  const widest = Math.max(0, ...all.map(([name]) => stringWidth(name)).filter((cells) => cells <= width / 2));
  const column = INDENT + widest + GAP;
  const isBeside = width - column >= MIN_TEXT;
  const left = isBeside ? column : INDENT * 2;
  return all.flatMap(([name, text]) => {
    const lines = text === "" ? [] : wrap(text, width - left);
    const names = wrap(name, width - INDENT).map((line) => " ".repeat(INDENT) + line);
    const indented = lines.map((line) => " ".repeat(left) + line);
    const [only = "", ...more] = names;
    if (!isBeside || more.length > 0 || stringWidth(only) > column - GAP || indented.length === 0) {
      return [...names, ...indented];
    }
    const [first = "", ...rest] = lines;
    return [only + " ".repeat(column - stringWidth(only)) + first, ...rest.map((line) => " ".repeat(left) + line)];
  });
}

function pieces(word: string, room: number): string[] {
  if (stringWidth(word) <= room) return [word];
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (part !== "" && stringWidth(part + character) > room) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}
