import { secondsSince } from "../audit/seconds.ts";
import type { LogDetails, LogEntry, LogLevel } from "../audit/entries.ts";
import type { EndReason, SessionFacts } from "../client/facts.ts";
import type { Connection } from "../connection.ts";
import type { Log } from "../log.ts";
import { ORIGINAL_COMMAND } from "./requests.ts";

type SessionEvent = "session opened" | "command" | "kick" | "session ended";

const TROUBLE: ReadonlySet<EndReason | undefined> = new Set(["overflow", "error"]);

let sessionCount = 0;

/** Tells the log what becomes of one session. */
export class SessionRecord {
  readonly #id: string = String(++sessionCount);
  readonly #since: number = Date.now();
  readonly #connection: Connection;
  readonly #facts: SessionFacts;
  readonly #log: Log;

  constructor(connection: Connection, facts: SessionFacts, log: Log) {
    this.#connection = connection;
    this.#facts = facts;
    this.#log = log;
  }

  /** The client has asked for a program, and gets it. */
  opened(): void {
    const { kind = "shell", request } = this.#facts;
    const subsystem = kind === "subsystem" ? request : undefined;
    this.#tell("info", "session opened", { session: this.#id, kind, pty: this.#hasPty, subsystem });
  }

  /** A command is about to run. */
  command(command: string): void {
    const isForced = this.#connection.grant?.forceCommand !== undefined;
    const forced = isForced ? { forced: true, original: this.#facts.env[ORIGINAL_COMMAND] } : {};
    this.#tell("info", "command", { session: this.#id, command, ...forced });
  }

  /** The user is thrown out. */
  kicked(reason: string): void {
    this.#tell("info", "kick", { session: this.#id, reason });
  }

  /** The session is over; one that never had a program has not been opened either. */
  ended(): void {
    const { kind, endReason = "disconnected", exitStatus: status } = this.#facts;
    if (kind === undefined) return;
    const level = TROUBLE.has(endReason) ? "warn" : "info";
    const seconds = secondsSince(this.#since);
    this.#tell(level, "session ended", {
      session: this.#id,
      kind,
      pty: this.#hasPty,
      reason: endReason,
      status,
      seconds,
    });
  }

  get #hasPty(): boolean {
    return this.#facts.pty !== undefined;
  }

  #tell<Event extends SessionEvent>(level: LogLevel, event: Event, detail: LogDetails[Event]): void {
    const { id, peer, username } = this.#connection;
    this.#log({ level, event, connection: id, peer: peer.address, detail, username } as LogEntry);
  }
}
