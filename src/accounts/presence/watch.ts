import { setImmediate } from "node:timers/promises";
import type { Client, Connection, ServerCore, Unregister } from "../../server/index.ts";
import type { Book, Entry } from "../book/book.ts";
import { AccountError } from "../error.ts";
import type { LoginRecord } from "../store/store.ts";
import type { Presence } from "./presence.ts";
import { settingsOf } from "./presence.ts";
import type { Seat } from "./seat.ts";
import { standing } from "./standing.ts";

const SIGNED_OUT = "This account has been signed out.";
/** How many accounts are read in one turn of the event loop. */
const BATCH = 50;
const CLOSED = "This account cannot be used any more.";

/** Makes accounts act on a server: what their sessions are like, who logged in when, and who has to go. */
export class Watch<State> {
  readonly #server: ServerCore<State>;
  readonly #book: Book;
  readonly #presence: Presence;
  readonly #ends: (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(server: ServerCore<State>, book: Book, presence: Presence) {
    this.#server = server;
    this.#book = book;
    this.#presence = presence;
    this.#ends = [
      server.onUser("login", (connection) => this.#loggedIn(connection)),
      book.listen((id, entry) => this.#changed(id, entry)),
      presence.onSignIn(() => this.#keepLooking()),
    ];
  }

  /** Ends it. */
  readonly stop: Unregister = Object.assign(
    () => {
      for (const end of this.#ends) end();
      clearInterval(this.#timer);
      this.#timer = undefined;
    },
    { [Symbol.dispose]: () => this.stop() },
  );

  #loggedIn(connection: Connection): void {
    const seat = this.#presence.seatOf(connection);
    if (seat === undefined) return;
    connection.settings = { ...connection.settings, ...settingsOf(seat.account) };
    if (seat.id === undefined) return;
    this.#presence.loggedIn(connection, this.#record(seat, connection));
    this.#keepLooking();
  }

  /** As long as somebody is in, what other processes change is looked for. */
  #keepLooking(): void {
    this.#timer ??= setInterval(() => void this.#look(), this.#book.options.recheck * 1000).unref();
  }

  /** Gives the login before this one. */
  async #record({ key }: Seat, { peer, methods }: Connection): Promise<LoginRecord | undefined> {
    try {
      return await this.#book.recordLogin(key, peer.address, methods.join(","));
    } catch (error) {
      this.#complain("login not recorded", error);
      return undefined;
    }
  }

  /** This process has changed an account. */
  #changed(id: string, entry: Entry | undefined): void {
    for (const [seat, target] of this.#seats()) {
      if (seat.id !== id) continue;
      this.#presence.update(seat, entry);
      this.#judge(seat, target);
    }
  }

  /** Another process may have. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const seats = this.#seats();
    const byKey = Map.groupBy(seats, ([{ key }]) => key);
    try {
      for (const [index, [key, all]] of [...byKey].entries()) {
        const known = all.map(([{ account }]) => account);
        const entry = await this.#book.read(key).catch((error: unknown) => this.#unreadable(error));
        if (entry === "unreadable") continue;
        for (const [at, [seat, target]] of all.entries()) {
          // What this process has changed meanwhile is newer than what was read.
          if (seat.account === known[at]) this.#presence.update(seat, entry);
          this.#judge(seat, target);
        }
        // A store that answers at once would keep everybody else waiting until all are looked at.
        if (index % BATCH === BATCH - 1) await setImmediate();
      }
    } catch (error) {
      this.#complain("accounts not looked at", error);
    } finally {
      this.#isLooking = false;
    }
    if (seats.length > 0) return;
    // Nobody is in: the next login begins anew.
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One account that is damaged says nothing of the others; a store that is away is away for all. */
  #unreadable(error: unknown): "unreadable" {
    if (!(error instanceof AccountError) || error.code !== "STORE_CORRUPT") throw error;
    this.#complain("accounts not looked at", error);
    return "unreadable";
  }

  #judge(seat: Seat, target: Connection | Client<State>): void {
    if (seat.isVoid) this.#server.kick(target, SIGNED_OUT);
    else if (standing(seat.account, this.#book.options.now()) !== undefined) this.#server.kick(target, CLOSED);
  }

  #seats(): readonly (readonly [Seat, Connection | Client<State>])[] {
    const sessions = [...this.#server.clients].map((client) => [this.#presence.sessionSeat(client), client] as const);
    const connections = [...this.#server.connections].map(
      (connection) => [this.#presence.seatOf(connection), connection] as const,
    );
    return [...sessions, ...connections].flatMap(([seat, target]) =>
      seat?.id === undefined ? [] : [[seat, target] as const],
    );
  }

  #complain(event: "login not recorded" | "accounts not looked at", error: unknown): void {
    this.#server.options.log({ level: "error", event, error });
  }
}
