import type { PublicKey, Touch } from "../crypto/index.ts";

/**
 * One attempt to log in, decoded and checked as far as the wire goes; whether it is good is for the policy to say.
 *
 * The attempt carries a secret in `password`, `newPassword` and `responses`: it is not for a log.
 */
export type AuthRequest =
  | NoneRequest
  | PasswordRequest
  | PublicKeyRequest
  | KeyboardInteractiveRequest
  | UnusableRequest;

/** RFC 4252 §5.2: a client that asks what there is, or that hopes to need nothing. */
export interface NoneRequest {
  readonly method: "none";
  readonly user: string;
}

/** RFC 4252 §8. */
export interface PasswordRequest {
  readonly method: "password";
  readonly user: string;
  readonly password: string;
  /**
   * The password to set in place of `password`. It comes only right after a `change-password` verdict; success then
   * means that the password has been changed.
   */
  readonly newPassword?: string;
}

/** RFC 4252 §7. */
export interface PublicKeyRequest {
  readonly method: "publickey";
  readonly user: string;
  readonly algorithm: string;
  readonly key: PublicKey;
  /** True: the signature of this very request has been verified. False: the client asks whether the key would do. */
  readonly proved: boolean;
  /** Of a FIDO key that is proved, and of no other: what its authenticator said of this signature. */
  readonly touch?: Touch;
}

/** RFC 4256: one turn of a dialogue. A request of round 0, or of another method, ends the dialogue before it. */
export interface KeyboardInteractiveRequest {
  readonly method: "keyboard-interactive";
  readonly user: string;
  /** The client's hints at what it would like to be asked. */
  readonly submethods: readonly string[];
  /** 0 when nothing has been asked yet, then the number of `prompt` verdicts that have been answered. */
  readonly round: number;
  /** One for each prompt of this round, in their order. */
  readonly responses: readonly string[];
}

/**
 * What cannot succeed whatever the policy says: an unknown method, a broken key, a signature that does not verify, a
 * password that is too long. It takes the way of every attempt all the same, so that it costs the same time.
 */
export interface UnusableRequest {
  readonly method: "unusable";
  /** Empty when it is the user name that is unusable. */
  readonly user: string;
  /** The method's name as the client gave it: up to 64 characters of printable US-ASCII. */
  readonly name: string;
  /** For the log; holds nothing that the client chose. */
  readonly why: string;
}

/**
 * What the policy says to an {@link AuthRequest}. It holds for that one request.
 *
 * A verdict that does not fit its request is taken for the nearest that is safe:
 * - a key that is only offered (`proved` false) never logs in: `success` and `partial` mean `acceptable` there;
 * - `partial` needs a step that was completed, and methods to go on with: for `none`, or when none of `methods` is
 *   known here, it is a `failure`;
 * - `prompt` with more than 16 prompts is a `failure`;
 * - everything else that the request's method has no reply for is a `failure`, and so is any verdict on an `unusable`
 *   request.
 */
export type AuthVerdict =
  | { readonly type: "success" }
  | { readonly type: "failure" }
  /** This step is done; the login goes on with one of `methods` (RFC 4252 §5.1, partial success). */
  | { readonly type: "partial"; readonly methods: readonly string[] }
  /** The offered key would do: now prove it. */
  | { readonly type: "acceptable" }
  | PromptVerdict
  /** The password was right and has expired. */
  | { readonly type: "change-password"; readonly prompt: string };

/** Ask the user of a keyboard-interactive login something: 0 to 16 prompts. */
export interface PromptVerdict {
  readonly type: "prompt";
  readonly name: string;
  readonly instruction: string;
  readonly prompts: readonly {
    readonly prompt: string;
    /** Whether what is typed is shown. */
    readonly echo: boolean;
  }[];
}
