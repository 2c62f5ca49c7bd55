import { AuthError } from "../error.ts";
import type { RevocationList } from "./revoked-keys.ts";
import { RevokedKeys } from "./revoked-keys.ts";
import { brokenList } from "./cursor.ts";

/**
 * Reads a plain list of revoked public keys, one a line as in `.pub` files; empty lines and lines with `#` in front are
 * passed over.
 *
 * @throws {AuthError} `BAD_REVOCATIONS`, with the number of the line, when a line is no key: it might have been the one
 * that matters. A key of a type or a size that is not supported is one all the same.
 */
export function parseKeyLines(bytes: Uint8Array): RevocationList {
  const keys = new RevokedKeys();
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1").split("\n");
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    try {
      keys.addBlob(blobOf(line));
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      throw new AuthError("BAD_REVOCATIONS", `line ${index + 1}: ${error.message}`);
    }
  }
  return keys;
}

/** The blob of a line whose Base64 is whole and begins with the type that the line names. */
function blobOf(line: string): Buffer {
  const [type = "", base64 = ""] = line.split(/[ \t]+/, 2);
  const blob = Buffer.from(base64, "base64");
  const isWhole = blob.length >= 4 && blob.toString("base64") === base64;
  const named = isWhole ? blob.subarray(4, 4 + blob.readUInt32BE()).toString("latin1") : "";
  if (named === "" || named !== type) throw brokenList("it is no public key");
  return blob;
}
