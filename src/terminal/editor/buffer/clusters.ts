import { graphemes, isPlain } from "../../text/graphemes.ts";

/** Which clusters of a line make room for which others. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly clusters: readonly string[];
  /** The index of the cluster that follows the new text. */
  readonly after: number;
}

/** Neighbours looked at first; twice as many whenever that was not enough. */
const FIRST_REACH = 2;

/**
 * How text is put in the place of the clusters from `start` to `end`. What stands before and after may join it in one
 * cluster (a mark and its letter, two halves of a flag), so that more than these clusters may be replaced.
 */
export function replacement(line: readonly string[], start: number, end: number, text: string): Replacement {
  const previous = line[start - 1] ?? "";
  const next = line[end] ?? "";
  if (isPlain(text) && isPlain(previous) && isPlain(next)) {
    const clusters = graphemes(text);
    return { start, end, clusters, after: start + clusters.length };
  }
  const first = previous === "" ? start : start - 1;
  for (let reach = FIRST_REACH; ; reach *= 2) {
    const last = Math.min(end + reach, line.length);
    const clusters = graphemes(previous + text + line.slice(end, last).join(""));
    // Where a cluster begins now as it did before, so do all that follow: no rule of UAX #29 looks back beyond that.
    const isSettled = last === line.length || (clusters.length > 1 && clusters.at(-1) === line[last - 1]);
    if (isSettled) return { start: first, end: last, clusters, after: first + countUpTo(clusters, previous + text) };
  }
}

/** How many clusters it takes to have all of the text. */
function countUpTo(clusters: readonly string[], text: string): number {
  let count = 0;
  for (let left = text.length; left > 0; count++) left -= clusters[count]?.length ?? left;
  return count;
}
