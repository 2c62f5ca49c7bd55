import { Writer } from "../../src/wire/index.ts";

/** Key blobs that are none, under their algorithm, some with a signature. */
export const oddKeys: readonly (readonly [algorithm: string, blob: Uint8Array, signature?: Uint8Array])[] = [
  ...[
    new Uint8Array(),
    Uint8Array.of(0),
    blobOf("ssh-ed25519"),
    blobOf("ssh-ed25519", 31),
    blobOf("ssh-ed25519", 33),
    Buffer.concat([blobOf("ssh-ed25519", 32), Uint8Array.of(120)]),
    Buffer.alloc(4, 0xff),
    rsaBlob(65_537n, (1n << 2047n) | 1n),
  ].map((blob) => ["ssh-ed25519", blob] as const),
  ["", new Uint8Array()],
  ["__proto__", blobOf("__proto__")],
  ["ecdsa-sha2-nistp256", point("nistp384", Buffer.alloc(65, 4))],
  ["ecdsa-sha2-nistp256", point("nistp256", Buffer.alloc(65, 0xff).fill(4, 0, 1))],
  ["ecdsa-sha2-nistp256", point("nistp256", Uint8Array.of(0))],
  [
    "ecdsa-sha2-nistp256",
    point("nistp256", Buffer.alloc(65).fill(4, 0, 1)),
    namedSignature("ecdsa-sha2-nistp256", new Writer().mpint(new Uint8Array()).mpint(new Uint8Array()).finish()),
  ],
  ["ssh-ed25519", blobOf("ssh-ed25519", 32), namedSignature("ssh-ed25519", new Uint8Array(64))],
  ["rsa-sha2-512", rsaBlob(0n, 0n), namedSignature("rsa-sha2-512", new Uint8Array())],
  ["rsa-sha2-512", rsaBlob(1n, (1n << 2047n) | 1n), namedSignature("rsa-sha2-512", new Uint8Array(256))],
  ["rsa-sha2-512", rsaBlob(2n, (1n << 2047n) | 1n), namedSignature("rsa-sha2-512", new Uint8Array(256))],
  ["rsa-sha2-512", rsaBlob(65_537n, (1n << 1023n) | 1n), namedSignature("rsa-sha2-512", new Uint8Array(128))],
  [
    "rsa-sha2-512",
    new Writer().utf8("ssh-rsa").string(Buffer.alloc(8, 0xff)).string(Buffer.alloc(256, 0xff)).finish(),
    namedSignature("rsa-sha2-512", new Uint8Array(256)),
  ],
  ["ssh-dss", blobOf("ssh-dss", 1, 1, 1, 1), namedSignature("ssh-dss", new Uint8Array(40))],
  ["sk-ssh-ed25519@openssh.com", blobOf("sk-ssh-ed25519@openssh.com", 32, 4), new Uint8Array(64)],
  ["ssh-ed25519-cert-v01@openssh.com", Buffer.concat([blobOf("ssh-ed25519-cert-v01@openssh.com"), Buffer.alloc(40)])],
  ["webauthn-sk-ecdsa-sha2-nistp256@openssh.com", blobOf("sk-ecdsa-sha2-nistp256@openssh.com", 20), new Uint8Array()],
];

/** A key blob of this type with strings of zeros of these lengths. */
function blobOf(type: string, ...lengths: readonly number[]): Uint8Array {
  const to = new Writer().utf8(type);
  for (const length of lengths) to.string(new Uint8Array(length));
  return to.finish();
}

function point(curve: string, bytes: Uint8Array): Uint8Array {
  return new Writer().utf8("ecdsa-sha2-nistp256").utf8(curve).string(bytes).finish();
}

/** An RSA key of these numbers, whatever they are. */
export function rsaBlob(exponent: bigint, modulus: bigint): Uint8Array {
  const bytes = (number: bigint): Uint8Array => {
    const hex = number.toString(16);
    return number === 0n ? new Uint8Array() : Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  };
  const [e, n] = [bytes(exponent), bytes(modulus)];
  return new Writer(e.length + n.length + 64).utf8("ssh-rsa").mpint(e).mpint(n).finish();
}

/** A signature blob under this name. */
export function namedSignature(algorithm: string, value: Uint8Array): Uint8Array {
  return new Writer(value.length + 64).utf8(algorithm).string(value).finish();
}
