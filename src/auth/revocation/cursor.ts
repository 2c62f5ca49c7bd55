import { AuthError } from "../error.ts";

/**
 * Reads the fields of a revocation list (OpenSSH PROTOCOL.krl), front to back. What it gives are views into the bytes.
 * Every method throws {@link AuthError} `BAD_REVOCATIONS` when the bytes run out.
 */
export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8));
  }

  string(): Buffer {
    const length = this.uint32();
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A string that holds further fields. */
  section(): Cursor {
    return new Cursor(this.string());
  }

  #advance(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at)
      throw brokenList(`a field ends ${length - (this.#bytes.length - at)} bytes behind its end`);
    this.#at = at + length;
    return at;
  }
}

/** The error for a list that is broken. */
export function brokenList(why: string): AuthError {
  return new AuthError(
    "BAD_REVOCATIONS",
    `a revocation list cannot be used: ${why}. Make it anew with \`ssh-keygen -k -f FILE KEYS…\`, or list public keys as text.`,
  );
}
