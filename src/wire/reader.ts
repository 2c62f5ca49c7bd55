import { ProtocolError } from "./error.ts";

/** Names in a name-list that are read at most (security bar: linear work, bounded memory). */
const MAX_NAMES = 1024;
/** RFC 4251 §6: a name is at most 64 characters long. */
const MAX_NAME_LENGTH = 64;
const COMMA = 0x2c;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the data types of RFC 4251 §5 from one payload, front to back.
 *
 * Strings are views into the payload, not copies: they are valid as long as the payload is. Every method throws
 * {@link ProtocolError} when the bytes run out or break the type's rules.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** RFC 4251 §5: every value but 0 is true. */
  boolean(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    const at = this.#advance(4);
    const bytes = this.#bytes;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  uint64(): bigint {
    return (BigInt(this.uint32()) << 32n) | BigInt(this.uint32());
  }

  /** `length` raw bytes without a length of their own. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): Uint8Array {
    return this.bytes(this.uint32());
  }

  /** A string that has to be valid UTF-8: a user name, a password. */
  utf8(): string {
    const bytes = this.string();
    try {
      return strictUtf8.decode(bytes);
    } catch {
      throw new ProtocolError("a text field is not valid UTF-8");
    }
  }

  /** A string for people, where a wrong byte is worth a U+FFFD but not the connection: descriptions, commands. */
  text(): string {
    const bytes = this.string();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  }

  /** A protocol name (RFC 4251 §6): printable US-ASCII without a comma, at most 64 characters; empty is let through. */
  name(): string {
    const bytes = this.string();
    if (bytes.length > MAX_NAME_LENGTH) throw new ProtocolError(`a name has ${bytes.length} bytes, the limit is 64`);
    return asciiName(bytes, 0, bytes.length);
  }

  /**
   * A name to which "unknown" is an answer: a type of channel or request. One that breaks the rules of
   * {@link Reader.name} is read as "", which nothing is called: it is refused, and the connection goes on.
   */
  anyName(): string {
    const bytes = this.string();
    return bytes.length <= MAX_NAME_LENGTH && bytes.every(isNameByte) ? latin1(bytes, 0, bytes.length) : "";
  }

  /** Names between commas. One comma at the end is let pass: RFC 4251 §5 forbids it, libssh 0.10 ends its ciphers with one. */
  nameList(): string[] {
    const bytes = this.string();
    const names: string[] = [];
    for (let start = 0; start < bytes.length;) {
      if (names.length === MAX_NAMES) throw new ProtocolError(`a name-list has more than ${MAX_NAMES} names`);
      const comma = bytes.indexOf(COMMA, start);
      const end = comma === -1 ? bytes.length : comma;
      if (end === start) throw new ProtocolError("a name-list has an empty name");
      if (end - start > MAX_NAME_LENGTH) throw new ProtocolError("a name-list has a name of more than 64 characters");
      names.push(asciiName(bytes, start, end));
      start = end + 1;
    }
    return names;
  }

  /**
   * A non-negative mpint as its big-endian magnitude, without leading zero bytes (zero is empty).
   * Negative and non-canonical numbers are refused: nothing in SSH's public keys and signatures is one.
   */
  mpint(): Uint8Array {
    const bytes = this.string();
    if (bytes.length === 0) return bytes;
    if (bytes[0]! & 0x80) throw new ProtocolError("an mpint is negative");
    if (bytes[0] !== 0) return bytes;
    if (bytes.length === 1 || !(bytes[1]! & 0x80)) throw new ProtocolError("an mpint has needless leading zeros");
    return bytes.subarray(1);
  }

  /** Everything that is left. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  /** Asserts that nothing is left: a message is exactly as long as its fields. */
  end(): void {
    if (this.left !== 0) throw new ProtocolError(`${this.left} bytes follow the last field`);
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length > this.#bytes.length - at) {
      throw new ProtocolError(`a field of ${length} bytes does not fit in the ${this.left} bytes that are left`);
    }
    this.#offset = at + length;
    return at;
  }
}

function asciiName(bytes: Uint8Array, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    if (!isNameByte(bytes[i]!)) throw new ProtocolError("a name has a comma or a byte outside printable US-ASCII");
  }
  return latin1(bytes, start, end);
}

function isNameByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== COMMA;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
