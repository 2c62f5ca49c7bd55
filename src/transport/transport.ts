import { signatureAlgorithms } from "../crypto/index.ts";
import { DisconnectReason, messages, Msg, ProtocolError } from "../wire/index.ts";
import type { AlgorithmNames, Offer } from "./algorithms.ts";
import { agree, Marker, namesOf } from "./algorithms.ts";
import { checkExtInfo, makeExtInfo } from "./ext-info.ts";
import { MAX_IDENTIFICATION, parseIdentification } from "./identification.ts";
import { makeKexInit, respond } from "./key-exchange.ts";
import type { BufferPool } from "./output-buffer.ts";
import { MAX_PACKET, PacketReader } from "./packet-reader.ts";
import { PacketWriter } from "./packet-writer.ts";
import type { RekeyLimit } from "./rekey.ts";
import { RekeyPolicy } from "./rekey.ts";
import type { Action, Exchange, State, StateName } from "./state.ts";
import { transportTable } from "./state.ts";

export interface TransportOptions {
  readonly offer: Offer;
  /** Our identification line without CR LF: `SSH-2.0-software` and, after a space, a comment (RFC 4253 §4.2). */
  readonly identification: string;
  readonly rekeyLimit: RekeyLimit;
  /** Fills a buffer with bytes that nobody can foresee; a replayed test passes its own. */
  readonly random: (bytes: Uint8Array) => void;
  /** Where output buffers come from; left out, fresh memory is used each time. */
  readonly buffers?: BufferPool | undefined;
}

/** Where the transport delivers. Payloads are valid until the call returns, unless it says otherwise. */
export interface TransportSink {
  identified(line: Uint8Array): void;
  /** Keys are in use; `first` for the exchange that begins the connection. */
  keysChanged(algorithms: AlgorithmNames, first: boolean): void;
  /** A message of the authentication service (RFC 4252). */
  userauth(payload: Uint8Array): void;
  /** A message of the connection service (RFC 4254); the payload is the receiver's to keep. */
  connection(payload: Uint8Array): void;
  /** What {@link Transport.send} held back during a key exchange has been sent; bulk data may flow again. */
  resumed(): void;
  /** The client sent SSH_MSG_DISCONNECT; nothing more is processed. */
  disconnected(reason: number): void;
}

/** RFC 4253 §7.1: what may be sent between our KEXINIT and our NEWKEYS. */
const mayPassExchange = (number: number): boolean => number <= Msg.DEBUG || (number >= 20 && number <= 49);
/** Replies that wait for the end of a key exchange; channel data never does, it stays in its channel. */
const MAX_HELD_BYTES = 1024 ** 2;
/** What it costs to hold a message besides its bytes: a million replies of one byte are not a megabyte. */
const HELD_OVERHEAD = 128;
const MAX_KEXINIT = 32768;
const extInfo = makeExtInfo(signatureAlgorithms);
/** What logging in takes is a few kilobytes, and thirty-two requests at the most. It also keeps the sequence numbers far
 * from wrapping in the first key exchange, which strict key exchange forbids. */
const MAX_BYTES_BEFORE_LOGIN = 8 * 1024 ** 2;

/** The transport layer of a server (RFC 4253): bytes in, messages out, and back. */
export class Transport {
  static readonly #actions: Readonly<Record<Action, (transport: Transport, payload: Uint8Array) => void>> = {
    disconnect: (transport, payload) => transport.#disconnect(payload),
    ignore: () => {},
    extInfo: (transport, payload) => transport.#extInfo(payload),
    kexInit: (transport, payload) => transport.#kexInit(payload),
    kexEcdhInit: (transport, payload) => transport.#kexEcdhInit(payload),
    newKeys: (transport, payload) => transport.#newKeys(payload),
    serviceRequest: (transport, payload) => transport.#serviceRequest(payload),
    userauth: (transport, payload) => transport.#sink.userauth(payload),
    connection: (transport, payload) => transport.#sink.connection(payload),
    ping: (transport, payload) => transport.send(messages.pong.encode(messages.ping.decode(payload))),
    unimplemented: (transport) => transport.unimplemented(),
  };
  readonly #options: TransportOptions;
  readonly #sink: TransportSink;
  readonly #reader = new PacketReader();
  readonly #writer: PacketWriter;
  readonly #rekey: RekeyPolicy;
  #state: State;
  #now: number;
  #processing = false;
  #paused = false;
  #strict = false;
  #extInfoWanted = false;
  #loggedIn = false;
  #clientLine: Uint8Array = new Uint8Array(0);
  #sessionId: Uint8Array | undefined;
  /** Set from our KEXINIT to our NEWKEYS: the messages that have to wait. */
  #held: Uint8Array[] | undefined = [];
  #heldBytes = 0;
  #rekeyingSince: number | undefined;

  /** Sends our identification and KEXINIT at once, without waiting for the client's (RFC 4253 §4.2). */
  constructor(options: TransportOptions, sink: TransportSink, now: number) {
    this.#options = options;
    this.#sink = sink;
    this.#writer = new PacketWriter(options.random, options.buffers);
    this.#rekey = new RekeyPolicy(options.rekeyLimit);
    this.#now = now;
    this.#writer.raw(Buffer.from(`${options.identification}\r\n`, "latin1"));
    this.#state = { name: "identification", serverKexInit: this.#sendKexInit(true) };
  }

  get state(): StateName {
    return this.#state.name;
  }

  /** The exchange hash of the first key exchange (RFC 4253 §7.2); empty before it. */
  get sessionId(): Uint8Array {
    return this.#sessionId ?? new Uint8Array(0);
  }

  /** Whether bulk data may be sent: no key exchange of ours is under way. */
  get ready(): boolean {
    return this.#held === undefined;
  }

  /** When the renewal of keys that is under way began, until the client's NEWKEYS. */
  get rekeyingSince(): number | undefined {
    return this.#rekeyingSince;
  }

  /** Bytes that wait to be pulled, and those that wait for the end of a key exchange. */
  get pending(): number {
    return this.#writer.pending + this.#heldBytes;
  }

  /**
   * Takes bytes from the client and acts on every whole packet in them. The buffer is ours from then on.
   *
   * @throws {ProtocolError} when the client broke the protocol; the connection is over then.
   */
  receive(bytes: Uint8Array, now: number): void {
    if (this.#state.name === "ended") return;
    this.#now = now;
    this.#reader.input.append(bytes);
    this.#process();
  }

  /** Reads nothing further until {@link resume}: an answer to the last message is being worked out. */
  pause(): void {
    this.#paused = true;
  }

  resume(now: number): void {
    this.#now = now;
    this.#paused = false;
    this.#process();
  }

  /** Sends a message in two parts, or holds it until the key exchange that is under way has ended. */
  send(head: Uint8Array, body?: Uint8Array): void {
    if (this.#state.name === "ended") return;
    if (this.#held !== undefined && !mayPassExchange(head[0]!)) {
      const payload = body ? Buffer.concat([head, body]) : head;
      this.#heldBytes += payload.length + HELD_OVERHEAD;
      this.#held.push(payload);
      return;
    }
    this.#writer.send(head, body);
    this.rekeyIfDue(this.#now);
  }

  /** Answers the packet that is being processed with SSH_MSG_UNIMPLEMENTED (RFC 4253 §11.4). */
  unimplemented(): void {
    this.send(messages.unimplemented.encode({ sequence: (this.#reader.sequence - 1) >>> 0 }));
  }

  /** The user is in: unknown messages are answered from now on, larger packets and key exchanges allowed. */
  loginDone(): void {
    this.#loggedIn = true;
    this.#state = { name: "open" };
    this.#reader.maxPacket = MAX_PACKET;
  }

  /** Begins a key exchange when the keys are old. Every packet in or out asks by itself; their age needs a clock. */
  rekeyIfDue(now: number): void {
    if (this.#state.name === "open" && this.#rekey.due(this.#reader, this.#writer, now)) {
      this.#now = now;
      this.#beginRekey();
    }
  }

  /** Sends SSH_MSG_DISCONNECT, whose text is fixed per reason, and ends. */
  end(reason: DisconnectReason, description: string): void {
    if (this.#state.name === "ended") return;
    this.#writer.send(messages.disconnect.encode({ reason, description, language: "" }));
    this.close();
  }

  /** Ends without a word. */
  close(): void {
    this.#state = { name: "ended" };
    this.#held = undefined;
    this.#heldBytes = 0;
    this.#reader.input.clear();
  }

  /** What has to go to the client, or `undefined`. */
  pull(): Uint8Array | undefined {
    return this.#writer.pull();
  }

  #process(): void {
    // A sink may call back into `resume` while a packet is being processed; the outer loop goes on then.
    if (this.#processing) return;
    this.#processing = true;
    try {
      while (!this.#paused && this.#state.name !== "ended" && this.#step());
    } finally {
      this.#processing = false;
    }
  }

  /** Processes one packet (or the identification); `false` while it is incomplete. */
  #step(): boolean {
    if (this.#state.name === "identification") return this.#identification(this.#state.serverKexInit);
    const payload = this.#reader.next();
    if (payload === undefined) return false;
    if (!this.#loggedIn && this.#reader.bytes > MAX_BYTES_BEFORE_LOGIN) {
      throw new ProtocolError("too many bytes before the login");
    }
    this.#dispatch(payload);
    if (this.#heldBytes > MAX_HELD_BYTES) throw new ProtocolError("too many answers wait for the key exchange to end");
    this.rekeyIfDue(this.#now);
    return true;
  }

  #dispatch(payload: Uint8Array): void {
    const number = payload[0]!;
    const state = this.#state;
    if ("dropGuess" in state && state.dropGuess && number >= 30 && number <= 49) {
      this.#state = { ...state, dropGuess: false };
      return;
    }
    const action = transportTable[state.name][number];
    if (action === undefined) throw new ProtocolError(`message ${number} is out of order in state ${state.name}`);
    Transport.#actions[action](this, payload);
  }

  #identification(serverKexInit: Uint8Array): boolean {
    const input = this.#reader.input;
    const found = parseIdentification(input.peek(Math.min(input.length, MAX_IDENTIFICATION)));
    if (!found) return false;
    input.take(found.consumed);
    this.#clientLine = found.line;
    this.#state = { name: "kexinit", serverKexInit };
    this.#sink.identified(found.line);
    return true;
  }

  #beginRekey(): void {
    this.#held = [];
    this.#rekeyingSince = this.#now;
    this.#state = { name: "rekey-kexinit", serverKexInit: this.#sendKexInit(false) };
  }

  #sendKexInit(first: boolean): Uint8Array {
    const kexInit = makeKexInit(this.#options.offer, first, this.#options.random);
    this.#writer.send(kexInit);
    return kexInit;
  }

  #kexInit(payload: Uint8Array): void {
    if (payload.length > MAX_KEXINIT) throw new ProtocolError("KEXINIT has more than 32768 bytes");
    const first = this.#sessionId === undefined;
    if (this.#state.name === "open") {
      this.#rekey.clientAsks(this.#reader, this.#writer, this.#now);
      this.#beginRekey();
    }
    if (this.#state.name !== "kexinit" && this.#state.name !== "rekey-kexinit") throw new Error("no KEXINIT was sent");
    const client = messages.kexInit.decode(payload);
    const agreement = agree(client, this.#options.offer);
    if (first) {
      this.#strict = client.kex.includes(Marker.STRICT_CLIENT);
      this.#extInfoWanted = client.kex.includes(Marker.EXT_INFO_CLIENT);
      if (this.#strict && this.#reader.packets !== 1) {
        throw new ProtocolError("strict key exchange: KEXINIT was not the first message");
      }
    }
    const exchange: Exchange = {
      agreement,
      // The payload may be a view of the socket's chunk, and the exchange hash is computed when more has come.
      clientKexInit: new Uint8Array(payload),
      serverKexInit: this.#state.serverKexInit,
      dropGuess: client.firstKexPacketFollows && !agreement.guessRight,
    };
    this.#state = { name: first ? (this.#strict ? "strict-exchange" : "exchange") : "rekey-exchange", ...exchange };
  }

  #kexEcdhInit(payload: Uint8Array): void {
    const state = this.#state;
    if (!("agreement" in state)) throw new Error("no key exchange is under way");
    const first = this.#sessionId === undefined;
    const ids = { client: this.#clientLine, server: Buffer.from(this.#options.identification, "latin1") };
    const { clientPublic } = messages.kexEcdhInit.decode(payload);
    const result = respond(state.agreement, ids, state.clientKexInit, state.serverKexInit, clientPublic);
    // RFC 4253 §7.2: the first exchange hash stays the session's name, whatever keys follow.
    const { sealer, opener } = result.keys((this.#sessionId ??= result.exchangeHash));
    this.#writer.send(result.reply);
    this.#writer.send(messages.newKeys.encode({}));
    this.#writer.useKeys(sealer, this.#strict);
    this.#state = { name: first ? (this.#strict ? "strict-newkeys" : "newkeys") : "rekey-newkeys", opener };
    if (first && this.#extInfoWanted) this.#writer.send(extInfo);
    this.#rekey.keysChanged(this.#now);
    this.#sink.keysChanged(namesOf(state.agreement), first);
    this.#sendHeld();
  }

  #sendHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldBytes = 0;
    for (const payload of held) this.#writer.send(payload);
    this.#sink.resumed();
  }

  #newKeys(payload: Uint8Array): void {
    messages.newKeys.decode(payload);
    if (!("opener" in this.#state)) throw new Error("no keys wait for use");
    this.#reader.useKeys(this.#state.opener, this.#strict);
    this.#rekeyingSince = undefined;
    this.#state = { name: this.#loggedIn ? "open" : "service" };
  }

  #extInfo(payload: Uint8Array): void {
    if (this.#reader.packets !== 1) throw new ProtocolError("EXT_INFO is not the first message after NEWKEYS");
    checkExtInfo(payload);
  }

  #serviceRequest(payload: Uint8Array): void {
    const { service } = messages.serviceRequest.decode(payload);
    if (service !== "ssh-userauth") {
      throw new ProtocolError(
        "the client asked for another service than ssh-userauth",
        DisconnectReason.SERVICE_NOT_AVAILABLE,
      );
    }
    this.#state = { name: "login" };
    this.send(messages.serviceAccept.encode({ service }));
  }

  #disconnect(payload: Uint8Array): void {
    const { reason } = messages.disconnect.decode(payload);
    this.close();
    this.#sink.disconnected(reason);
  }
}
