/** Security bar, part A2: keys and signatures that are nearly right, and those that are far from it. */
import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { test } from "node:test";
import { certificates, publicKeys } from "../../src/auth/index.ts";
import { DisconnectReason, Msg } from "../../src/wire/index.ts";
import {
  authRequest,
  certify,
  clientKey,
  encodeKeyRequest,
  keyFields,
  keyRequest,
  namedSignature,
  nearMisses,
  oddKeys,
  passwordRequest,
  rsaBlob,
  signedData,
} from "../client/index.ts";
import type { ClientKey } from "../client/index.ts";
import { Bar, certified, keyLine, PASSWORD, USER_KEY } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const key = clientKey("ssh-ed25519");
const ca = clientKey("ssh-ed25519");
const fresh = (bar: Bar): Promise<Peer> => bar.peer("handshake done");

test("A37: a signature that is wrong in one thing gets nobody in", async (t) => {
  const bar = await Bar.open(t);
  const { sessionId } = (await bar.peer("keys exchanged")).client;
  for (const what of Object.keys(nearMisses(USER_KEY, sessionId!))) {
    const peer = await fresh(bar);
    assert.equal(await peer.attempt(nearMisses(USER_KEY, peer.client.sessionId!)[what]!), "failure", what);
  }
});

test("A37: names that do not fit the key, or the service, get nobody in", async (t) => {
  const bar = await Bar.open(t);
  for (const algorithm of ["rsa-sha2-512", "ssh-rsa", "ssh-ed25519-cert-v01@openssh.com", "SSH-ED25519", ""]) {
    const peer = await fresh(bar);
    assert.equal(await peer.attempt(keyRequest(USER_KEY, peer.client.sessionId, { algorithm })), "failure", algorithm);
  }
  for (const service of ["ssh-userauth", "bogus", "", "ssh-connectionx"]) {
    const act = (peer: Peer): Peer => peer.send(keyRequest(USER_KEY, peer.client.sessionId, { service }));
    assert.equal((await bar.closes("handshake done", act)).reason, DisconnectReason.SERVICE_NOT_AVAILABLE);
  }
});

test("A37: bytes behind the signature, or a signature where has_sig is FALSE, end the connection", async (t) => {
  const bar = await Bar.open(t);
  const bytes = async (change: (request: Buffer, flagAt: number) => Uint8Array): Promise<void> => {
    const { peer } = await bar.closes("handshake done", (peer) => {
      const request = Buffer.from(keyRequest(USER_KEY, peer.client.sessionId));
      peer.send(change(request, request.indexOf("publickey") + "publickey".length));
    });
    assert.equal(peer.came(Msg.USERAUTH_SUCCESS) + peer.came(Msg.USERAUTH_PK_OK), 0);
  };
  await bytes((request) => Buffer.concat([request, Buffer.from("garbage")]));
  await bytes((request, flagAt) => request.fill(0, flagAt, flagAt + 1));
});

test("A38: an algorithm that is allowed lets in no other of its family, and no key under another's name", async (t) => {
  const [p256, p384] = [clientKey("ecdsa-sha2-nistp256"), clientKey("ecdsa-sha2-nistp384")];
  const bar = await Bar.open(t, {
    judge: (data) => data.method === "password" || (data.method === "publickey" && data.algorithm === p256.algorithm),
  });
  assert.equal(await (await fresh(bar)).tryKey("ada", p256), "success");
  assert.equal(await (await fresh(bar)).tryKey("ada", p384), "failure");
  assert.equal(await (await fresh(bar)).tryKey("ada", { ...p384, algorithm: p256.algorithm }), "failure");
  assert.equal(await (await fresh(bar)).tryKey("ada", { ...p256, algorithm: p384.algorithm }), "failure");
});

test("A38: of CAs, too, only those algorithms count that are allowed", async (t) => {
  const [p256, p384] = [clientKey("ecdsa-sha2-nistp256"), clientKey("ecdsa-sha2-nistp384")];
  const trusted = { text: keyLine(p256) + keyLine(p384) };
  const bar = await Bar.open(t, { auth: [certificates({ trusted, algorithms: [p256.algorithm] })] });
  assert.equal(await (await fresh(bar)).tryKey("ada", certified(key, p256)), "success");
  assert.equal(await (await fresh(bar)).tryKey("ada", certified(key, p384)), "failure");
});

test("A39: a key that is none is an ordinary failure, the same for users that there are not", async (t) => {
  // Whatever is a key would be let in.
  const bar = await Bar.open(t, { judge: () => true });
  for (const [algorithm, blob, signature] of oddKeys) {
    for (const user of ["ada", "nobody"]) {
      for (const proof of signature === undefined ? [undefined, new Uint8Array(64)] : [signature]) {
        const request = encodeKeyRequest(keyFields(key, { user, algorithm, blob }), proof);
        const peer = await fresh(bar);
        assert.equal(await peer.attempt(request), "failure", `${algorithm} ${Buffer.from(blob).toString("hex")}`);
      }
    }
  }
});

test("A39: a login request that is cut short ends the connection, the same for users that there are not", async (t) => {
  const bar = await Bar.open(t);
  for (const user of ["ada", "nobody"]) {
    const requests = [keyRequest(USER_KEY, new Uint8Array(32), { user }), passwordRequest(user, PASSWORD)];
    for (const request of requests) {
      const { length } = request;
      const cuts = new Set([
        1,
        3,
        5,
        9,
        length >> 2,
        Math.floor(length / 3),
        length >> 1,
        length - 70,
        length - 5,
        length - 1,
      ]);
      const truncated = [...cuts].filter((cut) => cut > 0 && cut < length).map((cut) => request.subarray(0, cut));
      const lengthened = [1, 5 + user.length].map((at) => Buffer.from(request).fill(0xff, at, at + 4));
      for (const payload of [...truncated, ...lengthened]) {
        const { peer, reason } = await bar.closes("handshake done", (peer) => peer.send(payload));
        assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
        assert.equal(peer.came(Msg.USERAUTH_FAILURE), 0);
      }
    }
  }
});

test("A40: an RSA key of 16384 bits and more, or with an exponent as long, is a failure before its signature is looked at", async (t) => {
  const bar = await Bar.open(t);
  const odd = (bits: number): bigint => {
    const bytes = randomFillSync(Buffer.alloc(bits / 8));
    bytes[0]! |= 0x80;
    bytes[bytes.length - 1]! |= 1;
    return BigInt(`0x${bytes.toString("hex")}`);
  };
  for (const [bits, exponent] of [
    [16_384, 65_537n],
    [65_536, 65_537n],
    [65_536, odd(65_000)],
    [200_000, 65_537n],
  ] as const) {
    const signature = namedSignature("rsa-sha2-512", randomFillSync(Buffer.alloc(bits / 8)));
    const fields = keyFields(key, { algorithm: "rsa-sha2-512", blob: rsaBlob(exponent, odd(bits)) });
    assert.equal(await (await fresh(bar)).attempt(encodeKeyRequest(fields, signature)), "failure", `${bits} bits`);
    await bar.othersAreWell();
  }
  const good = clientKey("rsa-sha2-512");
  const welcoming = await Bar.open(t, { auth: [publicKeys(() => true)] });
  assert.equal(await (await fresh(welcoming)).tryKey("ada", good), "success", "2048 bits");
});

test("A41: certificates inside of certificates are not unwrapped", async (t) => {
  const bar = await Bar.open(t, { auth: [certificates({ trusted: { text: keyLine(ca) } })] });
  let nested: ClientKey = ca;
  for (const stop of [2, 1000, 50_000]) {
    while (nested.blob.length < stop || nested === ca) nested = { ...ca, blob: certify(key.blob, nested) };
    const fields = keyFields(key, { algorithm: "ssh-ed25519-cert-v01@openssh.com", blob: nested.blob });
    const peer = await fresh(bar);
    const signature = key.sign(signedData(fields, peer.client.sessionId!));
    assert.equal(await peer.attempt(encodeKeyRequest(fields, signature)), stop === 2 ? "success" : "failure");
  }
  const act = (peer: Peer): Peer => peer.send(authRequest("publickey", Buffer.alloc(200_000)));
  await bar.closes("handshake done", act);
});
