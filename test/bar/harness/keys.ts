import { Reader } from "../../../src/wire/index.ts";
import { certify } from "../../client/index.ts";
import type { CertificateFields, ClientKey } from "../../client/index.ts";

/** A line of authorized_keys. */
export function keyLine({ blob }: { readonly blob: Uint8Array }, options = ""): string {
  return `${options} ${new Reader(blob).name()} ${Buffer.from(blob).toString("base64")}\n`;
}

/** The key with a certificate that `authority` has made for it. */
export function certified(key: ClientKey, authority: ClientKey, fields: CertificateFields = {}): ClientKey {
  const blob = certify(key.blob, authority, fields);
  return { algorithm: new Reader(blob).name(), blob, sign: (data) => key.sign(data) };
}
