/** The timers as they are when a test file begins: a test that puts false ones in their place does not stop the harness. */
export const realTimeout: typeof setTimeout = globalThis.setTimeout;
export const clearRealTimeout: typeof clearTimeout = globalThis.clearTimeout;
const realImmediate = globalThis.setImmediate;

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

/** So many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => realTimeout(resolve, milliseconds));
}
