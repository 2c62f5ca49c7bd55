import { integrityFailure } from "../crypto/index.ts";
import type { Opener } from "../crypto/index.ts";
import { ProtocolError } from "../wire/index.ts";
import { InputBuffer } from "./input-buffer.ts";

/** RFC 4253 §6.1 asks for 35000; the smaller limit holds until the user is logged in. */
export const MAX_PACKET_BEFORE_LOGIN = 65536;
/** OpenSSH's PACKET_MAX_SIZE. */
export const MAX_PACKET = 262144;
const MIN_PADDING = 4;
/** RFC 4253 §6: padding_length, one byte of payload or none, and the padding. */
const MIN_PACKET_LENGTH = 5;

/** Takes packets out of the byte stream (RFC 4253 §6): lengths, decryption, integrity, padding, sequence numbers. */
export class PacketReader {
  readonly #input = new InputBuffer();
  #opener: Opener | undefined;
  #packetLength = -1;
  /** The sequence number of the packet that is read next. */
  sequence = 0;
  /** Bytes and packets since the keys were taken into use, for the rekey limits. */
  bytes = 0;
  packets = 0;
  maxPacket: number = MAX_PACKET_BEFORE_LOGIN;

  get input(): InputBuffer {
    return this.#input;
  }

  /** Uses new keys from the next packet on; strict key exchange starts the sequence numbers again. */
  useKeys(opener: Opener, resetSequence: boolean): void {
    this.#opener = opener;
    this.bytes = 0;
    this.packets = 0;
    if (resetSequence) this.sequence = 0;
  }

  /**
   * The payload of the next packet, or `undefined` while it is incomplete. Before the first key exchange it is a view
   * that is valid until more input is appended; afterwards it is a buffer of its own.
   */
  next(): Uint8Array | undefined {
    const opener = this.#opener;
    const headLength = opener?.headLength ?? 4;
    if (this.#packetLength === -1) {
      if (this.#input.length < headLength) return undefined;
      const head = this.#input.peek(headLength);
      this.#packetLength = this.#checked(opener ? opener.packetLength(head, this.sequence) : uint32(head));
    }
    const total = 4 + this.#packetLength + (opener?.trailerLength ?? 0);
    if (this.#input.length < total) return undefined;
    const packet = this.#input.take(total);
    const content = opener ? opener.open(packet, this.sequence) : packet.subarray(4);
    this.#packetLength = -1;
    this.bytes += total;
    this.packets++;
    this.sequence = (this.sequence + 1) >>> 0;
    return this.#unpadded(content);
  }

  #checked(length: number): number {
    const block = this.#opener?.blockLength ?? 8;
    const aligned = this.#opener?.clearLength ? length : length + 4;
    if (length > this.maxPacket || length < MIN_PACKET_LENGTH || aligned % block !== 0) {
      throw this.#malformed(`packet_length ${length} is out of bounds or not a multiple of the block size`);
    }
    return length;
  }

  #unpadded(content: Uint8Array): Uint8Array {
    const padding = content[0]!;
    const end = content.length - padding;
    if (padding < MIN_PADDING || end < 2) {
      throw this.#malformed(`padding_length ${padding} does not fit in a packet of ${content.length} bytes`);
    }
    return content.subarray(1, end);
  }

  /** Under encryption the answer is that of a wrong MAC: a difference would tell of the plaintext (CVE-2008-5161). */
  #malformed(message: string): ProtocolError {
    return this.#opener ? integrityFailure() : new ProtocolError(message);
  }
}

function uint32(bytes: Uint8Array): number {
  return ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
}
