import { AuthError } from "../error.ts";

/** Runs so many pieces of work at once, lets so many wait, and turns away the rest. */
export class WorkQueue {
  readonly #concurrency: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param maxWaiting how many may wait beside those that run. */
  constructor(concurrency: number, maxWaiting: number) {
    this.#concurrency = concurrency;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs `work` when its turn has come, first come, first served.
   *
   * @throws {AuthError} `BUSY` when too many wait already.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#concurrency) {
      this.#running++;
    } else {
      if (this.#waiting.length >= this.#maxWaiting) {
        throw new AuthError("BUSY", `${this.#maxWaiting} passwords wait to be verified: this one is refused.`);
      }
      // Whoever is done hands on the place that it had.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
