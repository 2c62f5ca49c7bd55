/** The memory that is taken at once, in bytes; of a smaller file it is less. */
const PAGE = 64 * 1024;
const SMALLEST = 64;
const NO_PAGE = new Uint8Array(0);

/** Counts the bytes that all files of a file system take. It throws when there is no room for more. */
export interface Room {
  take(bytes: number): void;
  give(bytes: number): void;
}

/** The bytes of a file. What was never written to takes no memory and reads as zeros. */
export class Content {
  readonly #room: Room;
  /** By number. A page that is not there, and what is missing at the end of a short one, is zeros. */
  readonly #pages: Map<number, Uint8Array> = new Map();
  #size = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  get size(): number {
    return this.#size;
  }

  /** Fills the buffer from the position on; gives how many bytes there were. */
  read(buffer: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(buffer.length, this.#size - position));
    for (let done = 0; done < count;) {
      const { number, offset, length } = part(position + done, count - done);
      const page = this.#pages.get(number) ?? NO_PAGE;
      const bytes = page.subarray(offset, offset + length);
      buffer.set(bytes, done);
      buffer.fill(0, done + bytes.length, done + length);
      done += length;
    }
    return count;
  }

  /** Writes all of the bytes. @throws what {@link Room.take} throws; what was written before that stays. */
  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const { number, offset, length } = part(position + done, bytes.length - done);
      this.#page(number, offset + length).set(bytes.subarray(done, done + length), offset);
      done += length;
      this.#size = Math.max(this.#size, position + done);
    }
  }

  /** Cuts the file off, or lengthens it by zeros. */
  resize(size: number): void {
    for (const [number, page] of this.#pages) {
      const kept = size - number * PAGE;
      if (kept <= 0) this.#drop(number, page);
      else if (kept < page.length) page.fill(0, kept);
    }
    this.#size = size;
  }

  /** The file is gone. */
  clear(): void {
    for (const [number, page] of this.#pages) this.#drop(number, page);
    this.#size = 0;
  }

  /** A page with room for so many bytes. */
  #page(number: number, length: number): Uint8Array {
    const page = this.#pages.get(number) ?? NO_PAGE;
    if (page.length >= length) return page;
    const room = Math.min(PAGE, Math.max(SMALLEST, length, 2 * page.length));
    this.#room.take(room - page.length);
    const larger = new Uint8Array(room);
    larger.set(page);
    this.#pages.set(number, larger);
    return larger;
  }

  #drop(number: number, page: Uint8Array): void {
    this.#pages.delete(number);
    this.#room.give(page.length);
  }
}

/** How much of the bytes from a position on lies in one page, and where. */
function part(position: number, length: number): { number: number; offset: number; length: number } {
  const number = Math.floor(position / PAGE);
  const offset = position - number * PAGE;
  return { number, offset, length: Math.min(length, PAGE - offset) };
}
