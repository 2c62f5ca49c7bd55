import type { Sealer } from "../crypto/index.ts";
import { bufferPool, OutputBuffer } from "./output-buffer.ts";
import type { BufferPool } from "./output-buffer.ts";

const MIN_PADDING = 4;
const EMPTY: Uint8Array = new Uint8Array(0);

/** Makes packets of payloads (RFC 4253 §6) and holds them until the door takes them. */
export class PacketWriter {
  readonly #random: (bytes: Uint8Array) => void;
  readonly #output: OutputBuffer;
  #sealer: Sealer | undefined;
  /** The sequence number of the packet that is sent next. */
  sequence = 0;
  /** Bytes and packets since the keys were taken into use, for the rekey limits. */
  bytes = 0;
  packets = 0;

  constructor(random: (bytes: Uint8Array) => void, pool: BufferPool = bufferPool()) {
    this.#random = random;
    this.#output = new OutputBuffer(pool);
  }

  /** Bytes that {@link pull} would return. */
  get pending(): number {
    return this.#output.length;
  }

  useKeys(sealer: Sealer, resetSequence: boolean): void {
    this.#sealer = sealer;
    this.bytes = 0;
    this.packets = 0;
    if (resetSequence) this.sequence = 0;
  }

  /** Adds bytes that are no packet: our identification. */
  raw(bytes: Uint8Array): void {
    this.#output.room(bytes.length).set(bytes);
    this.#output.written(bytes.length);
  }

  /** Seals the payload `head ‖ body` into one packet, where it is sent from: channel data is copied once. */
  send(head: Uint8Array, body: Uint8Array = EMPTY): void {
    const sealer = this.#sealer;
    const block = sealer?.blockLength ?? 8;
    const payload = head.length + body.length;
    const aligned = (sealer?.clearLength ? 1 : 5) + payload;
    let padding = block - (aligned % block);
    if (padding < MIN_PADDING) padding += block;
    const length = 1 + payload + padding;
    const packet = this.#output.room(4 + length + (sealer?.trailerLength ?? 0));
    packet[0] = length >>> 24;
    packet[1] = length >>> 16;
    packet[2] = length >>> 8;
    packet[3] = length;
    packet[4] = padding;
    packet.set(head, 5);
    packet.set(body, 5 + head.length);
    this.#random(packet.subarray(5 + payload, 5 + payload + padding));
    sealer?.seal(packet, this.sequence);
    // Not before: should anything have thrown, no byte of it may leave unsealed.
    this.#output.written(packet.length);
    this.sequence = (this.sequence + 1) >>> 0;
    this.bytes += packet.length;
    this.packets++;
  }

  /** Everything that waits to be sent, as one buffer, or `undefined`. Its memory goes back to the pool when it has left. */
  pull(): Uint8Array | undefined {
    return this.#output.pull();
  }
}
