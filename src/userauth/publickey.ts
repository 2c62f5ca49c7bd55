import { KeyError, parsePublicKeyBlob } from "../crypto/index.ts";
import type { PublicKey } from "../crypto/index.ts";
import { messages, Msg, ProtocolError, Reader, Writer } from "../wire/index.ts";
import { failure, unusable } from "./method.ts";
import type { Attempt, Method, Outcome } from "./method.ts";
import type { AuthVerdict, PublicKeyRequest, UnusableRequest } from "./policy.ts";

/** RFC 4252 §7. */
export const publickey: Method<PublicKeyRequest> = {
  name: "publickey",
  listedAs: "publickey",
  decode: (data, attempt) => decode("publickey", false, data, attempt),
  settle,
};

/** OpenSSH PROTOCOL 3.1: publickey, with the server's host key in the request and under the signature. */
export const publickeyHostbound: Method<PublicKeyRequest> = {
  name: "publickey-hostbound-v00@openssh.com",
  listedAs: "publickey",
  decode: (data, attempt) => decode("publickey-hostbound-v00@openssh.com", true, data, attempt),
  settle,
};

interface Fields {
  readonly algorithm: string;
  readonly blob: Uint8Array;
  readonly hostKey: Uint8Array | undefined;
  readonly signature: Uint8Array | undefined;
}

function decode(
  method: string,
  hostbound: boolean,
  data: Uint8Array,
  attempt: Attempt,
): PublicKeyRequest | UnusableRequest {
  const { user } = attempt;
  const fields = read(data, hostbound);
  const { algorithm, hostKey, signature } = fields;

  if (hostKey !== undefined && Buffer.compare(hostKey, attempt.hostKey) !== 0) {
    return unusable(user, method, "the request is bound to another host key");
  }
  // The names come first: what is not allowed is not even parsed.
  if (!attempt.signatureAlgorithms.includes(algorithm)) {
    return unusable(user, method, "the signature algorithm is not allowed");
  }
  const key = parse(fields.blob);
  if (key === undefined) return unusable(user, method, "the key is broken or of a kind that is not accepted");
  if (!key.algorithms.includes(algorithm)) {
    return unusable(user, method, "the signature algorithm is not one of the key's");
  }
  if (key.certificate?.type === "host") return unusable(user, method, "the certificate is a host's");
  if (signature === undefined) return { method: "publickey", user, algorithm, key, proved: false };
  const attestation = key.examine(algorithm, signature, signedData(method, attempt, fields));
  if (attestation === undefined) return unusable(user, method, "the signature does not verify");
  return { method: "publickey", user, algorithm, key, proved: true, ...attestation };
}

function settle(request: PublicKeyRequest, verdict: AuthVerdict): Outcome {
  const { type } = verdict;
  if (request.proved) return type === "success" || type === "partial" ? verdict : failure;
  if (type !== "acceptable" && type !== "success" && type !== "partial") return failure;
  const payload = messages.userauthPkOk.encode({ algorithm: request.algorithm, key: request.key.blob });
  return { type: "reply", payload, next: { name: "open", changeAsked: false } };
}

function read(data: Uint8Array, hostbound: boolean): Fields {
  const from = new Reader(data);
  const signed = from.boolean();
  const fields: Fields = {
    algorithm: from.name(),
    blob: from.string(),
    hostKey: hostbound ? from.string() : undefined,
    signature: signed ? from.string() : undefined,
  };
  // Bytes behind the signature would not be under it.
  from.end();
  return fields;
}

function parse(blob: Uint8Array): PublicKey | undefined {
  try {
    return parsePublicKeyBlob(blob);
  } catch (error) {
    // The blob is whole as a field of the message: a fault inside of it spoils the key, not the connection.
    if (error instanceof KeyError || error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** What RFC 4252 §7 puts under the signature, encoded anew from the values that are judged. */
function signedData(
  method: string,
  { sessionId, user, service }: Attempt,
  { algorithm, blob, hostKey }: Fields,
): Uint8Array {
  const to = new Writer(512)
    .string(sessionId)
    .byte(Msg.USERAUTH_REQUEST)
    .utf8(user)
    .utf8(service)
    .utf8(method)
    .boolean(true)
    .utf8(algorithm)
    .string(blob);
  if (hostKey !== undefined) to.string(hostKey);
  return to.finish();
}
