import type { Foreground, Outcome } from "../foreground.ts";
import type { Key, KeyEvent } from "../keys/key.ts";
import { BELL, CLEAR_SCREEN, ERASE_BELOW } from "../text/ansi.ts";
import { graphemes } from "../text/graphemes.ts";
import type { History } from "./history.ts";
import { actionOf, chordOf } from "./keymap.ts";
import { KillRing } from "./kill-ring.ts";
import { type Edit, Line } from "./line.ts";
import { Painter } from "./painter.ts";

/** How a {@link LineEditor} is made. */
export interface LineEditorOptions {
  /** Takes what is to be sent to the terminal: one call a key, in order. */
  write: (text: string) => void;
  /** Size of the terminal in cells; 0 means unknown and is taken for 80 by 24. */
  columns: number;
  rows: number;
  /** The lines that Up goes back to; those entered are added to it. */
  history?: History;
  /**
   * Whether the terminal wraps the line with the cursor anew when its width changes, as most do (VTE, kitty, iTerm2,
   * Windows Terminal, Alacritty, tmux). xterm, PuTTY and xterm.js leave it as it is. Default true.
   */
  reflows?: boolean;
  /** UTF-16 code units that a line may have; beyond it the bell rings. Default 4,096, as in the line discipline of Unix. */
  limit?: number;
}

/** What one prompt asks for. */
export interface PromptOptions {
  /** Hides what is typed: behind one character each, or with `true` altogether. Nothing of it is kept anywhere. */
  mask?: string | true;
  /** Whether Up recalls earlier lines and this one joins them. Default true; with a mask it never does. */
  history?: boolean;
  /** Text that is there already, to be edited. */
  initial?: string;
}

const DEFAULT_LIMIT = 4096;

/**
 * A prompt with a line that is edited behind it, on a terminal of any width. Keys go in, what is to be sent comes out
 * through `write`; it reads nothing and sets no timer.
 *
 *     const editor = new LineEditor({ write: (text) => channel.write(text), columns: 80, rows: 24, history });
 *     editor.prompt("> ");
 *     for (const event of decoder.decode(bytes)) {
 *       const outcome = editor.key(event);
 *       if (outcome?.type === "done") run(outcome.value);
 *     }
 *
 * While a line is typed, nothing else may write to the terminal: use {@link printAbove}, or {@link hide} and
 * {@link show} around it. A paste never submits: its newlines become blanks.
 */
export class LineEditor implements Foreground<string> {
  readonly #write: (text: string) => void;
  readonly #history: History | undefined;
  readonly #limit: number;
  readonly #painter: Painter;
  readonly #kills = new KillRing();
  #line: Line | undefined;
  #keeps = false;
  #mask: string | undefined;
  #isShown = false;
  /** While several keys are taken: what they did that is not yet on the screen. */
  #pending: { from: number | undefined; bell: boolean } | undefined;
  #isBatch = false;

  constructor(options: LineEditorOptions) {
    const { write, columns, rows, history, reflows = true, limit = DEFAULT_LIMIT } = options;
    this.#write = write;
    this.#history = history;
    this.#limit = limit;
    this.#painter = new Painter({ columns, rows, reflows });
  }

  /** Whether a line is being edited, be it hidden or not. */
  get active(): boolean {
    return this.#line !== undefined;
  }

  /** What has been typed so far. */
  get text(): string {
    return this.#line?.text ?? "";
  }

  /**
   * Shows a prompt and begins a line. The cursor must be in the first column. The prompt may have several rows, colours
   * (SGR) and hyperlinks (OSC 8); other control sequences are left out. A line that is being edited is given up.
   */
  prompt(text: string, options: PromptOptions = {}): void {
    const erased = this.#erase();
    const { mask, history = true, initial = "" } = options;
    // A mask of several characters would tell more of the length than one.
    this.#mask = mask === true ? "" : mask === undefined ? undefined : (graphemes(mask)[0] ?? "");
    this.#keeps = history && mask === undefined;
    this.#line = new Line({
      history: this.#keeps ? this.#history : undefined,
      kills: this.#kills,
      secret: mask !== undefined,
      limit: this.#limit,
    });
    this.#line.set(initial);
    this.#painter.setPrompt(text, this.#mask);
    this.#isShown = true;
    this.#write(erased + this.#draw(this.#line, true));
  }

  /** Takes a key or a paste; answers how the prompt ended, if it did. Without a prompt nothing happens. */
  key(event: KeyEvent): Outcome<string> | undefined {
    const line = this.#line;
    if (line === undefined || event.type === "unknown") return undefined;
    if (event.type === "paste" || event.text !== "") {
      this.#edited(line, line.insert(event.text));
      return undefined;
    }
    return this.#command(line, event);
  }

  /**
   * Draws once, when the work is done, what all keys in it did: for the keys that came in one chunk. The time for a key
   * is then that of the edit, not that of the drawing, which a long line makes dear.
   */
  batch<T>(work: () => T): T {
    this.#isBatch = true;
    try {
      return work();
    } finally {
      this.#isBatch = false;
      const text = this.#update();
      if (text !== "") this.#write(text);
    }
  }

  /** Takes the prompt and the line off the screen, so that something else can be written where they were. */
  hide(): void {
    const erased = this.#erase();
    if (erased !== "") this.#write(erased);
  }

  /** Shows them again after {@link hide}, from the cursor on, which must be in the first column. */
  show(): void {
    if (this.#line === undefined || this.#isShown) return;
    this.#isShown = true;
    this.#write(this.#draw(this.#line));
  }

  /**
   * Writes whole lines above the prompt; what is half typed stays below. The text may have colours; it is not made
   * harmless. A newline is added at its end if there is none.
   */
  printAbove(text: string): void {
    if (text === "") return;
    const lines = text.replace(/\r?\n/g, "\r\n");
    const wasShown = this.#isShown;
    const erased = this.#erase();
    this.#isShown = wasShown;
    const drawn = wasShown && this.#line !== undefined ? this.#draw(this.#line) : "";
    this.#write(erased + lines + (lines.endsWith("\r\n") ? "" : "\r\n") + drawn);
  }

  /** The terminal has another size, in cells. */
  resize(columns: number, rows: number): void {
    if (this.#line === undefined || !this.#isShown) {
      this.#painter.resize(columns, rows);
      return;
    }
    const drawn = this.#update();
    this.#write(drawn + this.#painter.eraseResized(columns, rows, this.#line) + this.#draw(this.#line));
  }

  /** Changes the prompt of the line that is being edited. */
  setPrompt(text: string): void {
    if (this.#line === undefined) return;
    const wasShown = this.#isShown;
    const erased = this.#erase();
    this.#painter.setPrompt(text, this.#mask);
    if (!wasShown) return;
    this.#isShown = true;
    this.#write(erased + this.#draw(this.#line));
  }

  /** Empties the screen; prompt and line are then at its top. */
  clearScreen(): void {
    const drawn = this.#line !== undefined && this.#isShown ? this.#draw(this.#line, true) : "";
    this.#write(CLEAR_SCREEN + drawn);
  }

  /** Gives the line up and takes it off the screen; answers what had been typed, to be an `initial` later. */
  cancel(): string {
    const { text } = this;
    this.hide();
    this.#line = undefined;
    return text;
  }

  /** Keys that are not text: those that end the prompt, then those of the keymap. */
  #command(line: Line, key: Key): Outcome<string> | undefined {
    const chord = chordOf(key);
    switch (chord) {
      case "return":
      case "enter":
        return this.#submit(line);
      case "ctrl+c":
        this.#finish(line, "^C");
        return { type: "interrupt" };
      case "ctrl+d":
        if (line.length > 0) break;
        this.#finish(line, "");
        return { type: "eof" };
      case "ctrl+l":
        this.clearScreen();
        return undefined;
    }
    const action = actionOf(chord);
    if (action !== undefined) this.#edited(line, action(line));
    return undefined;
  }

  #submit(line: Line): Outcome<string> {
    this.#finish(line, "");
    const { text } = line;
    if (this.#keeps) this.#history?.add(text);
    return { type: "done", value: text };
  }

  /** Leaves the line on the screen as it is, the cursor in the first column below it. */
  #finish(line: Line, mark: string): void {
    this.#line = undefined;
    if (!this.#isShown) return;
    this.#note(line.end());
    const moved = this.#update(line);
    // To erase from the first column tells the terminal that what follows is not part of the line that wrapped to it.
    const newline = mark === "" && this.#painter.isAtFreshRow ? ERASE_BELOW : "\r\n";
    this.#isShown = false;
    this.#write(moved + mark + newline);
  }

  #edited(line: Line, edit: Edit): void {
    this.#note(edit);
    if (this.#isBatch) return;
    const text = this.#update(line);
    if (text !== "") this.#write(text);
  }

  /** Adds an edit to what is to be drawn. */
  #note(edit: Edit): void {
    if (edit.kind === "none") return;
    const pending = (this.#pending ??= { from: undefined, bell: false });
    if (edit.kind === "moved") return;
    pending.from = Math.min(edit.from, pending.from ?? edit.from);
    pending.bell ||= edit.clipped;
  }

  /** Draws what is to be drawn. */
  #update(line: Line | undefined = this.#line): string {
    const pending = this.#pending;
    if (pending === undefined) return "";
    this.#pending = undefined;
    const drawn = line !== undefined && this.#isShown ? this.#painter.update(line, pending.from) : "";
    return pending.bell ? drawn + BELL : drawn;
  }

  /** Draws all, and with it what was pending. */
  #draw(line: Line, afresh = false): string {
    const { bell = false } = this.#pending ?? {};
    this.#pending = undefined;
    return this.#painter.draw(line, afresh) + (bell ? BELL : "");
  }

  #erase(): string {
    if (this.#line === undefined || !this.#isShown) return "";
    this.#isShown = false;
    return this.#painter.erase();
  }
}
