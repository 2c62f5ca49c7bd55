import { Msg } from "../wire/index.ts";
import type { Method, Waiting } from "./method.ts";
import type { AuthRequest } from "./policy.ts";

/**
 * Where the login is. The data that is valid only in one state lives in that state.
 *
 * Theory of operation. Client and policy take turns. In `open` and `prompting` the client has the word; a request or a
 * response leads to `judging`, where the policy has it and nothing is read. Its verdict leads back, or to
 * `authenticated`. Whatever throws leads to `ended`.
 */
export type State = Waiting | Judging | { readonly name: "authenticated" } | { readonly name: "ended" };

/** A verdict on `request` is awaited. */
export interface Judging {
  readonly name: "judging";
  readonly request: AuthRequest;
  /** The row that the request came from; undefined if there is none and it can only fail. */
  readonly method: Method | undefined;
  /** Its failure is not held against the client. */
  readonly free: boolean;
}

/** The name of a state of {@link userauthTable}. */
export type UserauthState = State["name"];

/** What is done with a message. */
export type Action = "request" | "response" | "ignore";

/**
 * The one table of what a client may send to the authentication service: state × message number. What is absent ends
 * the connection, above all the messages that only a server sends (51, 52, 53, 60; CVE-2018-10933).
 *
 * The row of `judging` is empty because its messages are not read at all: the caller holds them back.
 */
export const userauthTable: Readonly<Record<UserauthState, Readonly<Record<number, Action>>>> = {
  open: { [Msg.USERAUTH_REQUEST]: "request" },
  // RFC 4252 §5.1: a new request ends the dialogue, and no FAILURE is sent for it.
  prompting: { [Msg.USERAUTH_REQUEST]: "request", [Msg.USERAUTH_INFO_RESPONSE]: "response" },
  judging: {},
  // RFC 4252 §5.1: further requests are ignored silently.
  authenticated: { [Msg.USERAUTH_REQUEST]: "ignore" },
  ended: {},
};
