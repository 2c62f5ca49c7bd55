import { ProgressBar } from "../../terminal/index.ts";
import type { ProgressUnit } from "../../terminal/index.ts";
import type { LivePlace } from "./place.ts";
import { lastWords } from "./place.ts";

/** What a progress bar is for. */
export interface ProgressOptions {
  /** Stands before the bar; it may have colours. Default none. */
  readonly label?: string;
  /** How much there is to do; without it there is no bar, but what is done and how fast. */
  readonly total?: number;
  /** What is counted. Default `items`. */
  readonly unit?: ProgressUnit;
}

/** Without a terminal so many lines tell how far it is, beside the last. */
const STEPS = 4;

/**
 * How far something is, made by `client.progress`: a bar, how much, how fast, how long still. It is there until it is
 * ended; with `using` that is at the end of the block at the latest. Without a terminal a line on stderr comes for each
 * quarter.
 */
export class Progress implements Disposable {
  readonly #place: LivePlace;
  readonly #bar: ProgressBar;
  #isOver = false;
  /** The quarters that were told. */
  #told = 0;

  /** For the server. */
  constructor(place: LivePlace, { label = "", total, unit = "items" }: ProgressOptions) {
    if (total !== undefined) check(total);
    this.#place = place;
    this.#bar = new ProgressBar({ label, total, unit }, performance.now());
    place.region?.add(this.#bar, place.glyphs);
  }

  /** How much is done. */
  get value(): number {
    return this.#bar.value;
  }

  get label(): string {
    return this.#bar.label;
  }

  set label(label: string) {
    this.#bar.label = label;
  }

  /** How much there is to do, which may become known late. @throws RangeError for what is no amount. */
  get total(): number | undefined {
    return this.#bar.total;
  }

  set total(total: number | undefined) {
    if (total !== undefined) check(total);
    this.#bar.total = total;
  }

  /** So much is done by now. It costs little: what is on the screen follows ten times a second. @throws RangeError as {@link total}. */
  update(value: number): void {
    check(value);
    if (this.#isOver) return;
    this.#bar.update(value, performance.now());
    if (this.#place.region === undefined) this.#tell();
  }

  /** So much more is done. Default 1. @throws RangeError as {@link total}. */
  increment(by = 1): void {
    this.update(this.value + by);
  }

  /** Ends it, with a line that stays: the text, or how much it was and how long it took. */
  done(text?: string): void {
    this.#end(lastWords(this.#place, "success", text ?? this.#summary()));
  }

  /** As {@link done}, for what went wrong. */
  fail(text?: string): void {
    this.#end(lastWords(this.#place, "failure", text ?? this.#summary()));
  }

  /** Ends it without a word. Once it has ended, nothing more happens. */
  stop(): void {
    this.#end(undefined);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #summary(): string {
    return `${this.#named(this.#bar.amount)} in ${this.#bar.took(performance.now())}`;
  }

  #named(text: string): string {
    return this.label === "" ? text : `${this.label}  ${text}`;
  }

  #tell(): void {
    const quarter = Math.floor((this.#bar.share ?? 0) * STEPS);
    if (quarter <= this.#told || quarter === STEPS) return;
    this.#told = quarter;
    this.#place.say(this.#named(`${(quarter * 100) / STEPS}%`));
  }

  #end(line: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#place.region?.remove(this.#bar);
    if (line !== undefined) this.#place.say(line);
  }
}

function check(amount: number): void {
  if (Number.isFinite(amount) && amount >= 0) return;
  throw new RangeError(`Progress is counted in finite numbers from 0 on, not ${amount}.`);
}
