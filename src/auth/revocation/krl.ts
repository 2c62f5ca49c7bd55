import type { OfferedCertificate } from "../../server/index.ts";
import { brokenList, Cursor } from "./cursor.ts";
import { RevokedKeys } from "./revoked-keys.ts";
import type { RevocationList } from "./revoked-keys.ts";
import { Serials } from "./serials.ts";

/** What a binary revocation list begins with. */
export const KRL_MAGIC: Buffer = Buffer.from("SSHKRL\n\0", "latin1");
const VERSION = 1;

/** What is revoked of one CA, or of every one. */
interface RevokedOfCa {
  readonly serials: Serials;
  readonly keyIds: Set<string>;
}

/** A list as it gathers. The CA is told apart by its blob in Base64; the empty name stands for all of them. */
interface Draft {
  readonly keys: RevokedKeys;
  readonly cas: Map<string, RevokedOfCa>;
}

type ReadSection = (from: Cursor, draft: Draft) => void;
type ReadCertificates = (from: Cursor, of: RevokedOfCa) => void;

/** Every kind of section (OpenSSH PROTOCOL.krl §2). */
const sections: ReadonlyMap<number, ReadSection> = new Map<number, ReadSection>([
  [1, readCertificates],
  [2, (from, { keys }) => each(from, () => keys.addBlob(from.string()))],
  [3, (from, { keys }) => each(from, () => keys.addHash("sha1", from.string()))],
  [
    4,
    () => {
      throw brokenList("it is signed, and signatures of lists are not verified here: give the list without one");
    },
  ],
  [5, (from, { keys }) => each(from, () => keys.addHash("sha256", from.string()))],
  [255, readExtension],
]);

/** Every kind of subsection on certificates (§2.1). */
const certificateSections: ReadonlyMap<number, ReadCertificates> = new Map<number, ReadCertificates>([
  [
    0x20,
    (from, { serials }) =>
      each(from, () => {
        const serial = from.uint64();
        serials.addRange(serial, serial);
      }),
  ],
  [0x21, (from, { serials }) => serials.addRange(from.uint64(), from.uint64())],
  [0x22, (from, { serials }) => serials.addBitmap(from.uint64(), positive(from.string()))],
  [0x23, (from, { keyIds }) => each(from, () => keyIds.add(from.string().toString("latin1")))],
  [0x39, readExtension],
]);

/**
 * Reads a Key Revocation List as `ssh-keygen -k` writes it (OpenSSH PROTOCOL.krl), whole or not at all.
 *
 * @throws {AuthError} `BAD_REVOCATIONS` when a byte of it is not understood: what it says may be just what matters.
 */
export function parseKrl(bytes: Uint8Array): RevocationList {
  const from = new Cursor(bytes);
  if (from.uint64() !== KRL_MAGIC.readBigUInt64BE()) throw brokenList("it does not begin as one");
  const version = from.uint32();
  if (version !== VERSION)
    throw brokenList(`its format is version ${version}, and ${VERSION} is the one that is known`);
  from.uint64(); // The number of the list, which grows with each edition.
  from.uint64(); // When it was made.
  from.uint64(); // Flags: none is defined.
  from.string(); // Reserved.
  from.string(); // A comment.
  const draft: Draft = { keys: new RevokedKeys(), cas: new Map() };
  while (!from.atEnd) {
    const type = from.byte();
    const read = sections.get(type);
    if (read === undefined) throw brokenList(`it has a section of the unknown type ${type}`);
    const section = from.section();
    read(section, draft);
    if (!section.atEnd) throw brokenList(`a section of type ${type} has bytes behind its last field`);
  }
  return new Krl(draft);
}

class Krl implements RevocationList {
  readonly #keys: RevokedKeys;
  readonly #cas: ReadonlyMap<string, RevokedOfCa>;

  constructor({ keys, cas }: Draft) {
    this.#keys = keys;
    this.#cas = cas;
  }

  hasKey(blob: Uint8Array): boolean {
    return this.#keys.hasKey(blob);
  }

  hasCertificate(certificate: OfferedCertificate): boolean {
    const ofCa = this.#cas.get(Buffer.from(certificate.signatureKey.blob).toString("base64"));
    return [ofCa, this.#cas.get("")].some(
      (revoked) => revoked !== undefined && (hasKeyId(revoked, certificate) || revoked.serials.has(certificate.serial)),
    );
  }
}

/** Byte for byte: a key id that is not UTF-8 is an id all the same. */
function hasKeyId({ keyIds }: RevokedOfCa, { keyId }: OfferedCertificate): boolean {
  return keyIds.has(Buffer.from(keyId).toString("latin1"));
}

function readCertificates(from: Cursor, { cas }: Draft): void {
  const ca = from.string().toString("base64");
  from.string(); // Reserved.
  const revoked = cas.get(ca) ?? { serials: new Serials(), keyIds: new Set() };
  cas.set(ca, revoked);
  while (!from.atEnd) {
    const type = from.byte();
    const read = certificateSections.get(type);
    if (read === undefined) throw brokenList(`it has a subsection on certificates of the unknown type ${type}`);
    const section = from.section();
    read(section, revoked);
    if (!section.atEnd) throw brokenList(`a subsection of type ${type} has bytes behind its last field`);
  }
}

/** None is known: one that is critical cannot be done without, any other can. */
function readExtension(from: Cursor): void {
  from.string(); // Its name.
  const isCritical = from.byte() !== 0;
  from.string(); // Its contents.
  if (isCritical) throw brokenList("it has a critical extension that is unknown");
}

function each(from: Cursor, read: () => void): void {
  while (!from.atEnd) read();
}

/** The magnitude of an mpint (RFC 4251 §5), which a bitmap is written as. */
function positive(mpint: Uint8Array): Uint8Array {
  if (mpint.length > 0 && mpint[0]! & 0x80) throw brokenList("a bitmap of serial numbers is negative");
  return mpint;
}
