import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** One message authentication code. */
export interface Mac {
  readonly name: string;
  readonly hash: "sha256" | "sha512";
  readonly keyLength: number;
  /** Bytes of the code behind each packet. */
  readonly length: number;
  /** Encrypt-then-MAC (OpenSSH PROTOCOL 1.7): over the clear length and the ciphertext, not over the plaintext. */
  readonly etm: boolean;
}

// RFC 6668 §2; in the order of OpenSSH: encrypt-then-MAC first, since it decrypts nothing unverified.
const rows: readonly Mac[] = [
  { name: "hmac-sha2-256-etm@openssh.com", hash: "sha256", keyLength: 32, length: 32, etm: true },
  { name: "hmac-sha2-512-etm@openssh.com", hash: "sha512", keyLength: 64, length: 64, etm: true },
  { name: "hmac-sha2-256", hash: "sha256", keyLength: 32, length: 32, etm: false },
  { name: "hmac-sha2-512", hash: "sha512", keyLength: 64, length: 64, etm: false },
];

/** Every MAC by name, in order of preference. */
export const macAlgorithms: ReadonlyMap<string, Mac> = new Map(rows.map((row) => [row.name, row]));

/** A {@link Mac} with its key: computes codes over sequence number ‖ packet (RFC 4253 §6.4). */
export class KeyedMac {
  private readonly hash: string;
  private readonly key: KeyObject;
  private readonly sequence: Buffer = Buffer.alloc(4);

  constructor(mac: Mac, key: Uint8Array) {
    this.hash = mac.hash;
    // With the key as bytes each createHmac costs 9 µs more (11.0 against 2.0 for a short packet, Node 24.21).
    this.key = createSecretKey(key);
  }

  code(sequence: number, packet: Uint8Array): Buffer {
    this.sequence.writeUInt32BE(sequence, 0);
    return createHmac(this.hash, this.key).update(this.sequence).update(packet).digest();
  }
}
