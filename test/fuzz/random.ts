/** Numbers that look random and come again with the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number that no other case of the run has as its seed, as far as 32 bits go. */
  static seedOf(seed: number, name: string, index: number): number {
    let mixed = (seed ^ 0x9e3779b9) >>> 0;
    for (const character of `${name}:${index}`) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0;
    return mixed;
  }

  /** 0 … limit - 1 */
  below(limit: number): number {
    // mulberry32: small, fast, good enough to choose bytes with.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(of: number): boolean {
    return this.below(1000) < of * 1000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** The first hundred are random; what is longer goes on with them over and over, which is as good and faster. */
  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(Math.min(length, 100));
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.below(256);
    return length > bytes.length ? Buffer.alloc(length, bytes) : bytes;
  }

  /** A length: mostly short, sometimes long, never above `most`. */
  length(most: number): number {
    return Math.min(most, this.chance(0.8) ? this.below(40) : this.below(most + 1));
  }

  /** A number that programs get wrong. */
  uint32(): number {
    return this.chance(0.5)
      ? this.pick([
          0, 1, 2, 4, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
        ])
      : this.below(2 ** 32);
  }
}
