import type { AuthRequest, AuthVerdict, UnusableRequest } from "./policy.ts";

/** One authentication method as it goes over the wire: a row of the table of methods. */
export interface Method<R extends AuthRequest = AuthRequest> {
  /** The name in the client's request. */
  readonly name: string;
  /** The name that a server is configured with and that a FAILURE lists; `none` has none (RFC 4252 §5.2). */
  readonly listedAs: string | undefined;
  /**
   * Reads the fields behind the method's name. What is cut short or too long throws ProtocolError; what is whole but
   * good for nothing is an unusable request.
   */
  decode(data: Uint8Array, attempt: Attempt): R | UnusableRequest;
  /** What `verdict` means for a request that came from this row's {@link decode}, or from an answer to its prompt. */
  settle(request: R, verdict: AuthVerdict): Outcome;
}

/** What a method's decoder is told besides its own fields. */
export interface Attempt {
  readonly user: string;
  readonly service: string;
  readonly sessionId: Uint8Array;
  /** The blob of the host key of the first key exchange. */
  readonly hostKey: Uint8Array;
  readonly signatureAlgorithms: readonly string[];
  /** The client has just been asked to change its password. */
  readonly changeAsked: boolean;
}

/** How one attempt ends, or goes on. */
export type Outcome =
  | { readonly type: "success" }
  | { readonly type: "failure" }
  | { readonly type: "partial"; readonly methods: readonly string[] }
  | { readonly type: "reply"; readonly payload: Uint8Array; readonly next: Waiting };

/** The states in which the client has the word. */
export type Waiting = Open | Prompting;

/** A request is awaited. */
export interface Open {
  readonly name: "open";
  readonly changeAsked: boolean;
}

/** An INFO_REQUEST is out: its answer is awaited, or a request that ends the dialogue. */
export interface Prompting {
  readonly name: "prompting";
  readonly user: string;
  readonly submethods: readonly string[];
  /** The number of the round that the answer will complete, from 1. */
  readonly round: number;
  /** How many prompts the round has. */
  readonly prompts: number;
}

/** An attempt that can only fail; `why` holds no bytes of the client's. */
export function unusable(user: string, name: string, why: string): UnusableRequest {
  return { method: "unusable", user, name, why };
}

export const success: Outcome = { type: "success" };
export const failure: Outcome = { type: "failure" };
