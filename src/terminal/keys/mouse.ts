import type { Parameters } from "./parameters.ts";
import { parameter } from "./parameters.ts";

/** What was done with the mouse, in cells of the screen. */
export interface Mouse {
  readonly type: "mouse";
  /** `drag` is a move with a button held. Moves are only told to who asked for them, and never by every terminal. */
  readonly action: "press" | "release" | "move" | "drag" | "wheel";
  /**
   * The button; for the wheel, the way it was turned. `"none"` for a move, and for a release when the terminal does not
   * tell which button it was.
   */
  readonly button: "left" | "middle" | "right" | "back" | "forward" | "up" | "down" | "none";
  /** Column and row, from 0 at the top left. */
  readonly x: number;
  readonly y: number;
  readonly ctrl: boolean;
  /** Alt, Option or Meta. */
  readonly alt: boolean;
  readonly shift: boolean;
  /** What the terminal sent, one character a byte. */
  readonly sequence: string;
}

/** xterm, ctlseqs, "Mouse Tracking": two bits are the button, the others these. */
const BUTTON = 3;
const SHIFT = 4;
const META = 8;
const CTRL = 16;
const MOTION = 32;
const GROUP = 64 + 128;

const BUTTONS: Readonly<Record<number, readonly Mouse["button"][]>> = {
  0: ["left", "middle", "right", "none"],
  64: ["up", "down", "left", "right"],
  128: ["back", "forward"],
};
const WHEEL = 64;

/** In the encodings with single bytes and in urxvt's, what all numbers are moved by. */
const OFFSET = 32;
/** No terminal is larger, as far as SSH is concerned. */
const LAST_CELL = 65_534;

/** `ESC [ < button ; x ; y M` (m for a release): the encoding of mode 1006, where any screen is small enough. */
export function sgrMouse(isRelease: boolean): (parameters: Parameters, sequence: string) => Mouse | undefined {
  return (parameters, sequence) => {
    if (parameters.length !== 3) return undefined;
    const [code, x, y] = [parameter(parameters, 0), parameter(parameters, 1), parameter(parameters, 2)];
    return mouse(code, x, y, isRelease, sequence);
  };
}

/** `ESC [ button ; x ; y M`: the encoding of mode 1015. */
export function urxvtMouse(parameters: Parameters, sequence: string): Mouse | undefined {
  if (parameters.length !== 3) return undefined;
  const code = parameter(parameters, 0) - OFFSET;
  return mouse(code, parameter(parameters, 1), parameter(parameters, 2), false, sequence);
}

/**
 * `ESC [ M` and three bytes: what X10 and the modes 1000 to 1003 send by themselves, up to column and row 223.
 *
 * Mode 1005 sends the same with UTF-8 in place of the bytes, which cannot be told apart: nobody should turn it on.
 */
export function byteMouse(sequence: string): Mouse | undefined {
  const at = (index: number): number => sequence.charCodeAt(index) - OFFSET;
  return mouse(at(3), at(4), at(5), false, sequence);
}

function mouse(code: number, column: number, row: number, isUp: boolean, sequence: string): Mouse | undefined {
  const group = code & GROUP;
  const button = BUTTONS[group]?.[code & BUTTON];
  if (button === undefined || code < 0 || code > 255) return undefined;
  return {
    type: "mouse",
    action: actionOf(group, button, (code & MOTION) !== 0, isUp),
    button,
    x: cell(column),
    y: cell(row),
    ctrl: (code & CTRL) !== 0,
    alt: (code & META) !== 0,
    shift: (code & SHIFT) !== 0,
    sequence,
  };
}

function actionOf(group: number, button: Mouse["button"], isMotion: boolean, isUp: boolean): Mouse["action"] {
  if (group === WHEEL) return "wheel";
  if (isMotion && !isUp) return button === "none" ? "move" : "drag";
  return isUp || button === "none" ? "release" : "press";
}

/** A terminal counts from 1; one that counts beyond any screen does not get anywhere. */
function cell(position: number): number {
  return Math.min(Math.max(position - 1, 0), LAST_CELL);
}
