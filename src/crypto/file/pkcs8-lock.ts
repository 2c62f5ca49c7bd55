import { Der } from "../der.ts";
import { KeyError } from "../key/error.ts";

/** Rounds of PBKDF2: a million take half a second, and OpenSSL writes 2048. */
const MAX_ROUNDS = 10_000_000;
/** N × r × p of scrypt: OpenSSL writes 2^17, which takes a tenth of a second. Its memory OpenSSL bounds by itself. */
const MAX_SCRYPT = 2 ** 22;
/** The object identifier 1.3.6.1.4.1.11591.4.11 (RFC 7914 §7). */
const SCRYPT = "2b06010401da47040b";
/** The identifier of an algorithm has sequences on five levels. */
const MAX_DEPTH = 8;

/** What the identifier of an encryption algorithm has in it. */
interface Found {
  isScrypt: boolean;
  readonly numbers: number[];
}

/**
 * Looks at how much work it is to open each `ENCRYPTED PRIVATE KEY` in a text (RFC 5958 §3, with RFC 8018 inside): whoever
 * wrote it chose that, and OpenSSL would go through with it.
 *
 * @throws {KeyError} when it is more than anybody needs, or cannot be found out.
 */
export function checkPkcs8Lock(text: string): void {
  const blocks = text.matchAll(/-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\s]*)/g);
  for (const [, base64 = ""] of blocks) {
    const [info] = elements(Buffer.from(base64, "base64"));
    const [algorithm] = info?.tag === Der.sequence ? elements(info.content) : [];
    if (algorithm?.tag !== Der.sequence) throw malformed();
    const found: Found = { isScrypt: false, numbers: [] };
    search(algorithm.content, found, 0);
    const work = found.isScrypt
      ? found.numbers.reduce((product, number) => product * number, 1)
      : Math.max(0, ...found.numbers);
    if (work > (found.isScrypt ? MAX_SCRYPT : MAX_ROUNDS)) {
      throw new KeyError(
        "KEY_REFUSED",
        `a private key file is locked with more than ${MAX_ROUNDS} rounds, or as much work`,
        "lock it anew with `openssl pkcs8 -topk8 -iter 1000000 -in FILE -out NEWFILE`",
      );
    }
  }
}

function search(bytes: Uint8Array, found: Found, depth: number): void {
  if (depth > MAX_DEPTH) throw malformed();
  for (const { tag, content } of elements(bytes)) {
    if (tag === Der.sequence) search(content, found, depth + 1);
    else if (tag === Der.integer) found.numbers.push(numberOf(content));
    else if (tag === Der.objectIdentifier) found.isScrypt ||= Buffer.from(content).toString("hex") === SCRYPT;
  }
}

/** The elements that stand one behind the other. What is left over at the end is no element, and ends the list. */
function elements(bytes: Uint8Array): { readonly tag: number; readonly content: Uint8Array }[] {
  const list = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const tag = bytes[at]!;
    const first = bytes[at + 1]!;
    const more = first < 0x80 ? 0 : first - 0x80;
    // Lengths of more than three bytes no file has, and one that is not told (0x80) is not DER.
    if (first === 0x80 || more > 3) throw malformed();
    const start = at + 2 + more;
    const length = more === 0 ? first : numberOf(bytes.subarray(at + 2, start));
    if (start + length > bytes.length) throw malformed();
    list.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return list;
}

/** What the bytes stand for without a sign: nothing here is negative, and OpenSSL takes nothing that is. */
function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function malformed(): KeyError {
  return new KeyError("KEY_MALFORMED", "a locked private key file is damaged: how it is locked cannot be read");
}
