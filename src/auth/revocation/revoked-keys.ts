import { createHash } from "node:crypto";
import { KeyError, parsePublicKeyBlob } from "../../crypto/index.ts";
import type { OfferedCertificate } from "../../server/index.ts";
import { brokenList } from "./cursor.ts";

/** What says which keys and certificates are not good any more. */
export interface RevocationList {
  /** @param blob of a key without a certificate: a user's, or a CA's. */
  hasKey(blob: Uint8Array): boolean;
  hasCertificate(certificate: OfferedCertificate): boolean;
}

/** The hashes that a revocation list may name a key by; SHA-1 names it here, and proves nothing. */
const HASHES = { sha1: 20, sha256: 32 } as const;

/** Keys by their blobs and by the hashes of those. */
export class RevokedKeys implements RevocationList {
  readonly #blobs: Set<string> = new Set();
  readonly #hashes: Record<keyof typeof HASHES, Set<string>> = { sha1: new Set(), sha256: new Set() };

  /**
   * Of a certificate it is the key that is revoked.
   *
   * @throws {AuthError} when it is broken: which key was meant nobody can say.
   */
  addBlob(blob: Uint8Array): void {
    this.#blobs.add(nameOf(withoutCertificate(blob)));
  }

  /** @throws {AuthError} when it is not as long as such a hash. */
  addHash(hash: keyof typeof HASHES, digest: Uint8Array): void {
    if (digest.length !== HASHES[hash]) throw brokenList(`a fingerprint by ${hash} has ${digest.length} bytes`);
    this.#hashes[hash].add(nameOf(digest));
  }

  hasKey(blob: Uint8Array): boolean {
    if (this.#blobs.has(nameOf(blob))) return true;
    return (["sha1", "sha256"] as const).some(
      (hash) => this.#hashes[hash].size > 0 && this.#hashes[hash].has(createHash(hash).update(blob).digest("base64")),
    );
  }

  hasCertificate(): boolean {
    return false;
  }
}

/** A key of a type or a size that is not supported stays as it is: it cannot log in either way. */
function withoutCertificate(blob: Uint8Array): Uint8Array {
  try {
    return parsePublicKeyBlob(blob).certificate?.publicKey.blob ?? blob;
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    if (error.code === "KEY_MALFORMED") throw brokenList("it has a key that is malformed");
    // RFC 4253 §6.6: the name of the type comes first.
    if (/-cert-v\d\d@/.test(nameOf(blob.subarray(4, 68), "latin1"))) {
      throw brokenList("it has a certificate that cannot be read: list its key instead");
    }
    return blob;
  }
}

function nameOf(bytes: Uint8Array, encoding: "base64" | "latin1" = "base64"): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
}
