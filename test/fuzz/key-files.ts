import { createHash, generateKeyPairSync } from "node:crypto";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";
import { fileCiphers } from "../../src/crypto/file/file-cipher.ts";
import { Reader, Writer } from "../../src/wire/index.ts";
import { decoder } from "./decoders.ts";
import type { Random } from "./random.ts";
import type { Target } from "./target.ts";

const PASSPHRASE = "secret";

/** Takes the place of bcrypt_pbkdf, which is not what is fuzzed here. */
function quick(passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array {
  return createHash("shake256", { outputLength: length }).update(passphrase).update(salt).update(`${rounds}`).digest();
}

const openssh = [
  generatePrivateKey("ed25519", { comment: "someone@somewhere" }),
  generatePrivateKey("ecdsa", { bits: 256 }),
  generatePrivateKey("ecdsa", { bits: 521 }),
  generatePrivateKey("rsa", { bits: 2048 }),
];
const locked = (["ed25519", "rsa"] as const).map((type) =>
  generatePrivateKey(type, { bits: type === "rsa" ? 2048 : 256, passphrase: PASSPHRASE, bcrypt: quick }),
);

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
const ed = generateKeyPairSync("ed25519").privateKey;
const lock = { cipher: "aes-256-cbc", passphrase: PASSPHRASE } as const;

/** PKCS#8, PKCS#1 and SEC1, as node:crypto writes them. */
const pem = [
  ...[rsa, ec, ed].map((key) => key.export({ type: "pkcs8", format: "pem" })),
  rsa.export({ type: "pkcs1", format: "pem" }),
  ec.export({ type: "sec1", format: "pem" }),
].map(String);
const lockedPem = [
  ...[rsa, ec, ed].map((key) => key.export({ type: "pkcs8", format: "pem", ...lock })),
  rsa.export({ type: "pkcs1", format: "pem", ...lock }),
  ec.export({ type: "sec1", format: "pem", ...lock }),
].map(String);

/** A file in PEM, taken apart so that the bytes inside its Base64 can be changed. */
interface Parts {
  readonly head: string;
  readonly inner: Buffer;
  readonly tail: string;
}

function takeApart(file: string): Parts {
  const [, head = "", base64 = "", tail = ""] = /^(-----BEGIN .*-----\n(?:.*: .*\n)*\n?)([^-]*)(-----END [^]*)$/.exec(
    file,
  )!;
  return { head, inner: Buffer.from(base64, "base64"), tail };
}

function putTogether({ head, tail }: Parts, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `${head}${lines.join("\n")}\n${tail}`;
}

const unlockOptions = { passphrase: PASSPHRASE, bcrypt: quick };

/** Fuzzes files as they are, and the bytes inside of them. */
function fileTargets(name: string, files: readonly string[]): Target[] {
  const parts = files.map(takeApart);
  // What is not good to begin with would be refused at the door, and nothing behind it fuzzed.
  for (const one of parts) parsePrivateKey(putTogether(one, one.inner), unlockOptions);
  let chosen = parts[0]!;
  const choose = (random: Random): Uint8Array => (chosen = random.pick(parts)).inner;
  return [
    decoder(
      `${name}-file`,
      (random) => Buffer.from(random.pick(files)),
      (bytes) => parsePrivateKey(bytes, unlockOptions),
    ),
    decoder(`${name}-fields`, choose, (bytes) => parsePrivateKey(putTogether(chosen, bytes), unlockOptions)),
  ];
}

const MAGIC = "openssh-key-v1\0";
const { head, inner, tail } = takeApart(openssh[0]!);
const clear = new Reader(inner, MAGIC.length);
/** What comes in front of the key, and the key's public half. */
const [, , , , blob, section] = [
  clear.name(),
  clear.name(),
  clear.string(),
  clear.uint32(),
  clear.string(),
  clear.string(),
];

/** A file in OpenSSH's format whose private section is `bytes`, locked by a cipher. */
function lockedBy(name: string, bytes: Uint8Array): string {
  const cipher = fileCiphers.get(name)!;
  const salt = Buffer.alloc(16, 5);
  const key = quick(Buffer.from(PASSPHRASE), salt, 16, cipher.keyLength + cipher.ivLength);
  const whole = Buffer.alloc(Math.ceil(bytes.length / cipher.blockLength) * cipher.blockLength);
  whole.set(bytes);
  // The padding counts on: 1, 2, 3 …
  for (let at = bytes.length; at < whole.length; at++) whole[at] = (whole[at - 1] ?? 0) + 1;
  const sealed = cipher.seal(key.subarray(0, cipher.keyLength), key.subarray(cipher.keyLength), whole);
  const fields = new Writer(1024)
    .bytes(Buffer.from(MAGIC))
    .utf8(name)
    .utf8("bcrypt")
    .string(new Writer().string(salt).uint32(16).finish())
    .uint32(1)
    .string(blob)
    .string(sealed.section)
    .bytes(sealed.tag);
  return putTogether({ head, inner, tail }, fields.finish());
}

/** Every decoder of private key files: OpenSSH's, PKCS#8, PKCS#1 and SEC1, locked and not. */
export const keyFileTargets: readonly Target[] = [
  ...fileTargets("private-key", openssh),
  ...fileTargets("locked-key", locked),
  ...fileTargets("pem-key", pem),
  ...fileTargets("locked-pem-key", lockedPem),
  ...[...fileCiphers.keys()].map((name) => {
    parsePrivateKey(lockedBy(name, section), unlockOptions);
    return decoder(
      `locked-key-${name}`,
      () => section,
      (bytes) => parsePrivateKey(lockedBy(name, bytes), unlockOptions),
    );
  }),
];
