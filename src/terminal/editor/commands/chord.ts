import type { Key } from "../../keys/key.ts";

/** Keys by what they are called. */
type Bound = Pick<ReadonlyMap<string, unknown>, "has">;

/**
 * A key with what is held, as it is written: `ctrl+alt+b`. Of keys that type something, Shift is in the character already;
 * of others it is named only where that makes a difference.
 */
export function chordOf(key: Key, bound: Bound): string {
  const held = `${key.super === true ? "super+" : ""}${key.ctrl ? "ctrl+" : ""}${key.alt ? "alt+" : ""}`;
  const shifted = `${held}shift+${key.name}`;
  return key.shift && bound.has(shifted) ? shifted : held + key.name;
}
