import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { ProtocolError } from "../../wire/index.ts";
import { KeyError } from "../key/error.ts";
import { hostKeyOf } from "../key/host-key.ts";
import type { HostKey } from "../key/host-key.ts";
import { decodeOpensshKey } from "./openssh-file.ts";
import { passphraseOf, wrongPassphrase } from "./passphrase.ts";
import type { UnlockOptions } from "./passphrase.ts";
import { checkPkcs8Lock } from "./pkcs8-lock.ts";

/** No private key file is longer: RSA of 16384 bits has 13 KiB. */
const MAX_FILE_LENGTH = 65536;

/**
 * Reads a private key: a file in OpenSSH's own format, or PEM of the kinds PKCS#8 (`PRIVATE KEY`, `ENCRYPTED PRIVATE
 * KEY`), SEC1 (`EC PRIVATE KEY`) and PKCS#1 (`RSA PRIVATE KEY`). One that is locked takes as long to open as whoever
 * locked it has chosen: a fifth of a second as ssh-keygen does it by default, 23 s at most in OpenSSH's format and ten in
 * PKCS#8.
 *
 * @throws {KeyError} that says what the file is instead, or why it does not open, and what to do about it.
 */
export function parsePrivateKey(file: Uint8Array | string, options: UnlockOptions = {}): HostKey {
  if (file.length > MAX_FILE_LENGTH) {
    throw new KeyError("KEY_MALFORMED", `a private key file has more than ${MAX_FILE_LENGTH} bytes`);
  }
  const text = typeof file === "string" ? file : Buffer.from(file).toString("latin1");
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  const kind = label === undefined ? undefined : kinds.get(label);
  if (kind === undefined) throw notPrivate(text);
  try {
    return hostKeyOf(kind(text, options));
  } catch (error) {
    if (error instanceof KeyError) throw error;
    const why = error instanceof ProtocolError ? `: ${error.message}` : "";
    throw new KeyError("KEY_MALFORMED", `a private key file (${label}) is damaged${why}`, undefined, { cause: error });
  }
}

type Decode = (text: string, options: UnlockOptions) => KeyObject;

const pem: Decode = (text, options) => {
  // RFC 1421 §4.6.1.1, as PKCS#1 and SEC1 files say that they are encrypted.
  if (/^Proc-Type: 4,ENCRYPTED/m.test(text)) return lockedPem(text, options);
  return createPrivateKey({ key: text, format: "pem" });
};

const lockedPem: Decode = (text, options) => {
  const passphrase = Buffer.from(passphraseOf(options));
  checkPkcs8Lock(text);
  try {
    return createPrivateKey({ key: text, format: "pem", passphrase });
  } catch (error) {
    // Noise that happens to be padded rightly makes OpenSSL complain of something else: it may all be the passphrase.
    throw wrongPassphrase({ cause: error });
  }
};

/** What to do with a file, by the label of its first PEM block. */
const kinds: ReadonlyMap<string, Decode> = new Map([
  ["OPENSSH PRIVATE KEY", decodeOpensshText],
  ["PRIVATE KEY", pem],
  ["EC PRIVATE KEY", pem],
  ["RSA PRIVATE KEY", pem],
  ["ENCRYPTED PRIVATE KEY", lockedPem],
]);

function decodeOpensshText(text: string, options: UnlockOptions): KeyObject {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END OPENSSH PRIVATE KEY-----/.exec(text);
  if (body === null) throw new KeyError("KEY_MALFORMED", "an OpenSSH private key file is cut short or not Base64");
  const bytes = Buffer.from(body[1]!, "base64");
  try {
    return decodeOpensshKey(bytes, options);
  } finally {
    bytes.fill(0);
  }
}

function notPrivate(text: string): KeyError {
  if (text.startsWith("PuTTY-User-Key-File-")) {
    const remedy = "convert it with `puttygen FILE -O private-openssh-new -o NEWFILE`";
    return new KeyError("KEY_MALFORMED", "a private key file is in PuTTY's format", remedy);
  }
  if (/^(ssh|ecdsa|sk)-[a-z0-9@.-]+ AAAA/.test(text)) {
    const remedy = "give the file without .pub at the end of its name";
    return new KeyError("KEY_MALFORMED", "a public key stands where a private key was expected", remedy);
  }
  const remedy = "make one with `ssh-keygen -t ed25519 -f FILE -N ''`";
  return new KeyError("KEY_MALFORMED", "a file is no private key in OpenSSH, PKCS#8, SEC1 or PKCS#1 format", remedy);
}
