import type { Terminal } from "@xterm/headless";

const CURSOR = 25;
const SGR_MOUSE = 1006;

/** The modes of a terminal that xterm.js knows and does not tell. */
export class PrivateModes {
  isCursorVisible = true;
  isSgrMouse = false;

  constructor({ parser }: Terminal) {
    parser.registerCsiHandler({ prefix: "?", final: "h" }, (modes) => this.#set(modes, true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, (modes) => this.#set(modes, false));
    // DECSTR and RIS: a reset, soft and hard.
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, () => this.#reset());
    parser.registerEscHandler({ final: "c" }, () => this.#reset());
  }

  #set(modes: readonly (number | number[])[], isOn: boolean): false {
    if (modes.includes(CURSOR)) this.isCursorVisible = isOn;
    if (modes.includes(SGR_MOUSE)) this.isSgrMouse = isOn;
    return false; // xterm.js sees to the rest
  }

  #reset(): false {
    this.isCursorVisible = true;
    this.isSgrMouse = false;
    return false;
  }
}
