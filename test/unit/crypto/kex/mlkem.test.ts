import assert from "node:assert/strict";
import * as nodeCrypto from "node:crypto";
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { kexAlgorithms } from "../../../../src/crypto/index.ts";
import { hasMlkem } from "../../../../src/crypto/kex/mlkem.ts";
import { DisconnectReason, ProtocolError } from "../../../../src/wire/index.ts";
import { notHybrid } from "../../../client/index.ts";

const CIPHERTEXT_LENGTH = 1088;
/** FIPS 203 §2.4: q. */
const MODULUS = 3329;
const failure = { name: "ProtocolError", reason: DisconnectReason.KEY_EXCHANGE_FAILED };

const options = { skip: hasMlkem ? false : "this Node has no ML-KEM" };
const kex = kexAlgorithms.get("mlkem768x25519-sha256")!;

/** The client's half, by node:crypto and nothing of ours. */
function client(): { hybrid: Buffer; agree: (reply: Uint8Array) => Buffer } {
  const kem = generateKeyPairSync("ml-kem-768");
  const dh = generateKeyPairSync("x25519");
  const hybrid = Buffer.concat([
    Buffer.from(kem.publicKey.export({ format: "jwk" })["pub"] as string, "base64url"),
    Buffer.from(dh.publicKey.export({ format: "jwk" }).x!, "base64url"),
  ]);
  return {
    hybrid,
    agree(reply) {
      const pq = nodeCrypto.decapsulate(kem.privateKey, reply.subarray(0, CIPHERTEXT_LENGTH));
      const x = Buffer.from(reply.subarray(CIPHERTEXT_LENGTH)).toString("base64url");
      const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
      const cl = diffieHellman({ privateKey: dh.privateKey, publicKey });
      const k = createHash("sha256").update(pq).update(cl).digest();
      return Buffer.concat([Buffer.from([0, 0, 0, 32]), k]);
    },
  };
}

/** Sets one 12-bit coefficient of an encapsulation key (FIPS 203, algorithm 5: ByteEncode). */
function withCoefficient(key: Uint8Array, index: number, value: number): Buffer {
  const changed = Buffer.from(key);
  const at = Math.floor(index / 2) * 3;
  const pair = changed.readUIntLE(at, 3);
  changed.writeUIntLE(index % 2 === 0 ? (pair & 0xfff000) | value : (pair & 0xfff) | (value << 12), at, 3);
  return changed;
}

test("it comes first of all methods", options, () => {
  assert.equal(kexAlgorithms.keys().next().value, kex.name);
});

test("100 handshakes agree with a client that decapsulates by itself; K is a string of 32 bytes", options, () => {
  const replies = new Set<string>();
  for (let round = 0; round < 100; round++) {
    const { hybrid, agree } = client();
    const { serverPublic, secret } = kex.respond(hybrid);
    assert.equal(serverPublic.length, CIPHERTEXT_LENGTH + 32);
    assert.deepEqual(Buffer.from(secret), agree(serverPublic));
    replies.add(Buffer.from(serverPublic).toString("hex"));
  }
  assert.equal(replies.size, 100);
});

test("a coefficient at or above the modulus is refused, at each of the 768 places (FIPS 203 §7.2)", options, () => {
  const { hybrid } = client();
  for (let index = 0; index < 768; index++) {
    assert.throws(() => kex.respond(withCoefficient(hybrid, index, MODULUS)), failure, `coefficient ${index}`);
  }
});

test("every value from the modulus up is refused, and the one below it is not", options, () => {
  const { hybrid } = client();
  for (let value = MODULUS; value < 4096; value++) {
    assert.throws(() => kex.respond(withCoefficient(hybrid, 767, value)), failure, `value ${value}`);
  }
  assert.ok(kex.respond(withCoefficient(hybrid, 767, MODULUS - 1)));
});

test("wrong lengths, a key of 0xff bytes and X25519 halves of low order are refused", options, () => {
  for (const [index, bytes] of notHybrid().entries()) {
    assert.throws(() => kex.respond(bytes), failure, `value ${index}`);
  }
});

test("any 1216 bytes are answered or met with a ProtocolError", options, () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1216, maxLength: 1216, size: "max" }), (bytes) => {
      try {
        assert.ok(kex.respond(bytes));
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
      }
    }),
  );
});
