import type { Client } from "../client/client.ts";
import type { CommandResult } from "../client/command.ts";
import type { Commands } from "../client/commands.ts";
import type { EndReason, SessionFacts, SessionKind } from "../client/facts.ts";
import type { ClientStreams } from "../client/streams.ts";
import type { Failed } from "../dispatcher.ts";
import type { IdleWatch } from "./idle.ts";
import type { Intake } from "./intake.ts";
import { programOf } from "./program.ts";
import type { SessionRecord } from "./record.ts";
import type { Program, Venue } from "./venue.ts";

/** The session that is served, and what is used for it. */
export interface ServedSession<State> {
  readonly client: Client<State>;
  readonly facts: SessionFacts;
  readonly commands: Commands<State>;
  readonly streams: ClientStreams;
  readonly idle: IdleWatch;
  readonly record: SessionRecord;
  readonly report: Failed;
  readonly intake: Intake;
  isOver(): boolean;
  end(reason: EndReason, status?: number): void;
}

/** What a session does once its client is in: it has a prompt for commands, or runs one command or one subsystem. */
export class Serving<State> {
  readonly #venue: Venue<State>;
  readonly #session: ServedSession<State>;
  /** The server closes: no further command begins. */
  #isClosing = false;

  constructor(venue: Venue<State>, session: ServedSession<State>) {
    this.#venue = venue;
    this.#session = session;
  }

  /** A shell's prompt is up when this resolves; a command or a subsystem is through, and the session with it. */
  async serve(kind: SessionKind, request: string): Promise<void> {
    const session = this.#session;
    const { events } = this.#venue;
    const { inputSystem } = { ...this.#venue.options, ...session.client.connection.settings };
    if (kind === "shell") {
      await events.raise("preshell", session.report, session.client);
      if (session.facts.pty === undefined || inputSystem) this.#awaitCommand();
    } else if (kind === "exec") {
      const serve = programOf(this.#venue, request) ?? (events.has("exec") ? "exec" : "command");
      const { status } = await this.#runCommand(serve, request);
      session.end("exit", status);
    } else {
      session.end("exit", await this.#serveSubsystem(request));
    }
  }

  /** Lets what runs come to its end, and begins nothing more. */
  close(): void {
    this.#isClosing = true;
  }

  /** Shows the prompt, and again after each command. */
  #awaitCommand(): void {
    const session = this.#session;
    if (this.#isClosing) session.end("shutdown");
    if (session.isOver()) return;
    session.idle.active(Date.now());
    session.streams.reset();
    session.intake.input.prompt(session.facts.prompt, (line) => {
      if (line === undefined) session.end("exit");
      else if (line.trim() === "") this.#awaitCommand();
      else void this.#runCommand("command", line).then(() => this.#awaitCommand());
    });
  }

  #runCommand(serve: "command" | "exec" | Program<State>, command: string): Promise<CommandResult> {
    this.#session.record.command(command);
    return this.#session.commands.run(serve, command);
  }

  /** Raises `subsystem`, lets whoever is registered for the name serve it, and gives the exit status. Never rejects. */
  async #serveSubsystem(name: string): Promise<number> {
    const { client, report } = this.#session;
    let hasFailed = false;
    const failed: Failed = (what, error) => {
      hasFailed = true;
      return report(what, error);
    };
    const answers = await this.#venue.events.raise("subsystem", failed, client, name);
    let status: unknown = answers.find((answer) => typeof answer === "number");
    const serve = this.#venue.subsystems.get(name);
    try {
      if (serve !== undefined && !this.#session.isOver()) status = await serve(client);
    } catch (error) {
      await failed("subsystem", error);
    }
    const isNobodys = serve === undefined && answers.length > 0 && answers.every((answer) => answer === false);
    if (hasFailed || isNobodys) return 1;
    return typeof status === "number" ? status : 0;
  }
}
