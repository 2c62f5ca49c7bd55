import type { FileRules } from "./read-file.ts";
import { readKeyFile, stampOf } from "./read-file.ts";

/** How a file is kept up with. */
export interface WatchPlan<Value> {
  readonly rules: FileRules;
  /** What is to hold when the file cannot be used any more: what it held last, or nothing. */
  readonly onFailure: "keep" | "forget";
  /** Makes what is judged by of the bytes. What it throws means that the file cannot be used. */
  parse(bytes: Buffer): Value;
  /** The file cannot be used; called once for each new reason. */
  failed(error: Error): void;
}

/**
 * What a file holds, read again when it has changed: it is looked at whenever it is asked for, so that a key that was
 * taken out is out at the next login.
 */
export class WatchedFile<Value> {
  readonly #path: string;
  readonly #plan: WatchPlan<Value>;
  /** Of the last state that was read and parsed, well or not. */
  #stamp: string | undefined;
  #value: Value | undefined;
  #fault: Error | undefined;
  #reported: string | undefined;
  #looking: Promise<void> | undefined;

  constructor(path: string, plan: WatchPlan<Value>) {
    this.#path = path;
    this.#plan = plan;
  }

  /** What the file holds now; `undefined` when it cannot be used and nothing older is to hold. */
  async value(): Promise<Value | undefined> {
    // Those who come while it is being looked at look along.
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    await this.#looking;
    if (this.#fault !== undefined && this.#reported !== this.#fault.message) {
      this.#reported = this.#fault.message;
      this.#plan.failed(this.#fault);
    }
    return this.#value;
  }

  /**
   * The same for the start, where a file that cannot be used is not to be got over.
   *
   * @throws what reading or parsing it threw.
   */
  async demand(): Promise<Value> {
    await this.#look();
    if (this.#fault !== undefined) throw this.#fault;
    return this.#value!;
  }

  async #look(): Promise<void> {
    try {
      const known = this.#stamp;
      // What cannot be looked at now is read again as soon as it can be, whether or not it is the same then.
      this.#stamp = undefined;
      if ((await stampOf(this.#path)) === known) {
        this.#stamp = known;
        return;
      }
      const { bytes, stamp } = await readKeyFile(this.#path, this.#plan.rules);
      // From here on it is the content that is at fault: the same content is not parsed twice.
      this.#stamp = stamp;
      this.#value = this.#plan.parse(bytes);
      this.#fault = undefined;
      this.#reported = undefined;
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error));
      if (this.#plan.onFailure === "forget") this.#value = undefined;
    }
  }
}
