import type { KeyEvent } from "./key.ts";
import { kittyKey, otherKey } from "./kitty.ts";
import { heldKey, sharedHeld } from "./modifiers.ts";
import { byteMouse, sgrMouse, urxvtMouse } from "./mouse.ts";
import type { Parameters } from "./parameters.ts";
import { parameter, parametersOf } from "./parameters.ts";
import type { Reply } from "./reply.ts";
import { attributes, cursor, keyboard, mode, model, size, stringReply } from "./reply.ts";

/** Reads the parameters of a sequence; undefined when they make no sense. */
type Reading = (parameters: Parameters, sequence: string) => KeyEvent | undefined;

/** What is held by the form of a sequence, before its modifier parameter is read. */
interface Preset {
  readonly ctrl?: boolean;
  readonly shift?: boolean;
}

/** `ESC [ … letter` and `ESC O … letter`: xterm's cursor and function keys, in normal and application mode. */
const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "clear",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

/** rxvt's arrows: small letters, with `ESC [` for Shift and with `ESC O` for Ctrl. */
const RXVT_ARROWS: Readonly<Record<string, string>> = { a: "up", b: "down", c: "right", d: "left" };

/** `ESC [ [ letter`: function keys of the Linux console. */
const LINUX: Readonly<Record<string, string>> = { "[A": "f1", "[B": "f2", "[C": "f3", "[D": "f4", "[E": "f5" };

/** `ESC O letter`: the keypad in application mode (DECKPAM) types these. */
const KEYPAD: Readonly<Record<string, string>> = {
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  p: "0",
  q: "1",
  r: "2",
  s: "3",
  t: "4",
  u: "5",
  v: "6",
  w: "7",
  x: "8",
  y: "9",
};

/** `ESC [ number ~`: the VT220's editing and function keys; 7 and 8 are rxvt's. */
const NUMBERS: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
  25: "f13",
  26: "f14",
  28: "f15",
  29: "f16",
  31: "f17",
  32: "f18",
  33: "f19",
  34: "f20",
};
const OTHER_KEY = 27;

/** `ESC [`, by what stands before the parameters and what stands behind them. */
const CONTROLS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ...Object.entries(LETTERS).map(([letter, name]) => [letter, cursorKey(name)] as const),
  ...Object.entries(RXVT_ARROWS).map(([letter, name]) => [letter, cursorKey(name, { shift: true })] as const),
  ...Object.entries(LINUX).map(([letter, name]) => [letter, cursorKey(name)] as const),
  ["Z", cursorKey("tab", { shift: true })],
  // What ends a numbered key: `~`, or one of rxvt's letters for the modifiers held.
  ["~", numberedKey({})],
  ["$", numberedKey({ shift: true })],
  ["^", numberedKey({ ctrl: true })],
  ["@", numberedKey({ ctrl: true, shift: true })],
  ["u", kittyKey],

  ["I", focus(true)],
  ["O", focus(false)],
  ["<M", sgrMouse(false)],
  ["<m", sgrMouse(true)],
  ["M", urxvtMouse],

  ["R", thirdOrCursor],
  ["?R", cursor],
  ["?c", attributes],
  [">c", model],
  ["?$y", mode],
  ["?u", keyboard],
  ["t", size],
]);

/** `ESC O`. */
const SHIFTS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ...Object.entries(LETTERS).map(([letter, name]) => [letter, cursorKey(name)] as const),
  ...Object.entries(RXVT_ARROWS).map(([letter, name]) => [letter, cursorKey(name, { ctrl: true })] as const),
  ...Object.entries(KEYPAD).map(([letter, character]) => [letter, keypadKey(character)] as const),
  ["M", cursorKey("return")],
]);

/** What stands before the parameters, these, and what stands behind them. */
const SHAPE = /^\x1b[[O]([<=>?]?)([\d;:]*)([^\d;:]*)$/;
const BYTE_MOUSE = "\x1b[M";
const BYTE_MOUSE_LENGTH = 6;

/** What a whole sequence beginning `ESC [` or `ESC O` stands for; undefined when it is none that is known. */
export function eventOf(sequence: string): KeyEvent | undefined {
  if (sequence.startsWith(BYTE_MOUSE) && sequence.length === BYTE_MOUSE_LENGTH) return byteMouse(sequence);
  const shape = SHAPE.exec(sequence);
  if (shape === null) return undefined;
  const [, prefix = "", parameters = "", ending = ""] = shape;
  const table = sequence[1] === "[" ? CONTROLS : SHIFTS;
  return table.get(prefix + ending)?.(parametersOf(parameters), sequence);
}

/** The terminal's answer that a whole sequence or string of control is; undefined when it is none. */
export function replyOf(sequence: string): Reply | undefined {
  if (sequence[1] !== "[") return stringReply(sequence);
  const event = eventOf(sequence);
  return event?.type === "reply" ? event : undefined;
}

/**
 * Where a sequence ends (the offset after it) whose parameters begin at `start`, right after `ESC [` or `ESC O`;
 * undefined when its end has not come yet.
 */
export function sequenceEnd(bytes: Uint8Array, start: number): number | undefined {
  const isControl = bytes[start - 1] === 0x5b;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    // Broken off by something that no sequence has in it; that is read on its own.
    if (byte < 0x20 || byte >= 0x7f) return at;
    if (byte === 0x24 && isControl && isNumber(bytes, start, at)) return at + 1; // rxvt, Shift: `ESC [ 5 $`
    if (byte < 0x40) continue;
    const isFirst = isControl && at === start;
    if (isFirst && byte === 0x4d) return bytesEnd(bytes, at + 1);
    const more = isFirst && byte === 0x5b ? 1 : 0; // Linux console
    return at + more < bytes.length ? at + more + 1 : undefined;
  }
  return undefined;
}

/** Of a mouse report, its three bytes; a control character is none of them, and breaks it off. */
function bytesEnd(bytes: Uint8Array, start: number): number | undefined {
  for (let at = start; at < start + 3; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    if (byte < 0x20) return at;
  }
  return start + 3;
}

/** Whether these bytes are one short decimal number. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return end > start && end - start <= 3;
}

/** xterm sends `1;modifiers` before a letter, some older terminals the modifiers alone. */
function cursorKey(name: string, preset: Preset = {}): Reading {
  return (parameters, sequence) => {
    const isLone = parameters.length === 1;
    if (parameters.length > 2 || (!isLone && parameters.length > 0 && parameter(parameters, 0) !== 1)) return undefined;
    return presetKey(name, preset, parameters[isLone ? 0 : 1], sequence);
  };
}

function numberedKey(preset: Preset): Reading {
  return (parameters, sequence) => {
    const number = parameter(parameters, 0);
    if (number === OTHER_KEY && parameters.length === 3) return otherKey(parameters, sequence);
    const name = NUMBERS[number];
    return name === undefined || parameters.length > 2 ? undefined : presetKey(name, preset, parameters[1], sequence);
  };
}

function keypadKey(character: string): Reading {
  return (parameters, sequence) =>
    parameters.length > 0
      ? undefined
      : { type: "key", name: character, text: character, ctrl: false, alt: false, shift: false, sequence };
}

function presetKey(
  name: string,
  preset: Preset,
  modifiers: readonly number[] | undefined,
  sequence: string,
): KeyEvent | undefined {
  const held = sharedHeld(modifiers);
  if (held === undefined) return undefined;
  const { ctrl = false, shift = false } = preset;
  return heldKey(name, "", { ...held, ctrl: held.ctrl || ctrl, shift: held.shift || shift }, sequence);
}

const third = cursorKey("f3");
/** The modifier parameters of xterm, from Shift to all of them. */
const LEAST_HELD = 2;
const MOST_HELD = 16;

/**
 * `ESC [ 1 ; 5 R` is Ctrl-F3 and also a report of the cursor in the first row, column 5. Only the first row has the
 * doubt, and only the columns 2 to 16: there it is the key. Who asks where the cursor is asks by `ESC [ ? 6 n`, whose
 * answer is no key.
 */
function thirdOrCursor(parameters: Parameters, sequence: string): KeyEvent | undefined {
  const second = parameter(parameters, 1);
  const isKey =
    parameters.length < 2 || (parameter(parameters, 0) === 1 && second >= LEAST_HELD && second <= MOST_HELD);
  return (isKey ? third : cursor)(parameters, sequence);
}

function focus(focused: boolean): Reading {
  return (parameters, sequence) => (parameters.length > 0 ? undefined : { type: "focus", focused, sequence });
}
