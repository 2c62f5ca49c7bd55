import type { EndReason } from "../client/facts.ts";

/**
 * How long a session that is over waits for its client to take what was written and to close its side, in milliseconds;
 * then it is cut off. Whoever reads the last page in a pager gets the longer time, whoever is thrown out does not.
 */
const LONG = 600_000;
const SHORT = 5000;
const ENDED_BY_SERVER: ReadonlySet<EndReason> = new Set(["timeout", "kicked", "shutdown", "error", "overflow"]);

/** Waits for the client of a session that is over, and not for ever. */
export class Farewell {
  readonly #cutOff: () => void;
  #timer: NodeJS.Timeout | undefined;
  #patience = Infinity;

  /** @param cutOff is called when the time is up. */
  constructor(cutOff: () => void) {
    this.#cutOff = cutOff;
  }

  /** The session is over; when it is said again with less patience, that counts. */
  begin(reason: EndReason): void {
    const patience = ENDED_BY_SERVER.has(reason) ? SHORT : LONG;
    if (patience >= this.#patience) return;
    this.#patience = patience;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#cutOff, patience).unref();
  }

  /** The session is gone. */
  over(): void {
    this.#patience = 0;
    clearTimeout(this.#timer);
  }
}
