import type { Awaitable, Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";

/** Those who are in, as the commands tell of them. */
export class Sessions<State> {
  readonly #clients: () => Iterable<Client<State>>;
  readonly #nameOf: (client: Client<State>) => Awaitable<string>;
  readonly #numbers: WeakMap<Client<State>, number> = new WeakMap();
  readonly #active: WeakMap<Client<State>, number> = new WeakMap();
  #last = 0;

  constructor(clients: () => Iterable<Client<State>>, nameOf: (client: Client<State>) => Awaitable<string>) {
    this.#clients = clients;
    this.#nameOf = nameOf;
  }

  /** All sessions, by their numbers. */
  async all(): Promise<readonly Seen<State>[]> {
    const seen = [...this.#clients()].map(async (client) => ({
      client,
      number: this.numberOf(client),
      name: await this.nameOf(client),
    }));
    return (await Promise.all(seen)).sort((one, other) => one.number - other.number);
  }

  /** The number of a session, which no other gets as long as the process lives. */
  numberOf(client: Client<State>): number {
    const known = this.#numbers.get(client);
    if (known !== undefined) return known;
    this.#last += 1;
    this.#numbers.set(client, this.#last);
    return this.#last;
  }

  /** What a client is called, fit for the terminals of others. */
  async nameOf(client: Client<State>): Promise<string> {
    return escapeControls(await this.#nameOf(client), { limit: 64 });
  }

  /** The client has pressed a key. */
  touch(client: Client<State>): void {
    this.#active.set(client, Date.now());
  }

  /** Since when a client has pressed no key, in milliseconds since 1970. */
  idleSince(client: Client<State>): number {
    return this.#active.get(client) ?? client.since;
  }
}

/** A session in a list. */
export interface Seen<State> {
  readonly client: Client<State>;
  readonly number: number;
  readonly name: string;
}
