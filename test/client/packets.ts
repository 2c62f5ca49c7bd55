import type { Protection } from "./encryption.ts";

/** What a hostile client writes other than it should. */
export interface Shape {
  /** Bytes of padding; by default the fewest that fit. */
  readonly padding?: number;
  /** What padding_length says, if not the truth. */
  readonly paddingLength?: number;
  /** What packet_length says, if not the truth. */
  readonly packetLength?: number;
}

/** Makes packets of payloads, honest ones and others. */
export class Packets {
  sequence = 0;
  #protection: Protection | undefined;

  use(protection: Protection, reset: boolean): void {
    this.#protection = protection;
    if (reset) this.sequence = 0;
  }

  seal(payload: Uint8Array, shape: Shape = {}): Buffer {
    const block = this.#protection?.block ?? 8;
    const clear = this.#protection?.clearLength ?? false;
    const rest = ((clear ? 1 : 5) + payload.length) % block;
    const padding = shape.padding ?? (block - rest < 4 ? 2 * block - rest : block - rest);
    const packet = Buffer.alloc(5 + payload.length + padding, 0xaa);
    packet.writeUInt32BE(shape.packetLength ?? packet.length - 4, 0);
    packet[4] = shape.paddingLength ?? padding;
    packet.set(payload, 5);
    const sealed = this.#protection?.seal(packet, this.sequence) ?? packet;
    this.sequence = (this.sequence + 1) >>> 0;
    return sealed;
  }
}

/** Takes the server's packets apart. */
export class PacketStream {
  sequence = 0;
  /** Sees the padding of each packet. */
  padding: ((bytes: Uint8Array) => void) | undefined;
  #input: Buffer = Buffer.alloc(0);
  #protection: Protection | undefined;

  use(protection: Protection, reset: boolean): void {
    this.#protection = protection;
    if (reset) this.sequence = 0;
  }

  append(bytes: Uint8Array): void {
    this.#input = Buffer.concat([this.#input, bytes]);
  }

  /** Bytes that came and belong to no whole packet. */
  get left(): number {
    return this.#input.length;
  }

  line(): string | undefined {
    const end = this.#input.indexOf("\r\n");
    if (end === -1) return undefined;
    const line = this.#input.toString("latin1", 0, end);
    this.#input = this.#input.subarray(end + 2);
    return line;
  }

  next(): Buffer | undefined {
    const protection = this.#protection;
    if (this.#input.length < (protection?.block ?? 8)) return undefined;
    const length = protection?.length(this.#input) ?? this.#input.readUInt32BE(0);
    const total = 4 + length + (protection?.trailer ?? 0);
    if (this.#input.length < total) return undefined;
    const packet = this.#input.subarray(0, total);
    this.#input = this.#input.subarray(total);
    const plain = protection?.open(packet, this.sequence) ?? packet;
    this.sequence = (this.sequence + 1) >>> 0;
    const aligned = protection?.clearLength ? length : length + 4;
    const padding = plain[4]!;
    if (aligned % (protection?.block ?? 8) !== 0 || padding < 4) throw new Error("the server's packet is badly padded");
    this.padding?.(plain.subarray(plain.length - padding));
    return plain.subarray(5, plain.length - padding);
  }
}
