import type { Output } from "../client/output.ts";

/** How much of the mouse is told: presses, releases and the wheel; moves with a button held as well; all moves. */
export type MouseReach = "click" | "drag" | "move";

/** What somebody wants a terminal to tell besides what it tells by itself. */
export interface Wanted {
  readonly mouse?: MouseReach | undefined;
  /** That keys are let go, by a terminal that has the kitty keyboard protocol. */
  readonly releases?: boolean;
}

const REACHES: readonly MouseReach[] = ["click", "drag", "move"];

/**
 * xterm, ctlseqs, "Mouse Tracking": each reach has those below it, for a terminal that does not go so far; PuTTY has no
 * mode 1003. Mode 1006 is the encoding.
 */
const MODES: Readonly<Record<MouseReach, readonly number[]>> = {
  click: [1000, 1006],
  drag: [1000, 1002, 1006],
  move: [1000, 1002, 1003, 1006],
};

/** The kitty keyboard protocol: 1, no two keys send the same, and 2, their events. Text comes as text all the same. */
const RELEASES_ON = "\x1b[>3u";
const RELEASES_OFF = "\x1b[<u";

/** Has a terminal report what somebody wants to know, for as long as that is so. */
export class Reports {
  readonly #output: Output;
  readonly #wanted: Set<Wanted> = new Set();
  #mouse: MouseReach | undefined;
  #releases = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** From here on somebody wants to know. */
  add(wanted: Wanted): void {
    this.#wanted.add(wanted);
    this.#settle();
  }

  /** Somebody has seen enough. */
  delete(wanted: Wanted): void {
    this.#wanted.delete(wanted);
    this.#settle();
  }

  #settle(): void {
    const all = [...this.#wanted];
    const mouse = REACHES.findLast((reach) => all.some((wanted) => wanted.mouse === reach));
    const releases = all.some((wanted) => wanted.releases === true);
    let text = "";
    if (mouse !== this.#mouse) {
      if (this.#mouse !== undefined) text += modes(this.#mouse, "l");
      if (mouse !== undefined) text += modes(mouse, "h");
    }
    if (releases !== this.#releases) text += releases ? RELEASES_ON : RELEASES_OFF;
    this.#mouse = mouse;
    this.#releases = releases;
    this.#output.write(text);
  }
}

function modes(reach: MouseReach, final: "h" | "l"): string {
  return MODES[reach].map((mode) => `\x1b[?${mode}${final}`).join("");
}
