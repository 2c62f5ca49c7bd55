/** The five ASN.1 types that keys and signatures of node:crypto are made of, in DER (X.690 §8, §10). */
export const Der = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  explicit0: 0xa0,
} as const;

/** One element: tag, length and the parts one after the other as its content. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const lengthBytes = length < 0x80 ? 1 : length < 0x100 ? 2 : 3;
  if (length > 0xffff) throw new RangeError("no key or signature has a DER element of more than 65535 bytes");
  const bytes = new Uint8Array(1 + lengthBytes + length);
  bytes[0] = tag;
  if (lengthBytes === 1) bytes[1] = length;
  else {
    bytes[1] = 0x7f + lengthBytes;
    if (lengthBytes === 3) bytes[2] = length >>> 8;
    bytes[lengthBytes] = length & 0xff;
  }
  let at = 1 + lengthBytes;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A non-negative INTEGER from its big-endian magnitude without leading zero bytes; zero is an empty magnitude. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  const signByte = magnitude.length === 0 || magnitude[0]! & 0x80;
  return signByte ? der(Der.integer, Uint8Array.of(0), magnitude) : der(Der.integer, magnitude);
}

/** The two contents of SEQUENCE { INTEGER, INTEGER }: an ECDSA signature as OpenSSL wrote it. */
export function derIntegerPair(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  // Only P-521 signatures are long enough for the two-byte form of the length.
  const first = bytes[1] === 0x81 ? 3 : 2;
  const second = first + 2 + bytes[first + 1]!;
  return [bytes.subarray(first + 2, second), bytes.subarray(second + 2, second + 2 + bytes[second + 1]!)];
}
