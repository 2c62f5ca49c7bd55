import type { Socket } from "node:net";
import { DisconnectReason, OpenFailure, release, ServerProtocol } from "../protocol/index.ts";
import type {
  AlgorithmNames,
  AuthRequest,
  AuthVerdict,
  BufferPool,
  Channel,
  ChannelEvents,
  ChannelOpenRequest,
  End,
  ProtocolOptions,
  ProtocolSink,
} from "../protocol/index.ts";
import type { AuthAnswer, AuthAttempt, Connection, Departure, Reception } from "../server/index.ts";
import { channelEvents, SshSession } from "./session.ts";

/** Unsent output at which the client is not listened to any more, because all it can cause is more output. */
const PAUSE_READING = 1024 ** 2;
/** Unsent output, or time without any of it leaving, that ends the connection. */
const MAX_UNSENT = 8 * 1024 ** 2;
const MAX_STUCK = 60_000;
/** What a read of the socket brings at least when data comes in bulk. */
const LARGE_CHUNK = 16_384;
/** How long the last words may take to leave, in milliseconds; a client that reads nothing would hold its place for ever. */
const FAREWELL = 5000;

/** One SSH connection: a socket, the engine, and the server's picture of it. */
export class SshConnection {
  readonly #socket: Socket;
  readonly #protocol: ServerProtocol;
  readonly #connection: Connection;
  readonly #reception: Reception;
  /** The time of the last look at the clock: once a packet would cost more than the packet's own work, and tell no more. */
  #now: number;
  readonly #buffers: BufferPool | undefined;
  readonly #onEnd: (connection: SshConnection) => void;
  /** What came last from the socket; the engine may look at it until more comes. */
  #chunk: Buffer<ArrayBuffer> | undefined;
  #flushing = false;
  #blockedSince: number | undefined;
  #hasEnded = false;
  /** The first look at the clock after the end. */
  #endedAt: number | undefined;
  #attempted = false;
  #bannerAsked = false;
  #fault: unknown;
  #departure: Departure = "lost";
  #detail = "the connection was lost";

  constructor(
    socket: Socket,
    connection: Connection,
    reception: Reception,
    options: ProtocolOptions,
    now: number,
    onEnd: (connection: SshConnection) => void,
  ) {
    this.#socket = socket;
    this.#connection = connection;
    this.#reception = reception;
    this.#now = now;
    this.#buffers = options.buffers;
    this.#onEnd = onEnd;
    connection.serverVersion = options.identification;
    this.#protocol = new ServerProtocol(options, this.#sink(), now);
    socket.on("data", (bytes) => this.#received(bytes));
    socket.on("drain", () => this.#drained());
    // A client that closes its sending half is gone: SSH has no use for a half-open connection.
    socket.on("end", () => this.#protocol.lost());
    socket.on("close", () => this.#closed());
    this.#flush();
  }

  /** Looks at the clock, for the deadlines of the protocol and for a client that does not read. */
  tick(now: number): void {
    this.#now = now;
    if (this.#hasEnded) {
      this.#endedAt ??= now;
      if (now - this.#endedAt >= FAREWELL) this.#socket.destroy();
      return;
    }
    if (this.#blockedSince !== undefined && now - this.#blockedSince > MAX_STUCK) {
      this.#endBecause("lost", "the client does not read its output");
      this.#socket.destroy();
      return;
    }
    this.#protocol.tick(now);
    this.#flush();
  }

  disconnect(text: string): void {
    this.#endBecause("closed", text);
    this.#protocol.disconnect(DisconnectReason.BY_APPLICATION, text);
    this.#flush();
  }

  #sink(): ProtocolSink {
    return {
      outputReady: () => this.#flushSoon(),
      identified: (version) => {
        this.#connection.clientVersion = version;
      },
      keysChanged: (algorithms: AlgorithmNames) => {
        this.#connection.algorithms = { ...algorithms };
      },
      authenticate: (request) => void this.#judge(request),
      authenticated: (user, method) => this.#reception.admitted(this.#connection, user, method),
      sessionOpened: (channel) => this.#openSession(channel),
      channelOpen: (open) => refuseChannel(open),
      globalRequest: (request) => request.reply(false),
      ended: (end) => this.#ended(end),
    };
  }

  #received(bytes: Buffer<ArrayBuffer>): void {
    this.#protocol.receive(bytes, this.#now);
    // The engine has used up, or copied, what came before. Small chunks are not worth remembering.
    if (this.#chunk) release(this.#chunk);
    this.#chunk = bytes.length >= LARGE_CHUNK ? bytes : undefined;
    this.#flush();
  }

  #openSession(channel: Channel): ChannelEvents | undefined {
    const events = this.#reception.openSession(this.#connection, new SshSession(channel));
    return events && channelEvents(events);
  }

  async #judge(request: AuthRequest): Promise<void> {
    this.#attempted ||= request.method !== "none";
    if (!this.#bannerAsked) {
      this.#bannerAsked = true;
      const text = await this.#reception.banner(this.#connection, request.user);
      if (text) this.#protocol.banner(text);
    }
    const answer = await this.#reception.judge(this.#connection, attemptOf(request));
    this.#protocol.answer(request, verdictOf(answer, request), this.#now);
    this.#flush();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Sends what the engine has until the socket asks to wait, and stops reading while the output piles up. */
  #flush(): void {
    const socket = this.#socket;
    for (let bytes = this.#protocol.pull(); bytes !== undefined; bytes = this.#protocol.pull()) {
      if (!socket.writable) return;
      if (!this.#write(bytes) && this.#blockedSince === undefined) {
        this.#blockedSince = this.#now;
        this.#protocol.block(true);
      }
    }
    this.#applyBackpressure();
  }

  #write(bytes: Uint8Array): boolean {
    const { buffer } = bytes;
    // A buffer whose bytes did not leave in order is not used again: nobody says when the system is done with it.
    return this.#socket.write(bytes, (error) => {
      if (!error) this.#buffers?.give(buffer);
    });
  }

  #drained(): void {
    this.#blockedSince = undefined;
    this.#protocol.block(false);
    this.#flush();
  }

  #applyBackpressure(): void {
    const unsent = this.#protocol.pending + this.#socket.writableLength;
    if (unsent > MAX_UNSENT) {
      this.#endBecause("lost", "the client does not read its output");
      this.#socket.destroy();
    } else if (this.#protocol.reading && unsent < PAUSE_READING) {
      if (this.#socket.isPaused()) this.#socket.resume();
    } else if (!this.#socket.isPaused()) {
      this.#socket.pause();
    }
  }

  #ended(end: End): void {
    this.#hasEnded = true;
    switch (end.by) {
      case "client":
        this.#endBecause(
          this.#protocol.loggedIn || this.#attempted ? "closed" : "no-auth",
          `disconnect code ${end.reason}`,
        );
        break;
      case "deadline":
        // Whoever does not even get through the handshake in time is not let off more lightly than who then does not log in.
        this.#endBecause(this.#protocol.loggedIn ? "lost" : "grace-time", `deadline missed: ${end.missed}`);
        break;
      case "violation":
        this.#endBecause("protocol-error", end.error.message);
        break;
      case "fault":
        this.#fault = end.error;
        this.#endBecause("fault", "an error in the server itself");
        break;
      case "server":
        break;
    }
    // What is left to send is the DISCONNECT; destroySoon closes when it has left.
    process.nextTick(() => {
      this.#flush();
      this.#socket.destroySoon();
    });
  }

  #closed(): void {
    if (!this.#protocol.loggedIn && !this.#attempted) this.#endBecause("no-auth", "closed before a login attempt");
    this.#protocol.lost();
    this.#onEnd(this);
    const traffic = { received: this.#socket.bytesRead, sent: this.#socket.bytesWritten };
    this.#reception.left(this.#connection, this.#departure, this.#detail, traffic, this.#fault);
  }

  /** The first reason is the one: what follows is its consequence. */
  #endBecause(departure: Departure, detail: string): void {
    if (this.#departure !== "lost" || this.#detail !== "the connection was lost") return;
    this.#departure = departure;
    this.#detail = detail;
  }
}

/** The channel types of forwarding (RFC 4254 §7.2, OpenSSH PROTOCOL 2.3 and 2.4), none of which is served. */
const FORWARDING: ReadonlySet<string> = new Set(["direct-tcpip", "direct-streamlocal@openssh.com", "tun@openssh.com"]);

function refuseChannel(open: ChannelOpenRequest): void {
  if (FORWARDING.has(open.type)) open.refuse(OpenFailure.ADMINISTRATIVELY_PROHIBITED, "forwarding is not allowed");
  else open.refuse(OpenFailure.UNKNOWN_CHANNEL_TYPE, "unknown channel type");
}

function attemptOf(request: AuthRequest): AuthAttempt {
  const { user: username, ...rest } = request;
  return { username, ...rest };
}

/** What the server says, in the protocol's words; accepting a key that is only offered means: prove it. */
function verdictOf(answer: AuthAnswer, request: AuthRequest): AuthVerdict {
  switch (answer.type) {
    case "accept":
      return { type: request.method === "publickey" && !request.proved ? "acceptable" : "success" };
    case "refuse":
      return { type: "failure" };
    default:
      return answer;
  }
}
