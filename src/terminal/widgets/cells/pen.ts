import { RESET_STYLE } from "../../text/ansi.ts";

/**
 * Attributes that exclude each other share a slot: bold, dim, italic, underline, blink, inverse, hidden, crossed out,
 * overline, foreground, background, colour of the underline.
 */
const FOREGROUND = 9;
const BACKGROUND = 10;
const UNDERLINE_COLOUR = 11;

/** What SGR parameters turn on (ECMA-48 §8.3.117, and what xterm and kitty added), by slot. */
const ON: ReadonlyMap<number, number> = new Map([
  ...[1, 2, 3, 4].map((code, slot): [number, number] => [code, slot]),
  [21, 3],
  [5, 4],
  [6, 4],
  [7, 5],
  [8, 6],
  [9, 7],
  [53, 8],
  ...[30, 31, 32, 33, 34, 35, 36, 37, 38, 90, 91, 92, 93, 94, 95, 96, 97].map((code): [number, number] => [
    code,
    FOREGROUND,
  ]),
  ...[40, 41, 42, 43, 44, 45, 46, 47, 48, 100, 101, 102, 103, 104, 105, 106, 107].map((code): [number, number] => [
    code,
    BACKGROUND,
  ]),
  [58, UNDERLINE_COLOUR],
]);

/** What they turn off: the slots that are empty then. */
const OFF: ReadonlyMap<number, readonly number[]> = new Map([
  [22, [0, 1]],
  [23, [2]],
  [24, [3]],
  [25, [4]],
  [27, [5]],
  [28, [6]],
  [29, [7]],
  [55, [8]],
  [39, [FOREGROUND]],
  [49, [BACKGROUND]],
  [59, [UNDERLINE_COLOUR]],
]);

/** Colours that take parameters of their own: 256 of them, or red, green and blue. */
const EXTENDED: ReadonlySet<number> = new Set([38, 48, 58]);
const ARGUMENTS: Readonly<Record<string, number>> = { "5": 1, "2": 3 };

/** No parameter is longer, `38:2::255:255:255` included; one that is means no good. */
const MAX_PARAMETER = 24;

const LINK_START = "\x1b]8;";
const LINK_END = "\x1b]8;;\x1b\\";

/** Colours and attributes (SGR) and hyperlinks (OSC 8): what has no width and moves no cursor. Nothing else is let through. */
export const STYLE: RegExp = /\x1b\[[\d;:]*m|\x1b\]8;[\x20-\x7e]{0,2083}(?:\x07|\x1b\\)/g;

/** What styles a text has come to: sequences go in, and out comes one that brings a plain terminal there. */
export class Pen {
  readonly #slots: (string | undefined)[] = [];
  #link = "";
  #style: string | undefined = "";

  /** What turns plain text into text as it is now; empty for plain. Equal styles are equal strings. */
  get style(): string {
    this.#style ??= this.#compose();
    return this.#style;
  }

  /** Takes a sequence that {@link STYLE} matches. */
  apply(sequence: string): void {
    this.#style = undefined;
    if (sequence.startsWith(LINK_START)) this.#link = /^\x1b\]8;[^;]*;(?:\x07|\x1b)/.test(sequence) ? "" : sequence;
    else this.#attributes(sequence.slice(2, -1).split(";"));
  }

  /** Plain again. */
  reset(): void {
    this.#slots.length = 0;
    this.#link = "";
    this.#style = "";
  }

  #attributes(parameters: readonly string[]): void {
    for (let index = 0; index < parameters.length; index++) {
      const parameter = parameters[index] ?? "";
      const code = Number.parseInt(parameter || "0", 10);
      const more = EXTENDED.has(code) && !parameter.includes(":") ? (ARGUMENTS[parameters[index + 1] ?? ""] ?? 0) : -1;
      const value = more < 0 ? parameter : parameters.slice(index, index + more + 2).join(";");
      index += more + 1;
      this.#set(code, value);
    }
  }

  #set(code: number, value: string): void {
    if (code === 0) this.#slots.length = 0;
    const slot = value === "4:0" ? undefined : ON.get(code);
    if (slot !== undefined && value.length <= MAX_PARAMETER) this.#slots[slot] = value;
    for (const empty of OFF.get(value === "4:0" ? 24 : code) ?? []) this.#slots[empty] = undefined;
  }

  #compose(): string {
    const parameters = this.#slots.filter((value) => value !== undefined).join(";");
    return (parameters === "" ? "" : `\x1b[${parameters}m`) + this.#link;
  }
}

/** What turns text of one style into text of another. */
export function restyle(from: string, to: string): string {
  if (from === to) return "";
  const unlinked = from.includes(LINK_START) ? LINK_END : "";
  return from === "" ? to : unlinked + RESET_STYLE + to;
}
