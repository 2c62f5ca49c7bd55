import { generateKeyPairSync, hash as digest, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { Writer } from "../../src/wire/index.ts";

/** What a test may want to be otherwise in one signature. */
export interface TouchOptions {
  /** The byte of flags: 0x01 somebody was there, 0x04 it was the owner. 0x01 unless told. */
  readonly flags?: number;
  /** The number of the signature; counted up unless told. */
  readonly counter?: number;
}

/** A FIDO authenticator with one key, in software: it signs as OpenSSH PROTOCOL.u2f has it, without asking anybody. */
export class Authenticator {
  /** The name of the key's type, and of its signature algorithm. */
  readonly algorithm: string;
  /** The public key blob. */
  readonly blob: Uint8Array;
  readonly #application: string;
  readonly #made: Made;
  #counter = 0;

  constructor(kind: "ed25519" | "ecdsa", application = "ssh:") {
    const make = kind === "ed25519" ? ed25519 : ecdsa;
    this.#made = make();
    this.#application = application;
    this.algorithm = this.#made.algorithm;
    this.blob = new Writer().utf8(this.algorithm).bytes(this.#made.fields).utf8(application).finish();
  }

  /** The signature blob over `data`. */
  sign(data: Uint8Array, { flags = 0x01, counter = ++this.#counter }: TouchOptions = {}): Uint8Array {
    const sealed = new Writer()
      .bytes(digest("sha256", this.#application, "buffer"))
      .byte(flags)
      .uint32(counter)
      .bytes(digest("sha256", data, "buffer"))
      .finish();
    return new Writer().utf8(this.algorithm).string(this.#made.sign(sealed)).byte(flags).uint32(counter).finish();
  }
}

interface Made {
  readonly algorithm: string;
  readonly fields: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
}

function ed25519(): Made {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    algorithm: "sk-ssh-ed25519@openssh.com",
    fields: new Writer().string(part(publicKey, "x")).finish(),
    sign: (data) => sign(null, data, privateKey),
  };
}

function ecdsa(): Made {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = Buffer.concat([Uint8Array.of(4), part(publicKey, "x"), part(publicKey, "y")]);
  return {
    algorithm: "sk-ecdsa-sha2-nistp256@openssh.com",
    fields: new Writer().utf8("nistp256").string(point).finish(),
    sign: (data) => {
      const halves = sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
      return new Writer().mpint(halves.subarray(0, 32)).mpint(halves.subarray(32)).finish();
    },
  };
}

function part(key: KeyObject, name: "x" | "y"): Uint8Array {
  const jwk: JsonWebKey = key.export({ format: "jwk" });
  return Buffer.from(jwk[name]!, "base64url");
}
