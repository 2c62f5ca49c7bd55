import { graphemes, isPlain } from "../../text/graphemes.ts";

const BREAKS = /\r\n|[\n\v\f\r\x85\u2028\u2029]/g;
const NEWLINES_AT_END = /[\r\n]+$/;
/** Control characters, and those that turn the direction of writing on the screen: nobody means to type them. */
const UNTYPABLE = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A letter may carry marks without end, and every further one would be cut and drawn anew with all before it: a new
 * cluster keeps this many code units (the longest emoji has 15), and none grows beyond the second number.
 */
const MAX_NEW_CLUSTER = 32;
export const MAX_CLUSTER = 64;

/**
 * Text as a line may have it: well-formed Unicode without control characters or bidirectional overrides. Tabs become
 * blanks, and so do line breaks, unless the line may have several rows: then each is one `\n`.
 */
export function clean(text: string, isMultiline: boolean): string {
  if (isPlain(text)) return text;
  const broken = text.replace(BREAKS, isMultiline ? "\n" : " ").replaceAll("\t", " ");
  const cleaned = broken.replace(UNTYPABLE, "").toWellFormed();
  const clusters = graphemes(cleaned);
  if (!clusters.some((cluster) => cluster.length > MAX_NEW_CLUSTER)) return cleaned;
  return clusters.map((cluster) => cluster.slice(0, MAX_NEW_CLUSTER).toWellFormed()).join("");
}

/** The text of a paste that ends here, without the line breaks at its end: these stood for the Enter key. */
export function withoutLastBreaks(text: string): string {
  return text.replace(NEWLINES_AT_END, "");
}

/** As many whole clusters of a text as there is room for. */
export function fit(text: string, room: number): { kept: string; clipped: boolean } {
  if (text.length <= room) return { kept: text, clipped: false };
  let kept = "";
  for (const cluster of graphemes(text.slice(0, Math.max(0, room) + MAX_CLUSTER))) {
    if (kept.length + cluster.length > room) break;
    kept += cluster;
  }
  return { kept, clipped: true };
}
