import { TestingError } from "./error.ts";
import type { Place } from "./screen/screen.ts";

/** What an app has asked the terminal to tell of the mouse. */
export interface MouseModes {
  readonly mouseTrackingMode: "none" | "x10" | "vt200" | "drag" | "any";
  readonly sgrMouse: boolean;
}

/** A button of the mouse. */
export type MouseButton = "left" | "middle" | "right";

/** One thing that a mouse does. */
export type MouseAct =
  | { readonly type: "press" | "release" | "drag"; readonly button: MouseButton }
  | { readonly type: "move" }
  | { readonly type: "wheel"; readonly direction: "up" | "down" };

const BUTTONS: Readonly<Record<MouseButton, number>> = { left: 0, middle: 1, right: 2 };
/** Bits of the button code (xterm, "Mouse Tracking"). */
const MOTION = 32;
const WHEEL = 64;
const NO_BUTTON = 3;
/** What one byte of the old form can say: 255 - 32. */
const OLD_LIMIT = 223;

/** Which acts each mode reports. */
const REPORTED: Readonly<Record<MouseModes["mouseTrackingMode"], readonly MouseAct["type"][]>> = {
  none: [],
  x10: ["press"],
  vt200: ["press", "release", "wheel"],
  drag: ["press", "release", "wheel", "drag"],
  any: ["press", "release", "wheel", "drag", "move"],
};

/**
 * What a terminal sends when the mouse does something; nothing for what the app has not asked for.
 *
 * @throws TestingError `NOT_POSSIBLE` when the app has asked for nothing of the mouse.
 */
export function bytesOfMouse(act: MouseAct, { row, column }: Place, modes: MouseModes): Uint8Array {
  if (modes.mouseTrackingMode === "none") {
    throw new TestingError("NOT_POSSIBLE", "The app has not asked for the mouse, so the terminal tells it nothing.");
  }
  if (!REPORTED[modes.mouseTrackingMode].includes(act.type)) return new Uint8Array();
  const code = codeOf(act);
  if (modes.sgrMouse) {
    return Buffer.from(`\x1b[<${code};${column + 1};${row + 1}${act.type === "release" ? "m" : "M"}`);
  }
  if (column >= OLD_LIMIT || row >= OLD_LIMIT) return new Uint8Array(); // as terminals do: it cannot be said
  const released = act.type === "release" ? NO_BUTTON : code;
  return Uint8Array.of(0x1b, 0x5b, 0x4d, 32 + released, 33 + column, 33 + row);
}

function codeOf(act: MouseAct): number {
  switch (act.type) {
    case "wheel":
      return WHEEL + (act.direction === "up" ? 0 : 1);
    case "move":
      return MOTION + NO_BUTTON;
    case "drag":
      return MOTION + BUTTONS[act.button];
    default:
      return BUTTONS[act.button];
  }
}
