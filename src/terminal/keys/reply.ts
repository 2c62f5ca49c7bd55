import type { Parameters } from "./parameters.ts";
import { parameter } from "./parameters.ts";

/** What a terminal may be asked; each kind of answer with what it tells. */
type Answer =
  /** DA1: what the terminal can do. 4 is sixel graphics; the first is its level, such as 62 for a VT220. */
  | { readonly about: "attributes"; readonly values: readonly number[] }
  /** DA2: which terminal it takes itself for, and its version. */
  | { readonly about: "model"; readonly values: readonly number[] }
  /** XTVERSION: name and version in the terminal's own words. */
  | { readonly about: "version"; readonly text: string }
  /** DECRPM: 0 for a mode that is not known, 1 set, 2 reset, 3 always set, 4 always reset. */
  | { readonly about: "mode"; readonly mode: number; readonly setting: number }
  /** OSC 10, 11 and 12: a colour in use, each part from 0 to 255. */
  | {
      readonly about: "colour";
      readonly of: "text" | "background" | "cursor";
      readonly red: number;
      readonly green: number;
      readonly blue: number;
    }
  /** The kitty keyboard protocol: which of its enhancements are on, as a sum of its flags. */
  | { readonly about: "keyboard"; readonly flags: number }
  /** CPR: where the cursor is; column and row from 0. */
  | { readonly about: "cursor"; readonly x: number; readonly y: number }
  /** XTWINOPS: the window in cells (18) or in pixels (14), or one cell in pixels (16). */
  | {
      readonly about: "size";
      readonly of: "cells" | "pixels" | "cell";
      readonly width: number;
      readonly height: number;
    }
  /** DECRQSS: how something is set; undefined when the terminal does not know it. */
  | { readonly about: "setting"; readonly text: string | undefined }
  /** The kitty graphics protocol: `OK`, or an error, for the image of a number. */
  | { readonly about: "graphics"; readonly image: number; readonly text: string };

/** What a terminal answers when it is asked something. It is no key, and only of use to who has asked. */
export type Reply = Answer & {
  readonly type: "reply";
  /** What the terminal sent, decoded as UTF-8. */
  readonly sequence: string;
};

/** `ESC [ ? … c`. */
export function attributes(parameters: Parameters, sequence: string): Reply {
  return reply({ about: "attributes", values: values(parameters) }, sequence);
}

/** `ESC [ > … c`. */
export function model(parameters: Parameters, sequence: string): Reply {
  return reply({ about: "model", values: values(parameters) }, sequence);
}

/** `ESC [ ? mode ; setting $ y`. */
export function mode(parameters: Parameters, sequence: string): Reply | undefined {
  if (parameters.length !== 2) return undefined;
  return reply({ about: "mode", mode: parameter(parameters, 0), setting: parameter(parameters, 1) }, sequence);
}

/** `ESC [ ? flags u`. */
export function keyboard(parameters: Parameters, sequence: string): Reply | undefined {
  return parameters.length === 1 ? reply({ about: "keyboard", flags: parameter(parameters, 0) }, sequence) : undefined;
}

/** `ESC [ row ; column R`, and with a `?` for who wants no mix-up with a key (DECXCPR). */
export function cursor(parameters: Parameters, sequence: string): Reply | undefined {
  const [row, column] = [parameter(parameters, 0), parameter(parameters, 1)];
  if (parameters.length < 2 || row === 0 || column === 0) return undefined;
  return reply({ about: "cursor", x: column - 1, y: row - 1 }, sequence);
}

const SIZES: Readonly<Record<number, "cells" | "pixels" | "cell">> = { 4: "pixels", 6: "cell", 8: "cells" };

/** `ESC [ what ; height ; width t`. */
export function size(parameters: Parameters, sequence: string): Reply | undefined {
  const of = SIZES[parameter(parameters, 0)];
  if (of === undefined || parameters.length !== 3) return undefined;
  return reply({ about: "size", of, width: parameter(parameters, 2), height: parameter(parameters, 1) }, sequence);
}

const COLOURS: Readonly<Record<string, "text" | "background" | "cursor">> = {
  10: "text",
  11: "background",
  12: "cursor",
};

/** What comes in a string of control (OSC, DCS, APC): the text between its beginning and its end. */
const STRINGS: readonly (readonly [shape: RegExp, read: (...groups: string[]) => Answer])[] = [
  [/^\x1bP>\|(.*)$/s, (text = "") => ({ about: "version", text })],
  [/^\x1bP([01])\$r(.*)$/s, (valid, text) => ({ about: "setting", text: valid === "1" ? text : undefined })],
  [
    /^\x1b\](1[0-2]);rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i,
    (of = "", red = "", green = "", blue = "") => {
      const rgb = { red: intensity(red), green: intensity(green), blue: intensity(blue) };
      return { about: "colour", of: COLOURS[of] ?? "text", ...rgb };
    },
  ],
  [/^\x1b_G(?:[^;]*,)?i=(\d+)[^;]*;(.*)$/s, (image, text = "") => ({ about: "graphics", image: Number(image), text })],
];

const TERMINATOR = /(?:\x07|\x1b\\)$/;

/** The answer in a whole string of control, from its ESC to its terminator; undefined when it is none. */
export function stringReply(sequence: string): Reply | undefined {
  const content = sequence.replace(TERMINATOR, "");
  for (const [shape, read] of STRINGS) {
    const match = shape.exec(content);
    if (match !== null) return reply(read(...match.slice(1)), sequence);
  }
  return undefined;
}

function values(parameters: Parameters): number[] {
  return parameters.map(([value = 0]) => value);
}

/** XParseColor, "RGB Device String Specification": one to four hexadecimal digits, of which all ones is full. */
function intensity(digits: string): number {
  return Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);
}

function reply(answer: Answer, sequence: string): Reply {
  return { type: "reply", ...answer, sequence };
}
