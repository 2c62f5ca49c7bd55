import type { AuthAttempt, AuthAnswer } from "./auth.ts";
import type { Connection, ConnectionControl, Identity, SocketInfo } from "./connection.ts";
import type { Session, SessionEvents } from "./session.ts";

/** Where a server can be reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A way in: SSH, a browser, the local terminal. It brings connections and their sessions to a {@link Reception}. */
export interface Door {
  readonly name: string;
  /** Where it listens, once it is open. */
  readonly address?: Address | undefined;
  /** Starts to listen. Rejects with a `ConfigError` that names the thing and the remedy: a port in use, a bad host key. */
  open(reception: Reception): Promise<void>;
  /** Stops listening; connections that are in stay until they are closed one by one. */
  close(): Promise<void>;
}

/** Why a connection is over, for penalties and the log. */
export type Departure =
  /** Either side closed it in order. */
  | "closed"
  /** The peer broke the protocol before it had logged in, or after. */
  | "protocol-error"
  /** The login grace time ran out, or the time for a part of it. */
  | "grace-time"
  /** It went away without one finished login attempt. */
  | "no-auth"
  /** Our own code failed while it handled what the peer had sent. */
  | "fault"
  /** The link broke or the peer stopped answering keepalives. */
  | "lost";

/** What went over a connection, in bytes as they were on the wire. */
export interface Traffic {
  /** From the visitor. */
  readonly received: number;
  readonly sent: number;
}

/** The server as its doors see it: the sequence is arrive, banner, judge …, admitted or vouched, openSession …, left. */
export interface Reception {
  /** The login methods to offer, in the order of preference; fixed by the time a door is opened. */
  readonly authMethods: readonly string[];
  /**
   * Judges a new connection by limits, penalties and the `connection` event. `undefined` is a refusal, to be answered by
   * closing; then {@link left} is not called.
   */
  arrive(
    socket: SocketInfo,
    control: ConnectionControl,
    door: Door,
  ): Connection | undefined | Promise<Connection | undefined>;
  /** The text to show before the login, from the option and the `authbanner` event. */
  banner(connection: Connection, username: string): Promise<string | undefined>;
  /** Judges one login attempt. Resolves when the answer may be sent, and never rejects: a throw is a refusal. */
  judge(connection: Connection, attempt: AuthAttempt): Promise<AuthAnswer>;
  /** The protocol has told the client that it is in. */
  admitted(connection: Connection, username: string, method: string): void;
  /**
   * The door knows by itself who is there: the user of a local terminal, a visitor of a web app who has logged in to that, the hero of
   * a test. Nobody is asked, and nothing is restricted.
   *
   * @throws Error when nobody can have the name: it is empty, over 255 bytes, has control characters or begins with `-`.
   */
  vouched(connection: Connection, username: string, user?: Identity): void;
  /** A session channel was opened; `undefined` is a refusal. */
  openSession(connection: Connection, session: Session): SessionEvents | undefined;
  /**
   * The connection is gone; called exactly once for each that arrived. For the log are the rest: `detail`, which holds no
   * secret, and the `fault` of our own code that was the reason.
   */
  left(connection: Connection, departure: Departure, detail: string, traffic?: Traffic, fault?: unknown): void;
}
