/** A public key, with or without a certificate: immutable, good to keep for as long as you like. */
export interface PublicKey {
  /** The type's name in the blob, e.g. `ssh-ed25519`, or `ssh-ed25519-cert-v01@openssh.com` with a certificate. */
  readonly type: string;
  /** The key, or the certificate with the key in it, in the form of RFC 4253 §6.6; not to be written to. */
  readonly blob: Uint8Array;
  /** As `ssh-keygen -l` shows it: `SHA256:` and the hash in Base64 without padding; of the key without its certificate. */
  readonly fingerprint: string;
  /** Its size as `ssh-keygen -l` shows it. */
  readonly bits: number;
  /** Signature algorithms it can be used with, in order of preference. */
  readonly algorithms: readonly string[];
  /** What a FIDO key was made for, as a rule `ssh:`; other keys have none. */
  readonly application: string | undefined;
  /** The certificate that this blob is: well-formed and signed by its CA, which says nothing about who that CA is. */
  readonly certificate: Certificate | undefined;
  /**
   * Whether `other` is the same, byte for byte: this type's own, or what an `auth` handler got. A certificate never is
   * the key that it certifies: that is `certificate.publicKey`.
   */
  equals(other: { readonly blob: Uint8Array }): boolean;
  /** The line that `ssh-keygen -lf` prints: bits, fingerprint, comment, family. */
  describe(comment?: string): string;
  /** The line of a `.pub` file, without a comment. */
  toString(): string;
  /**
   * Whether `signature`, a blob of algorithm and signature (RFC 4253 §6.6), is this key's for `data`, made with exactly
   * `algorithm`. Whatever is wrong with the blob, the answer is false; it never throws.
   *
   * True for a FIDO key does not mean that anyone was there: see {@link examine}.
   */
  verify(algorithm: string, signature: Uint8Array, data: Uint8Array): boolean;
  /** As {@link verify}, and says what else a good signature vouches for; `undefined` where that says false. */
  examine(algorithm: string, signature: Uint8Array, data: Uint8Array): Attestation | undefined;
}

/** What a signature that has been verified vouches for beside the data. */
export interface Attestation {
  /** What the authenticator of a FIDO key has seen; other keys see nothing. */
  readonly touch?: Touch;
}

/** What a FIDO authenticator says of one signature (OpenSSH PROTOCOL.u2f, "SSH U2F Signatures"). */
export interface Touch {
  /** Somebody touched the authenticator. */
  readonly present: boolean;
  /** The authenticator made sure, by PIN or fingerprint, that it was its owner. */
  readonly verified: boolean;
  /** How many signatures it has made; some authenticators do not count. */
  readonly counter: number;
}

/**
 * What a CA says of a key (OpenSSH PROTOCOL.certkeys). It is as the CA signed it; whether this CA is trusted, whom the
 * certificate is for and whether it is in force now is for the policy to say.
 */
export interface Certificate {
  readonly type: "user" | "host";
  /** The CA's number for it; 0 when the CA does not number. */
  readonly serial: bigint;
  /** The CA's text for it, for the log: up to the CA, so escape it. */
  readonly keyId: string;
  /** The users, or host names, that it is for; when there is none, it names nobody. */
  readonly principals: readonly string[];
  /** In force from then on, in seconds since 1970. */
  readonly validAfter: number;
  /** No longer in force from then on, in seconds since 1970; Infinity: for ever. */
  readonly validBefore: number;
  /** Data by name. One that is not known has to make the certificate worthless. */
  readonly criticalOptions: ReadonlyMap<string, Uint8Array>;
  /** Data by name. One that is not known means nothing. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
  /** The CA's key; never a certificate. */
  readonly signatureKey: PublicKey;
  /** By which the CA has signed; never `ssh-rsa`, which is SHA-1. */
  readonly signatureAlgorithm: string;
  /** The key that is certified, without the certificate. */
  readonly publicKey: PublicKey;
}
