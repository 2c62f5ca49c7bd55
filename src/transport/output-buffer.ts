/** Where large output buffers come from and go back to; a door has one for all of its connections. */
export interface BufferPool {
  /** A buffer of {@link LARGE} bytes, with whatever it held before. */
  take(): Uint8Array;
  /** Takes a buffer back once its bytes have left; one of another size is left to the garbage collector. */
  give(buffer: ArrayBufferLike): void;
}

/** The size of a pooled buffer: what channels send ahead of the socket, and room for answers on top of it. */
const LARGE = 192 * 1024;
/** What one connection starts with: most turns send a packet or two. */
const SMALL = 512;
/** The most that Node cuts out of its own pool of small buffers. */
const MEDIUM = 4095;
/** Buffers that a pool keeps; more are only needed at once by clients that do not read. */
const MAX_SPARE = 16;

/**
 * Makes a pool. Fresh memory for every quarter of a megabyte cost more than encrypting it did: 2.0 s of CPU a GiB, against
 * 1.1 s with buffers that are used again (Node 24.21, aes128-gcm).
 */
export function bufferPool(): BufferPool {
  const spare: Uint8Array[] = [];
  return {
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(LARGE),
    give: (buffer) => {
      if (buffer.byteLength !== LARGE || spare.length >= MAX_SPARE) return;
      // One that was given back twice would carry two connections' bytes at once.
      if (!spare.some((kept) => kept.buffer === buffer)) spare.push(Buffer.from(buffer));
    },
  };
}

/** The bytes that wait to be sent, in one piece. */
export class OutputBuffer {
  readonly #pool: BufferPool;
  #bytes: Uint8Array | undefined;
  #length = 0;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  get length(): number {
    return this.#length;
  }

  /** Room for the next `size` bytes, with whatever was in it before. They count once they are {@link written}. */
  room(size: number): Uint8Array {
    const at = this.#length;
    const end = at + size;
    if (this.#bytes === undefined || end > this.#bytes.length) this.#grow(end);
    return this.#bytes!.subarray(at, end);
  }

  /** The `size` bytes of the last {@link room} are ready to be sent, every one of them. */
  written(size: number): void {
    this.#length += size;
  }

  /** Everything that waits, or `undefined`. The memory is the caller's until it gives it back to the pool. */
  pull(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const bytes = this.#bytes!.subarray(0, this.#length);
    this.#bytes = undefined;
    this.#length = 0;
    return bytes;
  }

  #grow(size: number): void {
    const former = this.#bytes;
    let bytes: Uint8Array;
    if (size <= SMALL) bytes = Buffer.allocUnsafe(SMALL);
    else if (size <= MEDIUM) bytes = Buffer.allocUnsafe(MEDIUM);
    else if (size <= LARGE) bytes = this.#pool.take();
    else bytes = Buffer.allocUnsafeSlow(size * 2);
    if (former !== undefined) {
      bytes.set(former.subarray(0, this.#length));
      this.#pool.give(former.buffer);
    }
    this.#bytes = bytes;
  }
}
