/** A user's public key as an `auth` handler sees it. */
export interface OfferedKey {
  /** The key type, such as `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:` and the unpadded base64 of the hash, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  /** The key in SSH's wire form. */
  readonly blob: Uint8Array;
  /** The line that an authorized_keys file holds, without a comment. */
  toString(): string;
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
