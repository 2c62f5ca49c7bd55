import type { AuthAnswer, AuthAttempt } from "../auth.ts";
import type { ConnectionControl, Identity, Login, SocketInfo } from "../connection.ts";
import { Connection } from "../connection.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { LogDetails, LogEntry, LogEvent, LogLevel } from "../audit/entries.ts";
import type { Departure, Door, Traffic } from "../door.ts";
import { secondsSince } from "../audit/seconds.ts";
import type { Grant } from "../login/restrictions.ts";
import { restrictionsIn } from "../login/restrictions.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Tally } from "./auth-policy.ts";
import { AuthPolicy } from "./auth-policy.ts";
import type { Offence } from "./penalties.ts";
import { Penalties } from "./penalties.ts";
import type { Place } from "./startups.ts";
import { Startups } from "./startups.ts";

/** In bytes; the engine takes no more. */
const MAX_BANNER = 65_536;
/** How often the log tells of refused connections, in milliseconds. */
const REFUSALS_TOLD_EVERY = 1000;

let connectionCount = 0;

/** Decides who comes in: limits, penalties, the `connection` event, and the login. */
export class Gate<State> {
  readonly #options: ResolvedOptions<State>;
  readonly #events: Dispatcher<State>;
  readonly #policy: AuthPolicy<State>;
  readonly #startups: Startups;
  readonly #penalties: Penalties | undefined;
  readonly #places: Map<Connection, Place> = new Map();
  readonly #now: () => number;
  #isShut = false;
  /** Refusals that no line of the log tells of yet, and when the last line was written. */
  #untold = 0;
  #toldAt = -Infinity;

  /** @param now milliseconds on a clock that does not go back. */
  constructor(options: ResolvedOptions<State>, events: Dispatcher<State>, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#events = events;
    this.#now = now;
    this.#policy = new AuthPolicy(options, events);
    this.#startups = new Startups(options.limits);
    const { penalties, limits } = options;
    this.#penalties = penalties === undefined ? undefined : new Penalties(penalties, limits.perSourceNetBlock);
  }

  /** The login methods to offer. */
  get methods(): readonly string[] {
    return this.#policy.methods;
  }

  /** The methods that have to be passed, and that nobody judges. */
  get unjudged(): readonly string[] {
    return this.#policy.unjudged;
  }

  /** The connections that are in, with a login or without. */
  get connections(): Iterable<Connection> {
    return this.#places.keys();
  }

  /** Takes nobody in any more. */
  shut(): void {
    this.#isShut = true;
  }

  /** See {@link Reception.arrive}. Without a `connection` handler nothing is waited for. */
  arrive(
    socket: SocketInfo,
    control: ConnectionControl,
    door: Door,
  ): Connection | undefined | Promise<Connection | undefined> {
    if (this.#isShut) return undefined;
    const { remoteAddress } = socket;
    if (this.#penalties?.isPenalised(remoteAddress, this.#now()) === true) {
      return this.#refuse(remoteAddress, "penalised");
    }
    const place = this.#startups.arrive(remoteAddress);
    if (typeof place === "string") return this.#refuse(remoteAddress, place);
    const enter = (): Connection => {
      const connection = new Connection(String(++connectionCount), door.name, socket, control);
      this.#places.set(connection, place);
      this.#tell("info", "arrived", connection, { door: door.name, port: socket.remotePort });
      return connection;
    };
    return this.#events.has("connection") ? this.#ask(socket, place, enter) : enter();
  }

  /** See {@link Reception.banner}. */
  async banner(connection: Connection, username: string): Promise<string | undefined> {
    let text = this.#options.banner;
    try {
      const said: unknown = await this.#events.first("authbanner", { username, peer: connection.peer, connection });
      if (said !== undefined && typeof said !== "string") {
        throw new TypeError(`An authbanner handler gives a text, not a value of type ${typeof said}.`);
      }
      text = said ?? text;
    } catch (error) {
      this.#tell("error", "authbanner handler failed", connection, {}, error);
    }
    return text === undefined || text === "" ? undefined : beginningOf(text);
  }

  /** See {@link Reception.judge}. */
  judge(connection: Connection, attempt: AuthAttempt): Promise<AuthAnswer> {
    return this.#policy.judge(connection, attempt);
  }

  /** See {@link Reception.admitted}. */
  admitted(connection: Connection, username: string, method: string): void {
    this.#letIn(connection, this.#policy.admitted(connection, username, method));
  }

  /** See {@link Reception.vouched}. */
  vouched(connection: Connection, username: string, user: Identity | undefined): void {
    this.#letIn(connection, this.#policy.vouched(username, user));
  }

  /** See {@link Reception.left}. */
  left(connection: Connection, departure: Departure, detail: string, traffic?: Traffic, fault?: unknown): void {
    const place = this.#places.get(connection);
    if (place === undefined) return;
    this.#places.delete(connection);
    place.left();
    connection.end();
    this.#policy.left(connection);
    const level = departure === "fault" ? "error" : "info";
    const seconds = secondsSince(connection.since);
    this.#tell(level, "left", connection, { departure, detail, seconds, ...traffic }, fault);
    if (connection.username !== undefined) return;
    const tally = this.#policy.tally(connection);
    // Who could not log in because nobody could judge it has done nothing; what else failed meanwhile counts.
    if (departure !== "fault" && tally.failures === 0 && tally.excused > 0) return;
    this.#penalise(connection.peer.address, offenceOf(departure, tally));
  }

  #letIn(connection: Connection, login: Login): void {
    connection.admit(login);
    this.#places.get(connection)?.admitted();
    this.#tell("info", "login", connection, {
      methods: login.methods.join(","),
      client: connection.clientVersion,
      seconds: secondsSince(connection.since),
      restrictions: restrictionsIn(login.grant).join(",") || undefined,
    });
    if (this.#isOneTooMany(connection, login.grant)) {
      connection.disconnect("There are as many connections of this user as there may be.");
      return;
    }
    const failed = (handler: string, error: unknown): void =>
      this.#tell("error", "handler failed", connection, { handler }, error);
    void this.#events.raise("login", failed, connection);
  }

  /** Of those that are in, with the one that has just come. */
  #isOneTooMany({ username }: Connection, { maxConnections }: Grant): boolean {
    if (maxConnections === Infinity) return false;
    return [...this.#places.keys()].filter((other) => other.username === username).length > maxConnections;
  }

  async #ask(socket: SocketInfo, place: Place, enter: () => Connection): Promise<Connection | undefined> {
    let isRefused: boolean;
    try {
      isRefused = (await this.#events.first("connection", socket)) === false;
    } catch (error) {
      this.#options.log({ level: "error", event: "connection handler failed", peer: socket.remoteAddress, error });
      isRefused = true;
    }
    if (!isRefused && !this.#isShut) return enter();
    place.left();
    this.#refuse(socket.remoteAddress, "connection handler");
    this.#penalise(socket.remoteAddress, "refused");
    return undefined;
  }

  #refuse(peer: string, why: string): undefined {
    // A flood must not become one of lines: a refusal costs next to nothing, and once a second one of them is told.
    this.#untold++;
    const now = this.#now();
    if (now - this.#toldAt < REFUSALS_TOLD_EVERY) return undefined;
    this.#options.log({ level: "info", event: "connection refused", peer, detail: { why, refusals: this.#untold } });
    this.#toldAt = now;
    this.#untold = 0;
    return undefined;
  }

  #penalise(peer: string, offence: Offence): void {
    const penalty = this.#penalties?.add(peer, offence, this.#now());
    if (penalty === undefined) return;
    const { source, seconds, total, isEnforced: enforced } = penalty;
    const level = enforced ? "info" : "debug";
    this.#options.log({ level, event: "penalty", peer, detail: { offence, source, seconds, total, enforced } });
  }

  #tell<Event extends LogEvent>(
    level: LogLevel,
    event: Event,
    connection: Connection,
    detail: LogDetails[Event],
    error?: unknown,
  ): void {
    const { id, peer, username } = connection;
    this.#options.log({ level, event, connection: id, peer: peer.address, detail, error, username } as LogEntry);
  }
}

/** As much of a banner as a client takes, without half a character at its end. */
function beginningOf(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BANNER) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(MAX_BANNER)).read);
}

function offenceOf(departure: Departure, { failures, isUnknownUser }: Tally): Offence {
  if (departure === "fault") return "crash";
  if (departure === "grace-time") return "graceExceeded";
  if (failures === 0) return "noauth";
  return isUnknownUser ? "invaliduser" : "authfail";
}
