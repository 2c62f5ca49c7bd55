import { Msg, Writer } from "../../../src/wire/index.ts";
import type { ClientKey } from "./client-keys.ts";
import { request, SESSION_ID } from "./fake-login.ts";

/** The fields of a publickey request. */
export interface Fields {
  readonly user: string;
  readonly service: string;
  readonly method: string;
  readonly algorithm: string;
  readonly blob: Uint8Array;
  readonly hostKey: Uint8Array | undefined;
}

/** What goes into the signature beside the {@link Fields}. */
export interface Signed extends Fields {
  readonly sessionId: Uint8Array;
  readonly number: number;
  readonly flag: number;
}

/** The request that a client makes with `key`; without `proved: false` it is signed, rightly. */
export function publickeyRequest(
  key: ClientKey,
  { proved = true, ...changes }: Partial<Fields> & { proved?: boolean } = {},
): Uint8Array {
  const fields = publickeyFields(key, changes);
  return proved ? encode(fields, key.sign(signedData(fields))) : encode(fields);
}

/** The fields of `key`'s request, with some changed. */
export function publickeyFields(key: ClientKey, changes: Partial<Fields> = {}): Fields {
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
export function encode(fields: Fields, signature?: Uint8Array): Uint8Array {
  const to = new Writer(1024)
    .boolean(signature !== undefined)
    .utf8(fields.algorithm)
    .string(fields.blob);
  if (fields.hostKey !== undefined) to.string(fields.hostKey);
  if (signature !== undefined) to.string(signature);
  return request(fields.method, to.finish(), fields.user, fields.service);
}

/** What RFC 4252 §7 has a client sign, with some of it changed. */
export function signedData(fields: Fields, changes: Partial<Signed> = {}): Uint8Array {
  const signed: Signed = { ...fields, sessionId: SESSION_ID, number: Msg.USERAUTH_REQUEST, flag: 1, ...changes };
  const to = new Writer(1024).string(signed.sessionId).byte(signed.number).utf8(signed.user).utf8(signed.service);
  to.utf8(signed.method).byte(signed.flag).utf8(signed.algorithm).string(signed.blob);
  if (signed.hostKey !== undefined) to.string(signed.hostKey);
  return to.finish();
}
