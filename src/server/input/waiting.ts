import type { AbortCause } from "../client/abort-error.ts";
import { AbortError } from "../client/abort-error.ts";

/** Somebody who waits for something of the user's. */
export interface Waiter<Value, What> {
  readonly what: What;
  resolve(value: Value): void;
  reject(error: AbortError): void;
}

/** Those who wait for the user's next keys or answers; the first who came is served first. */
export class Waiting<Value, What> {
  #waiters: Waiter<Value, What>[] = [];
  #closed: AbortCause | undefined;

  /** Who is served next. */
  get first(): Waiter<Value, What> | undefined {
    return this.#waiters[0];
  }

  /**
   * Joins the queue.
   *
   * @param left is called when somebody gave up; the argument tells whether it was the first.
   */
  join(what: What, signal: AbortSignal | undefined, left: (wasFirst: boolean) => void): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    // An app that does not look at its answer must not bring the process down when the user hangs up.
    promise.catch(() => undefined);
    if (signal?.aborted === true) {
      reject(new AbortError("aborted", { cause: signal.reason }));
      return promise;
    }
    if (this.#closed !== undefined) {
      reject(new AbortError(this.#closed));
      return promise;
    }
    const giveUp = (): void => {
      const wasFirst = this.first === waiter;
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      waiter.reject(new AbortError("aborted", { cause: signal?.reason }));
      left(wasFirst);
    };
    const waiter: Waiter<Value, What> = {
      what,
      resolve: (value) => {
        signal?.removeEventListener("abort", giveUp);
        resolve(value);
      },
      reject: (error) => {
        signal?.removeEventListener("abort", giveUp);
        reject(error);
      },
    };
    this.#waiters.push(waiter);
    signal?.addEventListener("abort", giveUp, { once: true });
    return promise;
  }

  /** Whether anybody waits for something of a kind. */
  has(suits: (what: What) => boolean): boolean {
    return this.#waiters.some(({ what }) => suits(what));
  }

  /** Takes the first from the queue, or the first who waits for something of a kind. */
  leave(suits?: (what: What) => boolean): Waiter<Value, What> | undefined {
    const index = suits === undefined ? 0 : this.#waiters.findIndex(({ what }) => suits(what));
    return index < 0 ? undefined : this.#waiters.splice(index, 1)[0];
  }

  /** Nobody's question will be answered. */
  rejectAll(reason: AbortCause): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(new AbortError(reason));
  }
  /** The same, and whoever joins from here on gets none either. */
  close(reason: AbortCause): void {
    this.#closed = reason;
    this.rejectAll(reason);
  }
}
