import type { IBuffer, IMarker, Terminal } from "@xterm/headless";
import { TestingError } from "../error.ts";
import { answerQueries } from "./answers.ts";
import { clusters } from "./clusters.ts";
import type { Xterm } from "./load-xterm.ts";
import type { TerminalProfile } from "./profile.ts";
import { picture } from "./picture.ts";
import { PrivateModes } from "./private-modes.ts";
import type { Place } from "./screen.ts";
import type { TerminalScreen } from "./terminal-screen.ts";
import { beforeCursor, dressed, firstRowOf, rowsFrom, scan, wholeLines } from "./reading.ts";
import { styleOf } from "./style.ts";

/** How a screen is made. */
export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  /** Which widths the terminal believes in: this package's, by whole clusters, or those of Unicode 6. Default clusters. */
  readonly widths?: "clusters" | "unicode6";
  /** What it tells of itself when it is asked; false for one that answers nothing. */
  readonly profile?: TerminalProfile | false;
}

/** Lines that have scrolled out and can still be looked at. */
const SCROLLBACK = 2000;

/** xterm.js itself has this method; only its typings do not. Its own `write` waits for a timer, which a test may have stopped. */
interface WithCore {
  readonly _core?: { writeSync?(data: string | Uint8Array): void };
}

/** A terminal without a window (xterm.js) to draw on, and what a reader of it sees. */
export class ScreenModel implements TerminalScreen {
  bells = 0;
  title = "";
  readonly #terminal: Terminal;
  readonly #modes: PrivateModes;
  #reply: (text: string) => void = () => undefined;

  constructor(xterm: Xterm, { columns, rows, widths = "clusters", profile = {} }: ScreenOptions) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK,
      allowProposedApi: true,
      logLevel: "off",
    });
    const { unicode } = this.#terminal;
    if (widths === "clusters") {
      unicode.register(clusters);
      unicode.activeVersion = clusters.version;
    }
    this.#modes = new PrivateModes(this.#terminal);
    this.#terminal.onBell(() => void this.bells++);
    this.#terminal.onTitleChange((title) => (this.title = title));
    if (profile === false) return;
    this.#terminal.onData((text) => this.#reply(text));
    answerQueries(this.#terminal, profile, (text) => this.#reply(text));
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get lines(): readonly string[] {
    return rowsFrom(this.buffer, this.buffer.baseY);
  }

  get allLines(): readonly string[] {
    return rowsFrom(this.buffer, 0);
  }

  get cursor(): Place & { readonly visible: boolean } {
    const { cursorX, cursorY } = this.buffer;
    return { row: cursorY, column: cursorX, visible: this.#modes.isCursorVisible };
  }

  get isAlternate(): boolean {
    return this.buffer.type === "alternate";
  }

  get modes(): TerminalScreen["modes"] {
    return { ...this.#terminal.modes, sgrMouse: this.#modes.isSgrMouse };
  }

  text(): string {
    return this.lines.join("\n").trimEnd();
  }

  styled(): string {
    return dressed(this.buffer, this.buffer.baseY, (text, { words }) => (words === "" ? text : `‹${words}›${text}‹/›`));
  }

  ansi(): string {
    return dressed(this.buffer, this.buffer.baseY, (text, { codes }) =>
      codes === "" ? text : `\x1b[${codes}m${text}\x1b[m`,
    );
  }

  has(what: string | RegExp): boolean {
    return this.match(what) !== undefined;
  }

  match(what: string | RegExp): RegExpMatchArray | undefined {
    const pattern = patternOf(what);
    const buffer = this.buffer;
    const whole = wholeLines(buffer, buffer.baseY).join("\n").replace(/\n+$/, "");
    return this.text().match(pattern) ?? whole.match(pattern) ?? undefined;
  }

  find(what: string | RegExp): Place | undefined {
    return this.#placesOf(what)[0];
  }

  styleOf(what: string | RegExp): string {
    const places = this.#placesOf(what);
    if (places.length === 0) {
      throw new TestingError("BAD_ARGUMENT", `There is no ${String(what)} to look at.\n${picture(this)}`);
    }
    const { baseY } = this.buffer;
    const cells = places.map(({ row, column }) => this.buffer.getLine(baseY + row)?.getCell(column));
    const looks = cells.map((cell) => (cell === undefined ? "" : styleOf(cell).words));
    return looks.filter((look, index) => look !== looks[index - 1]).join(" | ");
  }

  get beforeCursor(): string {
    return beforeCursor(this.buffer);
  }

  markRow(): () => readonly string[] {
    const marker: IMarker | undefined = this.#terminal.registerMarker(0);
    return () => {
      const buffer = this.buffer;
      const { baseY, cursorY } = buffer;
      // A row that has been erased is not remembered: then all of the screen is new.
      let first = marker === undefined || marker.line < 0 ? baseY : marker.line + 1;
      while (buffer.getLine(first)?.isWrapped === true) first++;
      marker?.dispose();
      return wholeLines(buffer, first, firstRowOf(buffer, baseY + cursorY));
    };
  }

  write(data: string | Uint8Array): void {
    const { _core: core } = this.#terminal as WithCore;
    if (core?.writeSync === undefined) {
      throw new TestingError(
        "MISSING_PACKAGE",
        "This version of @xterm/headless is not known here: npm install --save-dev @xterm/headless@6.0.0",
      );
    }
    core.writeSync(data);
  }

  onReply(reply: (text: string) => void): void {
    this.#reply = reply;
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** The cells. Looked up once for a look at the screen: xterm.js makes much of each access. */
  get buffer(): IBuffer {
    return this.#terminal.buffer.active;
  }

  #placesOf(what: string | RegExp): readonly Place[] {
    const { text, places } = scan(this.buffer, this.buffer.baseY);
    const match = text.match(patternOf(what));
    return match?.index === undefined ? [] : places.slice(match.index, match.index + match[0].length);
  }
}

function patternOf(what: string | RegExp): RegExp {
  if (typeof what === "string") return new RegExp(what.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  // With `g`, a match would have no index, and would depend on the one before.
  return new RegExp(what.source, what.flags.replace(/[gy]/g, ""));
}
