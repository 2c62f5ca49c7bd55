import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { Cipheriv, Decipheriv } from "node:crypto";

/** One direction's algorithms and keys, straight from RFC 4253 §7.2. */
export interface DirectionKeys {
  readonly cipher: string;
  readonly mac: string;
  derive(letter: "iv" | "key" | "mac", length: number): Uint8Array;
}

interface CipherRow {
  readonly node: string;
  readonly keyLength: number;
  readonly ivLength: number;
}

const ciphers: Readonly<Record<string, CipherRow>> = {
  "aes128-gcm@openssh.com": { node: "aes-128-gcm", keyLength: 16, ivLength: 12 },
  "aes256-gcm@openssh.com": { node: "aes-256-gcm", keyLength: 32, ivLength: 12 },
  "aes128-ctr": { node: "aes-128-ctr", keyLength: 16, ivLength: 16 },
  "aes192-ctr": { node: "aes-192-ctr", keyLength: 24, ivLength: 16 },
  "aes256-ctr": { node: "aes-256-ctr", keyLength: 32, ivLength: 16 },
};

const macs: Readonly<Record<string, { hash: string; length: number; etm: boolean }>> = {
  "hmac-sha2-256-etm@openssh.com": { hash: "sha256", length: 32, etm: true },
  "hmac-sha2-512-etm@openssh.com": { hash: "sha512", length: 64, etm: true },
  "hmac-sha2-256": { hash: "sha256", length: 32, etm: false },
  "hmac-sha2-512": { hash: "sha512", length: 64, etm: false },
};

/** What protects packets; the clear of the first key exchange is `undefined` in its place. */
export interface Protection {
  readonly block: number;
  readonly trailer: number;
  readonly clearLength: boolean;
  seal(plain: Buffer, sequence: number): Buffer;
  /** The length of the packet, from as many of its first bytes as {@link block} says. */
  length(head: Buffer): number;
  open(packet: Buffer, sequence: number): Buffer;
}

export function protection(keys: DirectionKeys, decrypt: boolean): Protection {
  const cipher = ciphers[keys.cipher];
  if (!cipher) throw new Error(`the client knows no cipher ${keys.cipher}`);
  const key = keys.derive("key", cipher.keyLength);
  const iv = Buffer.from(keys.derive("iv", cipher.ivLength));
  if (cipher.node.endsWith("gcm")) return gcm(cipher.node as "aes-128-gcm", key, iv);
  const mac = macs[keys.mac];
  if (!mac) throw new Error(`the client knows no MAC ${keys.mac}`);
  const macKey = keys.derive("mac", mac.length);
  const stream = decrypt ? createDecipheriv(cipher.node, key, iv) : createCipheriv(cipher.node, key, iv);
  const code = (sequence: number, bytes: Uint8Array): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence);
    return createHmac(mac.hash, macKey).update(number).update(bytes).digest();
  };
  return mac.etm ? encryptThenMac(stream, code, mac.length) : encryptAndMac(stream, code, mac.length);
}

type Code = (sequence: number, bytes: Uint8Array) => Buffer;

function check(expected: Buffer, came: Buffer): void {
  if (!expected.equals(came)) throw new Error("the server's packet has a wrong MAC");
}

function gcm(name: "aes-128-gcm", key: Uint8Array, iv: Buffer): Protection {
  const next = (): Buffer => {
    const nonce = Buffer.from(iv);
    iv.writeBigUInt64BE(BigInt.asUintN(64, iv.readBigUInt64BE(4) + 1n), 4);
    return nonce;
  };
  return {
    block: 16,
    trailer: 16,
    clearLength: true,
    seal(plain) {
      const cipher = createCipheriv(name, key, next()).setAAD(plain.subarray(0, 4));
      const body = Buffer.concat([cipher.update(plain.subarray(4)), cipher.final()]);
      return Buffer.concat([plain.subarray(0, 4), body, cipher.getAuthTag()]);
    },
    length: (head) => head.readUInt32BE(0),
    open(packet) {
      const decipher = createDecipheriv(name, key, next()).setAAD(packet.subarray(0, 4));
      decipher.setAuthTag(packet.subarray(-16));
      return Buffer.concat([packet.subarray(0, 4), decipher.update(packet.subarray(4, -16)), decipher.final()]);
    },
  };
}

function encryptThenMac(stream: Cipheriv | Decipheriv, code: Code, trailer: number): Protection {
  return {
    block: 16,
    trailer,
    clearLength: true,
    seal(plain, sequence) {
      const sealed = Buffer.concat([plain.subarray(0, 4), stream.update(plain.subarray(4))]);
      return Buffer.concat([sealed, code(sequence, sealed)]);
    },
    length: (head) => head.readUInt32BE(0),
    open(packet, sequence) {
      const sealed = packet.subarray(0, -trailer);
      check(code(sequence, sealed), packet.subarray(-trailer));
      return Buffer.concat([sealed.subarray(0, 4), stream.update(sealed.subarray(4))]);
    },
  };
}

function encryptAndMac(stream: Cipheriv | Decipheriv, code: Code, trailer: number): Protection {
  let head: Buffer | undefined;
  return {
    block: 16,
    trailer,
    clearLength: false,
    seal: (plain, sequence) => Buffer.concat([stream.update(plain), code(sequence, plain)]),
    length(bytes) {
      head ??= stream.update(bytes.subarray(0, 16));
      return head.readUInt32BE(0);
    },
    open(packet, sequence) {
      const plain = Buffer.concat([head!, stream.update(packet.subarray(16, -trailer))]);
      head = undefined;
      check(code(sequence, plain), packet.subarray(-trailer));
      return plain;
    },
  };
}
