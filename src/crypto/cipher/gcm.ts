import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Cipher, Opener, Sealer } from "./cipher.ts";
import { release } from "../../wire/index.ts";
import { integrityFailure } from "./integrity.ts";

type GcmName = "aes-128-gcm" | "aes-256-gcm";

const LENGTH_BYTES = 4;
const BLOCK_LENGTH = 16;
const TAG_LENGTH = 16;
const IV_LENGTH = 12;
const FIXED_LENGTH = 4;
/** Without it a decipher would take a tag cut down to 4 bytes (Node DEP0182). It costs nothing. */
const OPTIONS = { authTagLength: TAG_LENGTH };

/** AES-GCM as OpenSSH PROTOCOL 1.6 uses RFC 5647: packet_length goes in the clear, as associated data. */
export function gcm(name: string, nodeName: GcmName, keyLength: number): Cipher {
  return {
    name,
    keyLength,
    ivLength: IV_LENGTH,
    aead: true,
    sealer: (key, iv) => new GcmSealer(nodeName, key, iv),
    opener: (key, iv) => new GcmOpener(nodeName, key, iv),
  };
}

/** The key and the nonce of the next packet. */
class GcmState {
  readonly name: GcmName;
  // As a key object: creating a cipher costs 1.0 µs a packet, with the key as bytes 10 µs (Node 24.21).
  readonly key: KeyObject;
  readonly nonce: Uint8Array;

  constructor(name: GcmName, key: Uint8Array, iv: Uint8Array) {
    this.name = name;
    this.key = createSecretKey(key);
    this.nonce = Uint8Array.from(iv);
    key.fill(0);
    iv.fill(0);
  }

  /** RFC 5647 §7.1: 4 fixed bytes, then a counter of 8 bytes that grows by one a packet, modulo 2^64. */
  advance(): void {
    const nonce = this.nonce;
    for (let at = IV_LENGTH - 1; at >= FIXED_LENGTH; at--) {
      const next = (nonce[at]! + 1) & 0xff;
      nonce[at] = next;
      if (next !== 0) return;
    }
  }
}

class GcmSealer implements Sealer {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number = TAG_LENGTH;
  readonly clearLength: boolean = true;
  private readonly state: GcmState;

  constructor(name: GcmName, key: Uint8Array, iv: Uint8Array) {
    this.state = new GcmState(name, key, iv);
  }

  seal(packet: Uint8Array): void {
    const { name, key, nonce } = this.state;
    const end = packet.length - TAG_LENGTH;
    const cipher = createCipheriv(name, key, nonce, OPTIONS);
    this.state.advance();
    cipher.setAAD(packet.subarray(0, LENGTH_BYTES));
    const sealed = cipher.update(packet.subarray(LENGTH_BYTES, end));
    packet.set(sealed, LENGTH_BYTES);
    release(sealed);
    cipher.final();
    packet.set(cipher.getAuthTag(), end);
  }
}

class GcmOpener implements Opener {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number = TAG_LENGTH;
  readonly clearLength: boolean = true;
  readonly headLength: number = LENGTH_BYTES;
  private readonly state: GcmState;

  constructor(name: GcmName, key: Uint8Array, iv: Uint8Array) {
    this.state = new GcmState(name, key, iv);
  }

  packetLength(head: Uint8Array): number {
    return ((head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!) >>> 0;
  }

  open(packet: Uint8Array): Uint8Array {
    const { name, key, nonce } = this.state;
    const end = packet.length - TAG_LENGTH;
    if (end < LENGTH_BYTES) throw integrityFailure();
    const decipher = createDecipheriv(name, key, nonce, OPTIONS);
    this.state.advance();
    decipher.setAAD(packet.subarray(0, LENGTH_BYTES));
    decipher.setAuthTag(packet.subarray(end));
    const content = decipher.update(packet.subarray(LENGTH_BYTES, end));
    try {
      decipher.final();
    } catch {
      // The tag does not fit: what was decrypted stays here.
      throw integrityFailure();
    }
    return content;
  }
}
