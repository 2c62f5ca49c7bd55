import { messages, ProtocolError, Reader, Writer } from "../wire/index.ts";

const MAX_ENTRIES = 64;

/** Our SSH_MSG_EXT_INFO (RFC 8308 §2.3): what publickey accepts, and OpenSSH's extensions that we serve. */
export function makeExtInfo(signatureAlgorithms: readonly string[]): Uint8Array {
  const extensions = [
    ["server-sig-algs", signatureAlgorithms.join(",")],
    // OpenSSH PROTOCOL 1.9 and 3.1
    ["ping@openssh.com", "0"],
    ["publickey-hostbound@openssh.com", "0"],
  ] as const;
  const pairs = new Writer(512);
  for (const [name, value] of extensions) pairs.utf8(name).utf8(value);
  return messages.extInfo.encode({ count: extensions.length, extensions: pairs.finish() });
}

/**
 * Checks a client's SSH_MSG_EXT_INFO. Nothing that a client can announce changes what we do, so no value is kept.
 *
 * @throws {ProtocolError} when the count does not fit the content (CVE-2026-55199) or is over 64.
 */
export function checkExtInfo(payload: Uint8Array): void {
  const { count, extensions } = messages.extInfo.decode(payload);
  if (count > MAX_ENTRIES)
    throw new ProtocolError(`EXT_INFO announces ${count} extensions, the limit is ${MAX_ENTRIES}`);
  const reader = new Reader(extensions);
  for (let i = 0; i < count; i++) {
    reader.name();
    reader.string();
  }
  reader.end();
}
