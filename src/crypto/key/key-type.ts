import type { KeyObject } from "node:crypto";
import type { Reader, Writer } from "../../wire/index.ts";
import type { Touch } from "./public-key.ts";

/** The hash a signature is made over; `null` where the algorithm hashes by itself (Ed25519). */
type SignatureHash = "sha256" | "sha384" | "sha512" | null;

/** What the fields of a public key blob say. */
export interface PublicFields {
  readonly bits: number;
  /** Of a FIDO key: what it was made for. */
  readonly application?: string;
  /** The key for node:crypto; called at the first signature that is to be verified. */
  load(): KeyObject;
}

/** What a FIDO authenticator has signed in place of the data, and what that says. */
interface Sealed {
  readonly data: Uint8Array;
  readonly touch: Touch;
}

/**
 * All that is known about one type of key. The readers and writers start behind the type's name, and their readers may
 * throw ProtocolError (a field is cut short) beside {@link KeyError}.
 */
export interface KeyType {
  /** The name in a public key blob. */
  readonly name: string;
  /** What `ssh-keygen -l` calls it. */
  readonly family: string;
  /** Its signature algorithms with their hashes, in order of preference. */
  readonly algorithms: ReadonlyMap<string, SignatureHash>;
  /** Fields of a public key blob, checked as far as it takes to refuse a key that must not be used. */
  readPublic(from: Reader): PublicFields;
  /** Whether the inner part of a signature blob is good for `data`. */
  verify(key: KeyObject, hash: SignatureHash, signature: Uint8Array, data: Uint8Array): boolean;
  /** FIDO keys alone: reads what follows the inner part of the signature blob, and gives what has really been signed. */
  readonly unseal?: (fields: PublicFields, from: Reader, data: Uint8Array) => Sealed;
}

/** A type of key whose private half can be had: a host key's, as opposed to that of a FIDO key. */
export interface SigningKeyType extends KeyType {
  writePublic(to: Writer, key: KeyObject): void;
  /** Fields of a private key in an OpenSSH file (OpenSSH PROTOCOL.key, PROTOCOL.agent §3.2). */
  readPrivate(from: Reader): KeyObject;
  writePrivate(to: Writer, key: KeyObject): void;
  /** Whether a key that node:crypto has read is of this type. */
  owns(key: KeyObject): boolean;
  /** The inner part of a signature blob. */
  sign(key: KeyObject, hash: SignatureHash, data: Uint8Array): Uint8Array;
}
