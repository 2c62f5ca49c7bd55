import type { Grant } from "./login/restrictions.ts";
import type { SessionSettings } from "./login/session-settings.ts";

/** Both ends of a connection, as its door sees them. */
export interface SocketInfo {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

/** What the server can do to a connection whatever door it came by. */
export interface ConnectionControl {
  /** Ends the connection. The text is for the visitor's client to show; it must not hold what another peer sent. */
  disconnect(text: string): void;
}

/** One end of a connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What an `auth` handler found out about a user; whatever it likes to attach, under names of its own. */
export type Identity = Readonly<Record<string, unknown>>;

/** What both sides agreed on to protect a connection; each door names what it has. */
export type Algorithms = Readonly<Record<string, string>>;

/** One connection of a visitor. An SSH client may open several sessions on it; each of them is a `Client`. */
export class Connection {
  /** Unique within the process; it is in every log entry about this connection. */
  readonly id: string;
  /** The name of the door it came by, such as `ssh`. */
  readonly door: string;
  /** The visitor's end. */
  readonly peer: Endpoint;
  /** The server's end. */
  readonly local: Endpoint;
  /** When it arrived, in milliseconds since 1970. */
  readonly since: number;
  /** How the visitor's software names itself, as it came: escape it before you print it. Set by the door. */
  clientVersion: string | undefined;
  /** How the server named itself. Set by the door. */
  serverVersion: string | undefined;
  /** What protects the connection, and replaced when keys are renewed. Set by the door. */
  algorithms: Algorithms | undefined;
  /** What its sessions have in place of the server's options. For handlers of `login`: sessions that are open keep what they had. */
  settings: SessionSettings = {};
  readonly #control: ConnectionControl;
  #login: Login | undefined;
  #isOver = false;

  constructor(id: string, door: string, socket: SocketInfo, control: ConnectionControl) {
    this.id = id;
    this.door = door;
    this.peer = { address: socket.remoteAddress, port: socket.remotePort };
    this.local = { address: socket.localAddress, port: socket.localPort };
    this.since = Date.now();
    this.#control = control;
  }

  /** Who logged in; undefined before. At most 255 bytes, without control characters. */
  get username(): string | undefined {
    return this.#login?.username;
  }

  /** What the verdict of an `auth` handler attached: `{ accept: true, user: { … } }`. */
  get user(): Identity | undefined {
    return this.#login?.user;
  }

  /** The login methods that let the user in, in the order in which they succeeded. */
  get methods(): readonly string[] {
    return this.#login?.methods ?? [];
  }

  /**
   * What the login may do, with the restrictions of all its factors together; undefined before the login. The server
   * holds sessions to it; an app that does things of its own for its users looks here first.
   */
  get grant(): Grant | undefined {
    return this.#login?.grant;
  }

  /** Whether it is gone. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Ends the connection and every session on it.
   *
   * @param text what the visitor's software may show as the reason; keep out of it what other visitors typed.
   */
  disconnect(text = "Closed by the server."): void {
    if (!this.#isOver) this.#control.disconnect(text);
  }

  /** For the server: the login is complete. */
  admit(login: Login): void {
    this.#login = login;
  }

  /** For the server: the connection is gone. */
  end(): void {
    this.#isOver = true;
  }
}

/** A completed login. */
export interface Login {
  readonly username: string;
  readonly user: Identity | undefined;
  readonly methods: readonly string[];
  readonly grant: Grant;
}
