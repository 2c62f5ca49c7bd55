import { brokenList } from "./cursor.ts";

const MAX_SERIAL = 0xffff_ffff_ffff_ffffn;

/** A set of serial numbers as a revocation list gives them: single ones, ranges, and bitmaps that stay packed. */
export class Serials {
  readonly #ranges: { readonly from: bigint; to: bigint }[] = [];
  readonly #bitmaps: { readonly offset: bigint; readonly bits: Uint8Array }[] = [];
  #isSorted = true;

  /** @throws {AuthError} when the range is empty or has the 0 in it, which stands for "no number". */
  addRange(from: bigint, to: bigint): void {
    if (from === 0n || from > to) throw brokenList("a range of serial numbers is empty or begins at 0");
    const last = this.#ranges.at(-1);
    // Lists come in order, nearly always: then a range that follows the last one is part of it, and nothing is sorted.
    if (last === undefined || from > last.to + 1n) this.#ranges.push({ from, to });
    else if (from >= last.from) last.to = to > last.to ? to : last.to;
    else {
      this.#ranges.push({ from, to });
      this.#isSorted = false;
    }
  }

  /**
   * @param bits the magnitude of a big-endian number whose bit i stands for the serial number `offset` + i.
   * @throws {AuthError} when a number would be 0, or beyond 64 bits.
   */
  addBitmap(offset: bigint, bits: Uint8Array): void {
    const start = bits.findIndex((byte) => byte !== 0);
    if (start < 0) return;
    const magnitude = new Uint8Array(bits.subarray(start));
    const highest = BigInt(magnitude.length * 8 - 1 - (Math.clz32(magnitude[0]!) - 24));
    if (offset + highest > MAX_SERIAL) throw brokenList("a serial number has more than 64 bits");
    if (offset === 0n && magnitude.at(-1)! & 1)
      throw brokenList("the serial number 0 is revoked, which stands for no number");
    this.#bitmaps.push({ offset, bits: magnitude });
  }

  has(serial: bigint): boolean {
    return this.#isInRange(serial) || this.#bitmaps.some((bitmap) => isSet(bitmap.bits, serial - bitmap.offset));
  }

  #isInRange(serial: bigint): boolean {
    if (!this.#isSorted) this.#sort();
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.from <= serial) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low - 1];
    return range !== undefined && serial <= range.to;
  }

  /** In order, and without one range inside of another, so that the last one that begins below a number decides. */
  #sort(): void {
    this.#ranges.sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
    let last = 0;
    for (const range of this.#ranges) {
      const kept = this.#ranges[last]!;
      if (range.from <= kept.to) {
        if (range.to > kept.to) kept.to = range.to;
      } else {
        this.#ranges[++last] = range;
      }
    }
    this.#ranges.length = Math.min(this.#ranges.length, last + 1);
    this.#isSorted = true;
  }
}

function isSet(bits: Uint8Array, at: bigint): boolean {
  if (at < 0n || at >= BigInt(bits.length * 8)) return false;
  const index = Number(at);
  return (bits[bits.length - 1 - (index >> 3)]! & (1 << (index & 7))) !== 0;
}
