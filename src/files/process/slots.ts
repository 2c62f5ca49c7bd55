/** Bounds how many processes run at once for the visitors of a server, of which one user has at most half. */
export class Slots {
  readonly #max: number;
  readonly #byUser = new Map<string, number>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place until what it gives is disposed of; undefined when all are taken, or all that this user may have. */
  take(username: string): Disposable | undefined {
    const theirs = this.#byUser.get(username) ?? 0;
    if (this.#taken >= this.#max || theirs >= Math.ceil(this.#max / 2)) return undefined;
    this.#change(username, 1);
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#change(username, -1);
        isTaken = false;
      },
    };
  }

  #change(username: string, by: 1 | -1): void {
    this.#taken += by;
    const theirs = (this.#byUser.get(username) ?? 0) + by;
    if (theirs === 0) this.#byUser.delete(username);
    else this.#byUser.set(username, theirs);
  }
}
