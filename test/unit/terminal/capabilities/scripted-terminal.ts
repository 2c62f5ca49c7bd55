/** What terminals answer to the questions that they know, by the bytes of the question. */
export type Answers = Readonly<Record<string, string>>;

const DA1 = "\x1b[c";
const XTVERSION = "\x1b[>q";
const KEYBOARD = "\x1b[?u";
const BACKGROUND = "\x1b]11;?\x1b\\";
const SYNC = "\x1b[?2026$p";
const PASTE = "\x1b[?2004$p";
const GRAPHICS = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";

/**
 * Terminals as they answer. Konsole 22.12, mlterm 3.9, st 0.9, urxvt 9.30, VTE 0.70, PuTTY 0.78, tmux 3.3 and the first
 * round of kitty, foot, xterm and Alacritty were recorded; the others are what their sources and manuals say.
 */
export const TERMINALS = {
  konsole: {
    [DA1]: "\x1b[?62;1;4c",
    [XTVERSION]: "\x1bP>|Konsole 22.12.3\x1b\\",
    [BACKGROUND]: "\x1b]11;rgb:2323/2626/2727\x1b\\",
    [GRAPHICS]: "\x1b_Gi=31;OK\x1b\\",
  },
  mlterm: {
    [DA1]: "\x1b[?63;1;2;3;4;6;7;15;18;22;29c",
    [BACKGROUND]: "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
  },
  st: { [DA1]: "\x1b[?6c", [BACKGROUND]: "\x1b]11;rgb:0000/0000/0000\x07" },
  urxvt: { [DA1]: "\x1b[?1;2c" },
  oldVte: { [DA1]: "\x1b[?65;1;9c", [BACKGROUND]: "\x1b]11;rgb:0000/0000/0000\x1b\\" },
  kitty: {
    [DA1]: "\x1b[?62;52;c",
    [XTVERSION]: "\x1bP>|kitty(0.42.1)\x1b\\",
    [KEYBOARD]: "\x1b[?0u",
    [BACKGROUND]: "\x1b]11;rgb:0000/0000/0000\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;1$y",
    [GRAPHICS]: "\x1b_Gi=31;OK\x1b\\",
  },
  foot: {
    [DA1]: "\x1b[?62;4;22;28;29;52c",
    [XTVERSION]: "\x1bP>|foot(1.22.3)\x1b\\",
    [KEYBOARD]: "\x1b[?0u",
    [BACKGROUND]: "\x1b]11;rgb:2424/2424/2424\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  xterm: {
    [DA1]: "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    [XTVERSION]: "\x1bP>|XTerm(390)\x1b\\",
    [BACKGROUND]: "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    [SYNC]: "\x1b[?2026;0$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  vte: {
    [DA1]: "\x1b[?61;1;21;22;28c",
    [XTVERSION]: "\x1bP>|VTE(7800)\x1b\\",
    [BACKGROUND]: "\x1b]11;rgb:ffff/ffff/dddd\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  wezterm: {
    [DA1]: "\x1b[?65;4;6;18;22;52c",
    [XTVERSION]: "\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\",
    [BACKGROUND]: "\x1b]11;rgb:0000/0000/0000\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  /** A `p` on the screen is all that it makes of DECRQM. */
  appleTerminal: {
    [DA1]: "\x1b[?1;2c",
    [BACKGROUND]: "\x1b]11;rgb:ffff/ffff/ffff\x07",
  },
  windowsTerminal: {
    [DA1]: "\x1b[?61;4;6;7;14;21;22;23;24;28;32;42;52c",
    [BACKGROUND]: "\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  alacritty: {
    [DA1]: "\x1b[?6c",
    [KEYBOARD]: "\x1b[?0u",
    [BACKGROUND]: "\x1b]11;rgb:1818/1818/1818\x1b\\",
    [SYNC]: "\x1b[?2026;2$y",
    [PASTE]: "\x1b[?2004;2$y",
  },
  putty: { [DA1]: "\x1b[?6c" },
  tmux: {
    [DA1]: "\x1b[?1;2;4c",
    [XTVERSION]: "\x1bP>|tmux 3.4\x1b\\",
    [BACKGROUND]: "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
  },
  mute: {},
} as const satisfies Record<string, Answers>;

/** What a terminal answers to what it gets. */
export function answersTo(output: string, terminal: Answers): string {
  let answers = "";
  for (let at = 0; at < output.length; at++) {
    for (const [question, answer] of Object.entries(terminal)) {
      if (output.startsWith(question, at)) answers += answer;
    }
  }
  return answers;
}
