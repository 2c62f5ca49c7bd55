import { messages, Msg, OpenFailure, ProtocolError } from "../wire/index.ts";
import { ChannelMachine } from "./channel.ts";
import type { Channel, ChannelEvents, ChannelOwner, ChannelPeer } from "./channel.ts";
import { ClientOpen, ServerOpen } from "./channel-open.ts";
import type { ChannelOpening, ChannelOpenRequest, OpeningOwner } from "./channel-open.ts";
import { ChannelSlots } from "./channel-slots.ts";
import { GlobalRequests } from "./global-requests.ts";
import type { GlobalReply, GlobalRequest } from "./global-requests.ts";
import { recipientOf } from "./incoming.ts";
import { Pump } from "./link.ts";
import type { ConnectionLink } from "./link.ts";
import { table } from "./table.ts";

export interface ConnectionOptions {
  /** Session channels that one client may have at a time. */
  readonly maxSessions: number;
  /** Channels of all types at a time, those we asked for and those not answered yet among them. */
  readonly maxChannels: number;
  /** Bytes that a client may send on a channel before the application has consumed them: 1…2^32-1. */
  readonly window: number;
  /** Bytes of data that a client may send in one message. */
  readonly maxPacket: number;
}

/** What a connection asks of its user. The methods may call the connection's, and must not throw. */
export interface ConnectionSink {
  /**
   * A client opened a session. `undefined` refuses it. The channel may be written to at once; that is sent behind the
   * confirmation.
   */
  sessionOpened(channel: Channel): ChannelEvents | undefined;
  /** A client wants another channel. Types that only a server opens do not come here. */
  channelOpen(request: ChannelOpenRequest): void;
  /** A client's request, except those that the engine answers itself (no-more-sessions, keepalive). */
  globalRequest(request: GlobalRequest): void;
}

/** RFC 4254 §6.3.2, §7.2 and OpenSSH PROTOCOL 2.4: channels that a client has no business to open. */
const SERVER_TYPES: ReadonlySet<string> = new Set([
  "x11",
  "forwarded-tcpip",
  "forwarded-streamlocal@openssh.com",
  "auth-agent@openssh.com",
  "agent-connect",
]);

/**
 * The connection protocol of one logged-in client, server side (RFC 4254): messages in, messages and events out.
 *
 * A peer's fault is a ProtocolError out of {@link receive}; the caller ends the connection and calls {@link ended}.
 */
export class Connection implements ChannelOwner, OpeningOwner {
  readonly pump: Pump;
  readonly window: number;
  readonly maxPacket: number;
  readonly #maxSessions: number;
  readonly #link: ConnectionLink;
  readonly #sink: ConnectionSink;
  readonly #slots: ChannelSlots;
  readonly #globals: GlobalRequests;
  #sessions = 0;
  #over = false;

  constructor(options: ConnectionOptions, link: ConnectionLink, sink: ConnectionSink) {
    this.window = options.window;
    this.maxPacket = options.maxPacket;
    this.#maxSessions = options.maxSessions;
    this.#link = link;
    this.#sink = sink;
    this.pump = new Pump(link);
    this.#slots = new ChannelSlots(options.maxChannels);
    this.#globals = new GlobalRequests(link, (request) => sink.globalRequest(request));
  }

  /** Channels that hold an id, in whatever state. */
  get channels(): number {
    return this.#slots.size;
  }

  /** Sessions among {@link channels}. */
  get sessions(): number {
    return this.#sessions;
  }

  /**
   * Takes the payload of one message of 80…127. The payload belongs to the connection from then on: data is handed on
   * as views into it. Throws ProtocolError.
   */
  receive(payload: Uint8Array): void {
    if (this.#over) return;
    const number = payload[0]!;
    const row = table.get(number);
    if (row === undefined) return this.#link.unimplemented();
    if (row === "connection") return this.#take(number, payload);
    const slot = this.#slots.get(recipientOf(payload));
    const state = slot === undefined ? "absent" : slot.state;
    const verdict = row[state];
    if (verdict === "take") slot!.take(number, payload);
    else if (verdict === "refuse") throw new ProtocolError(`message ${number} for a channel that is ${state}`);
  }

  /** The link takes channel data again, after a key exchange or after it was full. */
  resumed(): void {
    this.pump.run();
  }

  /** Sends a global request. With `onReply` the client is asked to reply. */
  globalRequest(type: string, data: Uint8Array, onReply?: GlobalReply): void {
    if (this.#over) onReply?.(false, new Uint8Array(0));
    else this.#globals.send(type, data, onReply);
  }

  /** Asks the client for a channel (forwarded-tcpip, auth-agent@openssh.com, x11). `answer` may be called at once. */
  openChannel(type: string, data: Uint8Array, answer: ChannelOpening): void {
    if (this.#over || this.#slots.full) {
      return answer.refused(OpenFailure.RESOURCE_SHORTAGE, "no channel is free on this connection");
    }
    const opening = new ServerOpen(this, this.#slots.nextId, type, answer);
    this.#slots.set(opening);
    const { window, maxPacket } = this;
    this.#link.send(messages.channelOpen.encode({ type, sender: opening.id, window, maxPacket, data }));
  }

  /** The transport is gone: every channel is closed, every reply that is awaited is a failure, nothing is sent any more. */
  ended(): void {
    if (this.#over) return;
    this.#over = true;
    this.#sessions = 0;
    try {
      this.#slots.lose();
    } finally {
      this.#globals.ended();
    }
  }

  /** @internal */
  freed(channel: ChannelMachine): void {
    this.#slots.remove(channel);
    if (channel.type === "session") this.#sessions--;
  }

  /** @internal */
  confirmed(opening: ServerOpen, peer: ChannelPeer): ChannelMachine {
    return this.#add(opening.id, opening.type, peer);
  }

  /** @internal */
  refused(opening: ServerOpen): void {
    this.#slots.remove(opening);
  }

  #take(number: number, payload: Uint8Array): void {
    switch (number) {
      case Msg.GLOBAL_REQUEST:
        return this.#globals.receive(payload);
      case Msg.REQUEST_SUCCESS:
        return this.#globals.replied(true, messages.requestSuccess.decode(payload).data);
      case Msg.REQUEST_FAILURE:
        messages.requestFailure.decode(payload);
        return this.#globals.replied(false);
      case Msg.CHANNEL_OPEN:
        return this.#receiveOpen(payload);
    }
  }
  #receiveOpen(payload: Uint8Array): void {
    const open = messages.channelOpen.decode(payload);
    const { type, sender, data } = open;
    if (type === "session" && this.#globals.noMoreSessions) {
      throw new ProtocolError("a session was opened after no-more-sessions@openssh.com");
    }
    const refusal = this.#refusal(open);
    if (refusal !== undefined) {
      const { reason, description } = refusal;
      this.#link.send(messages.channelOpenFailure.encode({ recipient: sender, reason, description, language: "" }));
      return;
    }
    const channel = this.#add(this.#slots.nextId, type, open);
    if (type !== "session") return this.#sink.channelOpen(new ClientOpen(channel, data));
    const events = this.#sink.sessionOpened(channel);
    if (events === undefined) channel.refuse(OpenFailure.ADMINISTRATIVELY_PROHIBITED, "sessions are not allowed");
    else channel.accept(events);
  }

  /** What the engine refuses by itself, before anything is kept of it. */
  #refusal({ type, maxPacket, data }: ChannelPeer & { type: string; data: Uint8Array }): Refusal | undefined {
    // "" is a name that breaks the rules of names.
    if (type === "") return refusal(OpenFailure.UNKNOWN_CHANNEL_TYPE, "unknown channel type");
    if (SERVER_TYPES.has(type)) return refusal(OpenFailure.ADMINISTRATIVELY_PROHIBITED, "only a server opens these");
    if (type === "session" && data.length > 0) throw new ProtocolError("a session open has fields of its own");
    // Nothing could ever be sent on it (CVE-2026-59843: it was tried for ever).
    if (maxPacket < 1) return refusal(OpenFailure.ADMINISTRATIVELY_PROHIBITED, "the maximum packet size is 0");
    if (this.#slots.full) return refusal(OpenFailure.RESOURCE_SHORTAGE, "too many channels");
    if (type === "session" && this.#sessions >= this.#maxSessions) {
      return refusal(OpenFailure.RESOURCE_SHORTAGE, "too many sessions");
    }
    return undefined;
  }

  #add(id: number, type: string, peer: ChannelPeer): ChannelMachine {
    const channel = new ChannelMachine(this, id, type, peer);
    this.#slots.set(channel);
    if (type === "session") this.#sessions++;
    return channel;
  }
}

interface Refusal {
  readonly reason: OpenFailure;
  readonly description: string;
}

function refusal(reason: OpenFailure, description: string): Refusal {
  return { reason, description };
}
