import type { Terminal } from "@xterm/headless";
import type { TerminalProfile } from "./profile.ts";

const LIGHT = "rgb:fafa/fafa/fafa";
const DARK = "rgb:1c1c/1c1c/1c1c";

/**
 * Answers what xterm.js leaves to a window: it has none here. The rest (DA1, DA2, DSR, DECRQM, DECRQSS) xterm.js answers
 * by itself.
 */
export function answerQueries(terminal: Terminal, profile: TerminalProfile, reply: (text: string) => void): void {
  const { background = "dark", name } = profile;
  const colours: readonly (readonly [osc: number, colour: string])[] = [
    [10, background === "dark" ? LIGHT : DARK],
    [11, background === "dark" ? DARK : LIGHT],
    [12, background === "dark" ? LIGHT : DARK],
  ];
  for (const [osc, colour] of colours) {
    terminal.parser.registerOscHandler(osc, (data) => {
      if (data !== "?") return false;
      reply(`\x1b]${osc};${colour}\x1b\\`);
      return true;
    });
  }
  if (name === undefined) return;
  terminal.parser.registerCsiHandler({ prefix: ">", final: "q" }, () => {
    reply(`\x1bP>|${name}\x1b\\`);
    return true;
  });
}
