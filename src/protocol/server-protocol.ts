import { signatureAlgorithms } from "../crypto/index.ts";
import type { HostKey } from "../crypto/index.ts";
import { Connection } from "../connection/index.ts";
import type { ConnectionLink, ConnectionSink, GlobalRequest } from "../connection/index.ts";
import { Transport } from "../transport/index.ts";
import type { AlgorithmNames, BufferPool, Offer } from "../transport/index.ts";
import { Userauth } from "../userauth/index.ts";
import type { AuthRequest, AuthVerdict, UserauthLink } from "../userauth/index.ts";
import { DisconnectReason, ProtocolError } from "../wire/index.ts";
import type { MissedDeadline } from "./deadlines.ts";
import { Deadlines } from "./deadlines.ts";
import { HOST_KEYS, HostKeyProofs, hostKeysNotice, PROVE_HOST_KEYS } from "./host-keys.ts";
import type { ProtocolLimits } from "./limits.ts";

/** What all connections of a server share. */
export interface ProtocolOptions {
  readonly offer: Offer;
  /** Every key of the host that clients may learn of, also those that the offer has no place for; no certificates. */
  readonly hostKeys: readonly HostKey[];
  /** The identification line, without CR LF. */
  readonly identification: string;
  /** The login methods that a refusal lists. */
  readonly authMethods: readonly string[];
  readonly limits: ProtocolLimits;
  readonly random: (bytes: Uint8Array) => void;
  /** Shared by the connections of a door, which gives each buffer back when {@link ServerProtocol.pull}'s bytes have left. */
  readonly buffers?: BufferPool;
}

/** How a connection ended. */
export type End =
  /** The client said goodbye, with this reason. */
  | { readonly by: "client"; readonly reason: number }
  /** {@link ServerProtocol.disconnect} was called, or the door lost the socket. */
  | { readonly by: "server" }
  | { readonly by: "deadline"; readonly missed: MissedDeadline }
  /** The client broke the protocol. */
  | { readonly by: "violation"; readonly error: ProtocolError }
  /** A fault of ours, thrown while the client's bytes were processed. */
  | { readonly by: "fault"; readonly error: unknown };

/** Where the engine reports. Every call comes from inside a call of the door's, never by itself. */
export interface ProtocolSink extends ConnectionSink {
  /** {@link ServerProtocol.pull} has something, and the door is not inside one of its own calls. */
  outputReady(): void;
  identified(clientVersion: string): void;
  keysChanged(algorithms: AlgorithmNames, first: boolean): void;
  /** An attempt awaits {@link ServerProtocol.answer}; until then nothing further is read. */
  authenticate(request: AuthRequest): void;
  /** The client has been told that it is in. */
  authenticated(user: string, method: string): void;
  /** The last call. What `pull` still has should be sent before the socket is closed. */
  ended(end: End): void;
}

/** Output that may wait unsent before channels stop to send data; answers are sent all the same. */
const HIGH_WATER = 128 * 1024;

/**
 * The SSH-2 protocol of one server connection, for one byte stream: bytes in, bytes and events out.
 *
 * It does no I/O and owns no timer. The door calls {@link receive} with what came, {@link tick} now and then, and sends
 * what {@link pull} gives; `now` is a clock in milliseconds that never goes back.
 */
export class ServerProtocol {
  readonly connection: Connection;
  readonly #transport: Transport;
  readonly #userauth: Userauth;
  readonly #deadlines: Deadlines;
  readonly #sink: ProtocolSink;
  readonly #hostKeys: readonly HostKey[];
  readonly #proofs: HostKeyProofs;
  /** The blob of the host key of the first key exchange. */
  #hostKey: Uint8Array = new Uint8Array(0);
  #hostKeyAlgorithm = "";
  #loggedIn = false;
  #ended = false;
  #blocked = false;
  #starved = false;
  /** The door has been told of output, or will ask by itself. */
  #awake = true;

  constructor(options: ProtocolOptions, sink: ProtocolSink, now: number) {
    this.#sink = sink;
    this.#hostKeys = options.hostKeys;
    this.#proofs = new HostKeyProofs(options.hostKeys);
    this.#deadlines = new Deadlines(options.limits, now);
    this.#transport = new Transport(
      {
        offer: options.offer,
        identification: options.identification,
        rekeyLimit: options.limits.rekeyLimit,
        random: options.random,
        buffers: options.buffers,
      },
      {
        identified: (line) => sink.identified(Buffer.from(line).toString("utf8")),
        keysChanged: (algorithms, first) => {
          if (first) this.#hostKey = options.offer.hostKeys.get(algorithms.hostKey)!.publicKey.blob;
          this.#hostKeyAlgorithm = algorithms.hostKey;
          sink.keysChanged(algorithms, first);
        },
        userauth: (payload) => this.#authenticate(payload),
        connection: (payload) => this.connection.receive(payload),
        resumed: () => this.connection.resumed(),
        disconnected: (reason) => this.#finish({ by: "client", reason }),
      },
      now,
    );
    this.#userauth = new Userauth(
      {
        methods: options.authMethods,
        maxAttempts: options.limits.maxAuthTries,
        maxRequests: options.limits.maxAuthRequests,
        signatureAlgorithms,
      },
      userauthLink(this.#transport, () => this.#hostKey, this.#send.bind(this)),
      {
        authenticate: (request) => sink.authenticate(request),
        authenticated: (user, method) => {
          this.#loggedIn = true;
          this.#transport.loginDone();
          sink.authenticated(user, method);
          this.#tellHostKeys();
        },
      },
    );
    this.connection = new Connection(
      options.limits,
      connectionLink(this.#transport, () => this.#full(), this.#send.bind(this)),
      {
        sessionOpened: (channel) => sink.sessionOpened(channel),
        channelOpen: (open) => sink.channelOpen(open),
        globalRequest: (request) => this.#globalRequest(request),
      },
    );
  }

  /** Whether the door should read on: no login verdict is awaited. It stops by itself when {@link pending} piles up. */
  get reading(): boolean {
    return !this.#ended && !this.#userauth.pending;
  }

  get sessionId(): Uint8Array {
    return this.#transport.sessionId;
  }

  /** Bytes of output that wait to be pulled or for the end of a key exchange. */
  get pending(): number {
    return this.#transport.pending;
  }

  get loggedIn(): boolean {
    return this.#loggedIn;
  }

  /** Takes what the client sent, cut in any way. The buffer must not be written to afterwards. */
  receive(bytes: Uint8Array, now: number): void {
    this.#guard(() => this.#transport.receive(bytes, now));
    this.#deadlines.heard(this.connection.channels, now);
  }

  /** Looks at the clock: deadlines, keepalive, age of the keys. Once a second is often enough. */
  tick(now: number): void {
    if (this.#ended) return;
    const state = this.#transport.state;
    const missed = this.#deadlines.check(
      {
        identified: state !== "identification",
        keysExchanged: this.#transport.sessionId.length > 0 && state !== "newkeys" && state !== "strict-newkeys",
        loggedIn: this.#loggedIn,
        rekeyingSince: this.#transport.rekeyingSince,
        channels: this.connection.channels,
      },
      now,
    );
    if (missed !== undefined && missed !== "ask") {
      this.#transport.end(DisconnectReason.BY_APPLICATION, missed === "login" ? "login grace time is over" : "timeout");
      this.#finish({ by: "deadline", missed });
      return;
    }
    this.#guard(() => {
      if (missed === "ask") this.connection.globalRequest("keepalive@openssh.com", new Uint8Array(0), () => {});
      this.#transport.rekeyIfDue(now);
    });
  }

  /** Answers the login attempt that {@link ProtocolSink.authenticate} handed over, and reads on. */
  answer(request: AuthRequest, verdict: AuthVerdict, now: number): void {
    if (this.#ended) return;
    this.#guard(() => {
      this.#userauth.answer(request, verdict);
      this.#transport.resume(now);
    });
  }

  /** Shows a text before the login (RFC 4252 §5.4). */
  banner(text: string): void {
    if (!this.#ended && !this.#loggedIn) this.#guard(() => this.#userauth.banner(text));
  }

  /** What has to be sent to the client; to be called until it gives `undefined` or the socket asks to wait. */
  pull(): Uint8Array | undefined {
    if (this.#blocked && !this.#ended) return undefined;
    const bytes = this.#transport.pull();
    this.#awake = false;
    this.#feed();
    return bytes;
  }

  /** The socket takes no more (`true`), or takes more again: channels stop and go on accordingly. */
  block(blocked: boolean): void {
    this.#blocked = blocked;
    if (!blocked) this.#feed();
  }

  /** Ends the connection with a reason and a text for the client. */
  disconnect(reason: DisconnectReason, text: string): void {
    if (this.#ended) return;
    this.#transport.end(reason, text);
    this.#finish({ by: "server" });
  }

  /** The socket is gone. */
  lost(): void {
    if (this.#ended) return;
    this.#transport.close();
    this.#finish({ by: "server" });
  }

  #authenticate(payload: Uint8Array): void {
    this.#userauth.receive(payload);
    if (this.#userauth.pending) this.#transport.pause();
  }

  #tellHostKeys(): void {
    const notice = hostKeysNotice(this.#hostKeys);
    if (notice !== undefined) this.connection.globalRequest(HOST_KEYS, notice);
  }

  #globalRequest(request: GlobalRequest): void {
    if (request.type !== PROVE_HOST_KEYS) return this.#sink.globalRequest(request);
    this.#proofs.answer(request, { sessionId: this.sessionId, algorithm: this.#hostKeyAlgorithm });
  }

  /** Lets channels go on that had to stop because too much waited. */
  #feed(): void {
    if (!this.#starved || this.#ended) return;
    this.#starved = false;
    this.#guard(() => this.connection.resumed());
  }

  #full(): boolean {
    const full = this.#blocked || this.#transport.pending >= HIGH_WATER;
    if (full) this.#starved = true;
    return full;
  }

  #send(head: Uint8Array, body?: Uint8Array): void {
    this.#transport.send(head, body);
    if (!this.#awake) {
      this.#awake = true;
      this.#sink.outputReady();
    }
  }

  /** Runs a step; what it throws ends the connection, with the disconnect code that fits. */
  #guard(step: () => void): void {
    const awake = this.#awake;
    this.#awake = true;
    try {
      step();
    } catch (error) {
      // It has ended in the same step, with a reason of its own; this is a consequence.
      if (this.#ended) return;
      const violation = error instanceof ProtocolError;
      // The text is fixed: what went wrong is for our log, not for whoever probes us.
      this.#transport.end(
        violation ? error.reason : DisconnectReason.BY_APPLICATION,
        violation ? "protocol error" : "internal error",
      );
      this.#finish(violation ? { by: "violation", error } : { by: "fault", error });
    } finally {
      this.#awake = awake;
    }
  }

  #finish(end: End): void {
    if (this.#ended) return;
    this.#ended = true;
    let last = end;
    try {
      this.connection.ended();
    } catch (error) {
      // Somebody's `closed()` threw: that is what has to be mended, and the door must hear of the end all the same.
      last = { by: "fault", error };
    }
    this.#sink.ended(last);
  }
}

type Send = (head: Uint8Array, body?: Uint8Array) => void;

function userauthLink(transport: Transport, hostKey: () => Uint8Array, send: Send): UserauthLink {
  return {
    send,
    get sessionId() {
      return transport.sessionId;
    },
    get hostKey() {
      return hostKey();
    },
  };
}

function connectionLink(transport: Transport, full: () => boolean, send: Send): ConnectionLink {
  return {
    send,
    unimplemented: () => transport.unimplemented(),
    get ready() {
      return transport.ready;
    },
    get full() {
      return full();
    },
  };
}
