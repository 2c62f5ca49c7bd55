import { ProtocolError } from "../wire/index.ts";

/** The receiving side of one channel: the window that the client has been given, and what of it is used (RFC 4254 §5.2). */
export class Incoming {
  readonly #window: number;
  readonly #maxPacket: number;
  /** Bytes that the client may still send. */
  #left: number;
  /** Bytes that the application has taken and that have not been given back yet. */
  #taken = 0;
  /** Bytes that came in spite of an empty window. */
  #overrun = 0;

  /** `window`: bytes that the client may have under way; `maxPacket`: bytes of data in one message. */
  constructor(window: number, maxPacket: number) {
    this.#window = window;
    this.#maxPacket = maxPacket;
    this.#left = window;
  }

  /**
   * Counts a data message. False: it is beyond the window and must not be delivered. A tenth of the window is forgiven
   * over the life of the channel, as OpenSSH does; after that, and for a message above the maximum, ProtocolError.
   */
  arrived(length: number): boolean {
    if (length > this.#maxPacket) {
      throw new ProtocolError(`channel data of ${length} bytes, the maximum packet size is ${this.#maxPacket}`);
    }
    if (length <= this.#left) {
      this.#left -= length;
      return true;
    }
    this.#overrun += length - this.#left;
    this.#left = 0;
    if (this.#overrun > this.#window / 10) {
      throw new ProtocolError(`${this.#overrun} bytes of channel data beyond a window of ${this.#window}`);
    }
    return false;
  }

  /** Counts bytes that the application took. Gives what to return to the client now: 0 until half the window is used. */
  consumed(length: number): number {
    if (!(length >= 0 && length <= this.#window - this.#left - this.#taken)) {
      throw new RangeError(`${length} bytes reported as consumed are more than were received`);
    }
    this.#taken += length;
    if (this.#taken < this.#window / 2) return 0;
    const credit = this.#taken;
    this.#taken = 0;
    this.#left += credit;
    return credit;
  }
}

/** The channel that a message names: the first field of every message that names one. */
export function recipientOf(payload: Uint8Array): number {
  return uint32(payload, 1);
}

/** The data that ends a message, its length at `at`; read without the allocations of a decoder, as it comes with every packet. */
export function dataOf(payload: Uint8Array, at: number): Uint8Array {
  const length = uint32(payload, at);
  if (length !== payload.length - at - 4) {
    throw new ProtocolError(`channel data says ${length} bytes and has ${payload.length - at - 4}`);
  }
  return payload.subarray(at + 4);
}

function uint32(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + 4) throw new ProtocolError("a channel message is cut short");
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
