import { Client } from "../client/client.ts";
import { validStatus } from "../client/command.ts";
import { Commands } from "../client/commands.ts";
import type { EndReason, SessionFacts, SessionHost, SessionKind } from "../client/facts.ts";
import { newFacts } from "../client/facts.ts";
import { Output } from "../client/output.ts";
import { ClientStreams } from "../client/streams.ts";
import type { Connection } from "../connection.ts";
import type { Failed } from "../dispatcher.ts";
import type { Lines } from "../line/lines.ts";
import { linesOf } from "../line/options.ts";
import type { PtyData, Session, SessionEvents, WindowSize } from "../session.ts";
import { Farewell } from "./farewell.ts";
import { Faults } from "./faults.ts";
import { IdleWatch } from "./idle.ts";
import { Intake } from "./intake.ts";
import { compose } from "./middleware.ts";
import { servedFor, servesTerminals } from "./program.ts";
import { SessionRecord } from "./record.ts";
import { DEFAULT_SIZE, Environment, isSignal, ptyOf, sizeOf } from "./requests.ts";
import { type ServedSession, Serving } from "./serving.ts";
import type { Venue } from "./venue.ts";

/** Where a visit tells how far it has come. */
export interface VisitEvents<State> {
  /** The client is about to get its `connect`. */
  joined(visit: Visit<State>): void;
  /** The session is gone. */
  gone(visit: Visit<State>): void;
}

type Phase =
  /** The client may ask for a terminal and set variables. */
  | "opened"
  /** It has asked for a program; middleware runs. */
  | "starting"
  /** From `connect` on. */
  | "connected"
  /** The door has been told to close the session. */
  | "ended"
  | "gone";

/** One session from its opening to its end: what the client asks for, in the order of the event contract. */
export class Visit<State> implements SessionEvents {
  readonly client: Client<State>;
  readonly connection: Connection;
  readonly #session: Session;
  readonly #venue: Venue<State>;
  readonly #events: VisitEvents<State>;
  readonly #facts: SessionFacts;
  readonly #env: Environment;
  readonly #lines: Lines;
  readonly #output: Output;
  readonly #commands: Commands<State>;
  readonly #serving: Serving<State>;
  readonly #intake: Intake;
  readonly #streams: ClientStreams;
  readonly #idle: IdleWatch;
  readonly #record: SessionRecord;
  readonly #farewell: Farewell = new Farewell(() => this.#cutOff());
  readonly #report: Failed;
  readonly #lifetime: AbortController = new AbortController();
  readonly #over: PromiseWithResolvers<void> = Promise.withResolvers();
  #phase: Phase = "opened";
  /** `connect` has been raised, so `disconnected` has to follow. */
  #hasJoined = false;
  #ptyRaised: unknown;

  constructor(session: Session, connection: Connection, venue: Venue<State>, events: VisitEvents<State>) {
    const { options } = venue;
    const { prompt, idleTimeout } = { ...options, ...connection.settings };
    this.connection = connection;
    this.#session = session;
    this.#venue = venue;
    this.#events = events;
    this.#env = new Environment(options.acceptEnv, options.limits, connection.grant?.environment);
    this.#lines = linesOf(
      options,
      () => this.client,
      () => {
        const { depth: colors, capabilities } = this.#intake.terminal;
        return { term: this.#facts.pty?.term ?? "", colors, name: capabilities.name };
      },
      (what, error) => void this.#report(what, error),
    );
    this.#idle = new IdleWatch(idleTimeout * 1000);
    this.#facts = newFacts(prompt, DEFAULT_SIZE, this.#env.values);
    this.#record = new SessionRecord(connection, this.#facts, venue.log);
    this.#output = new Output(session, options.limits.maxUnsent, () => this.#overflowed());
    this.#intake = this.#makeIntake();
    this.#streams = new ClientStreams(this.#output, this.#facts, this.#intake, (...fault) => this.#report(...fault));
    this.client = new Client(this.#makeSessionHost(), options.state);
    this.#report = new Faults(
      this.client,
      this.#facts,
      venue,
      () => this.#hasJoined && this.#phase !== "gone",
      () => this.#say("Something went wrong."),
    ).report;
    this.#commands = new Commands(this.client, this.#facts, venue.events, this.#report, () => this.#isOver);
    this.#serving = new Serving(venue, this.#makeServed());
  }

  pty(data: PtyData): boolean {
    const pty = this.#phase === "opened" && this.#facts.pty === undefined ? ptyOf(data) : undefined;
    if (pty === undefined || !servesTerminals(this.#venue)) return false;
    if (this.connection.grant?.noPty === true) return false;
    this.#facts.pty = pty;
    this.#facts.window = sizeOf(pty);
    this.#intake.becomeTerminal(pty, this.#lines);
    this.#ptyRaised = this.#venue.events.raise("connectpty", this.#report, this.client, pty);
    return true;
  }

  env(name: string, value: string): boolean {
    const isSet = this.#phase === "opened" && this.#env.set(name, value);
    if (isSet) this.#intake.terminal.reconsider();
    return isSet;
  }

  shell(): boolean {
    return this.#begin("shell", undefined);
  }

  exec(command: string): boolean {
    return Buffer.byteLength(command) <= this.#venue.options.limits.maxCommand && this.#begin("exec", command);
  }

  subsystem(name: string): boolean {
    return this.#begin("subsystem", name);
  }

  resized(size: WindowSize): void {
    if (this.#facts.pty === undefined || this.#isOver) return;
    const window = sizeOf(size);
    this.#facts.window = window;
    this.#intake.input.resize(window);
    this.#streams.resize(window);
    if (this.#phase === "connected") void this.#venue.events.raise("resized", this.#report, this.client, window);
  }

  signal(name: string): boolean {
    const isMeantForProgram = this.#facts.kind !== "subsystem" && this.connection.grant?.forceCommand === undefined;
    if (this.#phase !== "connected" || !isSignal(name) || !isMeantForProgram) return false;
    const isInterrupt = name === "INT" && this.isBusy;
    if (isInterrupt) {
      this.#intake.input.interrupted();
      this.#commands.interrupt();
    }
    void this.#venue.events.raise("signal", this.#report, this.client, name);
    return isInterrupt || this.#venue.events.has("signal");
  }

  // RFC 4335: a serial line's break; who listens for signals gets it as one.
  break(): boolean {
    if (this.#phase !== "connected") return false;
    void this.#venue.events.raise("signal", this.#report, this.client, "BREAK");
    return this.#venue.events.has("signal");
  }

  x11(): boolean {
    return false;
  }

  input(bytes: Uint8Array): void {
    if (this.#isOver) this.#session.consumed(bytes.length);
    else this.#intake.push(bytes);
  }

  eof(): void {
    if (!this.#isOver) this.#intake.push("end");
  }

  drained(): void {
    this.#output.handleDrained();
    if (this.#output.unsent === 0) this.#intake.drained();
  }

  closed(): void {
    if (this.#phase === "gone") return;
    this.#stop("disconnected", undefined);
    this.#output.drop();
    this.#phase = "gone";
    this.#farewell.over();
    this.#events.gone(this);
    if (this.#hasJoined) void this.#venue.events.raise("disconnected", this.#report, this.client);
  }

  /** Whether a command runs. */
  get isBusy(): boolean {
    return this.#facts.running !== undefined;
  }

  /** Writes a message of the server's, unless the client has much to read as it is. */
  notify(text: string): boolean {
    if (this.#phase !== "connected" || this.#output.isFull) return false;
    // Where a protocol is spoken, a line for people would be taken for a part of it.
    if (this.#facts.kind === "subsystem" || this.#intake.isTaken) return false;
    this.#intake.input.print(text.endsWith("\n") ? text : `${text}\n`, "stdout");
    return true;
  }

  /**
   * Raises `kicked`, and ends the session with a line that says why; async handlers do not hold that up. False when the
   * session has ended already.
   */
  kick(reason: string): boolean {
    if (this.#isOver) {
      this.#farewell.begin("kicked");
      return false;
    }
    this.#record.kicked(reason);
    if (this.#phase === "connected") void this.#venue.events.raise("kicked", this.#report, this.client, reason);
    this.end("kicked", 1, reason);
    return true;
  }

  /** Ends the session, as soon as the command is done that runs. */
  shutdown(message: string): void {
    const isServing = this.isBusy || (this.#phase === "connected" && this.#facts.kind === "subsystem");
    if (!isServing) {
      this.end("shutdown", undefined, message);
      return;
    }
    this.#serving.close();
    if (this.#facts.kind === "shell") this.notify(message);
  }

  /** Raises `timeout` when the user has been idle at the prompt for too long. @param now milliseconds since 1970. */
  async checkIdle(now: number): Promise<void> {
    const isAtPrompt = this.#phase === "connected" && this.#facts.pty !== undefined && this.#intake.input.isAtPrompt;
    if (!isAtPrompt || !this.#idle.isDue(now)) return;
    const { last } = this.#idle;
    const answers = await this.#venue.events.raise("timeout", this.#report, this.client);
    if (answers.includes(true) || this.#idle.last !== last) return;
    this.end("timeout", undefined, `Closed after ${this.#idle.limit / 1000} seconds without input.`);
  }

  /** Ends the session, once; what was written is sent first. A session that is over already gets no longer to send it. */
  end(reason: EndReason, status?: number, message?: string): void {
    if (this.#isOver) return this.#farewell.begin(reason);
    this.#streams.finish();
    // Whoever waited to write goes on at once, and may have ended it himself.
    if (this.#isOver) return;
    this.#output.restoreTerminal();
    if (message !== undefined) this.#say(message);
    this.#stop(reason, status);
    this.#output.end();
    if (this.#facts.kind !== undefined) this.#session.exit(this.#facts.exitStatus ?? 0);
    this.#session.end();
    this.#session.close();
    this.#farewell.begin(reason);
  }

  /** Does not wait for the client any more. */
  #cutOff(): void {
    this.#session.abort();
    this.closed();
  }

  /** Everything of an end but what the door is told. */
  #stop(reason: EndReason, status: number | undefined): void {
    if (this.#isOver) return;
    this.#facts.endReason = reason;
    if (this.#facts.kind !== undefined)
      this.#facts.exitStatus = validStatus(status ?? this.#facts.lastResult?.status ?? 0);
    this.#record.ended();
    this.#phase = "ended";
    this.#intake.end(() => {
      this.#commands.interrupt();
      this.#lifetime.abort();
    });
    this.#streams.close();
    this.#over.resolve();
  }

  #overflowed(): void {
    if (this.#isOver) return;
    this.#output.drop();
    this.#stop("overflow", 1);
    // The status needs no window, and goes ahead of the end even where nothing else does.
    if (this.#facts.kind !== undefined) this.#session.exit(this.#facts.exitStatus ?? 1);
    this.#session.abort();
    this.#farewell.begin("overflow");
  }

  get #isOver(): boolean {
    return this.#phase === "ended" || this.#phase === "gone";
  }

  /** Starts what the client asks for, or what its login makes of that. */
  #begin(kind: SessionKind, request: string | undefined): boolean {
    if (this.#phase !== "opened") return false;
    const forced = this.connection.grant?.forceCommand;
    const program = servedFor(this.#venue, { kind, request }, forced);
    if (program === undefined) return false;
    if (forced !== undefined && request !== undefined) this.#env.tellOriginal(request);
    this.#phase = "starting";
    this.#facts.kind = program.kind;
    this.#facts.request = program.request;
    this.#record.opened();
    // The door answers the request first; what the handlers write and do comes after.
    queueMicrotask(() => void this.#run(program.kind));
    return true;
  }

  async #run(kind: SessionKind): Promise<void> {
    try {
      if (this.#ptyRaised instanceof Promise) await this.#ptyRaised;
      await compose(this.#venue.middleware, this.client, () => this.#serve(kind));
    } catch (error) {
      await this.#report("middleware", error);
      this.end("error", 1);
    }
    if (!this.#hasJoined) this.end("closed", 1);
  }

  async #serve(kind: SessionKind): Promise<void> {
    if (this.#isOver) return;
    const { events } = this.#venue;
    this.#phase = "connected";
    this.#hasJoined = true;
    this.#idle.active(Date.now());
    this.#events.joined(this);
    const { greeting } = this.connection.settings;
    if (kind === "shell" && greeting !== undefined) this.notify(greeting);
    const isSftp = kind === "subsystem" && this.#facts.request === "sftp";
    const connected = events.raise(isSftp ? "connectsftp" : "connect", this.#report, this.client);
    this.#intake.open();
    if (connected instanceof Promise) await connected;
    for (const [name, value] of this.#env.sent) {
      if (!this.#isOver) await events.raise("env", this.#report, this.client, name, value);
    }
    if (!this.#isOver) await this.#serving.serve(kind, this.#facts.request ?? "");
    await this.#over.promise;
  }

  #judgeRaw(bytes: Uint8Array): boolean | Promise<boolean> {
    this.#idle.active(Date.now());
    const isData = this.#facts.pty === undefined && this.#facts.kind !== "shell";
    if (isData || this.#phase !== "connected") return true;
    const answers = this.#venue.events.raise("rawtype", this.#report, this.client, bytes);
    return answers instanceof Promise ? answers.then((all) => !all.includes(false)) : !answers.includes(false);
  }

  #say(text: string): void {
    if (!this.#isOver && this.#facts.kind !== undefined) this.#intake.input.print(`${text}\n`, "stderr");
  }

  #makeIntake(): Intake {
    const host = {
      judge: (bytes: Uint8Array) => this.#judgeRaw(bytes),
      describe: () => ({ term: this.#facts.pty?.term, env: this.#env.values }),
      isBusy: () => this.isBusy,
      consumed: (bytes: number) => this.#session.consumed(bytes),
      interrupt: () => this.#commands.interrupt(),
      failed: (name: string, error: unknown) => void this.#report(name, error),
      isHeard: () => this.#venue.events.has("type"),
      typed: (text: string) => {
        if (this.#phase === "connected") void this.#venue.events.raise("type", this.#report, this.client, text);
      },
    };
    return new Intake(host, this.#output, this.#venue.options.limits);
  }

  #makeServed(): ServedSession<State> {
    return {
      client: this.client,
      facts: this.#facts,
      commands: this.#commands,
      streams: this.#streams,
      idle: this.#idle,
      record: this.#record,
      intake: this.#intake,
      report: this.#report,
      isOver: () => this.#isOver,
      end: (reason, status) => this.end(reason, status),
    };
  }

  #makeSessionHost(): SessionHost {
    const intake = this.#intake;
    return {
      connection: this.connection,
      output: this.#output,
      facts: this.#facts,
      signal: this.#lifetime.signal,
      streams: this.#streams,
      lines: this.#lines,
      terminal: intake.terminal,
      get input() {
        return intake.input;
      },
      listen: () => intake.open(),
      takeBytes: (connect) => intake.takeBytes(connect),
      end: (reason, status) => this.end(reason, status),
    };
  }
}
