/**
 * Keeps a session's input in order while `rawtype` handlers judge it: one chunk at a time, and none before the gate is
 * open. What is swallowed counts as taken.
 */
export class RawGate {
  readonly #judge: (bytes: Uint8Array) => boolean | Promise<boolean>;
  readonly #pass: (bytes: Uint8Array) => void;
  readonly #swallow: (bytes: Uint8Array) => void;
  #held: (Uint8Array | "end")[] = [];
  #state: "shut" | "open" | "judging" = "shut";
  readonly #ended: () => void;

  constructor(
    judge: (bytes: Uint8Array) => boolean | Promise<boolean>,
    pass: (bytes: Uint8Array) => void,
    swallow: (bytes: Uint8Array) => void,
    ended: () => void,
  ) {
    this.#judge = judge;
    this.#pass = pass;
    this.#swallow = swallow;
    this.#ended = ended;
  }

  /** From here on input goes through. */
  open(): void {
    if (this.#state === "shut") this.#goOn();
  }

  /** Takes bytes, or the end of the input. */
  push(input: Uint8Array | "end"): void {
    this.#held.push(input);
    if (this.#state === "open") this.#goOn();
  }

  #goOn(): void {
    this.#state = "open";
    for (let input = this.#held.shift(); input !== undefined; input = this.#held.shift()) {
      if (input === "end") {
        this.#ended();
        continue;
      }
      const verdict = this.#judge(input);
      if (verdict instanceof Promise) {
        this.#state = "judging";
        const bytes = input;
        void verdict.then((isTaken) => {
          this.#deliver(bytes, isTaken);
          this.#goOn();
        });
        return;
      }
      this.#deliver(input, verdict);
    }
  }

  #deliver(bytes: Uint8Array, isTaken: boolean): void {
    if (isTaken) this.#pass(bytes);
    else this.#swallow(bytes);
  }
}
