import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Writer } from "../../wire/index.ts";
import { KeyError } from "./error.ts";
import type { SigningKeyType } from "./key-type.ts";
import { parsePublicKey, parsePublicKeyBlob } from "./parse.ts";
import type { PublicKey } from "./public-key.ts";
import { certified, signingKeyTypes } from "./table.ts";

/** A private key that can sign: a host key. */
export interface HostKey {
  /** The type's name in the public key blob; that of the certificate where there is one. */
  readonly type: string;
  /** Signature algorithms it can be used with, in order of preference. */
  readonly algorithms: readonly string[];
  /** What clients are shown: the key, or the certificate for it. */
  readonly publicKey: PublicKey;
  /**
   * Signs `data` with one of {@link algorithms}; the result is the blob of algorithm and signature (RFC 4253 §6.6), which names the
   * key's own algorithm also where that of a certificate was asked for.
   *
   * @throws {TypeError} for any other algorithm.
   */
  sign(algorithm: string, data: Uint8Array): Uint8Array;
}

/**
 * Makes a host key of a private key that node:crypto has read, and tries it once.
 *
 * @throws {KeyError} when its type is not supported, it is not to be used, or its halves do not belong together.
 */
export function hostKeyOf(privateKey: KeyObject): HostKey {
  const row = [...signingKeyTypes.values()].find((type) => type.owns(privateKey));
  if (row === undefined) {
    throw new KeyError(
      "KEY_TYPE_UNKNOWN",
      "a private key is of a type that is not supported",
      "make one with `ssh-keygen -t ed25519`",
    );
  }
  const key = new PrivateHostKey(row, privateKey);
  const probe = Buffer.from("sallyport");
  const [algorithm] = key.algorithms;
  // A damaged key has to come to light here, not as "incorrect signature" at the first client. That it never signs with
  // wrong CRT parts, which would give an RSA key away, OpenSSL sees to: it checks, and does without them.
  if (!key.publicKey.verify(algorithm!, key.sign(algorithm!, probe), probe)) {
    throw new KeyError("KEY_MISMATCH", "a private key does not belong to its public half");
  }
  return key;
}

/**
 * The host key `key` as its CA has certified it; offer it in front of `key` itself, for clients that know no CA.
 *
 * @param certificate The text of the `-cert.pub` file that `ssh-keygen -h -s` makes. Whether it is in force, and for
 *   which names, is for the clients to judge.
 * @throws {KeyError} when that is no host certificate, or one of another key.
 */
export function hostKeyWithCertificate(key: HostKey, certificate: string): HostKey {
  const publicKey = parsePublicKey(certificate);
  if (publicKey.certificate?.type !== "host") {
    const what = publicKey.certificate === undefined ? "a key without a certificate" : "a user's certificate";
    throw new KeyError("KEY_REFUSED", `${what} stands where a host certificate was expected`, HOST_CERTIFICATE);
  }
  if (!publicKey.certificate.publicKey.equals(key.publicKey)) {
    throw new KeyError(
      "KEY_MISMATCH",
      "a host certificate certifies another key than that beside it",
      HOST_CERTIFICATE,
    );
  }
  const plainNames = new Map(key.algorithms.map((algorithm) => [certified(algorithm), algorithm]));
  return {
    type: publicKey.type,
    algorithms: [...plainNames.keys()],
    publicKey,
    sign(algorithm, data) {
      const plain = plainNames.get(algorithm);
      if (plain === undefined) throw new TypeError(`a ${publicKey.type} does not sign by this algorithm`);
      return key.sign(plain, data);
    },
  };
}

const HOST_CERTIFICATE = "make one with `ssh-keygen -s CA -I NAME -h -n HOST FILE.pub`";

/** The public key blob of a private key. */
export function publicBlobOf(row: SigningKeyType, privateKey: KeyObject): Uint8Array {
  const to = new Writer(600).utf8(row.name);
  row.writePublic(to, createPublicKey(privateKey));
  return to.finish();
}

class PrivateHostKey implements HostKey {
  readonly type: string;
  readonly algorithms: readonly string[];
  readonly publicKey: PublicKey;
  readonly #row: SigningKeyType;
  readonly #key: KeyObject;

  constructor(row: SigningKeyType, key: KeyObject) {
    this.#row = row;
    this.#key = key;
    this.type = row.name;
    this.algorithms = [...row.algorithms.keys()];
    this.publicKey = parsePublicKeyBlob(publicBlobOf(row, key));
  }

  sign(algorithm: string, data: Uint8Array): Uint8Array {
    const hash = this.#row.algorithms.get(algorithm);
    if (hash === undefined) throw new TypeError(`a key of type ${this.type} does not sign by this algorithm`);
    const inner = this.#row.sign(this.#key, hash, data);
    return new Writer(8 + algorithm.length + inner.length).utf8(algorithm).string(inner).finish();
  }
}
