import { hash as digest } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { ProtocolError, Reader } from "../../wire/index.ts";
import { KeyError } from "./error.ts";
import type { KeyType, PublicFields } from "./key-type.ts";
import { keyTypes } from "./table.ts";

/** A public key: immutable, good to keep for as long as you like. */
export interface PublicKey {
  /** The type's name in the blob, e.g. `ssh-ed25519`. */
  readonly type: string;
  /** The key in the form of RFC 4253 §6.6; not to be written to. */
  readonly blob: Uint8Array;
  /** As `ssh-keygen -l` shows it: `SHA256:` and the hash of the blob in Base64 without padding. */
  readonly fingerprint: string;
  /** Its size as `ssh-keygen -l` shows it. */
  readonly bits: number;
  /** Signature algorithms it can be used with, in order of preference. */
  readonly algorithms: readonly string[];
  /** Whether `other` is the same key: this type's own, or what an `auth` handler got. */
  equals(other: { readonly blob: Uint8Array }): boolean;
  /** The line that `ssh-keygen -lf` prints: bits, fingerprint, comment, family. */
  describe(comment?: string): string;
  /** The line of a `.pub` file, without a comment. */
  toString(): string;
  /**
   * Whether `signature`, a blob of algorithm and signature (RFC 4253 §6.6), is this key's for `data`, made with exactly
   * `algorithm`. Whatever is wrong with the blob, the answer is false; it never throws.
   */
  verify(algorithm: string, signature: Uint8Array, data: Uint8Array): boolean;
}

/**
 * Reads a public key blob (RFC 4253 §6.6) whole; the key keeps no view into it.
 *
 * @throws {KeyError} when the type is unknown, the fields are not those of the type, bytes follow, or the key is not to
 * be used: an RSA key below 2048 or above 8192 bits, a point that is not on its curve.
 */
export function parsePublicKeyBlob(blob: Uint8Array): PublicKey {
  const from = new Reader(blob);
  try {
    const row = keyTypes.get(from.name());
    if (row === undefined) {
      throw new KeyError("KEY_TYPE_UNKNOWN", "a public key is of a type that is not supported", supportedTypes());
    }
    const fields = row.readPublic(from);
    from.end();
    return new BlobKey(row, fields, new Uint8Array(blob));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new KeyError("KEY_MALFORMED", `a public key is malformed: ${error.message}`);
  }
}

/**
 * Reads the one line of a `.pub` file: type, Base64, and a comment that is passed over. Empty lines and lines that
 * begin with `#` are too.
 *
 * @throws {KeyError} when there is not exactly one key, or as {@link parsePublicKeyBlob} does.
 */
export function parsePublicKey(line: string): PublicKey {
  const lines = line
    .split("\n")
    .map((text) => text.trim())
    .filter((text) => text !== "" && !text.startsWith("#"));
  if (lines.length !== 1) {
    throw new KeyError("KEY_MALFORMED", `${lines.length} lines where one public key was expected`, PUBLIC_LINE);
  }
  const [type = "", base64 = ""] = lines[0]!.split(/[ \t]+/, 2);
  const blob = Buffer.from(base64, "base64");
  // Buffer.from passes over what is not Base64: what it read has to be all that there was.
  if (base64 === "" || blob.toString("base64") !== base64) {
    throw new KeyError("KEY_MALFORMED", "a public key line is not a type and Base64", PUBLIC_LINE);
  }
  const key = parsePublicKeyBlob(blob);
  if (key.type !== type) {
    throw new KeyError("KEY_MISMATCH", `a public key line names another type than the ${key.type} in its Base64`);
  }
  return key;
}

const PUBLIC_LINE = 'it reads "ssh-ed25519 AAAA… comment", as ssh-keygen writes it into the .pub file';

function supportedTypes(): string {
  return `the types are ${[...keyTypes.keys()].join(", ")}`;
}

class BlobKey implements PublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly bits: number;
  readonly #row: KeyType;
  readonly #fields: PublicFields;
  #key: KeyObject | undefined;
  #fingerprint: string | undefined;

  constructor(row: KeyType, fields: PublicFields, blob: Uint8Array) {
    this.#row = row;
    this.#fields = fields;
    this.type = row.name;
    this.bits = fields.bits;
    this.blob = blob;
  }

  get algorithms(): readonly string[] {
    return [...this.#row.algorithms.keys()];
  }

  get fingerprint(): string {
    return (this.#fingerprint ??= `SHA256:${digest("sha256", this.blob, "base64").slice(0, -1)}`);
  }

  equals(other: { readonly blob: Uint8Array }): boolean {
    return Buffer.compare(this.blob, other.blob) === 0;
  }

  describe(comment = "no comment"): string {
    return `${this.bits} ${this.fingerprint} ${comment} (${this.#row.family})`;
  }

  toString(): string {
    return `${this.type} ${Buffer.from(this.blob).toString("base64")}`;
  }

  verify(algorithm: string, signature: Uint8Array, data: Uint8Array): boolean {
    const hash = this.#row.algorithms.get(algorithm);
    if (hash === undefined) return false;
    try {
      const from = new Reader(signature);
      if (from.name() !== algorithm) return false;
      const inner = from.string();
      from.end();
      this.#key ??= this.#fields.load();
      return this.#row.verify(this.#key, hash, inner, data);
    } catch {
      // The blob is cut short or OpenSSL cannot read what is in it: no signature of this key, and nothing more to say.
      return false;
    }
  }
}
