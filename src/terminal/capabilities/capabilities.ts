import type { ColorDepth, ImageProtocol, Terminal } from "./terminals.ts";
import { DUMB, TERMINALS, terminalOf } from "./terminals.ts";

/** What a terminal can show and tell, as far as is known. */
export interface Capabilities {
  /** Bits of colour: 1 for none, 4 for 16 colours, 8 for 256, 24 for all. 1 also for who does not want any (NO_COLOR). */
  readonly colors: ColorDepth;
  /** Whether signs beyond ASCII, and not some letters alone, can be shown. */
  readonly unicode: boolean;
  /** Whether links (OSC 8) can be clicked; elsewhere their text is shown. */
  readonly hyperlinks: boolean;
  /** Whether what is pasted is marked as such. */
  readonly bracketedPaste: boolean;
  /** Whether the terminal has the kitty keyboard protocol. */
  readonly kittyKeyboard: boolean;
  /** Whether the terminal can hold the picture until a frame is done (DEC mode 2026). */
  readonly synchronizedOutput: boolean;
  /** The best way to show pictures: the protocol of kitty, that of iTerm2, or sixels. */
  readonly images: ImageProtocol;
  /** Whether the user looks at a dark or at a light background; undefined while that is not known. */
  readonly background: "dark" | "light" | undefined;
  /** The terminal's own name for itself, at most 64 printable characters of ASCII. It is as true as the terminal is. */
  readonly name?: string;
  /** Its version, as it writes it; at most 64 characters as well. */
  readonly version?: string;
}

/** Variables of the user's environment, as far as they are known here. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What is known without asking: from the terminal's type, and from variables that the client has sent.
 *
 * @param term undefined where there is no terminal.
 */
export function capabilitiesOf(term: string | undefined, variables: Variables): Capabilities {
  const terminal = term === undefined ? DUMB : terminalOf(term);
  const isBare = terminal === DUMB;
  // A multiplexer hands on the variables of the terminal that it is shown in, which it is not.
  const { name, version } = terminal.isMultiplexer || isBare ? {} : programOf(variables);
  const traits = name === undefined ? terminal : better(terminal, TERMINALS.get(name.toLowerCase()));
  // Without a terminal text goes to a file or a program, and these read UTF-8 today.
  const unicode = (term === undefined || traits.unicode) && isUtf8(variables);
  return {
    colors: isBare ? 1 : depthOf(traits.colors, variables),
    unicode,
    hyperlinks: traits.hyperlinks,
    bracketedPaste: traits.bracketedPaste,
    kittyKeyboard: traits.kittyKeyboard,
    synchronizedOutput: traits.synchronizedOutput,
    images: traits.images,
    background: isBare ? undefined : backgroundOf(variables),
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
  };
}

/** Whether there is no terminal, or none on which anything can be drawn and changed. */
export function isDumb(term: string | undefined): boolean {
  return term === undefined || terminalOf(term) === DUMB;
}

/** Whether a terminal of this type may be asked anything: a dumb one shows the question. */
export function isAsked(term: string | undefined): boolean {
  return term !== undefined && terminalOf(term).asked;
}

/** Of two descriptions of one terminal, what either of them has. */
export function better<Traits extends Capabilities | Terminal>(one: Traits, other: Terminal | undefined): Traits {
  if (other === undefined) return one;
  return {
    ...one,
    colors: Math.max(one.colors, other.colors) as ColorDepth,
    hyperlinks: one.hyperlinks || other.hyperlinks,
    kittyKeyboard: one.kittyKeyboard || other.kittyKeyboard,
    synchronizedOutput: one.synchronizedOutput || other.synchronizedOutput,
    images: other.images === "none" ? one.images : other.images,
  };
}

const MAX_WORD = 64;

/** A word of the terminal's, made harmless. */
export function harmless(word: string): string {
  return word.replaceAll(/[^\x20-\x7e]/g, "").slice(0, MAX_WORD);
}

/** How light a colour looks, from 0 to 1 (ITU-R BT.709). */
export function lightness(red: number, green: number, blue: number): number {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** The program that shows the terminal, where it says so; iTerm2 does by a variable that OpenSSH's clients send on. */
function programOf(variables: Variables): { name?: string; version?: string } {
  const { LC_TERMINAL, LC_TERMINAL_VERSION, TERM_PROGRAM, TERM_PROGRAM_VERSION } = variables;
  const isLocale = LC_TERMINAL !== undefined;
  const name = harmless((isLocale ? LC_TERMINAL : TERM_PROGRAM) ?? "");
  const version = harmless((isLocale ? LC_TERMINAL_VERSION : TERM_PROGRAM_VERSION) ?? "");
  return { ...(name !== "" && { name }), ...(name !== "" && version !== "" && { version }) };
}

/** no-color.org, and COLORTERM as terminals set it. */
function depthOf(depth: ColorDepth, { NO_COLOR = "", COLORTERM = "" }: Variables): ColorDepth {
  if (NO_COLOR !== "" || depth === 1) return 1;
  return /^(?:truecolor|24bit)$/i.test(COLORTERM) ? 24 : depth;
}

/** POSIX, "Internationalization Variables": the first that is set counts. */
function isUtf8({ LC_ALL = "", LC_CTYPE = "", LANG = "" }: Variables): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== "");
  return locale === undefined || /utf-?8/i.test(locale);
}

/** COLORFGBG, as rxvt, Konsole and others set it: the last of its numbers is the background's, in the palette of 16. */
function backgroundOf({ COLORFGBG = "" }: Variables): "dark" | "light" | undefined {
  const [, index] = /;(\d{1,2})$/.exec(COLORFGBG) ?? [];
  if (index === undefined || Number(index) > 15) return undefined;
  return [7, 9, 10, 11, 12, 13, 14, 15].includes(Number(index)) ? "light" : "dark";
}
