/** Bits of colour: none, the 16 of the user's own palette, 256, or all. */
export type ColorDepth = 1 | 4 | 8 | 24;

/** How a terminal shows pictures. */
export type ImageProtocol = "none" | "sixel" | "kitty" | "iterm";

/** What is known of a kind of terminal. */
export interface Terminal {
  readonly colors: ColorDepth;
  readonly unicode: boolean;
  /** Whether it is asked what it can do. What is no emulator, or an old one, prints questions that it does not know. */
  readonly asked: boolean;
  readonly bracketedPaste: boolean;
  readonly hyperlinks: boolean;
  readonly kittyKeyboard: boolean;
  readonly synchronizedOutput: boolean;
  readonly images: ImageProtocol;
  /** It shows what runs in it in another terminal, whose variables do not count. */
  readonly isMultiplexer: boolean;
}

/** A terminal that moves no cursor, or none at all. */
export const DUMB: Terminal = {
  colors: 1,
  unicode: false,
  asked: false,
  bracketedPaste: false,
  hyperlinks: false,
  kittyKeyboard: false,
  synchronizedOutput: false,
  images: "none",
  isMultiplexer: false,
};

/** A terminal of which no more is known than that it is one. */
const UNKNOWN: Terminal = { ...DUMB, colors: 4, unicode: true, asked: true, bracketedPaste: true };

/** The same with what is known to be different. */
function emulator(colors: ColorDepth, traits: Partial<Terminal> = {}): Terminal {
  return { ...UNKNOWN, colors, ...traits };
}

/** A terminal of all colours with links, kept up to this day. */
function modern(traits: Partial<Terminal> = {}): Terminal {
  return emulator(24, { hyperlinks: true, synchronizedOutput: true, ...traits });
}

/** The screen of a machine, or the terminal on a serial line, and what goes by its name. */
function screen(colors: ColorDepth, unicode = false): Terminal {
  return { ...DUMB, colors, unicode };
}

const kitty = { kittyKeyboard: true } as const;
const iterm = modern({ images: "iterm" });
const vte = emulator(24, { hyperlinks: true });
const xtermJs = emulator(24, { hyperlinks: true });

/**
 * Terminals by the names that they go by, in small letters: in TERM without its endings, in TERM_PROGRAM, and in their
 * own words (XTVERSION). The programs are as they come, without options; what depends on one is found by asking.
 */
export const TERMINALS: ReadonlyMap<string, Terminal> = new Map<string, Terminal>([
  ["", DUMB],
  ["dumb", DUMB],
  ["unknown", DUMB],
  ["emacs", DUMB],
  ["network", DUMB],

  ["alacritty", modern(kitty)],
  ["contour", modern({ images: "sixel" })],
  ["domterm", emulator(24, { hyperlinks: true })],
  ["foot", modern({ ...kitty, images: "sixel" })],
  ["ghostty", modern({ ...kitty, images: "kitty" })],
  ["iterm", iterm],
  ["iterm.app", iterm],
  ["iterm2", iterm],
  ["kitty", modern({ ...kitty, images: "kitty" })],
  ["konsole", vte],
  ["mintty", modern({ images: "iterm" })],
  ["mlterm", emulator(24, { images: "sixel" })],
  ["ms-terminal", emulator(24, { hyperlinks: true })],
  ["rio", modern({ ...kitty, images: "sixel" })],
  ["terminology", emulator(24, { hyperlinks: true })],
  ["warpterminal", modern()],
  ["wezterm", modern({ images: "iterm" })],
  ["xterm-ghostty", modern({ ...kitty, images: "kitty" })],
  ["xterm-kitty", modern({ ...kitty, images: "kitty" })],

  ["gnome", vte],
  ["terminator", vte],
  ["termite", vte],
  ["vte", vte],
  ["xfce", vte],
  ["hyper", xtermJs],
  ["tabby", xtermJs],
  ["vscode", xtermJs],
  ["xterm.js", xtermJs],

  ["st", emulator(24)],
  ["stterm", emulator(24)],
  ["apple_terminal", emulator(8)],
  ["nsterm", emulator(8)],
  ["putty", emulator(4)],
  ["rxvt", emulator(4)],
  ["rxvt-unicode", emulator(4)],
  ["xterm", emulator(4)],
  ["screen", emulator(4, { isMultiplexer: true })],
  ["tmux", emulator(8, { isMultiplexer: true })],

  ["ansi", screen(4)],
  ["cons25", screen(4)],
  ["cygwin", screen(4, true)],
  ["eterm", screen(4, true)],
  ["fbterm", screen(8, true)],
  ["hurd", screen(4)],
  // It has letters, and no more signs than fit into a font of 512.
  ["linux", screen(4)],
  ["pcansi", screen(4)],
  ["scoansi", screen(4)],
  ["sun", screen(1)],
  ["sun-color", screen(4)],
  ["wsvt25", screen(4)],
]);

/** DEC's and Wyse's terminals, from the VT52 on: one colour, one language, nothing to ask. */
const HARDWARE = /^(?:vt\d|wy(?:se)?-?\d|h19|adm\d|tvi\d|d2\d\d)/;
const HARDWARE_TERMINAL = screen(1);

/** What an ending of a name in TERM says about the colours. */
const ENDINGS: readonly (readonly [shape: RegExp, colors: ColorDepth])[] = [
  [/-(?:direct\d*|truecolor|24bits?)\b/, 24],
  [/-256colou?r\b/, 8],
  [/-(?:16|88)?colou?r\b/, 4],
  [/-m(?:\d\w?|ono)?\b/, 1],
];

/** SSH lets no name be longer, and none is. */
const MAX_NAME = 64;

/** The terminal that a value of TERM stands for: that of the longest beginning that is known, with what its endings say. */
export function terminalOf(term: string): Terminal {
  const name = term.slice(0, MAX_NAME).toLowerCase();
  const terminal = HARDWARE.test(name) ? HARDWARE_TERMINAL : longestKnown(name);
  const [, colors] = ENDINGS.find(([shape]) => shape.test(name)) ?? [];
  if (colors === undefined || terminal === DUMB) return terminal;
  return { ...terminal, colors: colors === 1 ? 1 : (Math.max(colors, terminal.colors) as ColorDepth) };
}

function longestKnown(name: string): Terminal {
  let known = TERMINALS.get(name);
  for (let end = name.length; known === undefined && end > 0;) {
    end = Math.max(name.lastIndexOf("-", end - 1), name.lastIndexOf(".", end - 1));
    if (end > 0) known = TERMINALS.get(name.slice(0, end));
  }
  return known ?? UNKNOWN;
}
