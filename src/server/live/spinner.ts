import { SpinnerRow } from "../../terminal/index.ts";
import type { LivePlace } from "./place.ts";
import { lastWords } from "./place.ts";

/**
 * A sign that something goes on, made by `client.spinner`. It turns until it is ended; with `using` that is at the end of
 * the block at the latest. Without a terminal its texts are lines on stderr.
 */
export class Spinner implements Disposable {
  readonly #place: LivePlace;
  readonly #row: SpinnerRow;
  #isOver = false;

  /** For the server. */
  constructor(place: LivePlace, text: string) {
    this.#place = place;
    this.#row = new SpinnerRow(text);
    if (place.region === undefined) place.say(text);
    else place.region.add(this.#row, place.glyphs);
  }

  /** What goes on; it may have colours. What it is set to is on the screen a moment later. */
  get text(): string {
    return this.#row.text;
  }

  set text(text: string) {
    if (this.#isOver || text === this.#row.text) return;
    this.#row.text = text;
    if (this.#place.region === undefined) this.#place.say(text);
  }

  /** Ends it, with a line that says so: that which went on, unless there is another text. */
  succeed(text: string = this.text): void {
    this.#end(lastWords(this.#place, "success", text));
  }

  /** As {@link succeed}, for what went wrong. */
  fail(text: string = this.text): void {
    this.#end(lastWords(this.#place, "failure", text));
  }

  /** Ends it without a word. Once it has ended, nothing more happens. */
  stop(): void {
    this.#end(undefined);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #end(line: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#place.region?.remove(this.#row);
    if (line !== undefined) this.#place.say(line);
  }
}
