import { messages, Msg, Writer } from "../../src/wire/index.ts";
import type { ClientKey } from "./user-key.ts";

/** A request of the authentication service (RFC 4252 §5) with these fields behind the method's name. */
export function authRequest(method: string, data: Uint8Array, user = "ada", service = "ssh-connection"): Uint8Array {
  return messages.userauthRequest.encode({ user, service, method, data });
}

export function noneRequest(user?: string): Uint8Array {
  return authRequest("none", new Uint8Array(), user);
}

export function passwordRequest(user: string, password: string): Uint8Array {
  return authRequest("password", new Writer().boolean(false).utf8(password).finish(), user);
}

export function interactiveRequest(user?: string, submethods = ""): Uint8Array {
  return authRequest("keyboard-interactive", new Writer().utf8("").utf8(submethods).finish(), user);
}

/** The answers to a round of questions (RFC 4256 §3.4). */
export function infoResponse(...responses: readonly string[]): Uint8Array {
  const to = new Writer();
  for (const response of responses) to.utf8(response);
  return messages.userauthInfoResponse.encode({ count: responses.length, responses: to.finish() });
}

/** The fields of a publickey request. */
export interface KeyFields {
  readonly user: string;
  readonly service: string;
  readonly method: string;
  readonly algorithm: string;
  readonly blob: Uint8Array;
  readonly hostKey: Uint8Array | undefined;
}

/** What goes into the signature beside the {@link KeyFields}. */
export interface Signed extends KeyFields {
  readonly sessionId: Uint8Array;
  readonly number: number;
  readonly flag: number;
}

/** The request that a client makes with `key`, rightly signed for the session of this id; without an id it only asks. */
export function keyRequest(key: ClientKey, sessionId?: Uint8Array, changes: Partial<KeyFields> = {}): Uint8Array {
  const fields = keyFields(key, changes);
  return encodeKeyRequest(fields, sessionId && key.sign(signedData(fields, sessionId)));
}

/** The fields of `key`'s request, with some changed. */
export function keyFields(key: ClientKey, changes: Partial<KeyFields> = {}): KeyFields {
  return {
    user: "ada",
    service: "ssh-connection",
    method: "publickey",
    algorithm: key.algorithm,
    blob: key.blob,
    hostKey: undefined,
    ...changes,
  };
}

/** The request with these fields and, if any, this signature. */
export function encodeKeyRequest(fields: KeyFields, signature?: Uint8Array): Uint8Array {
  const to = new Writer(1024)
    .boolean(signature !== undefined)
    .utf8(fields.algorithm)
    .string(fields.blob);
  if (fields.hostKey !== undefined) to.string(fields.hostKey);
  if (signature !== undefined) to.string(signature);
  return authRequest(fields.method, to.finish(), fields.user, fields.service);
}

/** What RFC 4252 §7 has a client sign, with some of it changed. */
export function signedData(fields: KeyFields, sessionId: Uint8Array, changes: Partial<Signed> = {}): Uint8Array {
  const signed: Signed = { ...fields, sessionId, number: Msg.USERAUTH_REQUEST, flag: 1, ...changes };
  const to = new Writer(1024).string(signed.sessionId).byte(signed.number).utf8(signed.user).utf8(signed.service);
  to.utf8(signed.method).byte(signed.flag).utf8(signed.algorithm).string(signed.blob);
  if (signed.hostKey !== undefined) to.string(signed.hostKey);
  return to.finish();
}
