/** Bounds how many processes run at once for the visitors of a server. */
export class Slots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place until what it gives is disposed of; undefined when all are taken. */
  take(): Disposable | undefined {
    if (this.#taken >= this.#max) return undefined;
    this.#taken++;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken--;
        isTaken = false;
      },
    };
  }
}
