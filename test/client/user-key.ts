import { generateKeyPairSync, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { Writer } from "../../src/wire/index.ts";
import { Authenticator } from "./authenticator.ts";
import { certify } from "./certificate.ts";

/** A user's key pair as an SSH client has it, made with node:crypto alone so that it shares no code with what it tests. */
export interface ClientKey {
  readonly algorithm: string;
  readonly blob: Uint8Array;
  /** The signature blob over `data`. */
  sign(data: Uint8Array): Uint8Array;
}

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

type Maker = (algorithm: string) => ClientKey;

/** How the key for each signature algorithm is made. */
const makers: ReadonlyMap<string, Maker> = new Map([
  ["ssh-ed25519", ed25519],
  ["ecdsa-sha2-nistp256", ecdsa("nistp256", "P-256", "sha256")],
  ["ecdsa-sha2-nistp384", ecdsa("nistp384", "P-384", "sha384")],
  ["ecdsa-sha2-nistp521", ecdsa("nistp521", "P-521", "sha512")],
  ["rsa-sha2-256", rsa("sha256")],
  ["rsa-sha2-512", rsa("sha512")],
  ["sk-ssh-ed25519@openssh.com", () => new Authenticator("ed25519")],
  ["sk-ecdsa-sha2-nistp256@openssh.com", () => new Authenticator("ecdsa")],
]);

const CERTIFIED = "-cert-v01@openssh.com";
/** Signs all certificates. */
const authority = ed25519("ssh-ed25519");

/** Makes a fresh key that signs with `algorithm`. */
export function clientKey(algorithm: string): ClientKey {
  if (algorithm.endsWith(CERTIFIED)) {
    const plain = algorithm.slice(0, -CERTIFIED.length);
    return certified(algorithm, makers.has(plain) ? plain : `${plain}@openssh.com`);
  }
  const make = makers.get(algorithm);
  if (make === undefined) throw new Error(`write down here how a client makes a key for ${algorithm}`);
  return make(algorithm);
}

function ed25519(algorithm: string): ClientKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    algorithm,
    blob: new Writer().utf8(algorithm).string(coordinate(publicKey, "x")).finish(),
    sign: (data) => signature(algorithm, sign(null, data, privateKey)),
  };
}

function ecdsa(curve: string, namedCurve: string, hash: string): Maker {
  return (algorithm) => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
    return {
      algorithm,
      blob: new Writer().utf8(algorithm).utf8(curve).string(point(publicKey)).finish(),
      sign: (data) => signature(algorithm, ecdsaSignature(hash, data, privateKey)),
    };
  };
}

/** Making RSA keys takes long: one does for both hashes. */
let rsaPair: Pair | undefined;

function rsa(hash: string): Maker {
  return (algorithm) => {
    const { publicKey, privateKey } = (rsaPair ??= generateKeyPairSync("rsa", { modulusLength: 2048 }));
    const blob = new Writer().utf8("ssh-rsa").mpint(coordinate(publicKey, "e")).mpint(coordinate(publicKey, "n"));
    return { algorithm, blob: blob.finish(), sign: (data) => signature(algorithm, sign(hash, data, privateKey)) };
  };
}

function certified(algorithm: string, plain: string): ClientKey {
  const key = clientKey(plain);
  return { algorithm, blob: certify(key.blob, authority), sign: (data) => key.sign(data) };
}

function ecdsaSignature(hash: string, data: Uint8Array, key: KeyObject): Uint8Array {
  const halves = sign(hash, data, { key, dsaEncoding: "ieee-p1363" });
  const middle = halves.length / 2;
  return new Writer().mpint(halves.subarray(0, middle)).mpint(halves.subarray(middle)).finish();
}

function signature(algorithm: string, value: Uint8Array): Uint8Array {
  return new Writer().utf8(algorithm).string(value).finish();
}

function point(key: KeyObject): Uint8Array {
  return Buffer.concat([Uint8Array.of(4), coordinate(key, "x"), coordinate(key, "y")]);
}

function coordinate(key: KeyObject, name: "x" | "y" | "n" | "e"): Uint8Array {
  const jwk: JsonWebKey = key.export({ format: "jwk" });
  return Buffer.from(String(jwk[name]), "base64url");
}
