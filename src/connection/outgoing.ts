import { Msg, ProtocolError } from "../wire/index.ts";
import type { Pump, Pumped } from "./link.ts";

/** RFC 4254 §5.2: "The window MUST NOT be increased above 2^32 - 1 bytes". */
const MAX_WINDOW = 0xffffffff;
/** Pieces up to this size are joined into one message: sealing a packet costs more than copying them. */
const SMALL = 4096;

/** Who is told that everything written has gone to the link. */
export interface Emptied {
  emptied(): void;
}

/** A link of the queue: a list, so that what has been sent is let go at once. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly extendedType: number;
  next: Piece | undefined;
}

/** The sending side of one channel: the client's window, and the bytes that wait for it (RFC 4254 §5.2). */
export class Outgoing implements Pumped {
  waiting = false;
  /** Bytes that have been written and have not gone to the link. */
  buffered = 0;
  readonly #pump: Pump;
  readonly #recipient: number;
  readonly #maxPacket: number;
  readonly #emptied: Emptied;
  #window: number;
  #held = true;
  /** What waits; of its first piece the bytes before the offset have been sent. */
  #first: Piece | undefined;
  #last: Piece | undefined;
  #offset = 0;

  /** Starts held. `maxPacket` must be positive. `emptied` is told whenever the queue has gone to the link. */
  constructor(pump: Pump, recipient: number, window: number, maxPacket: number, emptied: Emptied) {
    this.#pump = pump;
    this.#recipient = recipient;
    this.#window = window;
    this.#maxPacket = maxPacket;
    this.#emptied = emptied;
  }

  get held(): boolean {
    return this.#held;
  }

  /** From now on data is queued, not sent. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#sendQueue();
  }

  /** Sends the bytes, or keeps the view until it can. `extendedType` 0 is plain data. */
  write(bytes: Uint8Array, extendedType: number): void {
    if (bytes.length === 0) return;
    if (this.buffered === 0 && !this.#held && bytes.length <= this.#room && this.#pump.idle) {
      this.#send(bytes, extendedType);
      return;
    }
    const piece: Piece = { bytes, extendedType, next: undefined };
    if (this.#last === undefined) this.#first = piece;
    else this.#last.next = piece;
    this.#last = piece;
    this.buffered += bytes.length;
    this.#sendQueue();
  }

  /** RFC 4254 §5.2: the client takes `bytes` more. */
  adjust(bytes: number): void {
    if (bytes > MAX_WINDOW - this.#window) throw new ProtocolError("a window adjust takes the window above 2^32-1");
    this.#window += bytes;
    this.#sendQueue();
  }

  /** Forgets what waits. */
  discard(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#offset = 0;
    this.buffered = 0;
  }

  sendOne(): boolean {
    const limit = this.#room;
    const piece = this.#first;
    if (piece === undefined || this.#held || limit === 0) return false;
    const bytes = this.#next(piece, limit);
    this.buffered -= bytes.length;
    this.#send(bytes, piece.extendedType);
    if (this.buffered === 0) this.#emptied.emptied();
    return this.buffered > 0 && this.#window > 0 && !this.#held;
  }

  /** Bytes that the next message may carry. */
  get #room(): number {
    return Math.min(this.#window, this.#maxPacket);
  }

  #sendQueue(): void {
    if (this.buffered > 0 && this.#window > 0 && !this.#held) this.#pump.add(this);
  }

  /** Takes at most `limit` bytes of one type off the queue, which begins with `piece`. */
  #next(piece: Piece, limit: number): Uint8Array {
    const { bytes, extendedType } = piece;
    const end = Math.min(bytes.length, this.#offset + limit);
    const taken = bytes.subarray(this.#offset, end);
    if (end < bytes.length) {
      this.#offset = end;
      return taken;
    }
    let { next } = piece;
    let length = taken.length;
    const joined = [taken];
    while (taken.length <= SMALL && next !== undefined && next.extendedType === extendedType) {
      if (next.bytes.length > SMALL || length + next.bytes.length > limit) break;
      joined.push(next.bytes);
      length += next.bytes.length;
      next = next.next;
    }
    this.#first = next;
    if (next === undefined) this.#last = undefined;
    this.#offset = 0;
    return joined.length === 1 ? taken : Buffer.concat(joined, length);
  }

  /** RFC 4254 §5.2: plain and extended data count against the same window. */
  #send(bytes: Uint8Array, extendedType: number): void {
    const length = bytes.length;
    this.#window -= length;
    let head: Uint8Array;
    if (extendedType === 0) {
      head = this.#pump.dataHead;
      head[0] = Msg.CHANNEL_DATA;
      writeUint32(head, 5, length);
    } else {
      head = this.#pump.extendedDataHead;
      head[0] = Msg.CHANNEL_EXTENDED_DATA;
      writeUint32(head, 5, extendedType);
      writeUint32(head, 9, length);
    }
    writeUint32(head, 1, this.#recipient);
    this.#pump.link.send(head, bytes);
  }
}

function writeUint32(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 24;
  to[at + 1] = value >>> 16;
  to[at + 2] = value >>> 8;
  to[at + 3] = value;
}
