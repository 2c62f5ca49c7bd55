import type { Foreground, Glyphs, LiveItem } from "../../terminal/index.ts";
import { CLEAR_SCREEN, Live } from "../../terminal/index.ts";
import type { Output } from "../client/output.ts";

/** What is at the bottom of a screen, below all that is written. */
export type Bottom = Pick<Foreground<unknown>, "hide" | "show" | "printAbove" | "resize" | "clearScreen">;

/** How often rows that change by themselves are drawn, in milliseconds. */
const TICK = 100;

/**
 * Rows at the bottom of a session's screen that change by themselves: spinners and progress bars. They are there while
 * nobody has the user's attention: a question takes their place, and they come back when it is answered. They begin in a
 * row of their own, so that a line that is not finished yet hides them until it is.
 */
export class LiveRegion implements Bottom {
  readonly #output: Output;
  readonly #size: { readonly columns: number; readonly rows: number };
  #live: Live | undefined;
  /** Whether nobody has the attention. */
  #isFree = true;
  #isShown = false;
  #isOver = false;
  /** One for all rows, while there are any to be seen. */
  #timer: NodeJS.Timeout | undefined;

  /** @param size that of the terminal, as it is at any time. */
  constructor(output: Output, size: { readonly columns: number; readonly rows: number }) {
    this.#output = output;
    this.#size = size;
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  add(item: LiveItem, glyphs: Glyphs): void {
    if (this.#isOver) return;
    this.#live ??= new Live({ columns: this.#size.columns, rows: this.#size.rows, glyphs });
    this.#live.add(item);
    if (!this.#isFree) return;
    if (!this.#isShown && !this.#output.isAtLineStart && !this.#output.isSecondScreen) this.#output.write("\n");
    this.#run();
  }

  remove(item: LiveItem): void {
    this.#live?.remove(item);
    if (this.#live?.isEmpty === false) this.#draw();
    else this.#stop();
  }

  /** Whether nobody has the attention from now on. */
  setFree(isFree: boolean): void {
    if (isFree === this.#isFree) return;
    this.#isFree = isFree;
    if (isFree) this.#run();
    else this.#stop();
  }

  hide(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#output.write(this.#live?.erase() ?? "");
    this.#output.atLineStart();
  }

  show(): void {
    if (this.#isShown || !this.#isFree || this.#live?.isEmpty !== false) return;
    // The second screen is for the app that shows it.
    if (!this.#output.isAtLineStart || this.#output.isSecondScreen) return;
    this.#isShown = true;
    this.#draw();
  }

  printAbove(text: string): void {
    this.hide();
    this.#output.write(text);
    this.show();
  }

  resize(columns: number, rows: number): void {
    const erased = this.#live?.resize(columns, rows) ?? "";
    if (!this.#isShown) return;
    this.#output.write(erased);
    this.#draw();
  }

  clearScreen(): void {
    this.#output.write((this.#live?.forget() ?? "") + CLEAR_SCREEN);
    this.#draw();
  }

  /** The session is over. */
  end(): void {
    this.#isOver = true;
    this.#stop();
    this.#live = undefined;
  }

  #run(): void {
    this.show();
    if (this.#live?.isEmpty === false) this.#timer ??= setInterval(() => this.#tick(), TICK).unref();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.hide();
  }

  #tick(): void {
    // A visitor who is slow to read gets fewer pictures rather than all of them late.
    if (this.#output.unsent > 0) return;
    if (this.#isShown) this.#draw();
    else this.show();
  }

  #draw(): void {
    if (this.#isShown && this.#live !== undefined) this.#output.write(this.#live.draw(performance.now()));
  }
}
