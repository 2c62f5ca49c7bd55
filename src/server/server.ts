import type { Client } from "./client/client.ts";
import { ConfigError } from "./config-error.ts";
import { Connection } from "./connection.ts";
import type { Unregister } from "./dispatcher.ts";
import { checkEventName, Dispatcher } from "./dispatcher.ts";
import type { Address, Door, Reception } from "./door.ts";
import type { DefaultState, EventMap, EventName } from "./events.ts";
import { Gate } from "./gate/gate.ts";
import type { ResolvedOptions, ServerOptions } from "./options.ts";
import { resolveOptions } from "./options.ts";
import { Lobby } from "./visit/lobby.ts";
import type { Middleware } from "./visit/middleware.ts";
import type { Program, Subsystem } from "./visit/venue.ts";

/** What `onUser` with a name alone gives: a decorator for a method that takes the event. */
export type OnUserDecorator<State, Name extends EventName> = <This>(
  method: (this: This, ...args: Parameters<EventMap<State>[Name]>) => ReturnType<EventMap<State>[Name]>,
  context: ClassMethodDecoratorContext<
    This,
    (this: This, ...args: Parameters<EventMap<State>[Name]>) => ReturnType<EventMap<State>[Name]>
  >,
) => void;

/** Where {@link ServerCore.run} listens, when not where the options say. */
export interface ListenOptions {
  /** The TCP port; 0 takes a free one. */
  readonly port?: number;
  /** The address. */
  readonly host?: string;
}

/** How {@link ServerCore.close} closes. */
export interface CloseOptions {
  /** How long running commands may go on, in seconds. Default 0. */
  readonly drain?: number;
  /** What the visitors are told. Default `The server is shutting down.` */
  readonly message?: string;
}

/** Whom {@link ServerCore.broadcast} leaves out. */
export interface BroadcastOptions<State> {
  readonly except?: Client<State> | Iterable<Client<State>>;
}

const SHUTTING_DOWN = "The server is shutting down.";

/**
 * A server without its doors: handlers, middleware, and the clients that are in. `Server` adds the SSH door.
 *
 *     const ssh = new Server({ allowAnyone: true });
 *     ssh.onUser("command", (client, command) => client.sendln(`You said ${command}.`));
 *     await ssh.run({ port: 2222 });
 */
export class ServerCore<State = DefaultState> implements AsyncDisposable {
  /** The options with every default filled in. */
  readonly options: ResolvedOptions<State>;
  readonly #events: Dispatcher<State> = new Dispatcher();
  readonly #middleware: Middleware<State>[] = [];
  readonly #subsystems: Map<string, Subsystem<State>> = new Map();
  readonly #programs: Map<string, Program<State>> = new Map();
  readonly #gate: Gate<State>;
  readonly #lobby: Lobby<State>;
  /** What {@link run} is to open. */
  readonly #added: Door[] = [];
  /** Those that are open. */
  readonly #doors: Set<Door> = new Set();
  /** The first that {@link run} has opened. */
  #front: Door | undefined;
  #hasRun = false;
  #prepared: Promise<void> | undefined;
  /** Settles when no door is about to open. */
  #opening: Promise<unknown> | undefined;
  #closed: Promise<void> | undefined;

  /** @throws ConfigError `UNKNOWN_OPTION`, `BAD_OPTION` or `CONFLICT`. */
  constructor(...[options]: {} extends State ? [options?: ServerOptions<State>] : [options: ServerOptions<State>]) {
    this.options = resolveOptions<State>(options ?? {});
    this.#gate = new Gate(this.options, this.#events);
    this.#lobby = new Lobby({
      options: this.options,
      events: this.#events,
      middleware: this.#middleware,
      subsystems: this.#subsystems,
      programs: this.#programs,
      log: this.options.log,
    });
  }

  /**
   * Registers a handler behind those that the event has already.
   *
   *     const off = ssh.onUser("connect", (client) => client.sendln(`Hello ${client.username}!`));
   *
   * @returns a function that takes the handler away again, also for `using`.
   * @throws ConfigError `UNKNOWN_EVENT` or `BAD_OPTION`.
   */
  onUser<Name extends EventName>(name: Name, handler: EventMap<State>[Name]): Unregister;
  /**
   * Registers a method of a class: for each new object of the class, or, for a static method, once.
   *
   *     class App {
   *       @ssh.onUser("connect") greet(client: Client) { client.sendln("Hello!"); }
   *     }
   *     new App();
   */
  onUser<Name extends EventName>(name: Name): OnUserDecorator<State, Name>;
  onUser<Name extends EventName>(
    name: Name,
    handler?: EventMap<State>[Name],
  ): Unregister | OnUserDecorator<State, Name> {
    if (handler !== undefined) return this.#events.add(name, handler);
    checkEventName(name);
    const events = this.#events;
    return (method, context) => {
      context.addInitializer(function register() {
        events.add(name, method.bind(this) as unknown as EventMap<State>[Name]);
      });
    };
  }

  /** Puts middleware around every session that begins from now on, inside of what is there already. */
  use(middleware: Middleware<State>): this {
    if (typeof middleware !== "function") {
      throw new ConfigError(
        "BAD_OPTION",
        "A middleware must be a function such as async (client, next) => { await next(); }.",
      );
    }
    this.#middleware.push(middleware);
    return this;
  }

  /** Serves a subsystem by its name (`ssh -s host name`). With `sftp`, clients get `connectsftp` in place of `connect`. */
  subsystem(name: string, serve: Subsystem<State>): this {
    checkServing("subsystem", name, serve);
    this.#subsystems.set(name, serve);
    return this;
  }

  /**
   * Serves the commands of `ssh host command` whose first word is this name, in place of `exec` and `command`: what other
   * programs run on the far side, such as `scp` or `git-upload-pack`. The prompt does not know it.
   */
  program(name: string, serve: Program<State>): this {
    checkServing("program", name, serve);
    this.#programs.set(name, serve);
    return this;
  }

  /** Adds a door, to be opened by {@link run}. */
  addDoor(door: Door): this {
    if (this.#hasRun) throw new ConfigError("WRONG_STATE", "Add doors before run(); open(door) opens one at any time.");
    this.#added.push(door);
    return this;
  }

  /**
   * Opens one door now, whether or not the server runs. It closes with the server.
   *
   * @returns a function that closes it before.
   * @throws ConfigError as {@link run}, and `WRONG_STATE` when the server is closed.
   */
  async open(door: Door): Promise<() => Promise<void>> {
    if (this.#closed !== undefined) throw new ConfigError("WRONG_STATE", "This server is closed: its doors stay shut.");
    this.#checkAuth();
    await this.#begin([door]);
    return async () => {
      if (this.#doors.delete(door)) await door.close();
    };
  }

  /**
   * Opens the doors and takes visitors in.
   *
   * @returns where the first door listens.
   * @throws ConfigError `NO_AUTH` when nothing says who may log in, `CONFLICT` when a method of `authenticationMethods` is
   * judged by nobody, what an authenticator throws that cannot be prepared, `WRONG_STATE` when it ran before, `CANNOT_LISTEN`,
   * `BAD_HOST_KEY`.
   */
  async run(listen: ListenOptions = {}): Promise<Address> {
    if (this.#hasRun || this.#closed !== undefined) {
      throw new ConfigError("WRONG_STATE", "This server was run or closed before: make a new one with new Server(…).");
    }
    this.#checkAuth();
    const { port, host } = resolveOptions<State>({ port: this.options.port, host: this.options.host, ...listen });
    this.#hasRun = true;
    const doors = [...this.makeDoors({ port, host }), ...this.#added];
    await this.#begin(doors);
    [this.#front] = doors;
    return this.address ?? { host, port };
  }

  /** Where the first door listens, once the server runs. */
  get address(): Address | undefined {
    return this.#front?.address;
  }

  /** The clients between their `connect` and their `disconnected`. */
  get clients(): ReadonlySet<Client<State>> {
    return this.#lobby.clients;
  }

  /** The connections that are in, also those that have not logged in yet. */
  get connections(): Iterable<Connection> {
    return this.#gate.connections;
  }

  /**
   * Throws a client out, or all of a connection: the event `kicked`, a line with the reason, the end of the session. Async
   * handlers do not hold it up. Gives whether it was there.
   */
  kick(target: Client<State> | Connection, reason = "You have been disconnected."): boolean {
    if (!(target instanceof Connection)) return this.#lobby.kick((client) => client === target, reason) > 0;
    const isThere = !target.isOver;
    this.#throwOut((connection) => connection === target, reason);
    return isThere;
  }

  /** Throws a user out: all sessions and connections of that name. Gives the number of sessions. */
  kickUser(username: string, reason = "You have been disconnected."): number {
    return this.#throwOut((connection) => connection.username === username, reason);
  }

  /** Throws everybody out who has logged in. Gives the number of sessions. */
  kickAll(reason = "You have been disconnected."): number {
    return this.#throwOut((connection) => connection.username !== undefined, reason);
  }

  /**
   * Writes a line to all clients: above the prompt, where one is being typed at. Clients with much unread output are left
   * out. Gives the number of those reached. Pass what users typed through `escapeControls`.
   */
  broadcast(text: string, options: BroadcastOptions<State> = {}): number {
    const { except = [] } = options;
    const left = Symbol.iterator in except ? new Set<unknown>(except) : new Set<unknown>([except]);
    return this.#lobby.broadcast(text, left);
  }

  /** Writes a line to one client or to every session of a user, as {@link broadcast} does. Gives the number reached. */
  sendTo(target: Client<State> | string, text: string): number {
    return this.#lobby.sendTo(target, text);
  }

  /**
   * Closes the server: no new connections, a line to everybody, time for running commands if `drain` says so, then the
   * end of all sessions and connections. Resolves when all are gone. A second call waits for the first.
   */
  close(options: CloseOptions = {}): Promise<void> {
    const { drain = 0, message = SHUTTING_DOWN } = options;
    if (typeof drain !== "number" || !(drain >= 0)) {
      throw new ConfigError("BAD_OPTION", "close({ drain }) must be a number of seconds, 0 or more.");
    }
    return (this.#closed ??= this.#close(drain * 1000, message));
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The doors that a kind of server brings by itself. */
  protected makeDoors(_listen: Required<ListenOptions>): readonly Door[] {
    return [];
  }

  #begin(doors: readonly Door[]): Promise<void> {
    const opening = this.#open(doors);
    this.#opening = Promise.allSettled([this.#opening, opening]);
    return opening;
  }

  async #open(doors: readonly Door[]): Promise<void> {
    await (this.#prepared ??= this.#prepare());
    const reception = this.#reception();
    try {
      for (const door of doors) {
        await door.open(reception);
        this.#doors.add(door);
      }
    } catch (error) {
      await this.#shut(doors);
      throw error;
    }
    if (this.#closed === undefined) this.#lobby.open();
  }

  async #prepare(): Promise<void> {
    for (const authenticator of this.options.auth) await authenticator.prepare?.(this.options.log);
  }

  async #close(drain: number, message: string): Promise<void> {
    this.#gate.shut();
    this.#lobby.shut();
    // Doors that are about to open are closed too; whoever called run() hears of it when they cannot be opened.
    await this.#opening;
    await this.#shut([...this.#doors]);
    await this.#lobby.close(message, drain);
    for (const connection of this.#gate.connections) connection.disconnect(message);
  }

  async #shut(doors: readonly Door[]): Promise<void> {
    const open = doors.filter((door) => this.#doors.delete(door));
    const results = await Promise.allSettled(open.map((door) => door.close()));
    for (const result of results) {
      if (result.status === "rejected")
        this.options.log({ level: "error", event: "door not closed", error: result.reason });
    }
  }

  #throwOut(isMeant: (connection: Connection) => boolean, reason: string): number {
    const count = this.#lobby.kick((client) => isMeant(client.connection), reason);
    for (const connection of this.#gate.connections) {
      if (isMeant(connection)) this.#lobby.expel(connection, reason);
    }
    return count;
  }

  #checkAuth(): void {
    const { allowAnyone, useExternalAuth, auth } = this.options;
    const hasHandler = this.#events.has("auth") || this.#events.has("authinteractive");
    if (hasHandler && !useExternalAuth) {
      throw new ConfigError(
        "NO_AUTH",
        "There is an auth handler, but nobody will ask it: add useExternalAuth: true to the options.",
      );
    }
    if (!allowAnyone && !hasHandler && auth.length === 0) {
      throw new ConfigError(
        "NO_AUTH",
        "Nothing says who may log in. Add auth: […] with authenticators, or useExternalAuth: true and a handler with " +
          'onUser("auth", …), or, to let everybody in without a password, allowAnyone: true.',
      );
    }
    const [unjudged] = this.#gate.unjudged;
    if (unjudged !== undefined) {
      throw new ConfigError(
        "CONFLICT",
        `authenticationMethods asks for ${unjudged}, and nobody judges it: add an authenticator that does to auth, or a handler.`,
      );
    }
  }

  #reception(): Reception {
    const gate = this.#gate;
    return {
      authMethods: gate.methods,
      arrive: (socket, control, door) => gate.arrive(socket, control, door),
      banner: (connection, username) => gate.banner(connection, username),
      judge: (connection, attempt) => gate.judge(connection, attempt),
      admitted: (connection, username, method) => gate.admitted(connection, username, method),
      vouched: (connection, username, user) => gate.vouched(connection, username, user),
      openSession: (connection, session) => this.#lobby.openSession(connection, session),
      left: (...departed) => gate.left(...departed),
    };
  }
}

function checkServing(what: "subsystem" | "program", name: unknown, serve: unknown): void {
  if (typeof name === "string" && /^[!-~]{1,64}$/.test(name) && typeof serve === "function") return;
  throw new ConfigError("BAD_OPTION", `A ${what} needs a name of at most 64 printable characters and a function.`);
}
