import { createECDH, createPublicKey, decapsulate, diffieHellman, generateKeyPairSync, hash } from "node:crypto";
import { Writer } from "../../src/wire/index.ts";

/** One key exchange as a client makes it. */
export interface ClientKex {
  readonly hash: "sha256" | "sha384" | "sha512";
  readonly publicValue: Uint8Array;
  /** K as it goes into the exchange hash: with its length. */
  secret(serverPublic: Uint8Array): Uint8Array;
}

/** Every method by name, each making a fresh pair. */
export const clientKexes: ReadonlyMap<string, () => ClientKex> = new Map([
  ["mlkem768x25519-sha256", hybrid],
  ["curve25519-sha256", curve25519],
  ["curve25519-sha256@libssh.org", curve25519],
  ["ecdh-sha2-nistp256", () => ecdh("prime256v1", "sha256")],
  ["ecdh-sha2-nistp384", () => ecdh("secp384r1", "sha384")],
  ["ecdh-sha2-nistp521", () => ecdh("secp521r1", "sha512")],
]);

const mpint = (magnitude: Uint8Array): Uint8Array => new Writer().mpint(magnitude).finish();

/** The last 32 bytes of the SPKI are the key (RFC 8410 §4). */
const X25519_SPKI = Buffer.from("302a300506032b656e032100", "hex");

function x25519(): { publicValue: Uint8Array; shared: (peer: Uint8Array) => Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return {
    publicValue: publicKey.export({ type: "spki", format: "der" }).subarray(-32),
    shared: (peer) => {
      const key = createPublicKey({ key: Buffer.concat([X25519_SPKI, peer]), type: "spki", format: "der" });
      return diffieHellman({ privateKey, publicKey: key });
    },
  };
}

function curve25519(): ClientKex {
  const { publicValue, shared } = x25519();
  return { hash: "sha256", publicValue, secret: (serverPublic) => mpint(shared(serverPublic)) };
}

function ecdh(curve: string, hash: ClientKex["hash"]): ClientKex {
  const pair = createECDH(curve);
  return {
    hash,
    publicValue: pair.generateKeys(),
    secret: (serverPublic) => mpint(pair.computeSecret(serverPublic)),
  };
}

function hybrid(): ClientKex {
  const { publicKey, privateKey } = generateKeyPairSync("ml-kem-768");
  const { publicValue, shared } = x25519();
  return {
    hash: "sha256",
    publicValue: Buffer.concat([publicKey.export({ type: "spki", format: "der" }).subarray(-1184), publicValue]),
    secret: (serverPublic) => {
      const pq = decapsulate(privateKey, serverPublic.subarray(0, 1088));
      const both = Buffer.concat([pq, shared(serverPublic.subarray(1088))]);
      return new Writer().string(hash("sha256", both, "buffer")).finish();
    },
  };
}
