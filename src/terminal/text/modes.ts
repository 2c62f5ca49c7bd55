/**
 * The lasting modes (DEC private modes) that full-screen apps change, as they are when nobody has: cursor keys, wrapping,
 * cursor, second screen in its three forms, mouse and focus reports, synchronised output.
 */
const DEFAULTS: ReadonlyMap<number, boolean> = new Map([
  [1, false],
  [7, true],
  [25, true],
  [1000, false],
  [1002, false],
  [1003, false],
  [1004, false],
  [1005, false],
  [1006, false],
  [1015, false],
  [1016, false],
  [2026, false],
  [47, false],
  [1047, false],
  [1049, false],
]);
const SECOND_SCREENS: readonly number[] = [47, 1047, 1049];

const SET_OR_RESET = /\x1b\[\?([\d;]+)([hl])/g;

/** Remembers what an app has changed of a terminal, so that it can be brought back when the app is ended half way. */
export class ScreenModes {
  #changed: Set<number> | undefined;

  /** Notes the modes that a text sets and resets. A sequence that is cut in two is not seen. */
  note(text: string): void {
    if (!text.includes("\x1b[?")) return;
    for (const [, parameters = "", final] of text.matchAll(SET_OR_RESET)) {
      for (const mode of parameters.split(";").map(Number)) {
        const byDefault = DEFAULTS.get(mode);
        if (byDefault === undefined) continue;
        if ((final === "h") === byDefault) this.#changed?.delete(mode);
        else (this.#changed ??= new Set()).add(mode);
      }
    }
  }

  /** Whether the second screen is shown, and not the one with the scrollback. */
  get isSecondScreen(): boolean {
    return SECOND_SCREENS.some((mode) => this.#changed?.has(mode) === true);
  }

  /** What brings the terminal back to where nobody has changed it; empty when nobody has. */
  restore(): string {
    if (this.#changed === undefined || this.#changed.size === 0) return "";
    const resets = [...DEFAULTS].filter(([mode]) => this.#changed?.has(mode) === true);
    this.#changed = undefined;
    return `\x1b[m${resets.map(([mode, byDefault]) => `\x1b[?${mode}${byDefault ? "h" : "l"}`).join("")}`;
  }
}
