import type { Capabilities } from "../../terminal/index.ts";
import type { Connection, Endpoint, Identity } from "../connection.ts";
import type { PtyData, WindowSize } from "../session.ts";
import type { CommandResult } from "./command.ts";
import type { EndReason, RunningCommand, SessionHost, SessionKind } from "./facts.ts";

/** What a client tells of its session: who is there, with what, and since when. */
export class ClientFacts {
  /** When the session began, in milliseconds since 1970. */
  readonly since: number = Date.now();
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** The connection that the session came by. */
  get connection(): Connection {
    return this.#host.connection;
  }

  /** The name that the user logged in with: at most 255 bytes, without control characters. */
  get username(): string {
    return this.connection.username ?? "";
  }

  /** What the verdict of an `auth` handler attached, such as `{ accept: true, user: { role: "admin" } }`. */
  get user(): Identity | undefined {
    return this.connection.user;
  }

  /** The visitor's address and port. */
  get peer(): Endpoint {
    return this.connection.peer;
  }

  /**
   * The environment variables that the client set and the option `acceptEnv` took, and those of its login. Where the
   * login may run one command alone, `SSH_ORIGINAL_COMMAND` has what the client asked for.
   */
  get env(): Readonly<Record<string, string>> {
    return this.#host.facts.env;
  }

  /** The terminal that was requested; undefined without one (`ssh -T`, `ssh host command`, a pipe). */
  get pty(): PtyData | undefined {
    return this.#host.facts.pty;
  }

  /** The size of the terminal, kept up to date; 80 by 24 without one. */
  get window(): WindowSize {
    return this.#host.facts.window;
  }

  /**
   * What the terminal can show, as its type and the client's variables tell, and as it has answered since
   * {@link detectTerminal}. Without a terminal there are no colours and nothing else but text.
   */
  get terminal(): Capabilities {
    return this.#host.terminal.capabilities;
  }

  /**
   * Asks the terminal what it can do, once for all who want to know, and resolves with {@link terminal}: when it has
   * answered, or after a second with what is known. What it answers later still counts. A terminal that would show the
   * questions is not asked. Never rejects.
   */
  detectTerminal(): Promise<Capabilities> {
    return this.#host.terminal.detect();
  }

  /** What is served; undefined until the client has asked for something. */
  get kind(): SessionKind | undefined {
    return this.#host.facts.kind;
  }

  /** Whether commands come from a shell, one after the other, and not from `ssh host command`. */
  get interactive(): boolean {
    return this.kind === "shell";
  }

  /** The command of `ssh host command`, or the name of the subsystem. */
  get request(): string | undefined {
    return this.#host.facts.request;
  }

  /** Aborted when the session ends. For one command alone see the `signal` that its handler gets. */
  get signal(): AbortSignal {
    return this.#host.signal;
  }

  /** The command whose handler has not come back yet. */
  get commandRunning(): RunningCommand | undefined {
    return this.#host.facts.running;
  }

  /** The command that ended last, with {@link lastResult}. */
  get lastCommand(): string | undefined {
    return this.#host.facts.lastCommand;
  }

  get lastResult(): CommandResult | undefined {
    return this.#host.facts.lastResult;
  }

  /** What a handler of this client threw last. */
  get lastError(): unknown {
    return this.#host.facts.lastError;
  }

  /** The lines entered at the prompt, oldest first. */
  get history(): Iterable<string> {
    return this.#host.lines.history;
  }

  /** Why the session ended; undefined while it lasts. */
  get endReason(): EndReason | undefined {
    return this.#host.facts.endReason;
  }

  /** The exit status that the client was or will be told. */
  get exitStatus(): number | undefined {
    return this.#host.facts.exitStatus;
  }
}
