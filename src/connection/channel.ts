import { messages, Msg } from "../wire/index.ts";
import type { OpenFailure } from "../wire/index.ts";
import { dataOf, Incoming } from "./incoming.ts";
import type { ConnectionLink, Pump } from "./link.ts";
import { Outgoing } from "./outgoing.ts";
import type { Emptied } from "./outgoing.ts";
import { SessionRequests } from "./session-request.ts";
import type { SessionRequest } from "./session-request.ts";
import type { ChannelState } from "./table.ts";

/** One channel, for who sends on it. After its end every method does nothing. */
export interface Channel {
  /** Our number for it. Numbers are used again. */
  readonly id: number;
  /** "session", "direct-tcpip", … */
  readonly type: string;
  /** Bytes written that wait for the client's window, the link or a key exchange. */
  readonly buffered: number;
  /** Whether {@link Channel.write} still sends: neither end(), close() nor abort() was called, nor is the channel gone. */
  readonly writable: boolean;
  /**
   * Sends bytes; `extendedType` 1 is stderr (RFC 4254 §5.2). What cannot be sent is kept as the view that was given, so
   * it must not change until then. False: wait for `drained()`, or for `closed()` on a channel that is not writable.
   */
  write(bytes: Uint8Array, extendedType?: 1): boolean;
  /**
   * The application has taken `length` bytes of those that `data()` gave it: their window goes back to the client, in
   * one message for half a window. Throws RangeError for more than has been received.
   */
  consumed(length: number): void;
  /** Sends EOF behind what is pending. The client can go on sending. */
  end(): void;
  /** Tells how the program ended (RFC 4254 §6.10), behind what is pending. Only the first of exitStatus and exitSignal counts. */
  exitStatus(status: number): void;
  /** `signal` without "SIG"; `message` is for the client's user. */
  exitSignal(signal: string, coreDumped: boolean, message: string): void;
  /** Closes the channel behind what is pending, with EOF before it. A client may withhold its window for ever: see abort(). */
  close(): void;
  /** Closes the channel now. Pending bytes are dropped, an exit status is not. */
  abort(): void;
  /**
   * Sends a request, at once: pending data does not hold it back. With `onReply` the client is asked to reply; it is
   * called exactly once, with false also when the channel ends first.
   */
  request(type: string, data: Uint8Array, onReply?: (success: boolean) => void): void;
}

/**
 * What happens on one channel. The methods may call the channel's, and must not throw: what they throw leaves
 * `receive()`.
 */
export interface ChannelEvents {
  /** Never empty, never stderr (a client has none). The receiver may keep the view, and says consumed() when it is done. */
  data(bytes: Uint8Array): void;
  /** The client sends no more data. */
  eof(): void;
  /** A request, within the limits and at a time when it is allowed. The result is the reply, if the client wants one. */
  request(request: SessionRequest): boolean;
  /** All written bytes have left for the link, after a write() that returned false. */
  drained(): void;
  /** The channel is gone, with the connection or without it. Exactly once, and nothing comes after it. */
  closed(): void;
}

/** What a channel needs of its connection. */
export interface ChannelOwner {
  readonly pump: Pump;
  /** The window and the maximum packet that every client gets. */
  readonly window: number;
  readonly maxPacket: number;
  /** The channel is gone: its id is free. */
  freed(channel: ChannelMachine): void;
}

/** The client's side of a channel, from its CHANNEL_OPEN or its CHANNEL_OPEN_CONFIRMATION. */
export interface ChannelPeer {
  readonly sender: number;
  readonly window: number;
  readonly maxPacket: number;
}

/** We never send larger data messages, whatever the client takes: others share the link. */
const MAX_DATA = 32 * 1024;

const SILENT: ChannelEvents = {
  data: () => {},
  eof: () => {},
  request: () => false,
  drained: () => {},
  closed: () => {},
};

/** A channel as the connection sees it: the states of one row of the table, and the messages they take. */
export class ChannelMachine implements Channel, Emptied {
  readonly id: number;
  readonly type: string;
  /** "absent" once it is gone. */
  state: ChannelState = "deciding";
  readonly #owner: ChannelOwner;
  readonly #link: ConnectionLink;
  readonly #recipient: number;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #session: SessionRequests | undefined;
  #events: ChannelEvents = SILENT;
  /** A write() returned false, and drained() has not been called since. */
  #drainOwed = false;
  /** What is to follow the pending data. */
  #finish: "nothing" | "eof" | "close" = "nothing";
  #eofSent = false;
  #exit: "none" | "sent" | Uint8Array = "none";
  /** Who waits for replies to our requests, oldest first. */
  #awaited: ((success: boolean) => void)[] | undefined;

  constructor(owner: ChannelOwner, id: number, type: string, peer: ChannelPeer) {
    this.#owner = owner;
    this.#link = owner.pump.link;
    this.id = id;
    this.type = type;
    this.#recipient = peer.sender;
    this.#incoming = new Incoming(owner.window, owner.maxPacket);
    this.#outgoing = new Outgoing(owner.pump, peer.sender, peer.window, Math.min(peer.maxPacket, MAX_DATA), this);
    this.#session = type === "session" ? new SessionRequests() : undefined;
  }

  get buffered(): number {
    return this.#outgoing.buffered;
  }

  get writable(): boolean {
    return this.#finish === "nothing" && this.state !== "absent";
  }

  write(bytes: Uint8Array, extendedType: 0 | 1 = 0): boolean {
    if (!this.writable) return false;
    this.#outgoing.write(bytes, extendedType);
    if (this.#outgoing.buffered === 0) return true;
    this.#drainOwed = true;
    return false;
  }

  consumed(length: number): void {
    if (this.state === "absent") return;
    const bytes = this.#incoming.consumed(length);
    // After the client's EOF or our CLOSE nobody needs the window.
    if (bytes === 0 || this.state !== "open") return;
    this.#link.send(messages.channelWindowAdjust.encode({ recipient: this.#recipient, bytes }));
  }

  end(): void {
    if (this.#finish === "nothing") this.#finish = "eof";
    this.#settle();
  }

  exitStatus(status: number): void {
    this.#exited("exit-status", messages.exitStatusRequest.encode({ status: status >>> 0 }));
  }

  exitSignal(signal: string, coreDumped: boolean, message: string): void {
    const language = "";
    this.#exited("exit-signal", messages.exitSignalRequest.encode({ signal, coreDumped, message, language }));
  }

  close(): void {
    this.#finish = "close";
    this.#settle();
  }

  abort(): void {
    this.#outgoing.discard();
    // Not EOF, which would say that everything has been sent.
    this.#eofSent = true;
    this.close();
  }

  request(type: string, data: Uint8Array, onReply?: (success: boolean) => void): void {
    if (this.state === "deciding") throw new Error("a request on a channel that has not been confirmed yet");
    if (this.state !== "open" && this.state !== "ended") {
      onReply?.(false);
      return;
    }
    if (onReply !== undefined) (this.#awaited ??= []).push(onReply);
    this.#link.send(this.#request(type, onReply !== undefined, data));
  }

  /** "deciding" → "open": the client's request is granted. */
  accept(events: ChannelEvents): void {
    if (this.state === "absent") return events.closed();
    const { window, maxPacket } = this.#owner;
    const data = new Uint8Array(0);
    const fields = { recipient: this.#recipient, sender: this.id, window, maxPacket, data };
    this.#link.send(messages.channelOpenConfirmation.encode(fields));
    this.opened(events);
  }

  /** "deciding" → gone. */
  refuse(reason: OpenFailure, description: string): void {
    if (this.state === "absent") return;
    this.state = "absent";
    this.#outgoing.discard();
    this.#link.send(
      messages.channelOpenFailure.encode({ recipient: this.#recipient, reason, description, language: "" }),
    );
    this.#owner.freed(this);
  }

  /** "deciding" → "open": the client knows of it. */
  opened(events: ChannelEvents): void {
    // The application ended the connection while it was asked.
    if (this.state === "absent") return events.closed();
    this.#events = events;
    this.state = "open";
    this.#release();
  }

  /** A message that the table lets through in this state. */
  take(number: number, payload: Uint8Array): void {
    switch (number) {
      case Msg.CHANNEL_DATA:
        return this.#receiveData(dataOf(payload, 5));
      case Msg.CHANNEL_EXTENDED_DATA:
        return this.#receiveExtendedData(dataOf(payload, 9));
      case Msg.CHANNEL_WINDOW_ADJUST:
        return this.#outgoing.adjust(messages.channelWindowAdjust.decode(payload).bytes);
      case Msg.CHANNEL_EOF:
        messages.channelEof.decode(payload);
        this.state = "ended";
        return this.#events.eof();
      case Msg.CHANNEL_CLOSE:
        messages.channelClose.decode(payload);
        return this.#receiveClose();
      case Msg.CHANNEL_REQUEST:
        return this.#receiveRequest(payload);
      case Msg.CHANNEL_SUCCESS:
        messages.channelSuccess.decode(payload);
        return this.#replied(true);
      case Msg.CHANNEL_FAILURE:
        messages.channelFailure.decode(payload);
        return this.#replied(false);
    }
  }

  /** The connection is gone: the channel is too, and nothing is sent any more. */
  lost(): void {
    this.state = "absent";
    this.#outgoing.discard();
    try {
      for (const onReply of this.#awaited?.splice(0) ?? []) onReply(false);
    } finally {
      this.#events.closed();
    }
  }

  emptied(): void {
    this.#settle();
    if (!this.#drainOwed) return;
    this.#drainOwed = false;
    this.#events.drained();
  }

  #receiveData(bytes: Uint8Array): void {
    if (this.#incoming.arrived(bytes.length) && bytes.length > 0) this.#events.data(bytes);
  }

  /** RFC 4254 §5.2 defines only stderr, which a client has not: ignored, and its window given back. */
  #receiveExtendedData(bytes: Uint8Array): void {
    if (this.#incoming.arrived(bytes.length)) this.consumed(bytes.length);
  }

  #receiveClose(): void {
    // RFC 4254 §5.3: CLOSE is answered by CLOSE unless it is the answer.
    if (this.state !== "closing") this.#link.send(messages.channelClose.encode({ recipient: this.#recipient }));
    this.#owner.freed(this);
    this.lost();
  }

  #receiveRequest(payload: Uint8Array): void {
    const { type, wantReply, data } = messages.channelRequest.decode(payload);
    const reading = this.#session?.read(type, data) ?? "refused";
    // What the application does about the request comes behind the reply, above all its CLOSE.
    this.#outgoing.hold();
    let granted = reading === "accepted";
    try {
      if (typeof reading !== "string") granted = this.#events.request(reading);
      if (granted && typeof reading !== "string") this.#session!.granted(reading);
    } finally {
      if (wantReply) this.#reply(granted);
      this.#release();
    }
  }

  #reply(granted: boolean): void {
    // The application may have ended the connection.
    if (this.state === "absent") return;
    const reply = granted ? messages.channelSuccess : messages.channelFailure;
    this.#link.send(reply.encode({ recipient: this.#recipient }));
  }

  #replied(success: boolean): void {
    this.#awaited?.shift()?.(success);
  }

  #exited(type: string, data: Uint8Array): void {
    if (this.#exit !== "none" || this.#session === undefined) return;
    this.#exit = this.#request(type, false, data);
    this.#settle();
  }

  #release(): void {
    this.#outgoing.release();
    this.#settle();
  }

  /** Sends what follows the data once there is no data: the exit status, EOF, CLOSE, each once. */
  #settle(): void {
    if (this.#outgoing.held || this.#outgoing.buffered > 0) return;
    if (this.state !== "open" && this.state !== "ended") return;
    if (typeof this.#exit !== "string") {
      this.#link.send(this.#exit);
      this.#exit = "sent";
    }
    if (this.#finish === "nothing") return;
    if (!this.#eofSent) {
      this.#eofSent = true;
      this.#link.send(messages.channelEof.encode({ recipient: this.#recipient }));
    }
    if (this.#finish === "eof") return;
    this.state = "closing";
    this.#link.send(messages.channelClose.encode({ recipient: this.#recipient }));
  }

  #request(type: string, wantReply: boolean, data: Uint8Array): Uint8Array {
    return messages.channelRequest.encode({ recipient: this.#recipient, type, wantReply, data });
  }
}
