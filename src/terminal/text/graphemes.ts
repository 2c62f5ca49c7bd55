const ASCII = /^[\x20-\x7e]*$/;

/** One for the process: it keeps no state between texts, and to make one costs more than to use it. */
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * What a reader calls characters: extended grapheme clusters (Unicode UAX #29). An emoji with skin tone, a flag, a
 * letter with its accents is one element. Joined, they are the text again.
 */
export function graphemes(text: string): string[] {
  if (ASCII.test(text)) return text.split("");
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** {@link graphemes} one by one: who needs but the first ones does not pay for the rest. */
export function eachGrapheme(text: string): Iterable<string> {
  return ASCII.test(text) ? text : segmentsOf(text);
}

/** Whether every code unit is printable ASCII, so that every one is a cluster and one cell wide. */
export function isPlain(text: string): boolean {
  return ASCII.test(text);
}

function* segmentsOf(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}
