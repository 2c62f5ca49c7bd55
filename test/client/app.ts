import type {
  AlgorithmNames,
  AuthRequest,
  AuthVerdict,
  Channel,
  ChannelEvents,
  ChannelOpenRequest,
  End,
  ProtocolSink,
  SessionRequest,
} from "../../src/protocol/index.ts";

/** One session as the application saw it. */
export class Session implements ChannelEvents {
  readonly channel: Channel;
  readonly received: Uint8Array[] = [];
  readonly requests: SessionRequest[] = [];
  ended = false;
  drains = 0;
  closes = 0;
  /** Sends back what comes, and takes more only when it has left. */
  readonly #echo: boolean;

  constructor(channel: Channel, echo: boolean) {
    this.channel = channel;
    this.#echo = echo;
  }

  data(bytes: Uint8Array): void {
    this.received.push(bytes);
    if (this.#echo) this.channel.write(bytes);
    this.channel.consumed(bytes.length);
  }

  eof(): void {
    this.ended = true;
  }

  request(request: SessionRequest): boolean {
    this.requests.push(request);
    return true;
  }

  drained(): void {
    this.drains++;
  }

  closed(): void {
    this.closes++;
  }
}

/** An application that says yes to the password "right" and to every proved key, and remembers all it is told. */
export class App implements ProtocolSink {
  readonly identified: (version: string) => void = (version) => this.versions.push(version);
  readonly versions: string[] = [];
  readonly algorithms: { names: AlgorithmNames; first: boolean }[] = [];
  readonly attempts: AuthRequest[] = [];
  readonly sessions: Session[] = [];
  readonly logins: string[] = [];
  readonly ends: End[] = [];
  wakeups = 0;
  /** Sessions send back what they get. */
  echo = false;
  /** Keeps attempts waiting: the test answers them by itself. */
  silent = false;
  /** Called with each attempt that is to be answered. */
  answer: (request: AuthRequest, verdict: AuthVerdict) => void = () => {};
  /** Thrown out of the named callback. */
  throwIn: keyof ProtocolSink | undefined;

  outputReady(): void {
    this.wakeups++;
    this.#fault("outputReady");
  }

  keysChanged(names: AlgorithmNames, first: boolean): void {
    this.algorithms.push({ names, first });
    this.#fault("keysChanged");
  }

  authenticate(request: AuthRequest): void {
    this.attempts.push(request);
    this.#fault("authenticate");
    if (!this.silent) this.answer(request, verdictOn(request));
  }

  authenticated(user: string, method: string): void {
    this.logins.push(`${user} by ${method}`);
    this.#fault("authenticated");
  }

  sessionOpened(channel: Channel): ChannelEvents | undefined {
    this.#fault("sessionOpened");
    const session = new Session(channel, this.echo);
    this.sessions.push(session);
    return session;
  }

  channelOpen(open: ChannelOpenRequest): void {
    this.#fault("channelOpen");
    open.refuse(1, "not here");
  }

  globalRequest(request: Parameters<ProtocolSink["globalRequest"]>[0]): void {
    this.#fault("globalRequest");
    request.reply(false);
  }

  ended(end: End): void {
    this.ends.push(end);
  }

  #fault(where: keyof ProtocolSink): void {
    if (this.throwIn === where) throw new Error(`planted in ${where}`);
  }
}

function verdictOn(request: AuthRequest): AuthVerdict {
  if (request.method === "password" && request.password === "right") return { type: "success" };
  if (request.method === "publickey") return { type: request.proved ? "success" : "acceptable" };
  return { type: "failure" };
}
