/** Watches for a user who is idle at the prompt, without a timer of its own. Times in milliseconds. */
export class IdleWatch {
  /** 0 for never. */
  readonly limit: number;
  #last = 0;
  #isRaised = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The user did something, or the prompt has come back. */
  active(now: number): void {
    this.#last = now;
    this.#isRaised = false;
  }

  /** When the user last did something. */
  get last(): number {
    return this.#last;
  }

  /** Whether the time is up; true only once until the user does something again. */
  isDue(now: number): boolean {
    if (this.limit === 0 || this.#isRaised || now - this.#last < this.limit) return false;
    this.#isRaised = true;
    return true;
  }
}
