import { TestingError } from "./error.ts";

/** What a terminal's modes make of keys. */
export interface KeyModes {
  /** DECCKM: arrows, Home and End are sent in another form. */
  readonly applicationCursorKeysMode: boolean;
  /** A paste is marked as one. */
  readonly bracketedPasteMode: boolean;
}

/** Keys that send one text, whatever is held with them but Alt. */
const PLAIN: Readonly<Record<string, string>> = {
  enter: "\r",
  return: "\r",
  tab: "\t",
  backspace: "\x7f",
  escape: "\x1b",
  esc: "\x1b",
  space: " ",
};

/** Keys that send `CSI x`, with modifiers `CSI 1 ; m x`; in the other mode of DECCKM `SS3 x` (xterm, "PC-Style Function Keys"). */
const CURSOR: Readonly<Record<string, string>> = { up: "A", down: "B", right: "C", left: "D", home: "H", end: "F" };

/** Keys that send `SS3 x`, with modifiers `CSI 1 ; m x`. */
const LETTERED: Readonly<Record<string, string>> = { f1: "P", f2: "Q", f3: "R", f4: "S" };

/** Keys that send `CSI n ~`, with modifiers `CSI n ; m ~`. */
const NUMBERED: Readonly<Record<string, number>> = {
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
};

const MODIFIERS: Readonly<Record<string, number>> = { shift: 1, alt: 2, ctrl: 4 };

/** The names of the keys that {@link bytesOfChord} knows beside those that are one character. */
const NAMES: readonly string[] = [PLAIN, CURSOR, LETTERED, NUMBERED].flatMap((table) => Object.keys(table));

/**
 * What a terminal sends for a key, such as `a`, `enter`, `ctrl+c`, `alt+left`, `shift+tab`, `f5`.
 *
 * @throws TestingError `BAD_ARGUMENT` for a key that there is not, or that a terminal cannot tell from another.
 */
export function bytesOfChord(chord: string, modes: KeyModes): string {
  // The key itself may be a plus.
  const cut = chord.length > 1 ? chord.lastIndexOf("+", chord.length - 2) : -1;
  const key = chord.slice(cut + 1);
  let held = 0;
  for (const name of cut < 0 ? [] : chord.slice(0, cut).toLowerCase().split("+")) {
    const bit = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined;
    if (bit === undefined) throw unknown(chord, `There is no ${name}: hold shift, alt or ctrl`);
    held |= bit;
  }
  return special(key.toLowerCase(), held, modes) ?? character(key, held, chord);
}

/** What a terminal sends for a paste. */
export function bytesOfPaste(text: string, { bracketedPasteMode }: KeyModes): string {
  // As terminals do: a newline is sent as the Enter key, and the text cannot end the paste.
  const safe = text.replaceAll(/\r?\n/g, "\r");
  return bracketedPasteMode ? `\x1b[200~${safe.replaceAll("\x1b", "")}\x1b[201~` : safe;
}

function special(key: string, held: number, { applicationCursorKeysMode }: KeyModes): string | undefined {
  const get = <Value>(table: Readonly<Record<string, Value>>): Value | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;
  if (key === "tab" && held === MODIFIERS["shift"]) return "\x1b[Z";
  if (key === "space" && held === MODIFIERS["ctrl"]) return "\0";
  const plain = get(PLAIN);
  if (plain !== undefined) return held === 0 ? plain : held === MODIFIERS["alt"] ? `\x1b${plain}` : undefined;
  const cursor = get(CURSOR);
  const letter = cursor ?? get(LETTERED);
  if (letter !== undefined) {
    if (held > 0) return `\x1b[1;${held + 1}${letter}`;
    return cursor === undefined || applicationCursorKeysMode ? `\x1bO${letter}` : `\x1b[${letter}`;
  }
  const number = get(NUMBERED);
  return number === undefined ? undefined : `\x1b[${number}${held > 0 ? `;${held + 1}` : ""}~`;
}

function character(key: string, held: number, chord: string): string {
  const isNamed = NAMES.includes(key.toLowerCase());
  if (!isNamed && Array.from(new Intl.Segmenter("en").segment(key)).length !== 1) {
    throw unknown(chord, `A key is one character, or ${NAMES.join(", ")}`);
  }
  const alt = (held & 2) === 0 ? "" : "\x1b";
  const text = (held & 1) === 0 ? key : key.toUpperCase();
  if ((held & 4) === 0 && !isNamed) return alt + text;
  // ECMA-48 has codes for Ctrl with a letter and with these signs, and for nothing else.
  const code = /^[a-z@[\\\]^_?]$/i.test(key) && (held & 1) === 0 ? key.toUpperCase().charCodeAt(0) ^ 0x40 : undefined;
  if (code === undefined) throw unknown(chord, "A terminal sends nothing of its own for it");
  return alt + String.fromCharCode(code);
}

function unknown(chord: string, why: string): TestingError {
  return new TestingError("BAD_ARGUMENT", `The key ${JSON.stringify(chord)} cannot be pressed. ${why}.`);
}
