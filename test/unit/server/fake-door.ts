/** A door without a network: sessions in memory, so that the server is tested alone. */
import type { TestContext } from "node:test";
import { ServerCore } from "../../../src/server/index.ts";
import type {
  AuthAnswer,
  AuthAttempt,
  Connection,
  DefaultState,
  Departure,
  Door,
  Identity,
  LogEntry,
  PtyData,
  Reception,
  ServerOptions,
  Session,
  SessionEvents,
} from "../../../src/server/index.ts";

export const PTY: PtyData = {
  term: "xterm-256color",
  width: 40,
  height: 10,
  pixelwidth: 0,
  pixelheight: 0,
  modes: new Map(),
};

/** A turn of the event loop in which everything that is under way without a timer comes to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What the server does to a session, written down in order. */
export class FakeSession implements Session {
  events!: SessionEvents;
  /** Everything but the output, such as `exit 0` and `close`. */
  readonly calls: string[] = [];
  consumedBytes = 0;
  /** Whether the visitor has stopped to read. */
  isStuck = false;
  /** Whether the door tells `closed` by itself once the server closes. */
  answersClose = true;
  readonly #out: Uint8Array[] = [];
  readonly #error: Uint8Array[] = [];
  writes = 0;
  #isClosed = false;

  get stdout(): string {
    return Buffer.concat(this.#out).toString();
  }

  get stderr(): string {
    return Buffer.concat(this.#error).toString();
  }

  get bytesOut(): number {
    return this.#out.reduce((sum, { length }) => sum + length, 0);
  }

  write(bytes: Uint8Array, stream: "stdout" | "stderr"): boolean {
    this.writes++;
    (stream === "stdout" ? this.#out : this.#error).push(bytes);
    return !this.isStuck;
  }

  consumed(bytes: number): void {
    this.consumedBytes += bytes;
  }

  end(): void {
    this.calls.push("end");
  }

  exit(how: number | { signal: string }): void {
    this.calls.push(typeof how === "number" ? `exit ${how}` : `signal ${how.signal}`);
  }

  close(): void {
    this.calls.push("close");
    if (this.answersClose) queueMicrotask(() => this.hangUp());
  }

  abort(): void {
    this.calls.push("abort");
    queueMicrotask(() => this.hangUp());
  }

  /** The visitor's end of the session goes away. */
  hangUp(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.events.closed();
  }

  /** The visitor types, or pipes in, this text. */
  type(text: string): void {
    this.events.input(Buffer.from(text));
  }

  /** The visitor reads again. */
  read(): void {
    this.isStuck = false;
    this.events.drained();
  }
}

/** A connection as the door sees it. */
export class FakeConnection {
  readonly connection: Connection;
  readonly #reception: Reception;
  readonly sessions: FakeSession[] = [];
  readonly disconnects: string[];

  constructor(connection: Connection, reception: Reception, disconnects: string[]) {
    this.connection = connection;
    this.#reception = reception;
    this.disconnects = disconnects;
  }

  judge(attempt: AuthAttempt): Promise<AuthAnswer> {
    return this.#reception.judge(this.connection, attempt);
  }

  admit(username: string, method = "none"): void {
    this.#reception.admitted(this.connection, username, method);
  }

  vouch(username: string, user?: Identity): void {
    this.#reception.vouched(this.connection, username, user);
  }

  /** Opens a session; undefined when the server refuses it. */
  open(): FakeSession | undefined {
    const session = new FakeSession();
    const events = this.#reception.openSession(this.connection, session);
    if (events === undefined) return undefined;
    session.events = events;
    this.sessions.push(session);
    return session;
  }

  banner(username: string): Promise<string | undefined> {
    return this.#reception.banner(this.connection, username);
  }

  leave(departure: Departure = "closed"): void {
    for (const session of this.sessions) session.hangUp();
    this.#reception.left(this.connection, departure, "");
  }
}

export class FakeDoor implements Door {
  readonly name = "fake";
  readonly address = { host: "nowhere", port: 1 };
  reception!: Reception;
  isOpen = false;

  open(reception: Reception): Promise<void> {
    this.reception = reception;
    this.isOpen = true;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isOpen = false;
    return Promise.resolve();
  }

  /** A connection arrives; undefined when it is refused. */
  async arrive(remoteAddress = "192.0.2.1"): Promise<FakeConnection | undefined> {
    const disconnects: string[] = [];
    const arrived: { fake?: FakeConnection } = {};
    const control = {
      disconnect: (text: string) => {
        disconnects.push(text);
        arrived.fake?.leave();
      },
    };
    const socket = { remoteAddress, remotePort: 50_000, localAddress: "192.0.2.2", localPort: 22 };
    const connection = await this.reception.arrive(socket, control, this);
    if (connection === undefined) return undefined;
    arrived.fake = new FakeConnection(connection, this.reception, disconnects);
    return arrived.fake;
  }
}

/** A server with a fake door, and what a test needs of both. */
export interface Subject<State> {
  readonly server: ServerCore<State>;
  readonly door: FakeDoor;
  readonly log: LogEntry[];
  /** A visitor who has logged in and opened a session. */
  readonly visitor: (username?: string) => Promise<FakeSession>;
  /** A visitor at a shell with a terminal. */
  readonly terminal: (username?: string) => Promise<FakeSession>;
  /** A visitor at a shell without one. */
  readonly pipe: (username?: string) => Promise<FakeSession>;
  /** A visitor who runs a command. */
  readonly exec: (command: string, username?: string) => Promise<FakeSession>;
}

/** Makes a server that lets everybody in; the handlers are registered before it runs. */
export async function serve<State = DefaultState>(
  t: TestContext,
  register: (server: ServerCore<State>) => void,
  options?: Partial<ServerOptions<State>>,
): Promise<Subject<State>> {
  const log: LogEntry[] = [];
  const door = new FakeDoor();
  const all = { allowAnyone: true, log: (entry: LogEntry) => log.push(entry), ...options };
  const server = new (ServerCore<State> as new (options: object) => ServerCore<State>)(all);
  register(server);
  await server.open(door);
  t.after(() => server.close());

  const visitor = async (username = "alice"): Promise<FakeSession> => {
    const fake = await door.arrive();
    if (fake === undefined) throw new Error("The connection was refused.");
    fake.admit(username);
    const session = fake.open();
    if (session === undefined) throw new Error("The session was refused.");
    return session;
  };
  const shell = async (username: string | undefined, hasTerminal: boolean): Promise<FakeSession> => {
    const session = await visitor(username);
    if (hasTerminal && !session.events.pty(PTY)) throw new Error("The terminal was refused.");
    if (!session.events.shell()) throw new Error("The shell was refused.");
    await settle();
    return session;
  };
  return {
    server,
    door,
    log,
    visitor,
    terminal: (username) => shell(username, true),
    pipe: (username) => shell(username, false),
    exec: async (command, username) => {
      const session = await visitor(username);
      if (!session.events.exec(command)) throw new Error("The command was refused.");
      await settle();
      return session;
    },
  };
}
