import type { Mac } from "./mac.ts";

/** What both directions of a cipher tell about the form of their packets. */
interface PacketForm {
  /** What the encrypted part of a packet is padded to a multiple of. */
  readonly blockLength: number;
  /** Bytes behind the packet: the tag or the MAC. */
  readonly trailerLength: number;
  /** packet_length travels in the clear and does not count for the padding: GCM, encrypt-then-MAC. */
  readonly clearLength: boolean;
}

/** Protects the packets that go out, one after the other. */
export interface Sealer extends PacketForm {
  /**
   * Encrypts a packet in place and fills its trailer.
   *
   * @param packet packet_length, padding_length, payload, padding, and {@link trailerLength} bytes of room.
   */
  seal(packet: Uint8Array, sequence: number): void;
}

/** Opens the packets that come in, one after the other. */
export interface Opener extends PacketForm {
  /** Bytes of a packet that are needed before its packet_length is known. */
  readonly headLength: number;
  /**
   * packet_length, not authenticated yet, from the first {@link headLength} bytes. To be called exactly once a packet,
   * before {@link open}.
   */
  packetLength(head: Uint8Array, sequence: number): number;
  /**
   * Checks and decrypts a whole packet: 4 + packet_length + {@link trailerLength} bytes as they came.
   *
   * @returns padding_length, payload and padding, in a buffer of their own.
   * @throws {ProtocolError} MAC_ERROR, with one text for whatever is wrong.
   */
  open(packet: Uint8Array, sequence: number): Uint8Array;
}

/** One cipher. Its two makers take the keys over: they are zeroed when the call returns. */
export interface Cipher {
  readonly name: string;
  readonly keyLength: number;
  readonly ivLength: number;
  /** It authenticates by itself, so that no MAC is chosen. */
  readonly aead: boolean;
  sealer(key: Uint8Array, iv: Uint8Array, mac: Mac | undefined, macKey: Uint8Array): Sealer;
  opener(key: Uint8Array, iv: Uint8Array, mac: Mac | undefined, macKey: Uint8Array): Opener;
}
