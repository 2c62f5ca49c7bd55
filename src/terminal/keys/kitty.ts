import { graphemes } from "../text/graphemes.ts";
import type { Key, Paste } from "./key.ts";
import type { Held } from "./modifiers.ts";
import { heldKey, kittyHeld } from "./modifiers.ts";
import type { Parameters } from "./parameters.ts";
import { parameter } from "./parameters.ts";

/** Keys whose number is that of the control character that they have always sent. */
const CONTROLS: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "return",
  27: "escape",
  127: "backspace",
};

/** The kitty keyboard protocol, "Functional key definitions": the numbers from here on, in their order. */
const FIRST_FUNCTIONAL = 57_358;
const FUNCTIONAL: readonly string[] = [
  ..."capslock scrolllock numlock printscreen pause menu".split(" "),
  ...Array.from({ length: 35 }, (_, index) => `f${index + 1}`),
  // The keypad: what its keys are for counts, not where they are.
  ..."0 1 2 3 4 5 6 7 8 9 . / * - + return = ,".split(" "),
  ..."left right up down pageup pagedown home end insert delete clear".split(" "),
  ..."mediaplay mediapause mediaplaypause mediareverse mediastop mediafastforward mediarewind".split(" "),
  ..."mediatracknext mediatrackprevious mediarecord lowervolume raisevolume mutevolume".split(" "),
  ..."leftshift leftcontrol leftalt leftsuper lefthyper leftmeta".split(" "),
  ..."rightshift rightcontrol rightalt rightsuper righthyper rightmeta isolevel3shift isolevel5shift".split(" "),
];
/** Private use: the protocol's own numbers, and never characters. */
const PRIVATE_FIRST = 57_344;
const PRIVATE_LAST = 63_743;

/** `ESC [ key:shifted:base ; modifiers:event ; text u`: the kitty keyboard protocol; fixterms' keys are some of these. */
export function kittyKey(parameters: Parameters, sequence: string): Key | Paste | undefined {
  const held = kittyHeld(parameters[1]);
  if (held === undefined || parameters.length > 3) return undefined;
  const [code = 0, shifted = 0, base = 0] = parameters[0] ?? [];
  const text = held.event === "release" ? "" : textOf(parameters[2] ?? []);
  const clusters = graphemes(text);
  // What an input method makes of several keys is text in one piece, and no key.
  if (clusters.length > 1) return { type: "paste", text, last: true };
  const isShortcut = held.ctrl || held.alt || held.super;
  // "Base layout key": Ctrl-C is where the C is on a keyboard that has no C.
  const name = nameOf(isShortcut && base > 0 && code > 127 ? base : code) ?? (code === 0 ? text.toLowerCase() : "");
  if (name === "") return undefined;
  return heldKey(name, text === "" ? typedBy(name, code, shifted, held) : text, withCapital(held, code), sequence);
}

/** `ESC [ 27 ; modifiers ; character ~`: xterm's modifyOtherKeys. */
export function otherKey(parameters: Parameters, sequence: string): Key | undefined {
  const held = kittyHeld(parameters[1]);
  const code = parameter(parameters, 2);
  const name = nameOf(code);
  if (held === undefined || name === undefined) return undefined;
  return heldKey(name, typedBy(name, code, code, held), withCapital(held, code), sequence);
}

function nameOf(code: number): string | undefined {
  const functional = CONTROLS[code] ?? FUNCTIONAL[code - FIRST_FUNCTIONAL];
  if (functional !== undefined) return functional;
  return code === 32 ? "space" : characterOf(code)?.toLowerCase();
}

/** The character of a code point; undefined for what no key types. */
function characterOf(code: number): string | undefined {
  const isControl = code < 32 || (code >= 127 && code < 160);
  const isCharacter = code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  if (isControl || !isCharacter || (code >= PRIVATE_FIRST && code <= PRIVATE_LAST)) return undefined;
  return String.fromCodePoint(code);
}

/** What a key types of which the terminal did not tell the text. */
function typedBy(name: string, code: number, shifted: number, held: Held): string {
  if (held.ctrl || held.alt || held.super || held.event === "release") return "";
  if (name === "space") return " ";
  const character = characterOf(held.shift && shifted > 0 ? shifted : code) ?? name;
  // What is no character has a name of several.
  if (graphemes(character).length !== 1) return "";
  const isCapital = held.shift !== held.capsLock && shifted === 0;
  const capital = isCapital ? character.toUpperCase() : character;
  return graphemes(capital).length === 1 ? capital : character;
}

/** A capital letter is Shift with its key, also where only the capital is told. */
function withCapital(held: Held, code: number): Held {
  return code >= 0x41 && code <= 0x5a && !held.shift ? { ...held, shift: true } : held;
}

/** The text of its code points, without control characters. */
function textOf(codes: readonly number[]): string {
  return codes.map((code) => characterOf(code) ?? "").join("");
}
