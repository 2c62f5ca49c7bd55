/** Pieces up to this size are copied together: each piece on its own costs a hundred bytes more than it holds. */
const SMALL = 512;
const BLOCK = 4096;

/** Bytes that wait for a reader. Who sends them one by one costs no more memory than who sends them in one piece. */
export class ByteQueue {
  /** How many wait. */
  size = 0;
  #pieces: Uint8Array[] = [];
  /** Where the first of the pieces is: to shift a long array copies it. */
  #head = 0;
  /** The last piece, if it grows, and how much of it is filled. */
  #growing: Uint8Array | undefined;
  #filled = 0;

  /** Takes bytes; large pieces are not copied, so they must not be changed. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.size += bytes.length;
    const filled = this.#filled + bytes.length;
    if (bytes.length > SMALL || this.#growing === undefined || filled > BLOCK) {
      this.#seal();
      if (bytes.length > SMALL) this.#pieces.push(bytes);
      else {
        this.#growing = bytes.slice();
        this.#filled = bytes.length;
      }
      return;
    }
    if (filled > this.#growing.length) {
      const larger = new Uint8Array(Math.min(BLOCK, 2 * filled));
      larger.set(this.#growing.subarray(0, this.#filled));
      this.#growing = larger;
    }
    this.#growing.set(bytes, this.#filled);
    this.#filled = filled;
  }

  /** Takes the oldest bytes out, at most so many. */
  shift(limit: number = Infinity): Uint8Array | undefined {
    if (this.#head === this.#pieces.length) this.#seal();
    const piece = this.#pieces[this.#head];
    if (piece === undefined) return undefined;
    if (piece.length > limit) {
      this.#pieces[this.#head] = piece.subarray(limit);
      this.size -= limit;
      return piece.subarray(0, limit);
    }
    this.#head++;
    if (this.#head === this.#pieces.length) {
      this.#pieces = [];
      this.#head = 0;
    }
    this.size -= piece.length;
    return piece;
  }

  /** Takes all out. */
  take(): Uint8Array {
    this.#seal();
    const all = this.#pieces.slice(this.#head);
    this.clear();
    const [only] = all;
    return all.length === 1 && only !== undefined ? only : Buffer.concat(all);
  }

  clear(): void {
    this.size = 0;
    this.#pieces = [];
    this.#head = 0;
    this.#growing = undefined;
    this.#filled = 0;
  }

  #seal(): void {
    if (this.#growing === undefined) return;
    this.#pieces.push(this.#growing.subarray(0, this.#filled));
    this.#growing = undefined;
    this.#filled = 0;
  }
}
