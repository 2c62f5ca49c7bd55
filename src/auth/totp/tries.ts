/** Names that are remembered at once; the one that was added first is forgotten first. */
const MAX_NAMES = 10_000;

/** Counts tries by name, and says when there have been too many for a while. */
export class Tries {
  readonly #most: number;
  readonly #period: number;
  readonly #byName: Map<string, { count: number; readonly since: number }> = new Map();

  /** @param period how long tries count from the first on, in milliseconds. */
  constructor(most: number, period: number) {
    this.#most = most;
    this.#period = period;
  }

  /** Counts a try before it is judged, so that many at once are not too many; false when there have been too many. */
  take(name: string, now: number): boolean {
    const known = this.#byName.get(name);
    if (known === undefined || now >= known.since + this.#period) {
      this.#byName.delete(name);
      this.#byName.set(name, { count: 1, since: now });
      if (this.#byName.size > MAX_NAMES) this.#byName.delete(this.#byName.keys().next().value!);
      return true;
    }
    return ++known.count <= this.#most;
  }

  /** One was right: the others of this name are forgotten. */
  clear(name: string): void {
    this.#byName.delete(name);
  }
}
