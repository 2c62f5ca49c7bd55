import { createCipheriv, createDecipheriv, createSecretKey, timingSafeEqual } from "node:crypto";
import type { Cipheriv, Decipheriv } from "node:crypto";
import type { Cipher, Opener, Sealer } from "./cipher.ts";
import { release } from "../../wire/index.ts";
import { integrityFailure } from "./integrity.ts";
import { KeyedMac } from "./mac.ts";
import type { Mac } from "./mac.ts";

type CtrName = "aes-128-ctr" | "aes-192-ctr" | "aes-256-ctr";

const LENGTH_BYTES = 4;
const BLOCK_LENGTH = 16;

/**
 * AES in counter mode (RFC 4344 §4) with a MAC of its own; the key stream runs on from packet to packet. The MAC says
 * which form a packet has: encrypt-and-MAC (RFC 4253 §6.4) or encrypt-then-MAC (OpenSSH PROTOCOL 1.7).
 */
export function ctr(name: string, nodeName: CtrName, keyLength: number): Cipher {
  return {
    name,
    keyLength,
    ivLength: BLOCK_LENGTH,
    aead: false,
    sealer(key, iv, mac, macKey) {
      if (mac === undefined) throw new TypeError(`${name} needs a MAC`);
      const cipher = createCipheriv(nodeName, createSecretKey(key), iv);
      const keyed = takeKeys(key, iv, mac, macKey);
      return mac.etm ? new EtmSealer(cipher, keyed, mac.length) : new MacSealer(cipher, keyed, mac.length);
    },
    opener(key, iv, mac, macKey) {
      if (mac === undefined) throw new TypeError(`${name} needs a MAC`);
      const decipher = createDecipheriv(nodeName, createSecretKey(key), iv);
      const keyed = takeKeys(key, iv, mac, macKey);
      return mac.etm ? new EtmOpener(decipher, keyed, mac.length) : new MacOpener(decipher, keyed, mac.length);
    },
  };
}

function takeKeys(key: Uint8Array, iv: Uint8Array, mac: Mac, macKey: Uint8Array): KeyedMac {
  const keyed = new KeyedMac(mac, macKey);
  for (const used of [key, iv, macKey]) used.fill(0);
  return keyed;
}

/** Encrypt-and-MAC: everything is encrypted, packet_length too; the MAC is over the plaintext. */
class MacSealer implements Sealer {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number;
  readonly clearLength: boolean = false;
  private readonly cipher: Cipheriv;
  private readonly mac: KeyedMac;

  constructor(cipher: Cipheriv, mac: KeyedMac, trailerLength: number) {
    this.cipher = cipher;
    this.mac = mac;
    this.trailerLength = trailerLength;
  }

  seal(packet: Uint8Array, sequence: number): void {
    const end = packet.length - this.trailerLength;
    const plain = packet.subarray(0, end);
    packet.set(this.mac.code(sequence, plain), end);
    const sealed = this.cipher.update(plain);
    packet.set(sealed);
    release(sealed);
  }
}

class MacOpener implements Opener {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number;
  readonly clearLength: boolean = false;
  readonly headLength: number = BLOCK_LENGTH;
  private readonly decipher: Decipheriv;
  private readonly mac: KeyedMac;
  /** The first block of the packet under way: the key stream behind it is spent and cannot be asked for again. */
  private head: Buffer | undefined;

  constructor(decipher: Decipheriv, mac: KeyedMac, trailerLength: number) {
    this.decipher = decipher;
    this.mac = mac;
    this.trailerLength = trailerLength;
  }

  packetLength(head: Uint8Array): number {
    this.head = this.decipher.update(head.subarray(0, BLOCK_LENGTH));
    return this.head.readUInt32BE(0);
  }

  open(packet: Uint8Array, sequence: number): Uint8Array {
    const { head } = this;
    if (head === undefined) throw new Error("packetLength() comes before open()");
    this.head = undefined;
    const end = packet.length - this.trailerLength;
    if (end < BLOCK_LENGTH) throw integrityFailure();
    const plain = Buffer.allocUnsafeSlow(end);
    plain.set(head);
    const opened = this.decipher.update(packet.subarray(BLOCK_LENGTH, end));
    plain.set(opened, BLOCK_LENGTH);
    release(opened);
    if (!timingSafeEqual(this.mac.code(sequence, plain), packet.subarray(end))) throw integrityFailure();
    return plain.subarray(LENGTH_BYTES);
  }
}

/** Encrypt-then-MAC: packet_length stays clear; the MAC is over it and the ciphertext. */
class EtmSealer implements Sealer {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number;
  readonly clearLength: boolean = true;
  private readonly cipher: Cipheriv;
  private readonly mac: KeyedMac;

  constructor(cipher: Cipheriv, mac: KeyedMac, trailerLength: number) {
    this.cipher = cipher;
    this.mac = mac;
    this.trailerLength = trailerLength;
  }

  seal(packet: Uint8Array, sequence: number): void {
    const end = packet.length - this.trailerLength;
    const sealed = this.cipher.update(packet.subarray(LENGTH_BYTES, end));
    packet.set(sealed, LENGTH_BYTES);
    release(sealed);
    packet.set(this.mac.code(sequence, packet.subarray(0, end)), end);
  }
}

class EtmOpener implements Opener {
  readonly blockLength: number = BLOCK_LENGTH;
  readonly trailerLength: number;
  readonly clearLength: boolean = true;
  readonly headLength: number = LENGTH_BYTES;
  private readonly decipher: Decipheriv;
  private readonly mac: KeyedMac;

  constructor(decipher: Decipheriv, mac: KeyedMac, trailerLength: number) {
    this.decipher = decipher;
    this.mac = mac;
    this.trailerLength = trailerLength;
  }

  packetLength(head: Uint8Array): number {
    return ((head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!) >>> 0;
  }

  open(packet: Uint8Array, sequence: number): Uint8Array {
    const end = packet.length - this.trailerLength;
    if (end < LENGTH_BYTES + BLOCK_LENGTH) throw integrityFailure();
    const code = this.mac.code(sequence, packet.subarray(0, end));
    if (!timingSafeEqual(code, packet.subarray(end))) throw integrityFailure();
    return this.decipher.update(packet.subarray(LENGTH_BYTES, end));
  }
}
