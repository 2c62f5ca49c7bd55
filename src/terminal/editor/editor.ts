import type { Foreground, Outcome } from "../foreground.ts";
import type { Key, KeyEvent, Paste } from "../keys/key.ts";
import { withoutLastBreaks } from "./buffer/clean.ts";
import { type Edit, REFUSED } from "./buffer/line.ts";
import { deleteRight } from "./commands/changes.ts";
import { chordOf } from "./commands/chord.ts";
import { perform } from "./commands/draft.ts";
import { type Command, KEYMAP, PREFIXES } from "./commands/keymap.ts";
import { KillRing } from "./commands/kill-ring.ts";
import type { CompletionRequest, Completions } from "./completion/candidates.ts";
import { complete, wait } from "./completion/completer.ts";
import { MenuMode } from "./completion/menu-mode.ts";
import { WaitMode } from "./completion/wait-mode.ts";
import { Painter, type Reflow } from "./display/painter.ts";
import { Sequential } from "./display/sequential.ts";
import { Sheet } from "./display/sheet.ts";
import type { Display } from "./display/view.ts";
import { Entry, type PromptOptions } from "./entry.ts";
import type { History } from "./history/history.ts";
import type { Mode } from "./mode.ts";
import { SearchMode } from "./search/mode.ts";
import { type Direction, Search } from "./search/search.ts";

/** How a {@link LineEditor} is made. */
export interface LineEditorOptions {
  /** Takes what is to be sent to the terminal: one call a key, in order. */
  write: (text: string) => void;
  /** Size of the terminal in cells; 0 means unknown and is taken for 80 by 24. */
  columns: number;
  rows: number;
  /** The lines that Up goes back to; those entered are added to it. */
  history?: History;
  /** Hears of each line that joins the history, to keep it somewhere. */
  kept?: (line: string) => void;
  /** Which lines the terminal wraps anew when its width changes. Default all, as most do. */
  reflow?: Reflow;
  /** UTF-16 code units that a line may have; beyond it the bell rings. Default 4,096, as in the line discipline of Unix. */
  limit?: number;
  /** Writes for those who hear the screen: see {@link LineEditor.setScreenReader}. Default false. */
  screenReader?: boolean;
  /** Hears of what a function of {@link PromptOptions} throws; the line goes on without it. */
  failed?: (error: unknown) => void;
}

const DEFAULT_LIMIT = 4096;
/** So many candidates are read out. */
const MAX_SPOKEN = 50;

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
 * {@link show} around it. A paste never submits.
 */
export class LineEditor implements Foreground<string> {
  readonly #history: History | undefined;
  readonly #limit: number;
  #reflow: Reflow;
  readonly #kept: ((line: string) => void) | undefined;
  readonly #failed: (error: unknown) => void;
  readonly #kills = new KillRing();
  readonly #sheet: Sheet;
  #display: Display;
  #entry: Entry | undefined;
  /** What the history was searched for last. */
  #pattern = "";

  constructor(options: LineEditorOptions) {
    const { write, columns, rows, history, kept, failed, reflow = "all", limit = DEFAULT_LIMIT } = options;
    this.#history = history;
    this.#limit = limit;
    this.#reflow = reflow;
    this.#kept = kept;
    this.#failed = (error) => failed?.(error);
    this.#display = makeDisplay(columns, rows, options.screenReader === true ? "sequential" : reflow);
    this.#sheet = new Sheet(write, this.#display);
  }

  /** The terminal is found to be another: see {@link LineEditorOptions.reflow}. */
  set reflow(reflow: Reflow) {
    this.#reflow = reflow;
    if (this.#display instanceof Painter) this.#display.reflow = reflow;
  }

  /** Whether a line is being edited, be it hidden or not. */
  get active(): boolean {
    return this.#entry !== undefined;
  }

  /** What has been typed so far. */
  get text(): string {
    return this.#entry?.line.text ?? "";
  }

  /**
   * Shows a prompt and begins a line. The cursor must be in the first column. The prompt may have several rows, colours
   * (SGR) and hyperlinks (OSC 8); other control sequences are left out. A line that is being edited is given up.
   */
  prompt(text: string, options: PromptOptions = {}): void {
    this.#entry?.mode?.end();
    const shared = { kills: this.#kills, history: this.#history, limit: this.#limit, failed: this.#failed };
    this.#entry = new Entry(text, options, shared);
    if (this.#isSpoken) this.#entry.suggestion?.end();
    this.#sheet.begin(this.#entry);
  }

  /** Takes a key or a paste; answers how the prompt ended, if it did. Without a prompt nothing happens. */
  key(event: KeyEvent): Outcome<string> | undefined {
    const entry = this.#entry;
    if (entry === undefined) return undefined;
    let outcome: Outcome<string> | undefined;
    if (event.type === "paste") this.#paste(entry, event);
    else if (event.type === "key" && event.event !== "release") outcome = this.#press(entry, event);
    this.#sheet.refresh();
    return outcome;
  }

  /** Takes the candidates that were asked for; nothing happens when nobody waits for them any more. */
  completed(request: CompletionRequest, completions: Completions): void {
    const entry = this.#entry;
    const mode = entry?.mode;
    if (entry === undefined || !(mode instanceof WaitMode) || mode.request !== request) return;
    entry.mode = undefined;
    entry.suggestion?.forget();
    const { edit, menu } = complete(entry.draft, mode, completions);
    this.#sheet.note(edit);
    if (menu !== undefined) {
      entry.mode = new MenuMode(entry.draft, menu.menu, menu.start);
      this.#sheet.touch();
    }
    this.#sheet.refresh();
    if (menu !== undefined && this.#isSpoken) this.#sheet.printAbove(menu.menu.spoken(MAX_SPOKEN).join("\n"));
  }

  /** Takes a suggestion for a text that came late; nothing happens when the line is another by now. */
  suggested(text: string, suggestion: string | undefined): void {
    const { line, suggestion: shown } = this.#entry ?? {};
    if (line === undefined || shown?.offer(text, suggestion, line) !== true) return;
    this.#sheet.touch();
    this.#sheet.refresh();
  }

  /**
   * Draws once, when the work is done, what all keys in it did: for the keys that came in one chunk. The time for a key
   * is then that of the edit, not that of the drawing, which a long line makes dear.
   */
  batch<T>(work: () => T): T {
    return this.#sheet.batch(work);
  }

  /** Takes the prompt and the line off the screen, so that something else can be written where they were. */
  hide(): void {
    this.#sheet.hide();
  }

  /** Shows them again after {@link hide}, from the cursor on, which must be in the first column. */
  show(): void {
    this.#sheet.show();
  }

  /**
   * Writes whole lines above the prompt; what is half typed stays below. The text may have colours; it is not made
   * harmless. A newline is added at its end if there is none.
   */
  printAbove(text: string): void {
    this.#sheet.printAbove(text);
  }

  /** The terminal has another size, in cells. */
  resize(columns: number, rows: number): void {
    this.#sheet.resize(columns, rows);
  }

  /** Changes the prompt of the line that is being edited. */
  setPrompt(text: string): void {
    if (this.#entry === undefined) return;
    this.#entry.prompt = text;
    this.#sheet.touch();
    this.#sheet.refresh();
  }

  /**
   * With `true`, nothing that was written is ever written over: what changes in the middle of a line comes as a new row,
   * candidates come as lines, and nothing is suggested. That is what a screen reader can follow.
   */
  setScreenReader(isOn: boolean): void {
    if (isOn === this.#isSpoken) return;
    const { columns, rows } = this.#display;
    this.#display = makeDisplay(columns, rows, isOn ? "sequential" : this.#reflow);
    if (isOn) this.#entry?.suggestion?.end();
    this.#sheet.display = this.#display;
  }

  /** Empties the screen; prompt and line are then at its top. */
  clearScreen(): void {
    this.#sheet.clearScreen();
  }

  /** Gives the line up and takes it off the screen. */
  cancel(): void {
    this.#entry?.mode?.end();
    this.#entry = undefined;
    this.#sheet.cancel();
  }

  get #isSpoken(): boolean {
    return this.#display instanceof Sequential;
  }

  #press(entry: Entry, key: Key): Outcome<string> | undefined {
    if (entry.mode !== undefined) {
      const turn = entry.mode.key(key);
      this.#after(entry, entry.mode, turn.edit, turn.next !== "stay");
      if (turn.next !== "pass") return undefined;
    }
    if (key.text !== "" && entry.prefix === "") {
      this.#type(entry, key.text);
      return undefined;
    }
    const chord = entry.prefix + chordOf(key, KEYMAP);
    entry.prefix = PREFIXES.has(chord) ? `${chord} ` : "";
    const command = KEYMAP.get(chord);
    return command === undefined ? undefined : this.#command(entry, command);
  }

  #paste(entry: Entry, paste: Paste): void {
    entry.prefix = "";
    if (entry.mode !== undefined) {
      const turn = entry.mode.paste(paste);
      this.#after(entry, entry.mode, turn.edit, turn.next !== "stay");
      if (turn.next !== "pass") return;
    }
    entry.draft.streak = undefined;
    this.#edited(entry, entry.line.insert(paste.last ? withoutLastBreaks(paste.text) : paste.text));
  }

  #command(entry: Entry, command: Command): Outcome<string> | undefined {
    const { draft, line } = entry;
    switch (command.kind) {
      case "edit":
        if (command.takes !== undefined && this.#take(entry, command.takes)) return undefined;
        this.#edited(entry, perform(draft, command.act));
        return undefined;
      case "submit":
        return this.#submit(entry);
      case "interrupt":
        this.#finish(entry, "^C");
        return { type: "interrupt" };
      case "erase-or-end":
        if (line.length > 0) {
          this.#edited(entry, perform(draft, deleteRight));
          return undefined;
        }
        this.#finish(entry, "");
        return { type: "eof" };
      case "clear-screen":
        this.#sheet.clearScreen();
        return undefined;
      case "abort":
        this.#edited(entry, REFUSED);
        return undefined;
      case "complete":
        this.#complete(entry);
        return undefined;
      case "search":
        this.#search(entry, command.direction);
        return undefined;
    }
  }

  #type({ draft, line, suggestion }: Entry, text: string): void {
    draft.streak = undefined;
    const isAtEnd = line.cursor === line.length;
    const edit = line.insert(text, "typed");
    if (isAtEnd && edit.kind === "changed" && !edit.clipped) suggestion?.typed(text);
    else suggestion?.forget();
    this.#sheet.note(edit);
  }

  #edited({ suggestion }: Entry, edit: Edit): void {
    if (edit.kind !== "none") suggestion?.forget();
    this.#sheet.note(edit);
  }

  /** What a mode did, and its end. */
  #after(entry: Entry, mode: Mode, edit: Edit, isOver: boolean): void {
    this.#sheet.note(edit);
    if (mode instanceof SearchMode && mode.pattern !== "") this.#pattern = mode.pattern;
    if (isOver) {
      entry.mode = undefined;
      mode.end();
    }
    if (mode.material === undefined) return;
    // It may have shown anything in the place of the line.
    entry.suggestion?.forget();
    this.#sheet.touch();
  }

  /** Takes what is suggested behind the line; false when there is nothing. */
  #take(entry: Entry, how: "all" | "word"): boolean {
    const { suggestion, line, draft } = entry;
    if (suggestion === undefined || suggestion.rest === "") return false;
    draft.streak = undefined;
    this.#edited(entry, suggestion.take(line, how));
    return true;
  }

  #complete(entry: Entry): void {
    if (entry.complete === undefined) return;
    const mode = wait(entry.line);
    entry.mode = mode;
    try {
      entry.complete(mode.request);
    } catch (error) {
      this.completed(mode.request, { items: [] });
      this.#failed(error);
    }
  }

  #search(entry: Entry, direction: Direction): void {
    if (entry.history === undefined) {
      this.#sheet.note(REFUSED);
      return;
    }
    entry.draft.streak = undefined;
    entry.mode = new SearchMode(entry.line, new Search(entry.history, direction), this.#pattern);
    this.#sheet.touch();
  }

  #submit(entry: Entry): Outcome<string> {
    const { line, draft, history } = entry;
    const isCompleted = draft.streak?.kind === "completed" && line.cursor === line.length;
    this.#finish(entry, "");
    // The blank that a completion put behind the last word was there for more to be typed.
    const value = isCompleted ? line.text.replace(/ $/, "") : line.text;
    if (history?.add(value) === true) this.#kept?.(value);
    return { type: "done", value };
  }

  /** Leaves the line on the screen as it is, the cursor in the first column below it. */
  #finish(entry: Entry, mark: string): void {
    this.#entry = undefined;
    entry.suggestion?.end();
    this.#edited(entry, entry.line.moveTo(entry.line.length));
    this.#sheet.touch();
    this.#sheet.leave(mark);
  }
}

function makeDisplay(columns: number, rows: number, how: Reflow | "sequential"): Display {
  return how === "sequential" ? new Sequential(columns, rows) : new Painter({ columns, rows, reflow: how });
}
