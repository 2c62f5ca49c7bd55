import { randomBytes } from "node:crypto";
import { Reader, Writer } from "../../wire/index.ts";
import { KeyError } from "../key/error.ts";
import { aes256Ctr, fileCiphers } from "./file-cipher.ts";
import type { FileCipher } from "./file-cipher.ts";

// OpenSSH PROTOCOL.key: how the private section of a file is locked with a passphrase.

/**
 * bcrypt_pbkdf, the key derivation of OpenSSH's key files: `length` bytes of a passphrase, which is never empty, and a
 * salt. node:crypto does not have it.
 */
export type BcryptPbkdf = (passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number) => Uint8Array;

/** The secret that a file is locked with, and the function that makes a key of it. */
export interface Secret {
  readonly passphrase: Uint8Array;
  readonly bcrypt: BcryptPbkdf;
}

/** What a file says in front of its keys. */
export interface LockFields {
  readonly cipher: string;
  readonly kdf: string;
  readonly kdfOptions: Uint8Array;
}

/** A lock that has been read and is known, but not opened. */
export interface Lock {
  readonly cipher: FileCipher;
  readonly salt: Uint8Array;
  readonly rounds: number;
}

const KDF = "bcrypt";
const SALT_LENGTH = 16;
const MAX_SALT_LENGTH = 64;
/** One round takes about 11 ms in JavaScript, so this many take 23 s. `ssh-keygen -a` has 16 or 24 as its default. */
export const MAX_ROUNDS = 2048;

/**
 * Reads the fields of a lock.
 *
 * @throws {KeyError} when it is of another kind than ssh-keygen makes, and ProtocolError when a field is cut short.
 */
export function readLock({ cipher: name, kdf, kdfOptions }: LockFields): Lock {
  const cipher = fileCiphers.get(name);
  if (cipher === undefined || kdf !== KDF) {
    throw new KeyError(
      "KEY_ENCRYPTED",
      "a private key file is locked by a cipher or key derivation that is not supported",
      "lock it anew with `ssh-keygen -p -Z aes256-ctr -f FILE`",
    );
  }
  const from = new Reader(kdfOptions);
  const salt = from.string();
  const rounds = from.uint32();
  from.end();
  if (salt.length === 0 || salt.length > MAX_SALT_LENGTH) {
    throw new KeyError("KEY_MALFORMED", `a private key file has a salt of ${salt.length} bytes, not of 1 to 64`);
  }
  if (rounds === 0 || rounds > MAX_ROUNDS) {
    throw new KeyError(
      "KEY_REFUSED",
      `a private key file is locked with ${rounds} rounds of bcrypt, not with 1 to ${MAX_ROUNDS}`,
      "lock it anew with `ssh-keygen -p -a 100 -f FILE`",
    );
  }
  return { cipher, salt, rounds };
}

/**
 * Opens a private section; the result is for the caller to zero. With the wrong passphrase it is `undefined`, or noise
 * where the cipher does not authenticate.
 *
 * @throws {KeyError} when the section or its tag has a length that it cannot have.
 */
export function unlock(lock: Lock, secret: Secret, section: Uint8Array, tag: Uint8Array): Uint8Array | undefined {
  const { cipher } = lock;
  if (tag.length !== cipher.tagLength || section.length % cipher.blockLength !== 0) {
    throw new KeyError("KEY_MALFORMED", "a locked private key file is damaged: its private section is no whole one");
  }
  const key = keyOf(lock, secret);
  try {
    return cipher.open(key.subarray(0, cipher.keyLength), key.subarray(cipher.keyLength), section, tag);
  } catch {
    // The tag is another's: with lengths that fit, node:crypto has no other complaint.
    return undefined;
  } finally {
    key.fill(0);
  }
}

/** Makes a lock for a new file. */
export function newLock(rounds: number): Lock {
  return { cipher: aes256Ctr, salt: randomBytes(SALT_LENGTH), rounds };
}

/** Locks a private section that is padded to whole blocks. */
export function seal(
  lock: Lock,
  secret: Secret,
  section: Uint8Array,
): { readonly fields: LockFields; readonly section: Uint8Array; readonly tag: Uint8Array } {
  const { cipher, salt, rounds } = lock;
  const key = keyOf(lock, secret);
  const sealed = cipher.seal(key.subarray(0, cipher.keyLength), key.subarray(cipher.keyLength), section);
  key.fill(0);
  const kdfOptions = new Writer(8 + salt.length).string(salt).uint32(rounds).finish();
  return { fields: { cipher: cipher.name, kdf: KDF, kdfOptions }, ...sealed };
}

/** The cipher's key and, behind it, its initial vector. */
function keyOf({ cipher, salt, rounds }: Lock, { passphrase, bcrypt }: Secret): Uint8Array {
  return bcrypt(passphrase, salt, rounds, cipher.keyLength + cipher.ivLength);
}
