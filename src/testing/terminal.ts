import { TestingError } from "./error.ts";
import { pause } from "./clock.ts";
import { bytesOfChord, bytesOfPaste } from "./keys.ts";
import type { MouseAct, MouseButton } from "./mouse.ts";
import { bytesOfMouse } from "./mouse.ts";
import { picture } from "./screen/picture.ts";
import type { Place, Screen } from "./screen/screen.ts";
import type { TerminalScreen } from "./screen/terminal-screen.ts";
import type { Falsy, WaitOptions } from "./visitor.ts";
import { nameOf, Visitor } from "./visitor.ts";
import type { Line } from "./way.ts";

/** What {@link Terminal.waitFor} takes: a text, an expression, or a function that gives something when it sees it. */
export type Pattern<Found = unknown> = string | RegExp | ((screen: Screen) => Found);

/** Output that is kept as it came, in characters. */
const MAX_OUTPUT = 4 * 1024 ** 2;
/** How long nothing follows an Escape key, so that it is one: milliseconds. Servers wait less than that. */
const AFTER_ESCAPE = 100;
/** What can be said over SSH is more; what a terminal of this machine can be given is this. */
const MAX_CLAIMED = 65_535;
const MAX_SCREEN = 500;

/**
 * A visitor at a terminal. What is typed arrives in its order, each key by itself; what is waited for is looked for when all
 * that was typed has arrived.
 */
export class Terminal<State> extends Visitor<State> {
  /** What the visitor sees. */
  readonly screen: Screen;
  readonly #screen: TerminalScreen;
  readonly #prompt: string | RegExp;
  readonly #decoder = new TextDecoder();
  #claimed: Size;
  #output = "";

  /** For `openTerminal`. */
  constructor(line: Line<State>, setup: TerminalSetup) {
    super(line, setup.username, setup.timeout);
    this.#screen = setup.screen;
    this.screen = setup.screen;
    this.#prompt = setup.prompt;
    this.#claimed = setup.size;
    setup.screen.onReply((text) => this.#send(text));
    line.listen((bytes) => this.#received(bytes));
  }

  /** All that the server has sent, as it came; of very much the last 4 Mi characters. */
  get output(): string {
    return this.#output;
  }

  /**
   * Types a text, key by key. `\r` and `\n` are the Enter key.
   *
   * @throws TestingError `BAD_ARGUMENT` for a text with escape sequences: those keys are pressed.
   */
  type(text: string): void {
    if (text.includes("\x1b")) {
      throw new TestingError("BAD_ARGUMENT", 'Nobody types escape sequences: press("up"), or send() them as they are.');
    }
    for (const { segment } of new Intl.Segmenter("en").segment(text)) {
      this.#key(() => (/^\r?\n$/.test(segment) ? "\r" : segment));
    }
  }

  /**
   * Presses keys, one after the other: `press("up", "enter")`, `press("ctrl+c")`, `press("alt+left")`, `press("x")`.
   *
   * @throws TestingError `BAD_ARGUMENT` for a key that there is not, or that a terminal cannot tell from another.
   */
  press(...chords: readonly string[]): void {
    for (const chord of chords) {
      bytesOfChord(chord, this.#screen.modes); // a mistake is told here, where it is
      this.#key(() => bytesOfChord(chord, this.#screen.modes));
    }
  }

  /** Pastes a text; marked as a paste when the app has asked for that. */
  paste(text: string): void {
    this.#key(() => bytesOfPaste(text, this.#screen.modes));
  }

  /** Sends bytes as they are, at once: what no key of a terminal sends. */
  send(bytes: string | Uint8Array): void {
    const sent = Buffer.from(bytes);
    this.enqueue(() => this.line.send(sent), "what is sent");
  }

  /** Clicks at a place, or at the first character of a text that is on the screen by then. */
  click(at: Place | string | RegExp, button: MouseButton = "left"): void {
    this.#mouse({ type: "press", button }, at);
    this.#mouse({ type: "release", button }, at);
  }

  /** Presses a button at one place, and lets it go at another. */
  drag(from: Place | string | RegExp, to: Place | string | RegExp, button: MouseButton = "left"): void {
    this.#mouse({ type: "press", button }, from);
    this.#mouse({ type: "drag", button }, to);
    this.#mouse({ type: "release", button }, to);
  }

  /** Moves the mouse to a place, with no button pressed. */
  hover(at: Place | string | RegExp): void {
    this.#mouse({ type: "move" }, at);
  }

  /** Turns the wheel by one notch. */
  wheel(direction: "up" | "down", at: Place | string | RegExp = { row: 0, column: 0 }): void {
    this.#mouse({ type: "wheel", direction }, at);
  }

  /**
   * Gives the terminal another size. Up to 65,535 columns and rows can be claimed, and 0; the {@link screen} has at most 500 of
   * each, and 80 by 24 for 0.
   */
  resize(columns: number, rows: number): void {
    const screen = screenSize({ columns, rows });
    this.enqueue(() => {
      // As terminals do: who is given the size that it has is told nothing.
      if (columns === this.#claimed.columns && rows === this.#claimed.rows) return undefined;
      this.#claimed = { columns, rows };
      this.#screen.resize(screen.columns, screen.rows);
      return this.line.resize(columns, rows);
    }, "another size");
  }

  /**
   * Waits until something is on the screen. Lines that the terminal has wrapped count as one, too.
   *
   * @returns the match of an expression, what a function gave (it is asked again while that is false, undefined or the like), or
   * the text.
   * @throws TestingError `TIMEOUT` or `ENDED`, with a picture of the screen.
   */
  waitFor(what: string, options?: WaitOptions): Promise<string>;
  waitFor(what: RegExp, options?: WaitOptions): Promise<RegExpMatchArray>;
  waitFor<Found>(what: (screen: Screen) => Found, options?: WaitOptions): Promise<Exclude<Found, Falsy>>;
  waitFor(what: Pattern, options?: WaitOptions): Promise<unknown> {
    return this.waitUntil(() => this.#look(what), nameOf(what), options);
  }

  /** Waits until something is not on the screen any more. @throws TestingError as {@link waitFor}. */
  async waitUntilGone(what: Pattern, options?: WaitOptions): Promise<void> {
    await this.waitUntil(
      () => (this.#look(what) === undefined ? true : undefined),
      `the end of ${nameOf(what)}`,
      options,
    );
  }

  /**
   * Enters a line at the prompt, and waits until the prompt is back.
   *
   * @returns what was printed between the two, as lines joined by newlines; those that the terminal had wrapped are whole.
   * @throws TestingError as {@link waitFor}.
   */
  async run(line: string, options?: WaitOptions): Promise<string> {
    const isAtPrompt = (): boolean => endsWith(this.#screen.beforeCursor, this.#prompt);
    await this.waitUntil(() => isAtPrompt() || undefined, `the prompt ${nameOf(this.#prompt)}`, options);
    const row = this.#screen.cursor.row;
    const since = this.#screen.markRow();
    this.type(line);
    if (line !== "") {
      const what = `the line ${JSON.stringify(line)} at the prompt`;
      await this.waitUntil(() => endsWith(this.#screen.beforeCursor, line) || undefined, what, options);
    }
    this.press("enter");
    await this.waitUntil(
      () => (isAtPrompt() && (line !== "" || this.#screen.cursor.row !== row) ? true : undefined),
      `the prompt ${nameOf(this.#prompt)} after ${JSON.stringify(line)}`,
      options,
    );
    return since().join("\n");
  }

  protected override describe(): string {
    return `${this.username} sees:\n${picture(this.screen)}`;
  }

  #look(what: Pattern): unknown {
    // While an update is under way that the app wants to be seen as a whole, nobody sees it.
    if (this.#screen.modes.synchronizedOutputMode) return undefined;
    if (typeof what === "function") return what(this.screen) || undefined;
    const match = this.#screen.match(what);
    return typeof what === "string" ? match?.[0] : match;
  }

  /** What a key sends depends on what the app has asked for by the time it is pressed. */
  #key(bytes: () => string): void {
    this.enqueue(async () => {
      const text = bytes();
      await this.line.send(Buffer.from(text));
      if (text === "\x1b") await pause(AFTER_ESCAPE);
    }, "a key");
  }

  #mouse(act: MouseAct, at: Place | string | RegExp): void {
    this.enqueue(() => this.line.send(bytesOfMouse(act, this.#placeOf(at), this.#screen.modes)), "the mouse");
  }

  #placeOf(at: Place | string | RegExp): Place {
    const place = typeof at === "object" && "row" in at ? at : this.#screen.find(at);
    const { columns, rows } = this.screen;
    if (place === undefined) {
      throw new TestingError("BAD_ARGUMENT", `There is no ${nameOf(at as string)} to point at.\n${this.describe()}`);
    }
    if (!(place.row >= 0 && place.row < rows && place.column >= 0 && place.column < columns)) {
      const { row, column } = place;
      throw new TestingError(
        "BAD_ARGUMENT",
        `Row ${row}, column ${column} is beyond a screen of ${columns} by ${rows}.`,
      );
    }
    return place;
  }

  #send(text: string): void {
    if (this.isOver) return;
    // Not at once: the server is in the middle of what it writes.
    queueMicrotask(() => void this.line.send(Buffer.from(text)));
  }

  #received(bytes: Uint8Array): void {
    this.#output += this.#decoder.decode(bytes, { stream: true });
    if (this.#output.length > 2 * MAX_OUTPUT) this.#output = this.#output.slice(-MAX_OUTPUT);
    this.#screen.write(bytes);
    this.changed();
  }
}

/** What {@link Terminal} is made with. */
export interface TerminalSetup {
  readonly username: string;
  readonly timeout: number;
  readonly screen: TerminalScreen;
  /** What the server has been told. */
  readonly size: Size;
  readonly prompt: string | RegExp;
}

/** A size in cells. */
interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The screen that a terminal of a size is played with: whatever the server is told, it has an end, and it has cells.
 *
 * @throws TestingError `BAD_ARGUMENT` for a size that nobody can claim.
 */
export function screenSize({ columns, rows }: Size): Size {
  const isSize = (size: number): boolean => Number.isInteger(size) && size >= 0 && size <= MAX_CLAIMED;
  if (!isSize(columns) || !isSize(rows)) {
    throw new TestingError(
      "BAD_ARGUMENT",
      `A terminal claims 0 to ${MAX_CLAIMED} columns and rows, not ${columns} by ${rows}.`,
    );
  }
  // xterm.js has no terminal of one column.
  return {
    columns: Math.min(columns === 0 ? 80 : Math.max(columns, 2), MAX_SCREEN),
    rows: Math.min(rows === 0 ? 24 : rows, MAX_SCREEN),
  };
}

function endsWith(text: string, end: string | RegExp): boolean {
  return typeof end === "string"
    ? text.endsWith(end)
    : new RegExp(`(?:${end.source})$`, end.flags.replace("g", "")).test(text);
}
