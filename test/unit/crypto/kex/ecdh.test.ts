import assert from "node:assert/strict";
import { createECDH, createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { kexAlgorithms } from "../../../../src/crypto/index.ts";
import { ecdh } from "../../../../src/crypto/kex/ecdh.ts";
import { nistCurves } from "../../../../src/crypto/nist-curve.ts";
import { DisconnectReason, ProtocolError, Writer } from "../../../../src/wire/index.ts";
import { notOnCurve } from "../../../client/index.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const failure = { name: "ProtocolError", reason: DisconnectReason.KEY_EXCHANGE_FAILED };

// NIST CAVP, KAS_ECC_CDH_PrimitiveTest.txt (CAVS 14.1, SP 800-56A §5.7.1.2), count 0 of each curve. In the P-521 file
// the coordinates have two further leading zero bytes, left out here.
const recorded = {
  nistp256: {
    peer: "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
    d: "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
    own: "04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b23028af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
    shared: "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b",
  },
  nistp384: {
    peer: "04a7c76b970c3b5fe8b05d2838ae04ab47697b9eaf52e764592efda27fe7513272734466b400091adbf2d68c58e0c50066ac68f19f2e1cb879aed43a9969b91a0839c4c38a49749b661efedf243451915ed0905a32b060992b468c64766fc8437a",
    d: "3cc3122a68f0d95027ad38c067916ba0eb8c38894d22e1b15618b6818a661774ad463b205da88cf699ab4d43c9cf98a1",
    own: "049803807f2f6d2fd966cdd0290bd410c0190352fbec7ff6247de1302df86f25d34fe4a97bef60cff548355c015dbb3e5fba26ca69ec2f5b5d9dad20cc9da711383a9dbe34ea3fa5a2af75b46502629ad54dd8b7d73a8abb06a3a3be47d650cc99",
    shared: "5f9d29dc5e31a163060356213669c8ce132e22f57c9a04f40ba7fcead493b457e5621e766c40a2e3d4d6a04b25e533f1",
  },
  nistp521: {
    peer: "0400685a48e86c79f0f0875f7bc18d25eb5fc8c0b07e5da4f4370f3a9490340854334b1e1b87fa395464c60626124a4e70d0f785601d37c09870ebf176666877a2046d01ba52c56fc8776d9e8f5db4f0cc27636d0b741bbe05400697942e80b739884a83bde99e0f6716939e632bc8986fa18dccd443a348b6c3e522497955a4f3c302f676",
    d: "017eecc07ab4b329068fba65e56a1f8890aa935e57134ae0ffcce802735151f4eac6564f6ee9974c5e6887a1fefee5743ae2241bfeb95d5ce31ddcb6f9edb4d6fc47",
    own: "0400602f9d0cf9e526b29e22381c203c48a886c2b0673033366314f1ffbcba240ba42f4ef38a76174635f91e6b4ed34275eb01c8467d05ca80315bf1a7bbd945f550a501b7c85f26f5d4b2d7355cf6b02117659943762b6d1db5ab4f1dbc44ce7b2946eb6c7de342962893fd387d1b73d7a8672d1f236961170b7eb3579953ee5cdc88cd2d",
    shared:
      "005fc70477c3e63bc3954bd0df3ea0d1f41ee21746ed95fc5e1fdf90930d5e136672d72cc770742d1711c3c3a4c334a0ad9759436a4d3c5bf6e74b9578fac148c831",
  },
} as const;

for (const curve of nistCurves) {
  const kex = kexAlgorithms.get(`ecdh-sha2-${curve.identifier}`)!;
  const client = (): { point: Buffer; agree: (server: Uint8Array) => Buffer } => {
    const ecdh = createECDH(curve.nodeName);
    return { point: ecdh.generateKeys(), agree: (server) => ecdh.computeSecret(server) };
  };

  test(`${kex.name} gives the secret and the point that NIST recorded`, () => {
    const { peer, d, own, shared } = recorded[curve.identifier as keyof typeof recorded];
    const pair = (): KeyPairKeyObjectResult => {
      const point = hex(own).subarray(1);
      const jwk = {
        kty: "EC",
        crv: curve.jwkName,
        d: hex(d).toString("base64url"),
        x: point.subarray(0, curve.length).toString("base64url"),
        y: point.subarray(curve.length).toString("base64url"),
      };
      const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
      return { privateKey, publicKey: createPublicKey(privateKey) };
    };
    const { serverPublic, secret } = ecdh(curve, pair).respond(hex(peer));
    assert.equal(Buffer.from(serverPublic).toString("hex"), own);
    assert.deepEqual(secret, new Writer().mpint(hex(shared)).finish());
  });

  test(`${kex.name} agrees with a client that computes by itself, with a fresh key each time`, () => {
    const servers = new Set<string>();
    const rounds = curve.bits === 256 ? 300 : 20;
    for (let round = 0; round < rounds; round++) {
      const { point, agree } = client();
      const { serverPublic, secret } = kex.respond(point);
      assert.deepEqual(secret, new Writer().mpint(agree(serverPublic)).finish());
      servers.add(Buffer.from(serverPublic).toString("hex"));
    }
    assert.equal(servers.size, rounds);
  });

  test(`${kex.name} refuses what is no uncompressed point of its curve`, () => {
    for (const bytes of notOnCurve(curve.nodeName)) {
      assert.throws(() => kex.respond(bytes), failure);
    }
  });

  test(`${kex.name} meets any bytes with an answer or a ProtocolError`, () => {
    const shaped = fc
      .uint8Array({ minLength: 2 * curve.length, maxLength: 2 * curve.length })
      .map((bytes) => Buffer.concat([Uint8Array.of(4), bytes]));
    fc.assert(
      fc.property(fc.oneof(shaped, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        assert.throws(() => kex.respond(bytes), ProtocolError);
      }),
    );
  });
}
