/** The size of a buffer that is kept: the longest packet, or the reply to the longest READ, with what stands around the data. */
const LARGE = 256 * 1024 + 64;
/** A reply to a READ of 32 KiB, which is what most clients ask for. */
const MIDDLE = 36 * 1024;
/** Smaller ones are made and dropped. */
const SMALL = 4096;
/** Buffers of a size that are kept. */
const MAX_KEPT = 16;

/**
 * Memory for packets, used again: fresh memory for each quarter of a megabyte is handed out by the system page by page, which costs more
 * than filling it.
 */
export class Buffers {
  readonly #kept: Readonly<Record<number, Uint8Array[]>> = { [LARGE]: [], [MIDDLE]: [] };
  /** What somebody has: what is given back twice, or is not from here, is not kept. */
  readonly #lent: WeakSet<ArrayBufferLike> = new WeakSet();

  /** At least so many bytes, not cleared: what is not overwritten must not leave. */
  take(length: number): Uint8Array {
    if (length <= SMALL) return Buffer.allocUnsafe(length);
    const size = length <= MIDDLE ? MIDDLE : LARGE;
    if (length > size) return Buffer.allocUnsafeSlow(length);
    const bytes = this.#kept[size]?.pop() ?? Buffer.allocUnsafeSlow(size);
    this.#lent.add(bytes.buffer);
    return bytes;
  }

  /** Takes memory back that nobody looks at any more. A part of it will do, and other memory is left alone. */
  give(bytes: Uint8Array): void {
    const { buffer } = bytes;
    if (!this.#lent.delete(buffer)) return;
    const kept = this.#kept[buffer.byteLength];
    if (kept !== undefined && kept.length < MAX_KEPT) kept.push(Buffer.from(buffer));
  }
}
