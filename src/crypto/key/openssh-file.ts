import { randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Reader, Writer } from "../../wire/index.ts";
import { KeyError } from "./error.ts";
import { publicBlobOf } from "./host-key.ts";
import type { KeyType } from "./key-type.ts";
import { keyTypes } from "./table.ts";

// OpenSSH PROTOCOL.key: the format of the files that ssh-keygen writes.

const MAGIC: Uint8Array = Buffer.from("openssh-key-v1\0", "latin1");
/** The block size of the cipher "none": what the private section is padded to a multiple of. */
const BLOCK_LENGTH = 8;
const LINE_LENGTH = 70;

/**
 * Reads the one key of a decoded file; `undefined` when it is encrypted.
 *
 * @throws {KeyError} when it is of another form, and ProtocolError when a field is cut short.
 */
export function decodeOpensshKey(bytes: Uint8Array): KeyObject | undefined {
  const from = new Reader(bytes);
  if (Buffer.compare(from.bytes(Math.min(MAGIC.length, from.left)), MAGIC) !== 0) {
    throw malformed("it does not begin with openssh-key-v1");
  }
  const cipher = from.name();
  const kdf = from.name();
  const kdfOptions = from.string();
  if (cipher !== "none") return undefined;
  if (kdf !== "none" || kdfOptions.length !== 0) throw malformed("it has a key derivation but no encryption");
  const count = from.uint32();
  if (count !== 1) throw malformed(`it has ${count} keys instead of one`);
  const publicBlob = from.string();
  const section = from.string();
  from.end();
  return decodePrivateSection(section, publicBlob);
}

/** Makes the text of an unencrypted file. */
export function encodeOpensshKey(row: KeyType, key: KeyObject, comment: string): string {
  const section = encodePrivateSection(row, key, comment);
  const bytes = new Writer(256 + 2 * section.length)
    .bytes(MAGIC)
    .utf8("none")
    .utf8("none")
    .utf8("")
    .uint32(1)
    .string(publicBlobOf(row, key))
    .string(section)
    .finish();
  const base64 = Buffer.from(bytes).toString("base64");
  section.fill(0);
  bytes.fill(0);
  const lines = base64.match(new RegExp(`.{1,${LINE_LENGTH}}`, "g"))!;
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function decodePrivateSection(section: Uint8Array, publicBlob: Uint8Array): KeyObject {
  if (section.length % BLOCK_LENGTH !== 0) throw malformed("its private section is not padded to 8 bytes");
  const from = new Reader(section);
  // Equal numbers tell that the section was decrypted rightly; here, that it was not damaged.
  if (from.uint32() !== from.uint32()) throw malformed("its two check numbers differ");
  const row = keyTypes.get(from.name());
  if (row === undefined) {
    throw new KeyError(
      "KEY_TYPE_UNKNOWN",
      "an OpenSSH private key file holds a type of key that is not supported",
      `the types are ${[...keyTypes.keys()].join(", ")}`,
    );
  }
  const key = row.readPrivate(from);
  from.string();
  const padding = from.rest();
  if (padding.length >= BLOCK_LENGTH || padding.some((byte, at) => byte !== at + 1)) {
    throw malformed("its padding is not 1, 2, 3 …");
  }
  if (Buffer.compare(publicBlobOf(row, key), publicBlob) !== 0) {
    throw new KeyError("KEY_MISMATCH", "an OpenSSH private key file holds a private and a public key of two pairs");
  }
  return key;
}

function encodePrivateSection(row: KeyType, key: KeyObject, comment: string): Uint8Array {
  const check = randomBytes(4);
  const to = new Writer(4096).bytes(check).bytes(check).utf8(row.name);
  row.writePrivate(to, key);
  const fields = to.utf8(comment).finish();
  const padding = Uint8Array.of(1, 2, 3, 4, 5, 6, 7).subarray(
    0,
    (BLOCK_LENGTH - (fields.length % BLOCK_LENGTH)) % BLOCK_LENGTH,
  );
  const section = Buffer.concat([fields, padding]);
  fields.fill(0);
  return section;
}

function malformed(what: string): KeyError {
  return new KeyError("KEY_MALFORMED", `an OpenSSH private key file is damaged: ${what}`);
}
