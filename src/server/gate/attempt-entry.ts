import type { AuthAttempt, OfferedKey } from "../auth.ts";
import type { LogDetails, LogEntry, LogLevel } from "../audit/entries.ts";
import type { Connection } from "../connection.ts";
import type { Judgement } from "./verdict.ts";

/**
 * What the log is told of an attempt: what was tried, and what came of it; nothing that proves who the user is.
 *
 * @param isListing it only asked which methods there are, as every client does at first.
 */
export function attemptEntry(
  connection: Connection,
  attempt: AuthAttempt,
  judgement: Judgement,
  isListing: boolean,
): LogEntry<"attempt"> {
  const { answer } = judgement;
  const isQuery = attempt.method === "publickey" && !attempt.proved;
  const level: LogLevel = isListing || isQuery || answer.type === "prompt" ? "debug" : "info";
  return {
    level,
    event: "attempt",
    connection: connection.id,
    peer: connection.peer.address,
    detail: {
      method: attempt.method === "unusable" ? attempt.name : attempt.method,
      verdict: answer.type,
      next: answer.type === "partial" ? answer.methods.join(",") : undefined,
      ...(attempt.method === "publickey" && {
        ...keyFields(attempt.key),
        algorithm: attempt.algorithm,
        proved: attempt.proved,
      }),
      why: answer.type === "refuse" ? judgement.why : undefined,
      unknownUser: judgement.unknownUser === true ? true : undefined,
    },
    username: attempt.username,
  };
}

function keyFields({ fingerprint, certificate }: OfferedKey): Partial<LogDetails["attempt"]> {
  if (certificate === undefined) return { key: fingerprint };
  const { publicKey, keyId, serial, signatureKey } = certificate;
  return { key: publicKey.fingerprint, certificate: keyId, serial: String(serial), ca: signatureKey.fingerprint };
}
