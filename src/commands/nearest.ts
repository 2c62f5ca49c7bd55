/** Longer words are nobody's slip of the finger. */
const MAX_LENGTH = 64;

/** The name that a mistyped word may have meant: the one with the fewest changes, of a third of the word at most. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word === "" || word.length > MAX_LENGTH) return undefined;
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= least) continue;
    const changes = distance(typed, name.toLowerCase());
    // Of one letter all would do.
    if (changes < least && changes < Math.max(name.length, word.length)) {
      best = name;
      least = changes;
    }
  }
  return best;
}

/** How many letters have to be put in, left out, changed, or swapped with the next (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let changes = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) changes = Math.min(changes, (before[column - 2] ?? 0) + 1);
      current.push(changes);
    }
    before = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
