import { Reader, Writer } from "../../src/wire/index.ts";

/** Whoever signs a certificate. */
export interface Signer {
  readonly blob: Uint8Array;
  /** The signature blob over `data`. */
  sign(data: Uint8Array): Uint8Array;
}

/** What a CA writes into a certificate; a field of bytes goes in as it is. */
export interface CertificateFields {
  readonly nonce?: Uint8Array;
  readonly serial?: bigint;
  /** 1 for a user, 2 for a host. */
  readonly type?: number;
  readonly keyId?: string | Uint8Array;
  readonly principals?: readonly string[] | Uint8Array;
  /** In seconds since 1970; for ever unless told. */
  readonly validAfter?: bigint;
  readonly validBefore?: bigint;
  /** Names with the text in them; "" is an option without any. */
  readonly criticalOptions?: Readonly<Record<string, string>> | Uint8Array;
  readonly extensions?: Readonly<Record<string, string>> | Uint8Array;
  readonly reserved?: Uint8Array;
  /** The CA's key as the certificate names it; the signer's own unless told. */
  readonly signatureKey?: Uint8Array;
}

/** Makes the certificate blob of a plain public key blob, as OpenSSH PROTOCOL.certkeys has it. */
export function certify(key: Uint8Array, ca: Signer, fields: CertificateFields = {}): Uint8Array {
  const from = new Reader(key);
  const name = from.name().replace("@openssh.com", "");
  const { principals = ["ada"], keyId = "a key" } = fields;
  const to = new Writer(2048)
    .utf8(`${name}-cert-v01@openssh.com`)
    .string(fields.nonce ?? new Uint8Array(32).fill(7))
    .bytes(from.rest())
    .uint64(fields.serial ?? 1n)
    .uint32(fields.type ?? 1)
    .string(Buffer.from(keyId))
    .string(principals instanceof Uint8Array ? principals : strings(principals))
    .uint64(fields.validAfter ?? 0n)
    .uint64(fields.validBefore ?? 0xffff_ffff_ffff_ffffn)
    .string(options(fields.criticalOptions))
    .string(options(fields.extensions))
    .string(fields.reserved ?? new Uint8Array(0))
    .string(fields.signatureKey ?? ca.blob);
  const signed = Buffer.from(to.finish());
  return new Writer(2 * signed.length).bytes(signed).string(ca.sign(signed)).finish();
}

/** Strings one after the other. */
export function strings(texts: readonly string[]): Uint8Array {
  const to = new Writer();
  for (const text of texts) to.utf8(text);
  return to.finish();
}

function options(given: CertificateFields["extensions"] = {}): Uint8Array {
  if (given instanceof Uint8Array) return given;
  const to = new Writer();
  for (const [name, text] of Object.entries(given))
    to.utf8(name).string(text === "" ? new Uint8Array(0) : strings([text]));
  return to.finish();
}
