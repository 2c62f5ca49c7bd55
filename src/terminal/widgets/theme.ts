/** The signs that widgets are drawn with; each is one cell wide unless it says otherwise. */
export interface Glyphs {
  /** Whether they are more than ASCII. */
  readonly unicode: boolean;
  /** Says that text is missing. */
  readonly ellipsis: string;
  readonly pointer: string;
  readonly on: string;
  readonly off: string;
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
  readonly separator: string;
  /** What a hidden character is shown as. */
  readonly mask: string;
  /** Of any width. */
  readonly success: string;
  readonly failure: string;
  readonly filled: string;
  readonly empty: string;
  /** The pictures of a spinner, one after the other. */
  readonly spin: readonly string[];
  /** Of a box: horizontal, vertical, then the corners from the top left on, clockwise. */
  readonly box: readonly [string, string, string, string, string, string];
}

const UNICODE: Glyphs = {
  unicode: true,
  ellipsis: "…",
  pointer: "❯",
  on: "●",
  off: "○",
  up: "↑",
  down: "↓",
  left: "‹",
  right: "›",
  separator: "·",
  mask: "•",
  success: "✔",
  failure: "✘",
  filled: "█",
  empty: "░",
  spin: Array.from("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"),
  box: ["─", "│", "╭", "╮", "╯", "╰"],
};

const ASCII: Glyphs = {
  unicode: false,
  ellipsis: ">",
  pointer: ">",
  on: "x",
  off: "-",
  up: "^",
  down: "v",
  left: "<",
  right: ">",
  separator: "-",
  mask: "*",
  success: "ok",
  failure: "failed:",
  filled: "#",
  empty: ".",
  spin: ["-", "\\", "|", "/"],
  box: ["-", "|", "+", "+", "+", "+"],
};

/** The signs for a terminal, by whether it shows Unicode. */
export function glyphsFor(unicode: boolean): Glyphs {
  return unicode ? UNICODE : ASCII;
}

type Style = (text: string) => string;

/** Colours of the terminal's own palette, and attributes; each ends what it begins and nothing else. */
export const bold: Style = wrapped(1, 22);
export const dim: Style = wrapped(2, 22);
export const inverse: Style = wrapped(7, 27);
export const red: Style = wrapped(31, 39);
export const green: Style = wrapped(32, 39);
export const accent: Style = wrapped(36, 39);

function wrapped(on: number, off: number): Style {
  return (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}
