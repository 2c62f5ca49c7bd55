const EMPTY = new Uint8Array(0);
/** The least that is allocated for the start of a packet whose end has not come. */
const MIN_JOINT = 256;

/**
 * The bytes that have come and are not used yet.
 *
 * A chunk is used where it is. Only a packet that two chunks share is put together in a buffer of its own, the joint, which
 * grows with the bytes received and never with a length that a peer claims.
 */
export class InputBuffer {
  /** What is left of the newest chunk. */
  #chunk: Uint8Array = EMPTY;
  #chunkStart = 0;
  /** What came before it. */
  #joint: Uint8Array = EMPTY;
  #jointStart = 0;
  #jointEnd = 0;

  get length(): number {
    return this.#jointEnd - this.#jointStart + this.#chunk.length - this.#chunkStart;
  }

  /** Adds a chunk, which is the buffer's from then on. Views that were taken before are not valid afterwards. */
  append(chunk: Uint8Array): void {
    this.#join(this.#chunk.length - this.#chunkStart);
    this.#chunk = chunk;
    this.#chunkStart = 0;
  }

  /** The next `length` bytes, which must be there, without using them up; valid until the next call of any method. */
  peek(length: number): Uint8Array {
    const joined = this.#jointEnd - this.#jointStart;
    if (joined === 0) return this.#chunk.subarray(this.#chunkStart, this.#chunkStart + length);
    if (joined < length) this.#join(length - joined);
    return this.#joint.subarray(this.#jointStart, this.#jointStart + length);
  }

  /** Uses up the next `length` bytes; the view is valid until the next call of any method. */
  take(length: number): Uint8Array {
    const view = this.peek(length);
    if (this.#jointEnd > this.#jointStart) {
      this.#jointStart += length;
      if (this.#jointStart === this.#jointEnd) this.#jointStart = this.#jointEnd = 0;
    } else {
      this.#chunkStart += length;
    }
    // An idle connection holds no buffer.
    if (this.length === 0) this.clear();
    return view;
  }

  /** Drops everything. */
  clear(): void {
    this.#chunk = this.#joint = EMPTY;
    this.#chunkStart = this.#jointStart = this.#jointEnd = 0;
  }

  /** Moves the next `length` bytes of the chunk behind those of the joint. */
  #join(length: number): void {
    if (length === 0) return;
    this.#makeRoom(length);
    this.#joint.set(this.#chunk.subarray(this.#chunkStart, this.#chunkStart + length), this.#jointEnd);
    this.#jointEnd += length;
    this.#chunkStart += length;
  }

  #makeRoom(length: number): void {
    const kept = this.#joint.subarray(this.#jointStart, this.#jointEnd);
    if (this.#jointEnd + length <= this.#joint.length) return;
    if (kept.length + length <= this.#joint.length) {
      this.#joint.copyWithin(0, this.#jointStart, this.#jointEnd);
    } else {
      const grown = Buffer.allocUnsafeSlow(Math.max(MIN_JOINT, (kept.length + length) * 2));
      grown.set(kept);
      this.#joint = grown;
    }
    this.#jointStart = 0;
    this.#jointEnd = kept.length;
  }
}
