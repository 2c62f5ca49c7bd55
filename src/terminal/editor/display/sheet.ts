import { BELL, CLEAR_SCREEN, ERASE_BELOW } from "../../text/ansi.ts";
import type { Edit } from "../buffer/line.ts";
import type { Composition, Material } from "./composition.ts";
import { type Display, type Size, sizeOf } from "./view.ts";

/** What is on a sheet: asked for its material whenever something is to be drawn. */
export interface Source {
  readonly composition: Composition;
  material(size: Size): Material;
}

/** What is not yet on the screen of what was done. */
interface Pending {
  from: number | undefined;
  bell: boolean;
}

/** The rows at the bottom of the screen that belong to what is edited: knows whether they are shown, and what is to be drawn. */
export class Sheet {
  readonly #write: (text: string) => void;
  #display: Display;
  #source: Source | undefined;
  #isShown = false;
  #pending: Pending | undefined;
  #isBatch = false;

  constructor(write: (text: string) => void, display: Display) {
    this.#write = write;
    this.#display = display;
  }

  /** From here on another display draws. */
  set display(display: Display) {
    const wasShown = this.#isShown;
    const erased = this.#erase();
    this.#display = display;
    this.#isShown = wasShown;
    if (wasShown) this.#write(erased + this.#draw(true));
  }

  /** Shows a source, from the first column on; one that was there gives way. */
  begin(source: Source): void {
    const erased = this.#erase();
    this.#source = source;
    this.#isShown = true;
    this.#write(erased + this.#draw(true));
  }

  /** Adds an edit to what is to be drawn. */
  note(edit: Edit): void {
    if (edit.kind === "none") return;
    const pending = (this.#pending ??= { from: undefined, bell: false });
    if (edit.kind === "refused") pending.bell = true;
    if (edit.kind !== "changed") return;
    pending.from = Math.min(edit.from, pending.from ?? edit.from);
    pending.bell ||= edit.clipped;
  }

  /** Something else may be to be shown, though the line is the same. */
  touch(): void {
    this.#pending ??= { from: undefined, bell: false };
  }

  /** Draws what is to be drawn, unless more is to come. */
  refresh(): void {
    if (this.#isBatch) return;
    const text = this.#update();
    if (text !== "") this.#write(text);
  }

  /** Draws once, when the work is done. */
  batch<T>(work: () => T): T {
    this.#isBatch = true;
    try {
      return work();
    } finally {
      this.#isBatch = false;
      this.refresh();
    }
  }

  hide(): void {
    const erased = this.#erase();
    if (erased !== "") this.#write(erased);
  }

  show(): void {
    if (this.#source === undefined || this.#isShown) return;
    this.#isShown = true;
    this.#write(this.#draw());
  }

  /** Takes the source off the screen for good. */
  cancel(): void {
    this.hide();
    this.#source = undefined;
    this.#pending = undefined;
  }

  /** Leaves the source on the screen as it is, with a mark behind it and the cursor in the first column below. */
  leave(mark: string): void {
    const wasShown = this.#isShown;
    const moved = this.#update();
    this.#source = undefined;
    this.#isShown = false;
    if (!wasShown) return;
    // To erase from the first column tells the terminal that what follows is not part of the line that wrapped to it.
    const newline = mark === "" && this.#display.isAtFreshRow ? ERASE_BELOW : "\r\n";
    this.#write(moved + mark + newline);
  }

  printAbove(text: string): void {
    if (text === "") return;
    const lines = text.replace(/\r?\n/g, "\r\n");
    const wasShown = this.#isShown;
    const erased = this.#erase();
    this.#isShown = wasShown;
    const drawn = wasShown ? this.#draw() : "";
    this.#write(erased + lines + (lines.endsWith("\r\n") ? "" : "\r\n") + drawn);
  }

  resize(columns: number, rows: number): void {
    const source = this.#source;
    if (source === undefined || !this.#isShown) {
      this.#display.resize(columns, rows);
      return;
    }
    const updated = this.#update();
    const drawn = source.composition.view;
    source.composition.compose(source.material(sizeOf(columns, rows)), 0);
    const text = updated + this.#display.resized(columns, rows, drawn, source.composition.view);
    if (text !== "") this.#write(text);
  }

  clearScreen(): void {
    this.#write(CLEAR_SCREEN + (this.#isShown ? this.#draw(true) : ""));
  }

  /** Draws what is pending. */
  #update(): string {
    const { pending, source } = this.#take();
    if (pending === undefined) return "";
    let drawn = "";
    if (source !== undefined && this.#isShown) {
      const { composition } = source;
      const { from, until } = composition.compose(source.material(this.#display), pending.from);
      drawn = this.#display.update(composition.view, from, until);
    }
    return pending.bell ? drawn + BELL : drawn;
  }

  /** Draws all, and with it what is pending. */
  #draw(afresh = false): string {
    const { pending, source } = this.#take();
    if (source === undefined) return "";
    source.composition.compose(source.material(this.#display), 0);
    return this.#display.draw(source.composition.view, afresh) + (pending?.bell === true ? BELL : "");
  }

  #take(): { pending: Pending | undefined; source: Source | undefined } {
    const pending = this.#pending;
    this.#pending = undefined;
    return { pending, source: this.#source };
  }

  #erase(): string {
    if (this.#source === undefined || !this.#isShown) return "";
    this.#isShown = false;
    return this.#display.erase();
  }
}
