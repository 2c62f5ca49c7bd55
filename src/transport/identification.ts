import { DisconnectReason, ProtocolError } from "../wire/index.ts";

/** RFC 4253 §4.2: the line has at most 255 characters, CR and LF among them. */
export const MAX_IDENTIFICATION = 255;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the client's identification line at the start of what it sent (RFC 4253 §4.2).
 *
 * Returns the line without its line ending and the number of bytes it took, or `undefined` while it is incomplete.
 * A lone LF ends the line too, because clients exist that send nothing else. Only a server may send lines before its
 * identification, so the first line has to be it.
 *
 * @throws {ProtocolError} when it is too long, has control characters or names another version than 2.0.
 */
export function parseIdentification(bytes: Uint8Array): { line: Uint8Array; consumed: number } | undefined {
  const seen = bytes.subarray(0, MAX_IDENTIFICATION);
  const end = seen.indexOf(LF);
  if (end === -1) {
    refuseOtherProtocols(seen);
    if (seen.length === MAX_IDENTIFICATION) throw refusal("the identification line has more than 255 bytes");
    return undefined;
  }
  // A copy: the bytes are the socket's, and every exchange hash needs the line.
  const line = new Uint8Array(seen.subarray(0, seen[end - 1] === CR ? end - 1 : end));
  refuseOtherProtocols(line);
  if (line.length <= PREFIX.length) throw refusal("the identification names no software");
  for (const byte of line) {
    if (byte < 0x20 || byte === 0x7f) throw refusal("the identification line has a control character");
  }
  return { line, consumed: end + 1 };
}

const PREFIX = Buffer.from("SSH-2.0-");

/** Refuses at the first wrong byte, so that an HTTP request or a flood of lines is not waited for. */
function refuseOtherProtocols(start: Uint8Array): void {
  const length = Math.min(start.length, PREFIX.length);
  if (!PREFIX.subarray(0, length).equals(start.subarray(0, length))) {
    throw refusal("the first line is not an SSH-2.0 identification");
  }
}

function refusal(message: string): ProtocolError {
  return new ProtocolError(message, DisconnectReason.PROTOCOL_VERSION_NOT_SUPPORTED);
}
