import { CLEAR_SCREEN, ENTER_ALTERNATE_SCREEN, LEAVE_ALTERNATE_SCREEN } from "../../text/ansi.ts";
import type { Canvas } from "./canvas.ts";
import type { FrameOptions } from "./frame.ts";
import { Frame } from "./frame.ts";
import type { Size, View } from "./widget.ts";

/** A frame on the second screen, which is entered for the first drawing and left again when it is erased. */
export class AlternateFrame implements Canvas {
  readonly #frame: Frame;
  #isEntered = false;

  constructor(options: FrameOptions) {
    this.#frame = new Frame(options);
  }

  get covers(): boolean {
    return this.#isEntered;
  }

  get size(): Size {
    return this.#frame.size;
  }

  draw(view: View): string {
    const entered = this.#isEntered ? "" : ENTER_ALTERNATE_SCREEN + CLEAR_SCREEN;
    this.#isEntered = true;
    return entered + this.#frame.draw(view);
  }

  erase(): string {
    if (!this.#isEntered) return "";
    this.#isEntered = false;
    // What is on that screen goes with it; and should it be left already, no row of the first may be touched.
    return this.#frame.forget() + LEAVE_ALTERNATE_SCREEN;
  }

  forget(): string {
    return this.#frame.forget();
  }

  // Nobody but the frame is on this screen: it can be emptied, whatever the terminal made of the rows.
  resize(columns: number, rows: number): string {
    const erased = this.#frame.resize(columns, rows);
    return this.#isEntered ? erased + CLEAR_SCREEN : "";
  }
}
