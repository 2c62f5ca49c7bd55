import type { IUnicodeVersionProvider } from "@xterm/headless";
import { graphemes, stringWidth } from "../../terminal/index.ts";

/** Longer clusters are nobody's characters; what joins them is not remembered. */
const MAX_CLUSTER = 64;
/** Clusters that are remembered; there are 2^29 numbers for them, and not as much memory. */
const MAX_SEEN = 65_536;

const FIRST_ASCII = 0x20;
const LAST_ASCII = 0x7e;
/** Printable ASCII has the first numbers, so that plain text needs no look-up: 4 MiB of it took 9 s with one, and 0.5 s without. */
const ASCII: readonly string[] = [
  "",
  ...Array.from({ length: LAST_ASCII - FIRST_ASCII + 1 }, (_, index) => String.fromCharCode(FIRST_ASCII + index)),
];

/** Clusters met so far, by their numbers; the terminal hands the number of the one before the cursor back. */
let seen: string[] = [...ASCII];
let numbers = new Map(seen.map((cluster, number) => [cluster, number]));

/**
 * The widths of this package, by whole clusters. xterm.js asks for each code point whether it joins what is before it:
 * bit 0 of the answer; bits 1 and 2 are the width, the rest is what it is told as the next one's `preceding`.
 */
export const clusters: IUnicodeVersionProvider = {
  version: "clusters",
  wcwidth: (point) => stringWidth(String.fromCodePoint(point)) as 0 | 1 | 2,
  charProperties(point, preceding) {
    const number = preceding >> 3;
    // No ASCII character joins another.
    if (point >= FIRST_ASCII && point <= LAST_ASCII && number < ASCII.length) {
      return ((point - FIRST_ASCII + 1) << 3) | (1 << 1);
    }
    const character = String.fromCodePoint(point);
    const before = seen[number] ?? "";
    const joins = before !== "" && graphemes(before + character).length === 1;
    const cluster = !joins ? character : before.length > MAX_CLUSTER ? before : before + character;
    return (numberOf(cluster) << 3) | (stringWidth(cluster) << 1) | (joins ? 1 : 0);
  },
};

function numberOf(cluster: string): number {
  const known = numbers.get(cluster);
  if (known !== undefined) return known;
  if (seen.length >= MAX_SEEN) {
    seen = [...ASCII];
    numbers = new Map(seen.map((each, number) => [each, number]));
  }
  const number = seen.push(cluster) - 1;
  numbers.set(cluster, number);
  return number;
}
