import type { Client, Connection, SessionSettings } from "../../server/index.ts";
import type { Account } from "../account/account.ts";
import type { Book, Entry } from "../book/book.ts";
import { accountIn } from "../book/book.ts";
import { AccountError } from "../error.ts";
import type { LoginRecord } from "../store/store.ts";
import type { Seat } from "./seat.ts";
import { standing } from "./standing.ts";

/** A client, whatever its bag holds. */
export type AnyClient = Pick<Client<never>, "connection" | "username" | "user">;

/** How long what was read of an account is good without looking again, in milliseconds. */
const FRESH = 1000;

/** Who is in by which account, and what that account is now. */
export class Presence {
  readonly #book: Book;
  /** Accounts that were handed out with a verdict: whoever has one attached has logged in by it, and nobody can make one up. */
  readonly #issued: WeakMap<object, Seat> = new WeakMap();
  readonly #connections: WeakMap<Connection, Seat> = new WeakMap();
  /** Sessions that changed to an account from inside. */
  readonly #sessions: WeakMap<object, Seat> = new WeakMap();
  /** The login before this one, of each connection, and of each session that changed to an account. */
  readonly #before: WeakMap<object, Promise<LoginRecord | undefined>> = new WeakMap();
  readonly #arrivals: Set<() => void> = new Set();

  constructor(book: Book) {
    this.#book = book;
  }

  /** The account as a verdict attaches it. */
  issue(entry: Entry): Account {
    const seat = this.#newSeat(entry);
    this.#issued.set(seat.account, seat);
    return seat.account;
  }

  /** The same for a guest. */
  issueGuest(key: string, account: Account): Account {
    const seat = { id: undefined, key, epoch: 0, account, readAt: 0, isVoid: false };
    this.#issued.set(account, seat);
    return account;
  }

  /** Whose a connection is; undefined for one that came in by other ways. */
  seatOf(connection: Connection): Seat | undefined {
    const known = this.#connections.get(connection);
    if (known !== undefined) return known;
    const attached = connection.user?.["account"];
    const issued = typeof attached === "object" && attached !== null ? this.#issued.get(attached) : undefined;
    if (issued === undefined) return undefined;
    // The same verdict may have been asked for by a key that was only offered: each connection has its own.
    const seat = { ...issued };
    this.#connections.set(connection, seat);
    return seat;
  }

  /** Whose a session is, when it is another's than its connection. */
  sessionSeat(client: object): Seat | undefined {
    return this.#sessions.get(client);
  }

  /** From here on a session is this account's. @param before the login before this one. */
  signIn(client: object, entry: Entry, before: Promise<LoginRecord | undefined>): void {
    this.#sessions.set(client, this.#newSeat(entry));
    this.#before.set(client, before);
    for (const arrived of this.#arrivals) arrived();
  }

  /** Is told of each session that changes to an account. Gives a function that ends it. */
  onSignIn(arrived: () => void): () => void {
    this.#arrivals.add(arrived);
    return () => void this.#arrivals.delete(arrived);
  }

  /** A login is being recorded; the promise gives the one before it. */
  loggedIn(connection: Connection, before: Promise<LoginRecord | undefined>): void {
    this.#before.set(connection, before);
  }

  loginBefore(client: AnyClient): Promise<LoginRecord | undefined> {
    return this.#before.get(client) ?? this.#before.get(client.connection) ?? Promise.resolve(undefined);
  }

  /**
   * Who is to stay while all others of the account go, if he is in by that one. Gives a function that takes it back, should the change
   * fail: who had a higher epoch than the account would stay the next time, too.
   *
   * @param id the account's.
   */
  keep(client: AnyClient, id: string, epoch: number): () => void {
    const seat = this.#sessions.get(client) ?? this.seatOf(client.connection);
    if (seat?.id !== id) return () => undefined;
    const before = seat.epoch;
    seat.epoch = Math.max(before, epoch);
    return () => (seat.epoch = before);
  }

  /**
   * The account of a client as it is now, or as it was last known while the store is away; undefined for one that has none, or
   * whose account is gone, disabled or expired.
   */
  async accountOf(client: AnyClient): Promise<Account | undefined> {
    const seat =
      this.#sessions.get(client) ?? this.seatOf(client.connection) ?? (await this.#vouched(client.connection));
    if (seat === undefined) return undefined;
    await this.refresh(seat);
    return seat.isVoid || standing(seat.account, this.#now()) !== undefined ? undefined : seat.account;
  }

  /** Reads an account again, unless that was just done. */
  async refresh(seat: Seat): Promise<void> {
    // A clock that was set back must not make old news fresh.
    if (seat.id === undefined || Math.abs(this.#now() - seat.readAt) < FRESH) return;
    const { account } = seat;
    try {
      const entry = await this.#book.read(seat.key);
      // What this process has changed meanwhile is newer than what was read.
      if (seat.account === account) this.update(seat, entry);
    } catch (error) {
      // Who is in stays in, with what he was, until the store is back.
      if (!(error instanceof AccountError) || error.code !== "STORE_UNAVAILABLE") throw error;
      seat.readAt = this.#now();
    }
  }

  /** What has become of an account. @param entry undefined when there is none any more under its name. */
  update(seat: Seat, entry: Entry | undefined): void {
    seat.readAt = this.#now();
    // The name may be another account's by now.
    if (entry === undefined || entry.document.id !== seat.id || entry.key !== seat.key) seat.isVoid = true;
    else {
      if (entry.document.epoch > seat.epoch) seat.isVoid = true;
      seat.account = accountIn(entry);
    }
  }

  /** A door that vouches for a name vouches for its account. */
  async #vouched(connection: Connection): Promise<Seat | undefined> {
    if (connection.username === undefined || connection.methods[0] !== "vouched") return undefined;
    const entry = await this.#book.find(connection.username);
    if (entry === undefined) return undefined;
    const seat = this.#newSeat(entry);
    this.#connections.set(connection, seat);
    return seat;
  }

  #newSeat(entry: Entry): Seat {
    const { key, document } = entry;
    const account = accountIn(entry);
    return { id: document.id, key, epoch: document.epoch, account, readAt: this.#now(), isVoid: false };
  }

  #now(): number {
    return this.#book.options.now();
  }
}

/** What the sessions of an account have in place of the server's options. */
export function settingsOf({ banner, prompt, idleTimeout, inputSystem, echo }: Account): SessionSettings {
  return {
    ...(banner !== undefined && { greeting: banner }),
    ...(prompt !== undefined && { prompt }),
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(inputSystem !== undefined && { inputSystem }),
    ...(echo !== undefined && { echo }),
  };
}
