/**
 * The widths that columns get in so much room: all that they want if it suffices. Else no column gets more than it wants,
 * and those that want more than their share get the same; one cell at least.
 */
export function shareWidths(wanted: readonly number[], room: number): number[] {
  const widths = wanted.map(() => 0);
  let left = room;
  // The least first: what it does not need is there for the others.
  const order = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  for (const [done, index] of order.entries()) {
    const width = Math.max(1, Math.min(wanted[index] ?? 0, Math.floor(left / (wanted.length - done))));
    widths[index] = width;
    left -= width;
  }
  return widths;
}
