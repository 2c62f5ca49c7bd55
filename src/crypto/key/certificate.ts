import { ProtocolError, Reader, Writer } from "../../wire/index.ts";
import { KeyError } from "./error.ts";
import type { KeyType } from "./key-type.ts";
import { PlainKey } from "./plain-key.ts";
import type { Attestation, Certificate, PublicKey } from "./public-key.ts";
import { certified, keyTypes } from "./table.ts";

// OpenSSH PROTOCOL.certkeys; draft-ietf-sshm-cert.

const MAX_LENGTH = 8192;
/** As OpenSSH has it. */
const MAX_PRINCIPALS = 256;
/** Critical options and extensions each. The most that any CA is known to set is about twenty. */
const MAX_OPTIONS = 32;
/** The end of time of a certificate that is for ever. */
const FOREVER = 0xffff_ffff_ffff_ffffn;

/** Certificate types by their number. */
const kinds: ReadonlyMap<number, Certificate["type"]> = new Map([
  [1, "user"],
  [2, "host"],
]);

/**
 * Reads a certificate of a key of type `row`, behind its type's name, and verifies the CA's signature; the result keeps
 * no view into `blob`.
 *
 * @throws {KeyError} when it is not well-formed, too large, or not signed by the CA that it names; ProtocolError when a
 * field is cut short.
 */
export function readCertificate(row: KeyType, from: Reader, blob: Uint8Array): PublicKey {
  if (blob.length > MAX_LENGTH) throw malformed(`it has ${blob.length} bytes, the limit is ${MAX_LENGTH}`);
  from.string(); // The nonce, which only makes the hash unforeseeable.
  const fieldsAt = blob.length - from.left;
  const fields = row.readPublic(from);
  // The fields of the key are those of its own blob, to the byte.
  const plainBlob = Buffer.concat([typeName(row.name), blob.subarray(fieldsAt, blob.length - from.left)]);
  const publicKey = new PlainKey(row, fields, new Uint8Array(plainBlob));

  const serial = from.uint64();
  const kind = from.uint32();
  const type = kinds.get(kind);
  if (type === undefined) throw malformed(`its type is ${kind}: neither a user's (1) nor a host's (2)`);
  const certificate = {
    type,
    serial,
    keyId: from.utf8(),
    principals: readPrincipals(from.string()),
    validAfter: Number(from.uint64()),
    validBefore: endOfTime(from.uint64()),
    criticalOptions: readOptions(from.string()),
    extensions: readOptions(from.string()),
  };
  from.string(); // Reserved: to be ignored in this version.
  const signatureKey = readCa(from.string());
  const signed = blob.subarray(0, blob.length - from.left);
  const signature = from.string();
  from.end();

  // The CA's own algorithms are all that it may sign by: with SHA-2, whatever the certificate is for.
  const signatureAlgorithm = new Reader(signature).name();
  if (!signatureKey.verify(signatureAlgorithm, signature, signed)) {
    throw new KeyError("KEY_REFUSED", "a certificate is not signed by its CA, or by an algorithm that is not accepted");
  }
  return new CertifiedKey(row, { ...certificate, signatureKey, signatureAlgorithm, publicKey }, publicKey, blob);
}

/**
 * The text in the data of a certificate's option: force-command, source-address and others hold one string.
 * `undefined` when it holds anything else.
 */
export function optionText(data: Uint8Array): string | undefined {
  try {
    const from = new Reader(data);
    const text = from.utf8();
    from.end();
    return text;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function readPrincipals(bytes: Uint8Array): readonly string[] {
  const from = new Reader(bytes);
  const principals: string[] = [];
  while (from.left > 0) {
    if (principals.length === MAX_PRINCIPALS) throw malformed(`it has more than ${MAX_PRINCIPALS} principals`);
    const principal = from.utf8();
    // What C reads up to the NUL must not be another's name here.
    if (principal === "" || principal.includes("\0")) throw malformed("a principal is empty, or has a NUL in it");
    principals.push(principal);
  }
  return principals;
}

function readOptions(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const from = new Reader(bytes);
  const options = new Map<string, Uint8Array>();
  let before: Uint8Array | undefined;
  while (from.left > 0) {
    if (options.size === MAX_OPTIONS) throw malformed(`it has more than ${MAX_OPTIONS} options of a kind`);
    const name = from.string();
    // PROTOCOL.certkeys: in order, and each once. Else two readers could hold to two different ones of a name.
    if (before !== undefined && Buffer.compare(before, name) >= 0) throw malformed("its options are not in order");
    before = name;
    options.set(Buffer.from(name).toString("latin1"), new Uint8Array(from.string()));
  }
  return options;
}

/** By the name first: a chain of certificates is refused, not followed. */
function readCa(blob: Uint8Array): PlainKey {
  const from = new Reader(blob);
  const row = keyTypes.get(from.name());
  if (row === undefined)
    throw new KeyError("KEY_TYPE_UNKNOWN", "a certificate's CA is no key of a type that can be one");
  const fields = row.readPublic(from);
  from.end();
  return new PlainKey(row, fields, new Uint8Array(blob));
}

function endOfTime(seconds: bigint): number {
  return seconds === FOREVER ? Infinity : Number(seconds);
}

function typeName(name: string): Uint8Array {
  return new Writer(4 + name.length).utf8(name).finish();
}

function malformed(what: string): KeyError {
  return new KeyError("KEY_MALFORMED", `a certificate is malformed: ${what}`);
}

/** A public key as its certificate carries it. */
class CertifiedKey implements PublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly certificate: Certificate;
  /** The key's own algorithms by their names for a certificate: by those it signs. */
  readonly #algorithms: ReadonlyMap<string, string>;
  readonly #plain: PlainKey;

  constructor(row: KeyType, certificate: Certificate, plain: PlainKey, blob: Uint8Array) {
    this.type = certified(row.name);
    this.certificate = certificate;
    this.blob = new Uint8Array(blob);
    this.#plain = plain;
    this.#algorithms = new Map(plain.algorithms.map((algorithm) => [certified(algorithm), algorithm]));
  }

  get bits(): number {
    return this.#plain.bits;
  }

  get application(): string | undefined {
    return this.#plain.application;
  }

  get algorithms(): readonly string[] {
    return [...this.#algorithms.keys()];
  }

  get fingerprint(): string {
    return this.#plain.fingerprint;
  }

  equals(other: { readonly blob: Uint8Array }): boolean {
    return Buffer.compare(this.blob, other.blob) === 0;
  }

  describe(comment = "no comment"): string {
    return `${this.bits} ${this.fingerprint} ${comment} (${this.#plain.family}-CERT)`;
  }

  toString(): string {
    return `${this.type} ${Buffer.from(this.blob).toString("base64")}`;
  }

  verify(algorithm: string, signature: Uint8Array, data: Uint8Array): boolean {
    return this.examine(algorithm, signature, data) !== undefined;
  }

  examine(algorithm: string, signature: Uint8Array, data: Uint8Array): Attestation | undefined {
    // RFC 8332 and PROTOCOL.certkeys: the signature itself is named as one without a certificate.
    const plain = this.#algorithms.get(algorithm);
    return plain === undefined ? undefined : this.#plain.examine(plain, signature, data);
  }
}
