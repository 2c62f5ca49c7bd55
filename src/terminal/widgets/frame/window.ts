/** Of rows from 0 to `count`, those from `start` to `end` are shown. Where some are hidden, a row says how many. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Whether there is room for the marks. */
  readonly hasMarks: boolean;
}

/** The rows to show in a certain height, the focus in their middle as far as they reach. */
export function windowOf(count: number, focus: number, height: number): Window {
  if (count <= height) return { start: 0, end: count, hasMarks: false };
  const hasMarks = height >= 3;
  const inner = Math.max(1, hasMarks ? height - 2 : height);
  const start = Math.min(Math.max(0, focus - (inner >> 1)), count - inner);
  if (!hasMarks) return { start, end: start + inner, hasMarks };
  // A mark never stands for one row alone: that row itself takes no more room.
  if (start <= 1) return { start: 0, end: height - 1, hasMarks };
  if (start + inner >= count - 1) return { start: count - height + 1, end: count, hasMarks };
  return { start, end: start + inner, hasMarks };
}
