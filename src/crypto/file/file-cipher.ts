import { createCipheriv, createDecipheriv } from "node:crypto";
import type { CipherGCMTypes } from "node:crypto";

/** A cipher that key files are locked with: a whole private section at once. */
export interface FileCipher {
  readonly name: string;
  readonly keyLength: number;
  readonly ivLength: number;
  /** What a section is padded to a multiple of. */
  readonly blockLength: number;
  /** Bytes behind the section by which it authenticates; 0 where it does not. */
  readonly tagLength: number;
  /** @throws when the tag is another's; nothing else can go wrong with lengths that fit. */
  open(key: Uint8Array, iv: Uint8Array, section: Uint8Array, tag: Uint8Array): Uint8Array;
  seal(key: Uint8Array, iv: Uint8Array, section: Uint8Array): { section: Uint8Array; tag: Uint8Array };
}

const BLOCK_LENGTH = 16;
const TAG_LENGTH = 16;

/** What ssh-keygen locks new files with, as we do. */
export const aes256Ctr: FileCipher = unauthenticated("aes256-ctr", "aes-256-ctr", 32);

// CBC was ssh-keygen's own choice until OpenSSH 7.6. At rest, and opened by the owner alone, it has none of the faults
// that keep it off the wire. chacha20-poly1305@openssh.com node:crypto does not have.
const rows: readonly FileCipher[] = [
  aes256Ctr,
  unauthenticated("aes192-ctr", "aes-192-ctr", 24),
  unauthenticated("aes128-ctr", "aes-128-ctr", 16),
  authenticated("aes256-gcm@openssh.com", "aes-256-gcm", 32),
  authenticated("aes128-gcm@openssh.com", "aes-128-gcm", 16),
  unauthenticated("aes256-cbc", "aes-256-cbc", 32),
  unauthenticated("aes192-cbc", "aes-192-cbc", 24),
  unauthenticated("aes128-cbc", "aes-128-cbc", 16),
];

/** Every cipher of key files by its name in them. */
export const fileCiphers: ReadonlyMap<string, FileCipher> = new Map(rows.map((row) => [row.name, row]));

function unauthenticated(name: string, nodeName: string, keyLength: number): FileCipher {
  return {
    name,
    keyLength,
    ivLength: BLOCK_LENGTH,
    blockLength: BLOCK_LENGTH,
    tagLength: 0,
    // The blocks are whole, so what `final` would give is the padding that is not there.
    open: (key, iv, section) => createDecipheriv(nodeName, key, iv).setAutoPadding(false).update(section),
    seal: (key, iv, section) => ({
      section: createCipheriv(nodeName, key, iv).setAutoPadding(false).update(section),
      tag: new Uint8Array(0),
    }),
  };
}

function authenticated(name: string, nodeName: CipherGCMTypes, keyLength: number): FileCipher {
  return {
    name,
    keyLength,
    ivLength: 12,
    blockLength: BLOCK_LENGTH,
    tagLength: TAG_LENGTH,
    open(key, iv, section, tag) {
      const decipher = createDecipheriv(nodeName, key, iv, { authTagLength: TAG_LENGTH });
      const opened = decipher.update(section);
      decipher.setAuthTag(tag).final();
      return opened;
    },
    seal(key, iv, section) {
      const cipher = createCipheriv(nodeName, key, iv, { authTagLength: TAG_LENGTH });
      const sealed = cipher.update(section);
      cipher.final();
      return { section: sealed, tag: cipher.getAuthTag() };
    },
  };
}
