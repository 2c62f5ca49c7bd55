import type { Client } from "../client/client.ts";
import type { Connection } from "../connection.ts";
import type { Session, SessionEvents } from "../session.ts";
import type { Venue } from "./venue.ts";
import { Visit } from "./visit.ts";

/** How often idle users are looked for, in milliseconds. */
const SWEEP = 1000;
/** How long sessions that were closed may take to be gone before their connections are cut, in milliseconds. */
const FAREWELL = 6000;

/** Who is in: the sessions of a server, and what can be done to all of them. */
export class Lobby<State> {
  readonly #venue: Venue<State>;
  readonly #visits: Map<Client<State>, Visit<State>> = new Map();
  readonly #clients: Set<Client<State>> = new Set();
  readonly #expelled: WeakSet<Connection> = new WeakSet();
  #sweep: NodeJS.Timeout | undefined;
  #isShut = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(venue: Venue<State>) {
    this.#venue = venue;
  }

  /** The clients between their `connect` and their `disconnected`. */
  get clients(): ReadonlySet<Client<State>> {
    return this.#clients;
  }

  /** Begins to look for idle users, once. */
  open(): void {
    if (this.#venue.options.idleTimeout > 0) this.#watchIdle();
  }

  #watchIdle(): void {
    if (this.#sweep !== undefined || this.#isShut) return;
    this.#sweep = setInterval(() => {
      const now = Date.now();
      for (const visit of this.#visits.values()) void visit.checkIdle(now);
    }, SWEEP);
    this.#sweep.unref();
  }

  /** Takes a new session in, or refuses it. A door that has let nobody in yet gets none. */
  openSession(connection: Connection, session: Session): SessionEvents | undefined {
    if (this.#isShut || connection.username === undefined || this.#expelled.has(connection)) return undefined;
    if (this.#hasAsManyAsMayBe(connection)) {
      return this.#refuse(connection, "the user has as many sessions as there may be");
    }
    try {
      const visit = new Visit(session, connection, this.#venue, {
        joined: ({ client }) => this.#clients.add(client),
        gone: ({ client }) => this.#gone(client, connection),
      });
      this.#visits.set(visit.client, visit);
      if ((connection.settings.idleTimeout ?? 0) > 0) this.#watchIdle();
      return visit;
    } catch (error) {
      return this.#refuse(connection, "the option state failed", error);
    }
  }

  #refuse({ id, peer, username }: Connection, why: string, error?: unknown): undefined {
    this.#venue.log({
      level: error === undefined ? "info" : "error",
      event: "session refused",
      connection: id,
      peer: peer.address,
      detail: { why },
      error,
      username,
    });
  }

  #hasAsManyAsMayBe({ username, grant }: Connection): boolean {
    const { maxSessions = Infinity } = grant ?? {};
    if (maxSessions === Infinity) return false;
    return [...this.#visits.keys()].filter((client) => client.username === username).length >= maxSessions;
  }

  /** Writes to all clients but some; gives the number of those reached. */
  broadcast(text: string, except: ReadonlySet<unknown>): number {
    return this.#notify((client) => !except.has(client), text);
  }

  /** Writes to one client, or to all sessions of a user; gives the number of those reached. */
  sendTo(target: Client<State> | string, text: string): number {
    return this.#notify((client) => client === target || client.username === target, text);
  }

  /** Throws sessions out; gives their number. */
  kick(isMeant: (client: Client<State>) => boolean, reason: string): number {
    let kicked = 0;
    for (const visit of this.#visits.values()) {
      if (isMeant(visit.client) && visit.kick(reason)) kicked++;
    }
    return kicked;
  }

  /** Lets a connection open no more sessions, and ends it with its last one. */
  expel(connection: Connection, reason: string): void {
    this.#expelled.add(connection);
    if (this.#hasSessions(connection)) return;
    const { id, peer, username } = connection;
    this.#venue.log({ level: "info", event: "kick", connection: id, peer: peer.address, detail: { reason }, username });
    connection.disconnect(reason);
  }

  /** Takes in nobody more. */
  shut(): void {
    this.#isShut = true;
    clearInterval(this.#sweep);
  }

  /**
   * Resolves when all sessions are gone. Those at their prompt are ended at once, those with a
   * running command when it ends, and at the latest after `drain` milliseconds.
   */
  async close(message: string, drain: number): Promise<void> {
    for (const visit of this.#visits.values()) visit.shutdown(message);
    if (drain > 0) await this.#empty(drain);
    for (const visit of this.#visits.values()) visit.end("shutdown", undefined, message);
    await this.#empty(FAREWELL);
  }

  async #empty(patience: number): Promise<void> {
    if (this.#visits.size === 0) return;
    const emptied = (this.#emptied ??= Promise.withResolvers());
    const timer = setTimeout(() => emptied.resolve(), patience);
    await emptied.promise;
    clearTimeout(timer);
    this.#emptied = undefined;
  }

  #notify(isMeant: (client: Client<State>) => boolean, text: string): number {
    let reached = 0;
    for (const visit of this.#visits.values()) {
      if (isMeant(visit.client) && visit.notify(text)) reached++;
    }
    return reached;
  }

  #gone(client: Client<State>, connection: Connection): void {
    this.#visits.delete(client);
    this.#clients.delete(client);
    if (this.#visits.size === 0) this.#emptied?.resolve();
    if (this.#expelled.has(connection) && !this.#hasSessions(connection)) connection.disconnect();
  }

  #hasSessions(connection: Connection): boolean {
    return [...this.#visits.values()].some((visit) => visit.connection === connection);
  }
}
