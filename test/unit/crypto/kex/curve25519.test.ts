import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { kexAlgorithms } from "../../../../src/crypto/index.ts";
import { curve25519 } from "../../../../src/crypto/kex/curve25519.ts";
import { DisconnectReason, ProtocolError } from "../../../../src/wire/index.ts";
import { lowOrderPoints } from "../../../client/index.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const failure = { name: "ProtocolError", reason: DisconnectReason.KEY_EXCHANGE_FAILED };

/** A pair with a private key that was written down. */
function pairOf(scalar: Buffer): KeyPairKeyObjectResult {
  const key = Buffer.concat([hex("302e020100300506032b656e04220420"), scalar]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function rawPublic(pair: KeyPairKeyObjectResult): Buffer {
  return Buffer.from(pair.publicKey.export({ format: "jwk" }).x!, "base64url");
}

/** mpint by its definition (RFC 4251 §5), on the way of a number. */
function mpint(shared: Uint8Array): Buffer {
  let digits = BigInt(`0x${Buffer.from(shared).toString("hex")}`).toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  if (Number.parseInt(digits.slice(0, 2), 16) >= 0x80) digits = `00${digits}`;
  const bytes = hex(digits);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

// RFC 7748 §6.1, and the first two of §5.2: there the scalar and the u-coordinate are given without a public value.
const recorded = [
  {
    what: "RFC 7748 §6.1, Alice answers Bob",
    scalar: "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
    peer: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    own: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    shared: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
  {
    what: "RFC 7748 §6.1, Bob answers Alice",
    scalar: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    peer: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    own: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    shared: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
  {
    what: "RFC 7748 §5.2, first",
    scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    peer: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    shared: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  },
  {
    // The top bit of this u-coordinate is set: §5 has it ignored.
    what: "RFC 7748 §5.2, second",
    scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    peer: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    shared: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  },
] as const;

for (const { what, scalar, peer, shared, ...rest } of recorded) {
  test(`gives the recorded secret: ${what}`, () => {
    const { serverPublic, secret } = curve25519("any", () => pairOf(hex(scalar))).respond(hex(peer));
    if ("own" in rest) assert.equal(Buffer.from(serverPublic).toString("hex"), rest.own);
    assert.deepEqual(Buffer.from(secret), mpint(hex(shared)));
  });
}

test("500 handshakes agree with a client that computes by itself, mpint edges among them", () => {
  const kex = kexAlgorithms.get("curve25519-sha256")!;
  const lengths = new Set<number>();
  const servers = new Set<string>();
  for (let round = 0; round < 500; round++) {
    const client = generateKeyPairSync("x25519");
    const { serverPublic, secret } = kex.respond(rawPublic(client));
    const x = Buffer.from(serverPublic).toString("base64url");
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
    const shared = diffieHellman({ privateKey: client.privateKey, publicKey });
    assert.deepEqual(Buffer.from(secret), mpint(shared));
    lengths.add(secret.length);
    servers.add(x);
  }
  // 36 bytes with the high bit clear and 37 with it set come up every time; each key of ours is fresh.
  assert.ok(lengths.has(36) && lengths.has(37));
  assert.equal(servers.size, 500);
});

test("a secret with leading zero bytes loses them, one with its high bit set gains one", () => {
  const client = pairOf(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  const wanted = new Set(["leading zero", "leading zero then high bit", "high bit"]);
  // One secret in 256 begins with a zero byte, half of those go on with a high bit: found by going through scalars.
  for (let n = 1; wanted.size > 0 && n < 100_000; n++) {
    const scalar = Buffer.alloc(32);
    scalar.writeUInt32BE(n, 8);
    const pair = pairOf(scalar);
    const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: client.publicKey });
    const edge =
      shared[0] === 0
        ? shared[1]! < 0x80
          ? "leading zero"
          : "leading zero then high bit"
        : shared[0]! < 0x80
          ? ""
          : "high bit";
    if (!wanted.delete(edge)) continue;
    const { secret } = curve25519("any", () => pair).respond(rawPublic(client));
    assert.deepEqual(Buffer.from(secret), mpint(shared), edge);
  }
  assert.equal(wanted.size, 0);
});

test("values that are not 32 bytes long are refused", () => {
  const kex = kexAlgorithms.get("curve25519-sha256")!;
  for (const length of [0, 1, 31, 33, 64, 1216, 32768]) {
    assert.throws(() => kex.respond(new Uint8Array(length).fill(9)), failure, `${length} bytes`);
  }
});

test("points of low order are refused, with the ignored top bit set too", () => {
  const kex = kexAlgorithms.get("curve25519-sha256")!;
  for (const point of lowOrderPoints) {
    const bytes = Buffer.from(point);
    assert.throws(() => kex.respond(bytes), failure, point.toString("hex"));
    bytes[31]! |= 0x80;
    assert.throws(() => kex.respond(bytes), failure, `${point.toString("hex")} with the top bit`);
  }
});

test("any 32 bytes are answered or refused, never met with another error", () => {
  const kex = kexAlgorithms.get("curve25519-sha256")!;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        assert.equal(kex.respond(bytes).serverPublic.length, 32);
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
      }
    }),
  );
});
