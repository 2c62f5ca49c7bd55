/** From so many names on, those whose codes have run out are forgotten. */
const MANY_NAMES = 1000;

/** Remembers which code of each name was used last, for as long as it could be used again. */
export class UsedCodes {
  readonly #last: Map<string, number> = new Map();

  /**
   * RFC 6238 §5.2: a code counts once, and so do those before it.
   *
   * @param step the number of the code; they grow with time.
   * @param oldest the number of the oldest code that would still be taken.
   * @returns whether it is new, in which case it is not any more.
   */
  claim(name: string, step: number, oldest: number): boolean {
    if (step <= (this.#last.get(name) ?? -1)) return false;
    this.#last.set(name, step);
    if (this.#last.size > MANY_NAMES) {
      for (const [other, last] of this.#last) if (last < oldest) this.#last.delete(other);
    }
    return true;
  }
}
