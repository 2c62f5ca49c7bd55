/** The login methods that can be offered. */
export type AuthMethod = "publickey" | "password" | "keyboard-interactive" | "none";

/** A user's public key as an `auth` handler sees it. */
export interface OfferedKey {
  /** The key type, such as `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:` and the unpadded base64 of the hash, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  /** The key in SSH's wire form. */
  readonly blob: Uint8Array;
  /** The certificate that came with the key, signed by its CA; whether to trust that CA is for the handler to say. */
  readonly certificate?: OfferedCertificate | undefined;
  /** The line that an authorized_keys file holds, without a comment. */
  toString(): string;
}

/** What a CA says of a key (OpenSSH PROTOCOL.certkeys). */
export interface OfferedCertificate {
  readonly type: "user" | "host";
  /** The CA's number for it. */
  readonly serial: bigint;
  /** The CA's text for it. */
  readonly keyId: string;
  /** The users, or hosts, that it is for. */
  readonly principals: readonly string[];
  /** Seconds since 1970: in force from `validAfter` until just before `validBefore`, which may be Infinity. */
  readonly validAfter: number;
  readonly validBefore: number;
  /** Data by name. One that is not known has to make the certificate worthless. */
  readonly criticalOptions: ReadonlyMap<string, Uint8Array>;
  /** Data by name. One that is not known means nothing. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
  /** The CA's key. */
  readonly signatureKey: OfferedKey;
  /** By which the CA has signed. */
  readonly signatureAlgorithm: string;
  /** The key that is certified, without the certificate. */
  readonly publicKey: OfferedKey;
}

/** What the authenticator of a FIDO key says of a signature. */
export interface KeyTouch {
  /** Somebody touched it. */
  readonly present: boolean;
  /** It made sure, by PIN or fingerprint, that it was its owner. */
  readonly verified: boolean;
}

/** One login attempt as a door hands it in. */
export type AuthAttempt =
  | { readonly method: "none"; readonly username: string }
  | { readonly method: "password"; readonly username: string; readonly password: string; readonly newPassword?: string }
  | {
      readonly method: "publickey";
      readonly username: string;
      readonly key: OfferedKey;
      readonly algorithm: string;
      /** The client has shown, in this very request, that it holds the private key. */
      readonly proved: boolean;
      /** Of a FIDO key that is proved, and of no other. */
      readonly touch?: KeyTouch;
    }
  | {
      readonly method: "keyboard-interactive";
      readonly username: string;
      /** 0 for the request itself, then the number of the answered round. */
      readonly round: number;
      readonly responses: readonly string[];
    }
  /** An attempt that no policy can accept: an unknown method, a broken key. It is judged all the same, to cost the same time. */
  | { readonly method: "unusable"; readonly username: string; readonly name: string; readonly why: string };

/** A question of keyboard-interactive (RFC 4256 §3.2). */
export interface AuthPrompt {
  readonly prompt: string;
  /** Whether the client shows what is typed. */
  readonly echo: boolean;
}

/** What a door tells the client about an attempt. */
export type AuthAnswer =
  /** Let in; for a key that is only offered: such a key would do, prove it. */
  | { readonly type: "accept" }
  | { readonly type: "refuse" }
  /** This factor is done; one of these methods has to follow. */
  | { readonly type: "partial"; readonly methods: readonly string[] }
  | {
      readonly type: "prompt";
      readonly name: string;
      readonly instruction: string;
      readonly prompts: readonly AuthPrompt[];
    }
  | { readonly type: "change-password"; readonly prompt: string };
