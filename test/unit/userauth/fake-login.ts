import assert from "node:assert/strict";
import { Userauth } from "../../../src/userauth/index.ts";
import type { AuthRequest, AuthVerdict, UserauthOptions, UserauthState } from "../../../src/userauth/index.ts";
import { messages, Msg, Writer } from "../../../src/wire/index.ts";
import { authRequest, interactiveRequest, noneRequest as none, passwordRequest } from "../../client/index.ts";

export { authRequest as request, infoResponse, noneRequest as none } from "../../client/index.ts";

export const SESSION_ID: Uint8Array = new Uint8Array(32).fill(0x5a);
export const HOST_KEY: Uint8Array = new TextEncoder().encode("the host key's blob");
export const METHODS: readonly string[] = ["publickey", "password", "keyboard-interactive"];

/** One login between a fake connection and a fake policy, with all that went either way. */
export interface FakeLogin {
  readonly userauth: Userauth;
  /** What was sent to the client. */
  readonly sent: Uint8Array[];
  /** What the policy was asked. */
  readonly asked: AuthRequest[];
  /** Who was let in. */
  readonly authenticated: (readonly [user: string, method: string])[];
  /** Receives a message that leads to a question, and gives the question. */
  ask(payload: Uint8Array): AuthRequest;
  /** Answers the last question and gives the one message that this sent. */
  answer(verdict: AuthVerdict): Uint8Array;
  /** Receives a message, answers the question and gives the reply. */
  attempt(payload: Uint8Array, verdict?: AuthVerdict): Uint8Array;
}

/** Makes a login whose policy answers when told to. */
export function fakeLogin(options: Partial<UserauthOptions> = {}): FakeLogin {
  const sent: Uint8Array[] = [];
  const asked: AuthRequest[] = [];
  const authenticated: (readonly [string, string])[] = [];
  const userauth = new Userauth(
    { methods: METHODS, ...options },
    { send: (payload) => sent.push(payload), sessionId: SESSION_ID, hostKey: HOST_KEY },
    {
      authenticate: (request) => asked.push(request),
      authenticated: (user, method) => authenticated.push([user, method]),
    },
  );
  const ask = (payload: Uint8Array): AuthRequest => {
    const before = asked.length;
    userauth.receive(payload);
    assert.equal(asked.length, before + 1, "one question follows");
    return asked.at(-1)!;
  };
  const answer = (verdict: AuthVerdict): Uint8Array => {
    const before = sent.length;
    userauth.answer(asked.at(-1)!, verdict);
    assert.equal(sent.length, before + 1, "one message is sent");
    return sent.at(-1)!;
  };
  const attempt = (payload: Uint8Array, verdict: AuthVerdict = { type: "failure" }): Uint8Array => {
    ask(payload);
    return answer(verdict);
  };
  return { userauth, sent, asked, authenticated, ask, answer, attempt };
}

/** A fresh login that has come as far as `state`. */
export function loginIn(state: UserauthState): FakeLogin {
  const login = fakeLogin();
  if (state === "judging") login.ask(none());
  if (state === "prompting") login.attempt(keyboardInteractive(), prompts("Code: "));
  if (state === "authenticated") login.attempt(none(), { type: "success" });
  if (state === "ended") assert.throws(() => login.userauth.receive(Uint8Array.of(Msg.USERAUTH_SUCCESS)));
  assert.equal(login.userauth.state, state);
  return login;
}

export function password(password: string, user = "ada"): Uint8Array {
  return passwordRequest(user, password);
}

export function passwordChange(password: string, newPassword: string): Uint8Array {
  return authRequest("password", new Writer().boolean(true).utf8(password).utf8(newPassword).finish());
}

export function keyboardInteractive(submethods = ""): Uint8Array {
  return interactiveRequest("ada", submethods);
}

/** The verdict that asks `texts` without echo. */
export function prompts(...texts: readonly string[]): AuthVerdict {
  return { type: "prompt", name: "", instruction: "", prompts: texts.map((prompt) => ({ prompt, echo: false })) };
}

/** The FAILURE that lists `names`. */
export function failure(names: readonly string[] = METHODS, partialSuccess = false): Uint8Array {
  return messages.userauthFailure.encode({ methods: names, partialSuccess });
}
