import type { Dispatcher } from "../dispatcher.ts";
import type { AuthData, AuthVerdict, Awaitable } from "../events.ts";
import type { Authenticator } from "./authenticator.ts";

/** Whoever can give a verdict on an attempt. */
export interface Judge {
  judge(data: AuthData): Awaitable<AuthVerdict | undefined>;
  /** A login dialogue in which it asked nothing cannot have convinced it. */
  readonly hasToAsk: boolean;
}

/** A verdict, and whose it is. */
export interface Ruling {
  readonly verdict: AuthVerdict;
  readonly judge: Judge;
}

/** Those who judge login attempts: the authenticators of the option `auth` in their order, then the app's handlers. */
export class Judges<State> {
  readonly #authenticators: readonly (Judge & Authenticator)[];
  readonly #events: Dispatcher<State>;
  readonly #handlers: Judge;

  constructor(authenticators: readonly Authenticator[], events: Dispatcher<State>) {
    this.#authenticators = authenticators.map((authenticator) => ({
      methods: authenticator.methods,
      judge: (data) => authenticator.judge(data),
      hasToAsk: true,
    }));
    this.#events = events;
    this.#handlers = { judge: (data) => this.#ask(data), hasToAsk: false };
  }

  /** The methods that the authenticators judge. */
  get methods(): ReadonlySet<string> {
    return new Set(this.#authenticators.flatMap(({ methods }) => methods));
  }

  /** Whether anybody can give a verdict on this method. */
  canJudge(method: string): boolean {
    if (this.methods.has(method) || this.#events.has("auth")) return true;
    return method === "keyboard-interactive" && this.#events.has("authinteractive");
  }

  /**
   * Asks one after the other until one gives a verdict. Rejects when one fails: those behind it are not asked then.
   *
   * @param asker who has asked the question that is answered now: nobody else knows what to make of the answer.
   */
  async rule(data: AuthData, asker?: Judge): Promise<Ruling | undefined> {
    const all = [...this.#authenticators.filter(({ methods }) => methods.includes(data.method)), this.#handlers];
    for (const judge of asker === undefined ? all : [asker]) {
      const verdict = await judge.judge(data);
      if (verdict !== undefined) return { verdict, judge };
    }
    return undefined;
  }

  async #ask(data: AuthData): Promise<AuthVerdict | undefined> {
    if (data.method === "keyboard-interactive" && this.#events.has("authinteractive")) {
      const { username, peer, connection, passed, prompt } = data;
      return this.#events.first("authinteractive", { username, peer, connection, passed }, prompt);
    }
    // CVE-2026-39831: without a touch, whoever is on the machine that the key is plugged into can sign. Only an authenticator
    // that knows of `no-touch-required` may let that pass, and those have been asked.
    if (data.method === "publickey" && data.touch?.present === false) return false;
    return this.#events.first("auth", data);
  }
}
