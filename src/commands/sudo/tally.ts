/** More users than that are not kept; whoever has long stopped trying goes first. */
const MAX_USERS = 10_000;

interface Tries {
  count: number;
  /** When they are forgotten, in milliseconds since 1970. */
  until: number;
}

/** Counts wrong passwords by user, over all sessions: who has used up the tries has to wait. */
export class Tally {
  readonly #tries: number;
  readonly #wait: number;
  readonly #users: Map<string, Tries> = new Map();

  /** @param wait seconds. */
  constructor(tries: number, wait: number) {
    this.#tries = tries;
    this.#wait = wait * 1000;
  }

  /**
   * Takes one try, before the password is looked at: those that are typed in several sessions at once count as well.
   *
   * @returns whether there was one left.
   */
  take(user: string, now: number): boolean {
    const known = this.#users.get(user);
    const tries = known === undefined || known.until <= now ? { count: 0, until: 0 } : known;
    if (tries.count >= this.#tries) return false;
    this.#users.delete(user);
    this.#users.set(user, { count: tries.count + 1, until: now + this.#wait });
    for (const oldest of this.#users.keys()) {
      if (this.#users.size <= MAX_USERS) break;
      this.#users.delete(oldest);
    }
    return true;
  }

  /** Seconds until the user may try again; 0 when he may now. */
  waits(user: string, now: number): number {
    const known = this.#users.get(user);
    if (known === undefined || known.until <= now || known.count < this.#tries) return 0;
    return Math.ceil((known.until - now) / 1000);
  }

  /** The password was right: what went wrong before is forgotten. */
  clear(user: string): void {
    this.#users.delete(user);
  }
}
