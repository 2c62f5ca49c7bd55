import { encodeKeyRequest, keyFields, signedData as signedDataIn } from "../../client/index.ts";
import type { ClientKey, KeyFields, Signed } from "../../client/index.ts";
import { SESSION_ID } from "./fake-login.ts";

export { encodeKeyRequest as encode, keyFields as publickeyFields } from "../../client/index.ts";
export type { Signed } from "../../client/index.ts";

/** The request that a client makes with `key`; without `proved: false` it is signed, rightly. */
export function publickeyRequest(
  key: ClientKey,
  { proved = true, ...changes }: Partial<KeyFields> & { proved?: boolean } = {},
): Uint8Array {
  const fields = keyFields(key, changes);
  return proved ? encodeKeyRequest(fields, key.sign(signedData(fields))) : encodeKeyRequest(fields);
}

/** What RFC 4252 §7 has a client sign in the session of a fake login, with some of it changed. */
export function signedData(fields: KeyFields, changes: Partial<Signed> = {}): Uint8Array {
  return signedDataIn(fields, SESSION_ID, changes);
}
