/** Writes the data types of RFC 4251 §5 into one buffer that grows as needed. */
export class Writer {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 128) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  byte(value: number): this {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
    return this;
  }

  boolean(value: boolean): this {
    return this.byte(value ? 1 : 0);
  }

  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32BE(value, at);
    return this;
  }

  uint64(value: bigint): this {
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64BE(value, at);
    return this;
  }

  /** Raw bytes without a length. */
  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  string(value: Uint8Array): this {
    return this.uint32(value.length).bytes(value);
  }

  utf8(value: string): this {
    const length = Buffer.byteLength(value);
    this.uint32(length);
    const at = this.#reserve(length);
    this.#buffer.write(value, at, length, "utf8");
    return this;
  }

  nameList(names: readonly string[]): this {
    return this.utf8(names.join(","));
  }

  /** A non-negative mpint from its big-endian magnitude; leading zeros are dropped, a high bit gets its zero byte. */
  mpint(magnitude: Uint8Array): this {
    let start = 0;
    while (start < magnitude.length && magnitude[start] === 0) start++;
    const pad = start < magnitude.length && magnitude[start]! & 0x80 ? 1 : 0;
    this.uint32(magnitude.length - start + pad);
    if (pad) this.byte(0);
    return this.bytes(magnitude.subarray(start));
  }

  /** What has been written; the writer is not to be used afterwards. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Where the next `length` bytes go. It may replace the buffer, so it has to be called before the buffer is named. */
  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, at));
      this.#buffer = grown;
    }
    return at;
  }
}
