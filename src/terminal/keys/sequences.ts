import type { Key } from "./key.ts";

/** What a sequence stands for before its modifier parameter is read. */
interface Named {
  readonly name: string;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
}

/** `ESC [ … letter` and `ESC O … letter`: xterm's cursor and function keys, in normal and application mode. */
const LETTERS: Readonly<Record<string, Named>> = named({
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
});

/** `ESC [ letter` only: back-tab, and rxvt's Shift-arrows. */
const CSI_LETTERS: Readonly<Record<string, Named>> = {
  ...LETTERS,
  Z: { name: "tab", shift: true },
  a: { name: "up", shift: true },
  b: { name: "down", shift: true },
  c: { name: "right", shift: true },
  d: { name: "left", shift: true },
};

/** `ESC O letter` only: rxvt's Ctrl-arrows, Enter of the keypad. */
const SS3_LETTERS: Readonly<Record<string, Named>> = {
  ...LETTERS,
  a: { name: "up", ctrl: true },
  b: { name: "down", ctrl: true },
  c: { name: "right", ctrl: true },
  d: { name: "left", ctrl: true },
  M: { name: "return" },
};

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

/** `ESC [ [ letter`: function keys of the Linux console. */
const LINUX: Readonly<Record<string, Named>> = named({ A: "f1", B: "f2", C: "f3", D: "f4", E: "f5" });

/** `ESC [ number ~`: the VT220's editing and function keys; 7 and 8 are rxvt's. */
const NUMBERS: Readonly<Record<number, Named>> = named({
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
});

/** What ends a numbered key: `~`, or one of rxvt's letters for the modifiers held. */
const ENDINGS: Readonly<Record<string, Omit<Named, "name">>> = {
  "~": {},
  $: { shift: true },
  "^": { ctrl: true },
  "@": { ctrl: true, shift: true },
};

/** xterm, ctlseqs, "PC-Style Function Keys": the parameter is 1 more than the sum of these. */
const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const META = 8;
const MAX_MODIFIERS = 16;

const PLAIN = { type: "key", ctrl: false, alt: false, shift: false } as const;

const SHAPE = /^\x1b(?<kind>\[\[|\[|O)(?<parameters>[\d;]*)(?<final>[^\d;])$/;

/** The key that a whole sequence beginning `ESC [` or `ESC O` stands for; undefined when it is none of the table. */
export function keyOf(sequence: string): Key | undefined {
  const groups = SHAPE.exec(sequence)?.groups;
  if (groups === undefined) return undefined;
  const { kind = "", parameters = "", final = "" } = groups;
  const numbers = parameters === "" ? [] : parameters.split(";").map(Number);
  if (numbers.length > 2) return undefined;
  const typed = kind === "O" && numbers.length === 0 ? KEYPAD[final] : undefined;
  if (typed !== undefined) return { ...PLAIN, name: typed, text: typed, sequence };

  const isNumbered = kind === "[" && final in ENDINGS;
  const entry = isNumbered ? NUMBERS[numbers[0] ?? 0] : lettersOf(kind)[final];
  // xterm sends `1;modifiers` before a letter, some older terminals the modifiers alone.
  const modifiers = numbers[1] ?? (isNumbered ? 1 : (numbers[0] ?? 1));
  const isFirstParameterOdd = !isNumbered && numbers.length === 2 && numbers[0] !== 1;
  if (entry === undefined || isFirstParameterOdd || modifiers > MAX_MODIFIERS) return undefined;
  const { name, ctrl = false, shift = false } = { ...entry, ...(isNumbered ? ENDINGS[final] : undefined) };
  const bits = Math.max(0, modifiers - 1);
  return {
    type: "key",
    name,
    text: "",
    ctrl: ctrl || (bits & CTRL) !== 0,
    alt: (bits & (ALT | META)) !== 0,
    shift: shift || (bits & SHIFT) !== 0,
    sequence,
  };
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
    const more = isFirst && byte === 0x5b ? 1 : isFirst && byte === 0x4d ? 3 : 0; // Linux console; X10 mouse report
    return at + more < bytes.length ? at + more + 1 : undefined;
  }
  return undefined;
}

/** Whether these bytes are one short decimal number. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return end > start && end - start <= 3;
}

function lettersOf(kind: string): Readonly<Record<string, Named>> {
  if (kind === "O") return SS3_LETTERS;
  return kind === "[" ? CSI_LETTERS : LINUX;
}

/** A table without a prototype, so that nothing but its rows is in it. */
function named(names: Record<string | number, string>): Record<string | number, Named> {
  const table: Record<string | number, Named> = Object.create(null) as Record<string, Named>;
  for (const [key, name] of Object.entries(names)) table[key] = { name };
  return table;
}
