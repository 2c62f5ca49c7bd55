const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The bytes as text; each part that is not UTF-8 becomes U+FFFD, as the WHATWG Encoding Standard says. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Length of the UTF-8 character that begins at an offset, or of the part of one that a decoder replaces by a single
 * U+FFFD; 0 when the bytes end inside a character that is right so far. Unicode §3.9, table 3-7.
 */
export function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let offset = 1; offset < length; offset++) {
    const next = bytes[at + offset];
    if (next === undefined) return 0;
    const low = offset === 1 ? (SECOND_LOW[lead] ?? 0x80) : 0x80;
    const high = offset === 1 ? (SECOND_HIGH[lead] ?? 0xbf) : 0xbf;
    if (next < low || next > high) return offset;
  }
  return length;
}

/** How many bytes at the end of `bytes[start…end)` begin a character that the next bytes may complete: 0 to 3. */
export function unfinishedTail(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return characterLength(bytes.subarray(0, end), end - back) === 0 ? back : 0;
  }
  return 0;
}

/** Leads whose second byte is bound more tightly: no overlong forms, no surrogates, nothing above U+10FFFF. */
const SECOND_LOW: Readonly<Record<number, number>> = { 0xe0: 0xa0, 0xf0: 0x90 };
const SECOND_HIGH: Readonly<Record<number, number>> = { 0xed: 0x9f, 0xf4: 0x8f };
