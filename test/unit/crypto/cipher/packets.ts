import { randomBytes } from "node:crypto";
import { cipherAlgorithms, macAlgorithms } from "../../../../src/crypto/index.ts";
import type { Cipher, Mac, Opener, Sealer } from "../../../../src/crypto/index.ts";

/** One way to protect packets: a cipher, and the MAC it needs if it needs one. */
export interface Protection {
  readonly name: string;
  readonly cipher: Cipher;
  readonly mac: Mac | undefined;
}

/** Every combination that can be negotiated. */
export const protections: readonly Protection[] = [...cipherAlgorithms.values()].flatMap(
  (cipher): readonly Protection[] =>
    cipher.aead
      ? [{ name: cipher.name, cipher, mac: undefined }]
      : Array.from(macAlgorithms.values(), (mac) => ({ name: `${cipher.name} with ${mac.name}`, cipher, mac })),
);

/** A sealer and an opener with one set of fresh keys. */
export function pairOf({ cipher, mac }: Protection): { sealer: Sealer; opener: Opener } {
  const key = randomBytes(cipher.keyLength);
  const iv = randomBytes(cipher.ivLength);
  const macKey = randomBytes(mac?.keyLength ?? 0);
  const make = <T>(maker: (key: Uint8Array, iv: Uint8Array, mac: Mac | undefined, macKey: Uint8Array) => T): T =>
    maker(Uint8Array.from(key), Uint8Array.from(iv), mac, Uint8Array.from(macKey));
  return {
    sealer: make((...keys) => cipher.sealer(...keys)),
    opener: make((...keys) => cipher.opener(...keys)),
  };
}

/** A packet with its length, padding as it has to be, and room for the trailer. */
export function packetOf(payload: Uint8Array, sealer: Sealer): Buffer {
  const aligned = (sealer.clearLength ? 1 : 5) + payload.length;
  let padding = sealer.blockLength - (aligned % sealer.blockLength);
  if (padding < 4) padding += sealer.blockLength;
  const length = 1 + payload.length + padding;
  const packet = Buffer.alloc(4 + length + sealer.trailerLength);
  packet.writeUInt32BE(length);
  packet[4] = padding;
  packet.set(payload, 5);
  return packet;
}

/** What {@link Opener.open} is to give for a packet before it is sealed. */
export function contentOf(packet: Uint8Array, sealer: Sealer): Buffer {
  return Buffer.from(packet.subarray(4, packet.length - sealer.trailerLength));
}

/** Opens one packet as the transport does. */
export function open(opener: Opener, packet: Uint8Array, sequence: number): { length: number; content: Uint8Array } {
  const length = opener.packetLength(packet.subarray(0, opener.headLength), sequence);
  return { length, content: opener.open(packet, sequence) };
}
