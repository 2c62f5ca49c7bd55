import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { nistCurves } from "../nist-curve.ts";
import { hostKeyOf } from "../key/host-key.ts";
import { MAX_ROUNDS } from "./lock.ts";
import { encodeOpensshKey } from "./openssh-file.ts";
import { secretOf } from "./passphrase.ts";
import type { UnlockOptions } from "./passphrase.ts";
import { MAX_RSA_BITS, MIN_RSA_BITS } from "../key/rsa.ts";
import { signingKeyTypes } from "../key/table.ts";

/** The kinds of key that {@link generatePrivateKey} makes. */
export type GeneratedKeyType = "ed25519" | "ecdsa" | "rsa";

export interface GenerateOptions extends UnlockOptions {
  /** ecdsa: 256 (the default), 384 or 521. rsa: 2048 to 8192, by default 3072. ed25519 has one size. */
  readonly bits?: number;
  /** Text that goes into the file beside the key, e.g. `root@host`; none by default. */
  readonly comment?: string;
  /** With a passphrase: rounds of bcrypt that opening the file costs, 1 to 2048, by default 24; each takes 11 ms. */
  readonly rounds?: number;
}

const generators: Readonly<Record<GeneratedKeyType, (bits: number | undefined) => KeyObject>> = {
  ed25519(bits) {
    if (bits !== undefined && bits !== 256) throw new RangeError("an Ed25519 key has 256 bits");
    return generateKeyPairSync("ed25519").privateKey;
  },
  ecdsa(bits = 256) {
    const curve = nistCurves.find((row) => row.bits === bits);
    if (curve === undefined) throw new RangeError(`an ECDSA key has 256, 384 or 521 bits, not ${bits}`);
    return generateKeyPairSync("ec", { namedCurve: curve.nodeName }).privateKey;
  },
  rsa(bits = 3072) {
    if (!Number.isInteger(bits) || bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new RangeError(`an RSA key has ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits, not ${bits}`);
    }
    return generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
  },
};

/**
 * Makes a new private key and gives the text of its file, in OpenSSH's format; write it with mode 0600. It is
 * locked when there is a passphrase, for which `bcrypt` has to be there too. An RSA key takes a second or more, the others take less than a millisecond.
 *
 * @throws {RangeError} when the type has no such size, or `rounds` is out of range; {@link KeyError} when `passphrase` is
 * over 1024 bytes, or comes without `bcrypt`.
 */
export function generatePrivateKey(type: GeneratedKeyType, options: GenerateOptions = {}): string {
  const { passphrase = "", rounds } = options;
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ROUNDS)) {
    throw new RangeError(`a key file has 1 to ${MAX_ROUNDS} rounds of bcrypt, not ${rounds}`);
  }
  const sealing = passphrase.length === 0 ? undefined : { ...secretOf(options), rounds };
  const privateKey = generators[type](options.bits);
  const { type: name } = hostKeyOf(privateKey);
  return encodeOpensshKey(signingKeyTypes.get(name)!, privateKey, options.comment ?? "", sealing);
}
