import { messages, Msg, OpenFailure, ProtocolError } from "../wire/index.ts";
import type { Channel, ChannelEvents, ChannelMachine, ChannelPeer } from "./channel.ts";
import type { ChannelState } from "./table.ts";

/** A channel that the client asks for, other than a session: to be answered once, now or later. */
export interface ChannelOpenRequest {
  /** 1…64 printable US-ASCII characters: "direct-tcpip", … */
  readonly type: string;
  /** The fields that belong to the type. The receiver may keep the view. */
  readonly data: Uint8Array;
  /** Grants it. `undefined`, without a call of `events`: the connection is gone, or the request has an answer already. */
  accept(events: ChannelEvents): Channel | undefined;
  /** Refuses it. `description` is for the client's user. */
  refuse(reason: OpenFailure, description: string): void;
}

/** Told how the client answered our wish for a channel: exactly one of the two is called. */
export interface ChannelOpening {
  /** The client agreed. Like every `ChannelEvents`, what is returned hears of the end of the channel exactly once. */
  opened(channel: Channel): ChannelEvents;
  /**
   * The client refused, or the connection ended first. `description` is the client's text: it is to be escaped before
   * it is shown anywhere.
   */
  refused(reason: number, description: string): void;
}

/** The door to one channel in the state "deciding". */
export class ClientOpen implements ChannelOpenRequest {
  readonly data: Uint8Array;
  readonly #channel: ChannelMachine;

  constructor(channel: ChannelMachine, data: Uint8Array) {
    this.#channel = channel;
    this.data = data;
  }

  get type(): string {
    return this.#channel.type;
  }

  accept(events: ChannelEvents): Channel | undefined {
    if (this.#channel.state !== "deciding") return undefined;
    this.#channel.accept(events);
    return this.#channel;
  }

  refuse(reason: OpenFailure, description: string): void {
    if (this.#channel.state === "deciding") this.#channel.refuse(reason, description);
  }
}

/** Where a channel of ours goes when the client has answered. */
export interface OpeningOwner {
  confirmed(opening: ServerOpen, peer: ChannelPeer): ChannelMachine;
  refused(opening: ServerOpen): void;
}

/** A channel that we asked for: it holds its id until the client answers. */
export class ServerOpen {
  readonly state: ChannelState = "opening";
  readonly id: number;
  readonly type: string;
  readonly #owner: OpeningOwner;
  readonly #answer: ChannelOpening;

  constructor(owner: OpeningOwner, id: number, type: string, answer: ChannelOpening) {
    this.#owner = owner;
    this.id = id;
    this.type = type;
    this.#answer = answer;
  }

  /** A message that the table lets through: the answer. */
  take(number: number, payload: Uint8Array): void {
    if (number === Msg.CHANNEL_OPEN_CONFIRMATION) return this.#confirm(payload);
    const { reason, description } = messages.channelOpenFailure.decode(payload);
    this.#owner.refused(this);
    this.#answer.refused(reason, description);
  }

  /** The connection is gone. */
  lost(): void {
    this.#answer.refused(OpenFailure.CONNECT_FAILED, "the connection has ended");
  }

  #confirm(payload: Uint8Array): void {
    const peer = messages.channelOpenConfirmation.decode(payload);
    if (peer.maxPacket < 1) throw new ProtocolError("a channel with a maximum packet size of 0 was confirmed");
    const channel = this.#owner.confirmed(this, peer);
    channel.opened(this.#answer.opened(channel));
  }
}
