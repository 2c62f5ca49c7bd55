import { hash as digest } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Reader } from "../../wire/index.ts";
import type { KeyType, PublicFields } from "./key-type.ts";
import type { Attestation, PublicKey } from "./public-key.ts";

/** A public key without a certificate. */
export class PlainKey implements PublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly bits: number;
  readonly application: string | undefined;
  readonly certificate: undefined;
  readonly family: string;
  readonly #row: KeyType;
  readonly #fields: PublicFields;
  #key: KeyObject | undefined;
  #fingerprint: string | undefined;

  /** Keeps `blob`, whose fields are `fields`. */
  constructor(row: KeyType, fields: PublicFields, blob: Uint8Array) {
    this.#row = row;
    this.#fields = fields;
    this.type = row.name;
    this.family = row.family;
    this.bits = fields.bits;
    this.application = fields.application;
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
    return `${this.bits} ${this.fingerprint} ${comment} (${this.family})`;
  }

  toString(): string {
    return `${this.type} ${Buffer.from(this.blob).toString("base64")}`;
  }

  verify(algorithm: string, signature: Uint8Array, data: Uint8Array): boolean {
    return this.examine(algorithm, signature, data) !== undefined;
  }

  examine(algorithm: string, signature: Uint8Array, data: Uint8Array): Attestation | undefined {
    const hash = this.#row.algorithms.get(algorithm);
    if (hash === undefined) return undefined;
    try {
      const from = new Reader(signature);
      if (from.name() !== algorithm) return undefined;
      const inner = from.string();
      const sealed = this.#row.unseal?.(this.#fields, from, data);
      from.end();
      this.#key ??= this.#fields.load();
      if (!this.#row.verify(this.#key, hash, inner, sealed?.data ?? data)) return undefined;
      return sealed === undefined ? {} : { touch: sealed.touch };
    } catch {
      // The blob is cut short or OpenSSL cannot read what is in it: no signature of this key, and nothing more to say.
      return undefined;
    }
  }
}
