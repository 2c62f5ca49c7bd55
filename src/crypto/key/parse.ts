import { ProtocolError, Reader } from "../../wire/index.ts";
import { readCertificate } from "./certificate.ts";
import { KeyError } from "./error.ts";
import { PlainKey } from "./plain-key.ts";
import type { PublicKey } from "./public-key.ts";
import { certifiedTypes, keyTypes } from "./table.ts";

/**
 * Reads a public key or certificate blob (RFC 4253 §6.6, OpenSSH PROTOCOL.certkeys) whole; the key keeps no view into it.
 *
 * @throws {KeyError} when the type is unknown, the fields are not those of the type, bytes follow, the key is not to
 * be used (an RSA key below 2048 or above 8192 bits, a point that is not on its curve), or a certificate is not signed
 * by the CA that it names, is over 8 KiB, or has more than 256 principals or 32 options of a kind.
 */
export function parsePublicKeyBlob(blob: Uint8Array): PublicKey {
  const from = new Reader(blob);
  try {
    const name = from.name();
    const certifiedRow = certifiedTypes.get(name);
    if (certifiedRow !== undefined) return readCertificate(certifiedRow, from, blob);
    const row = keyTypes.get(name);
    if (row === undefined) {
      throw new KeyError("KEY_TYPE_UNKNOWN", "a public key is of a type that is not supported", supportedTypes());
    }
    const fields = row.readPublic(from);
    from.end();
    return new PlainKey(row, fields, new Uint8Array(blob));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new KeyError("KEY_MALFORMED", `a public key is malformed: ${error.message}`);
  }
}

/**
 * Reads the one line of a `.pub` file: type, Base64, and a comment that is passed over. Empty lines and lines that
 * begin with `#` are too.
 *
 * @throws {KeyError} when there is not exactly one key, or as {@link parsePublicKeyBlob} does.
 */
export function parsePublicKey(line: string): PublicKey {
  const lines = line
    .split("\n")
    .map((text) => text.trim())
    .filter((text) => text !== "" && !text.startsWith("#"));
  if (lines.length !== 1) {
    throw new KeyError("KEY_MALFORMED", `${lines.length} lines where one public key was expected`, PUBLIC_LINE);
  }
  const [type = "", base64 = ""] = lines[0]!.split(/[ \t]+/, 2);
  const blob = Buffer.from(base64, "base64");
  // Buffer.from passes over what is not Base64: what it read has to be all that there was.
  if (base64 === "" || blob.toString("base64") !== base64) {
    throw new KeyError("KEY_MALFORMED", "a public key line is not a type and Base64", PUBLIC_LINE);
  }
  const key = parsePublicKeyBlob(blob);
  if (key.type !== type) {
    throw new KeyError("KEY_MISMATCH", `a public key line names another type than the ${key.type} in its Base64`);
  }
  return key;
}

const PUBLIC_LINE = 'it reads "ssh-ed25519 AAAA… comment", as ssh-keygen writes it into the .pub file';

function supportedTypes(): string {
  return `the types are ${[...keyTypes.keys()].join(", ")}`;
}
