import type { Key } from "./key.ts";

/** What was held while a key was pressed, and whether it was pressed at all. */
export interface Held {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly super: boolean;
  readonly capsLock: boolean;
  readonly event: Key["event"];
}

/**
 * A modifier parameter is 1 more than the sum of these. The first three are xterm's (ctlseqs, "PC-Style Function Keys"),
 * all of them the kitty keyboard protocol's ("Modifiers").
 */
const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const SUPER = 8;
const HYPER = 16;
const META = 32;
const CAPS_LOCK = 64;
const ALL = 255;

/** xterm's own fourth one is Meta; in that numbering there are no more. */
const XTERM_META = 8;
const XTERM_ALL = 15;

/** "Event types"; 0 is what is left out. */
const EVENTS: readonly Held["event"][] = [undefined, undefined, "repeat", "release"];

/** The parameter of a key in the kitty keyboard protocol: modifiers, and behind a colon the event. */
export function kittyHeld(parameter: readonly number[] | undefined): Held | undefined {
  const [modifiers = 0, event = 0] = parameter ?? [];
  const bits = Math.max(0, modifiers - 1);
  if (bits > ALL || event >= EVENTS.length) return undefined;
  return {
    ctrl: (bits & CTRL) !== 0,
    alt: (bits & (ALT | META)) !== 0,
    shift: (bits & SHIFT) !== 0,
    super: (bits & (SUPER | HYPER)) !== 0,
    capsLock: (bits & CAPS_LOCK) !== 0,
    event: EVENTS[event],
  };
}

/**
 * The same of a cursor or function key, whose sequences xterm and the kitty protocol share. Without an event and in
 * xterm's range, 8 is Meta: that is how Option comes from some terminals of the Mac.
 */
export function sharedHeld(parameter: readonly number[] | undefined): Held | undefined {
  const [modifiers = 0, event] = parameter ?? [];
  const bits = Math.max(0, modifiers - 1);
  const isMeta = event === undefined && bits <= XTERM_ALL && (bits & XTERM_META) !== 0;
  return kittyHeld(isMeta ? [((bits & ~XTERM_META) | ALT) + 1] : parameter);
}

/** The key of a name with what was held. */
export function heldKey(name: string, text: string, held: Held, sequence: string): Key {
  const { ctrl, alt, shift, event } = held;
  const key: Key = { type: "key", name, text, ctrl, alt, shift, sequence };
  if (!held.super && event === undefined) return key;
  return { ...key, ...(held.super && { super: true }), ...(event !== undefined && { event }) };
}
