import { createPrivateKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { importPublicKey } from "../import-key.ts";
import type { Reader } from "../../wire/index.ts";
import { KeyError } from "./error.ts";
import type { SigningKeyType } from "./key-type.ts";

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
/** PrivateKeyInfo of RFC 8410 §7, up to the seed. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** RFC 8709: Ed25519. */
export const ed25519: SigningKeyType = {
  name: "ssh-ed25519",
  family: "ED25519",
  algorithms: new Map([["ssh-ed25519", null]]),

  readPublic(from) {
    const point = publicPart(from);
    // A point that is none fails each verification; to find out now would cost the 19 µs of the import, which a query
    // (publickey without signature) never needs. By way of DER it would be 22 µs.
    const x = Buffer.from(point).toString("base64url");
    return {
      bits: 256,
      load: () => importPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
    };
  },
  writePublic(to, key) {
    to.string(Buffer.from(key.export({ format: "jwk" }).x!, "base64url"));
  },

  readPrivate(from) {
    publicPart(from);
    const pair = from.string();
    if (pair.length !== 2 * KEY_LENGTH) throw wrongLength("private key", pair.length, 2 * KEY_LENGTH);
    // The seed, then the public half once more.
    const key = Buffer.concat([PKCS8_PREFIX, pair.subarray(0, KEY_LENGTH)]);
    const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
    key.fill(0);
    return privateKey;
  },
  writePrivate(to, key) {
    const { x, d } = key.export({ format: "jwk" });
    const point = Buffer.from(x!, "base64url");
    to.string(point).string(Buffer.concat([Buffer.from(d!, "base64url"), point]));
  },
  owns: (key) => key.asymmetricKeyType === "ed25519",

  sign: (key, _hash, data) => sign(null, data, key),
  verify: (key: KeyObject, _hash, signature, data) =>
    signature.length === SIGNATURE_LENGTH && verify(null, data, key, signature),
};

function publicPart(from: Reader): Uint8Array {
  const point = from.string();
  if (point.length !== KEY_LENGTH) throw wrongLength("public key", point.length, KEY_LENGTH);
  return point;
}

function wrongLength(what: string, length: number, expected: number): KeyError {
  return new KeyError("KEY_MALFORMED", `an Ed25519 ${what} has ${length} bytes instead of ${expected}`);
}
