import { Reader, Writer } from "../../src/wire/index.ts";
import { encodeKeyRequest, keyFields, signedData } from "./login-requests.ts";
import type { KeyFields, Signed } from "./login-requests.ts";
import { clientKey } from "./user-key.ts";
import type { ClientKey } from "./user-key.ts";

/** What RFC 4252 §7 puts under the signature, with one thing of it wrong. */
const wrongData: Readonly<Record<string, Partial<Signed>>> = {
  "another session": { sessionId: new Uint8Array(32) },
  "an empty session": { sessionId: new Uint8Array() },
  "another message number": { number: 51 },
  "another user": { user: "bob" },
  "the user in capitals": { user: "ADA" },
  "no user": { user: "" },
  "another service": { service: "ssh-userauth" },
  "the method hostbased": { method: "hostbased" },
  "the hostbound method": { method: "publickey-hostbound-v00@openssh.com" },
  "a query": { flag: 0 },
  "a flag of 255": { flag: 255 },
  "another algorithm": { algorithm: "rsa-sha2-512" },
  "another key": { blob: Uint8Array.of(1) },
  "a host key besides": { hostKey: Uint8Array.of(1) },
};

/** Requests with an Ed25519 key whose signature is wrong in one thing, by what that is. */
export function nearMisses(key: ClientKey, sessionId: Uint8Array, user = "ada"): Readonly<Record<string, Uint8Array>> {
  const fields = keyFields(key, { user });
  const data = signedData(fields, sessionId);
  const right = Buffer.from(key.sign(data));
  const value = signatureValue(right);
  const flipped = Buffer.from(right);
  flipped[flipped.length - 5]! ^= 1;
  const signatures = {
    "with a bit flipped": flipped,
    "by another key": clientKey("ssh-ed25519").sign(data),
    "of zeros": named("ssh-ed25519", new Uint8Array(64)),
    "that is empty": new Uint8Array(),
    "whose value is empty": named("ssh-ed25519", new Uint8Array()),
    "that is one byte short": named("ssh-ed25519", value.subarray(0, -1)),
    "that is one byte long": named("ssh-ed25519", Buffer.from([...value, 0])),
    "that is cut": right.subarray(0, -1),
    "with a byte behind it": Buffer.from([...right, 0]),
    "named ssh-rsa": named("ssh-rsa", value),
    "named rsa-sha2-256": named("rsa-sha2-256", value),
    "without the session id": key.sign(data.subarray(4 + sessionId.length)),
    "with the session id bare": key.sign(data.subarray(4)),
    "with a shorter session id": key.sign(signedData(fields, sessionId.subarray(1))),
    "over one byte more": key.sign(Buffer.from([...data, 0])),
    "over nothing": key.sign(new Uint8Array()),
    ...Object.fromEntries(Object.entries(wrongData).map((wrong) => over(key, fields, sessionId, ...wrong))),
  };
  return Object.fromEntries(
    Object.entries(signatures).map(([what, signature]) => [what, encodeKeyRequest(fields, signature)]),
  );
}

function over(
  key: ClientKey,
  fields: KeyFields,
  sessionId: Uint8Array,
  what: string,
  changes: Partial<Signed>,
): [string, Uint8Array] {
  return [`over ${what}`, key.sign(signedData(fields, sessionId, changes))];
}

function named(algorithm: string, value: Uint8Array): Uint8Array {
  return new Writer().utf8(algorithm).string(value).finish();
}

function signatureValue(signature: Uint8Array): Uint8Array {
  const from = new Reader(signature);
  from.name();
  return from.string();
}
