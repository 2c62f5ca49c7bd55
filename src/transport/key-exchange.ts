import { hash as digest } from "node:crypto";
import { deriveKey } from "../crypto/index.ts";
import type { KeyLetter, Opener, Sealer } from "../crypto/index.ts";
import { messages, Writer } from "../wire/index.ts";
import type { Agreement, Offer, Protection } from "./algorithms.ts";
import { Marker } from "./algorithms.ts";

/** The public values of one connection that every exchange hash covers (RFC 4253 §8). */
export interface Identifications {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What one key exchange gives: the reply to send, and the keys of both directions. */
export interface ExchangeResult {
  readonly reply: Uint8Array;
  readonly exchangeHash: Uint8Array;
  /** Derives the keys, once: the secret is zeroed. */
  keys(sessionId: Uint8Array): { readonly sealer: Sealer; readonly opener: Opener };
}

/** RFC 4253 §7.2: which letters make the initial vector, the cipher key and the MAC key of a direction. */
type Letters = readonly [iv: KeyLetter, key: KeyLetter, mac: KeyLetter];
const IN: Letters = ["A", "C", "E"];
const OUT: Letters = ["B", "D", "F"];

/** Our SSH_MSG_KEXINIT. The markers belong in the first one only (RFC 8308 §2.1, strict kex draft §3). */
export function makeKexInit(offer: Offer, first: boolean, random: (bytes: Uint8Array) => void): Uint8Array {
  const cookie = new Uint8Array(16);
  random(cookie);
  const ciphers = offer.ciphers.map((row) => row.name);
  const macs = offer.macs.map((row) => row.name);
  return messages.kexInit.encode({
    cookie,
    kex: [...offer.kex.map((row) => row.name), ...(first ? [Marker.EXT_INFO_SERVER, Marker.STRICT_SERVER] : [])],
    hostKey: [...offer.hostKeys.keys()],
    cipherIn: ciphers,
    cipherOut: ciphers,
    macIn: macs,
    macOut: macs,
    compressionIn: ["none"],
    compressionOut: ["none"],
    languageIn: [],
    languageOut: [],
    firstKexPacketFollows: false,
    reserved: 0,
  });
}

/** Answers SSH_MSG_KEX_ECDH_INIT (RFC 5656 §4): computes the secret, signs the exchange hash. */
export function respond(
  agreement: Agreement,
  ids: Identifications,
  clientKexInit: Uint8Array,
  serverKexInit: Uint8Array,
  clientPublic: Uint8Array,
): ExchangeResult {
  const { kex, hostKey, hostKeyAlgorithm } = agreement;
  const { serverPublic, secret } = kex.respond(clientPublic);
  const hostKeyBlob = hostKey.publicKey.blob;
  const transcript = new Writer(clientKexInit.length + serverKexInit.length + clientPublic.length + 1024)
    .string(ids.client)
    .string(ids.server)
    .string(clientKexInit)
    .string(serverKexInit)
    .string(hostKeyBlob)
    .string(clientPublic)
    .string(serverPublic)
    .bytes(secret)
    .finish();
  const exchangeHash = digest(kex.hash, transcript, "buffer");
  transcript.fill(0);
  const reply = messages.kexEcdhReply.encode({
    hostKey: hostKeyBlob,
    serverPublic,
    signature: hostKey.sign(hostKeyAlgorithm, exchangeHash),
  });

  return {
    reply,
    exchangeHash,
    keys(sessionId) {
      const derive = (letter: KeyLetter, length: number): Uint8Array =>
        deriveKey(kex.hash, secret, exchangeHash, sessionId, letter, length);
      const material = ({ cipher, mac }: Protection, [iv, key, macKey]: Letters) =>
        [derive(key, cipher.keyLength), derive(iv, cipher.ivLength), mac, derive(macKey, mac?.keyLength ?? 0)] as const;
      const sealer = agreement.out.cipher.sealer(...material(agreement.out, OUT));
      const opener = agreement.in.cipher.opener(...material(agreement.in, IN));
      secret.fill(0);
      return { sealer, opener };
    },
  };
}
