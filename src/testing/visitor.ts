import { escapeControls } from "../server/index.ts";
import type { Client } from "../server/index.ts";
import { clearRealTimeout, realTimeout, turn } from "./clock.ts";
import { TestingError } from "./error.ts";
import type { Line } from "./way.ts";

/** How long to wait for something. */
export interface WaitOptions {
  /** Milliseconds; default what the visitor was opened with. */
  readonly timeout?: number;
}

/** What does not count as found. */
export type Falsy = undefined | null | false | 0 | "";

/** Somebody in the test who waits for something to be seen. */
interface Waiter {
  /** Looks again; true when there is no more to wait for. */
  look(): boolean;
  /** The session is over. */
  giveUp(): void;
}

/**
 * A visitor of a server, in a test: what {@link Terminal} and {@link Pipe} have in common. It leaves at the end of the
 * block with `await using`.
 */
export abstract class Visitor<State> implements AsyncDisposable {
  /** What the server showed before the login; undefined when that was nothing, or when the server is in another process. */
  readonly banner: string | undefined;
  /** The name of the login. */
  readonly username: string;
  /** For {@link Terminal} and {@link Pipe}: the visitor's end of the session. */
  protected readonly line: Line<State>;
  readonly #timeout: number;
  readonly #waiters: Set<Waiter> = new Set();
  #client: Client<State> | undefined;
  /** Settles when all that was typed before has arrived. */
  #typed: Promise<unknown> = Promise.resolve();
  /** Of what was typed, for whoever waits next. */
  #fault: { readonly error: unknown } | undefined;
  #exit: { readonly status: number | undefined } | undefined;

  /** For `openTerminal` and `openPipe`. */
  constructor(line: Line<State>, username: string, timeout: number) {
    this.line = line;
    this.banner = line.banner;
    this.username = username;
    this.#timeout = timeout;
    void line.over.then((status) => {
      this.#exit = { status };
      for (const waiter of this.#waiters) waiter.giveUp();
    });
  }

  /**
   * The server's side of the session: the `Client` that the handlers have.
   *
   * @throws TestingError `NOT_POSSIBLE` before its `connect`, and when the server is in another process.
   */
  get client(): Client<State> {
    this.#client ??= this.line.client();
    if (this.#client !== undefined) return this.#client;
    throw new TestingError(
      "NOT_POSSIBLE",
      "There is no client yet: wait for something that it shows. Of a server in another process there is none at all.",
    );
  }

  /** Whether the session is over. */
  get isOver(): boolean {
    return this.#exit !== undefined;
  }

  /** Waits until the session is over. Gives its exit status, or undefined when it ended without one. */
  async waitForExit(options?: WaitOptions): Promise<number | undefined> {
    await this.#allTyped();
    const { exit } = await this.#wait(() => this.#exit && { exit: this.#exit }, "the end of the session", options);
    return exit.status;
  }

  /** Sends a signal such as `INT` or `TERM`. @throws TestingError `NOT_POSSIBLE` over SSH: OpenSSH's client sends none. */
  signal(name: string): void {
    const { signal } = this.line;
    if (signal === undefined) {
      throw new TestingError("NOT_POSSIBLE", "OpenSSH's client sends no signals: test this in memory.");
    }
    this.enqueue(() => signal(name), "a signal");
  }

  /** Reads no more, as a visitor whose network has gone does: the server has to wait. */
  stopReading(): void {
    this.line.read(false);
  }

  /** Reads on, with what has come meanwhile. */
  readOn(): void {
    this.line.read(true);
  }

  /** Breaks the connection, as when a laptop is shut. */
  hangUp(): void {
    this.line.hangUp();
  }

  /** Hangs up if the session is not over, and waits until it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await this.line.over;
  }

  /** What there is to see, for a message. */
  protected abstract describe(): string;

  /** Does something after all that was typed before, in a turn of its own. */
  protected enqueue(act: () => void | Promise<void>, what: string): void {
    if (this.#exit !== undefined) {
      throw new TestingError("ENDED", `The session is over, with ${statusOf(this.#exit)}: ${what} reaches nobody.`);
    }
    this.#typed = this.#typed.then(async () => {
      // What was to follow on something that went wrong is not done, until somebody has heard of it.
      if (this.#fault !== undefined) return;
      try {
        await act();
      } catch (error) {
        this.#fault = { error };
      }
      await turn();
    });
  }

  /** Waits until all is typed. @throws what went wrong with that, once. */
  async #allTyped(): Promise<void> {
    await this.#typed;
    const fault = this.#fault;
    this.#fault = undefined;
    if (fault !== undefined) throw fault.error;
  }

  /** There is more to see. */
  protected changed(): void {
    this.#client ??= this.line.client();
    for (const waiter of this.#waiters) if (waiter.look()) this.#waiters.delete(waiter);
  }

  /** Waits until a look at what there is to see gives something. */
  protected async waitUntil<Found>(look: () => Found | undefined, what: string, options?: WaitOptions): Promise<Found> {
    await this.#allTyped();
    return this.#wait(
      () => {
        const found = look();
        if (found === undefined && this.#exit !== undefined) throw this.#ended(what);
        return found;
      },
      what,
      options,
    );
  }

  #wait<Found>(look: () => Found | undefined, what: string, options: WaitOptions = {}): Promise<Found> {
    const { timeout = this.#timeout } = options;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        look: () => {
          try {
            const found = look();
            if (found === undefined) return false;
            clearRealTimeout(timer);
            resolve(found);
          } catch (error) {
            clearRealTimeout(timer);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          return true;
        },
        giveUp: () => {
          if (waiter.look()) this.#waiters.delete(waiter);
        },
      };
      const timer = realTimeout(() => void this.#late(waiter, reject, what, timeout), timeout);
      if (!waiter.look()) this.#waiters.add(waiter);
    });
  }

  /** A process that was held up may have been late itself: what waits to be handled is handled before the last look. */
  async #late(waiter: Waiter, reject: (error: Error) => void, what: string, timeout: number): Promise<void> {
    for (let turns = 0; turns < 3; turns++) await turn();
    if (!this.#waiters.delete(waiter) || waiter.look()) return;
    reject(new TestingError("TIMEOUT", `Waited ${timeout} ms in vain for ${what}.\n${this.describe()}`));
  }

  #ended(what: string): TestingError {
    const status = statusOf(this.#exit ?? { status: undefined });
    return new TestingError("ENDED", `The session is over, with ${status}, without ${what}.\n${this.describe()}`);
  }
}

/** What is waited for, as a message names it. */
export function nameOf(what: string | RegExp | ((...args: never) => unknown)): string {
  if (typeof what === "function") return `what ${what.name || "the function"} looks for`;
  return typeof what === "string" ? JSON.stringify(what) : escapeControls(String(what));
}

function statusOf({ status }: { readonly status: number | undefined }): string {
  return status === undefined ? "no exit status" : `exit status ${status}`;
}
