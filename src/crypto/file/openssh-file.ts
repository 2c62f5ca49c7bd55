import { randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Reader, Writer } from "../../wire/index.ts";
import { KeyError } from "../key/error.ts";
import { publicBlobOf } from "../key/host-key.ts";
import type { SigningKeyType } from "../key/key-type.ts";
import { signingKeyTypes } from "../key/table.ts";
import { newLock, readLock, seal, unlock } from "./lock.ts";
import type { LockFields, Secret } from "./lock.ts";
import { secretOf, wrongPassphrase } from "./passphrase.ts";
import type { UnlockOptions } from "./passphrase.ts";

// OpenSSH PROTOCOL.key: the format of the files that ssh-keygen writes.

const MAGIC: Uint8Array = Buffer.from("openssh-key-v1\0", "latin1");
/** The block size of the cipher "none": what a private section that is not locked is padded to a multiple of. */
const CLEAR_BLOCK_LENGTH = 8;
/** Rounds of bcrypt in new files, as ssh-keygen has had them since OpenSSH 9.4; they take a quarter of a second. */
const DEFAULT_ROUNDS = 24;
/** Two numbers in front of a private section that are random, and the same. */
const CHECK_LENGTH = 8;
const LINE_LENGTH = 70;

/** How a new file is locked. */
export interface SealOptions extends Secret {
  readonly rounds?: number | undefined;
}

/**
 * Reads the one key of a decoded file.
 *
 * @throws {KeyError} when it is of another form, or its lock does not open; ProtocolError when a field is cut short.
 */
export function decodeOpensshKey(bytes: Uint8Array, options: UnlockOptions): KeyObject {
  const from = new Reader(bytes);
  if (Buffer.compare(from.bytes(Math.min(MAGIC.length, from.left)), MAGIC) !== 0) {
    throw malformed("it does not begin with openssh-key-v1");
  }
  const fields = { cipher: from.name(), kdf: from.name(), kdfOptions: from.string() };
  const count = from.uint32();
  if (count !== 1) throw malformed(`it has ${count} keys instead of one`);
  const publicBlob = from.string();
  const section = from.string();

  if (fields.cipher === "none") {
    if (fields.kdf !== "none" || fields.kdfOptions.length !== 0) {
      throw malformed("it has a key derivation but no encryption");
    }
    from.end();
    // Equal numbers tell that a section was opened rightly; here, that it was not damaged.
    if (!isOpened(section)) throw malformed("its two check numbers differ");
    return decodePrivateSection(section, publicBlob, CLEAR_BLOCK_LENGTH);
  }
  const lock = readLock(fields);
  const opened = unlock(lock, secretOf(options), section, from.rest());
  if (opened === undefined) throw wrongPassphrase();
  try {
    if (!isOpened(opened)) throw wrongPassphrase();
    return decodePrivateSection(opened, publicBlob, lock.cipher.blockLength);
  } finally {
    opened.fill(0);
  }
}

/** Makes the text of a file, locked where there is a `secret`. */
export function encodeOpensshKey(row: SigningKeyType, key: KeyObject, comment: string, options?: SealOptions): string {
  const lock = options && newLock(options.rounds ?? DEFAULT_ROUNDS);
  const clear = encodePrivateSection(row, key, comment, lock?.cipher.blockLength ?? CLEAR_BLOCK_LENGTH);
  const { fields, section, tag } =
    lock === undefined || options === undefined
      ? { fields: NO_LOCK, section: clear, tag: new Uint8Array(0) }
      : seal(lock, options, clear);
  const bytes = new Writer(256 + 2 * section.length)
    .bytes(MAGIC)
    .utf8(fields.cipher)
    .utf8(fields.kdf)
    .string(fields.kdfOptions)
    .uint32(1)
    .string(publicBlobOf(row, key))
    .string(section)
    .bytes(tag)
    .finish();
  const base64 = Buffer.from(bytes).toString("base64");
  clear.fill(0);
  bytes.fill(0);
  const lines = base64.match(new RegExp(`.{1,${LINE_LENGTH}}`, "g"))!;
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

const NO_LOCK: LockFields = { cipher: "none", kdf: "none", kdfOptions: new Uint8Array(0) };

function isOpened(section: Uint8Array): boolean {
  const from = new Reader(section);
  return from.uint32() === from.uint32();
}

function decodePrivateSection(section: Uint8Array, publicBlob: Uint8Array, blockLength: number): KeyObject {
  if (section.length % blockLength !== 0) throw malformed(`its private section is not padded to ${blockLength} bytes`);
  const from = new Reader(section, CHECK_LENGTH);
  const row = signingKeyTypes.get(from.name());
  if (row === undefined) {
    throw new KeyError(
      "KEY_TYPE_UNKNOWN",
      "an OpenSSH private key file holds a type of key that is not supported",
      `the types are ${[...signingKeyTypes.keys()].join(", ")}`,
    );
  }
  const key = row.readPrivate(from);
  from.string();
  const padding = from.rest();
  if (padding.length >= blockLength || padding.some((byte, at) => byte !== at + 1)) {
    throw malformed("its padding is not 1, 2, 3 …");
  }
  if (Buffer.compare(publicBlobOf(row, key), publicBlob) !== 0) {
    throw new KeyError("KEY_MISMATCH", "an OpenSSH private key file holds a private and a public key of two pairs");
  }
  return key;
}

function encodePrivateSection(row: SigningKeyType, key: KeyObject, comment: string, blockLength: number): Uint8Array {
  const check = randomBytes(CHECK_LENGTH / 2);
  const to = new Writer(8192).bytes(check).bytes(check).utf8(row.name);
  row.writePrivate(to, key);
  const fields = to.utf8(comment).finish();
  const section = Buffer.alloc(Math.ceil(fields.length / blockLength) * blockLength);
  section.set(fields);
  for (let at = fields.length; at < section.length; at++) section[at] = at - fields.length + 1;
  fields.fill(0);
  return section;
}

function malformed(what: string): KeyError {
  return new KeyError("KEY_MALFORMED", `an OpenSSH private key file is damaged: ${what}`);
}
