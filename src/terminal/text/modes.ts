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

/** DEC private modes set and reset; the kitty keyboard protocol's enhancements put on their stack and taken off it. */
const CHANGE = /\x1b\[(?:\?([\d;]+)([hl])|([<>])(\d*)u)/g;
const BEGINNINGS: readonly string[] = ["\x1b[?", "\x1b[>", "\x1b[<"];

/** Remembers what an app has changed of a terminal, so that it can be brought back when the app is ended half way. */
export class ScreenModes {
  #changed: Set<number> | undefined;
  /** How often the keyboard was enhanced; each screen has a stack of its own. */
  #first = 0;
  #second = 0;

  /** Notes the modes that a text sets and resets. A sequence that is cut in two is not seen. */
  note(text: string): void {
    if (!BEGINNINGS.some((beginning) => text.includes(beginning))) return;
    for (const [, parameters = "", final, keyboard, count = ""] of text.matchAll(CHANGE)) {
      if (keyboard !== undefined) {
        this.#noteKeyboard(keyboard === ">" ? 1 : -(Number(count) || 1));
        continue;
      }
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
    const hasChanged = this.#changed !== undefined && this.#changed.size > 0;
    if (!hasChanged && this.#first === 0 && this.#second === 0) return "";
    const second = this.isSecondScreen ? keyboardsOff(this.#second) : "";
    const resets = [...DEFAULTS].filter(([mode]) => this.#changed?.has(mode) === true);
    const modes = resets.map(([mode, byDefault]) => `\x1b[?${mode}${byDefault ? "h" : "l"}`).join("");
    const first = keyboardsOff(this.#first);
    this.#changed = undefined;
    this.#first = 0;
    this.#second = 0;
    return `\x1b[m${second}${modes}${first}`;
  }

  #noteKeyboard(change: number): void {
    if (this.isSecondScreen) this.#second = Math.max(0, this.#second + change);
    else this.#first = Math.max(0, this.#first + change);
  }
}

/** Takes so many enhancements off the stack of the screen that is shown. */
function keyboardsOff(count: number): string {
  return count > 0 ? `\x1b[<${count}u` : "";
}
