import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generatePrivateKey, hostKeyWithCertificate, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { HostKey } from "../../../src/crypto/index.ts";
import { offerOf } from "../../../src/protocol/index.ts";
import { DisconnectReason, messages, Msg, Reader, Writer } from "../../../src/wire/index.ts";
import { certify, Loopback } from "../../client/index.ts";
import type { LoopbackOptions } from "../../client/index.ts";

const make = (type: "ed25519" | "ecdsa" | "rsa"): HostKey => parsePrivateKey(generatePrivateKey(type));
const ed25519 = make("ed25519");
const next = make("ed25519");
const ecdsa = make("ecdsa");
const rsa = make("rsa");
const stranger = make("ed25519");

const PROVE = "hostkeys-prove-00@openssh.com";

/** The strings in a message, one after the other. */
function stringsIn(bytes: Uint8Array): Uint8Array[] {
  const from = new Reader(bytes);
  const strings: Uint8Array[] = [];
  while (from.left > 0) strings.push(from.string());
  return strings;
}

function blobs(...keys: readonly HostKey[]): Uint8Array {
  const to = new Writer();
  for (const { publicKey } of keys) to.string(publicKey.blob);
  return to.finish();
}

/** The key with a certificate for it. */
function certified(key: HostKey): HostKey {
  const ca = { blob: stranger.publicKey.blob, sign: (data: Uint8Array) => stranger.sign("ssh-ed25519", data) };
  const blob = certify(key.publicKey.blob, ca, { type: 2 });
  return hostKeyWithCertificate(key, `${new Reader(blob).utf8()} ${Buffer.from(blob).toString("base64")}`);
}

/** A client that is in, on a connection whose host has these keys. */
function visitor(hostKeys: readonly HostKey[], options: LoopbackOptions = {}): Loopback {
  return new Loopback({ hostKeys, ...options }).login();
}

/** Asks for proofs; gives the signatures, or `undefined` for a refusal. */
function prove(link: Loopback, data: Uint8Array): Uint8Array[] | undefined {
  link.client.send(messages.globalRequest.encode({ type: PROVE, wantReply: true, data }));
  link.exchange();
  if (link.client.unread.some((payload) => payload[0] === Msg.REQUEST_FAILURE)) {
    link.client.expect(messages.requestFailure);
    return undefined;
  }
  return stringsIn(link.client.expect(messages.requestSuccess).data);
}

/** OpenSSH PROTOCOL 2.5: what a proof of a key is a signature of. */
function proved(link: Loopback, key: HostKey): Uint8Array {
  return new Writer().utf8(PROVE).string(link.client.sessionId!).string(key.publicKey.blob).finish();
}

describe("hostkeys-00@openssh.com", () => {
  test("tells of every key, in the order of the host, right after the login", () => {
    const keys = [ed25519, next, ecdsa];
    const link = visitor(keys);
    const { type, wantReply, data } = link.client.expect(messages.globalRequest);
    assert.deepEqual([type, wantReply], ["hostkeys-00@openssh.com", false]);
    assert.deepEqual(Buffer.from(data), Buffer.from(blobs(...keys)));
    assert.deepEqual(link.client.numbers.slice(-2), [Msg.USERAUTH_SUCCESS, Msg.GLOBAL_REQUEST]);
  });

  test("is not sent before the login, nor by a host that has no key but the one in use", () => {
    const before = new Loopback({ hostKeys: [ed25519, ecdsa] }).handshake();
    assert.equal(before.client.numbers.includes(Msg.GLOBAL_REQUEST), false);
    const alone = visitor([ed25519]);
    assert.equal(alone.client.numbers.includes(Msg.GLOBAL_REQUEST), false);
  });

  test("names keys, never certificates", () => {
    const link = visitor([ed25519, ecdsa], { offer: offerOf([certified(ed25519), ed25519, ecdsa]) });
    assert.deepEqual(Buffer.from(link.client.expect(messages.globalRequest).data), Buffer.from(blobs(ed25519, ecdsa)));
  });
});

// Security bar A3 73, C 73; attack case hostkeys-prove.
describe("hostkeys-prove-00@openssh.com", () => {
  test("is answered by a signature for each key, in the order of the request", () => {
    const link = visitor([ed25519, next, ecdsa]);
    const signatures = prove(link, blobs(ecdsa, next))!;
    assert.equal(signatures.length, 2);
    assert.ok(ecdsa.publicKey.verify("ecdsa-sha2-nistp256", signatures[0]!, proved(link, ecdsa)));
    assert.ok(next.publicKey.verify("ssh-ed25519", signatures[1]!, proved(link, next)));
  });

  test("signs for the session that it is asked in", () => {
    const link = visitor([ed25519, ecdsa]);
    const [signature] = prove(link, blobs(ecdsa))!;
    const other = visitor([ed25519, ecdsa]);
    assert.equal(ecdsa.publicKey.verify("ecdsa-sha2-nistp256", signature!, proved(other, ecdsa)), false);
  });

  test("signs with RSA by the algorithm of the key exchange, or by the best where that was none of RSA", () => {
    for (const [agreed, expected] of [
      ["rsa-sha2-256", "rsa-sha2-256"],
      ["rsa-sha2-512", "rsa-sha2-512"],
      ["ssh-ed25519", "rsa-sha2-512"],
      ["rsa-sha2-256-cert-v01@openssh.com", "rsa-sha2-256"],
    ] as const) {
      const offer = offerOf([certified(rsa), ed25519, rsa]);
      const link = visitor([ed25519, rsa], { offer, client: { hostKey: [agreed] } });
      const [signature] = prove(link, blobs(rsa))!;
      assert.ok(rsa.publicKey.verify(expected, signature!, proved(link, rsa)), agreed);
    }
  });

  test("proves a key once, whatever else is asked for in between", () => {
    const link = visitor([ed25519, ecdsa]);
    assert.equal(prove(link, blobs(ecdsa))?.length, 1);
    assert.equal(prove(link, blobs(ecdsa)), undefined);
    assert.equal(prove(link, blobs(ed25519, ecdsa)), undefined);
    assert.equal(prove(link, blobs(ed25519))?.length, 1);
    assert.equal(prove(link, blobs(ed25519)), undefined);
    assert.equal(link.end, undefined);
  });

  for (const [what, data] of [
    ["a key that is not the host's", blobs(stranger)],
    ["one such key among the host's", blobs(ed25519, stranger)],
    ["a key twice", blobs(ecdsa, ecdsa)],
    ["a key 400 times", blobs(...Array.from({ length: 400 }, () => ecdsa))],
    ["an empty key", new Writer().string(new Uint8Array(0)).finish()],
    ["a key that is cut short", new Writer().string(ecdsa.publicKey.blob.subarray(0, -1)).finish()],
    ["nothing", new Uint8Array(0)],
  ] as const) {
    test(`signs nothing when it is asked for ${what}`, () => {
      const signed: string[] = [];
      const watched = [ed25519, ecdsa].map((key): HostKey => {
        const { type, algorithms, publicKey } = key;
        return {
          type,
          algorithms,
          publicKey,
          sign: (algorithm, bytes) => (signed.push(algorithm), key.sign(algorithm, bytes)),
        };
      });
      const link = visitor(watched);
      signed.length = 0;
      assert.equal(prove(link, data), undefined);
      assert.deepEqual(signed, []);
      // A refusal uses nothing up.
      assert.equal(prove(link, blobs(ecdsa))?.length, 1);
    });
  }

  test("ends the connection when a length in it is wrong", () => {
    const link = visitor([ed25519, ecdsa]);
    const data = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1);
    link.client.send(messages.globalRequest.encode({ type: PROVE, wantReply: true, data }));
    link.exchange();
    assert.equal(link.end?.by, "violation");
    assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.PROTOCOL_ERROR);
  });

  test("ends the connection before the login", () => {
    const link = new Loopback({ hostKeys: [ed25519, ecdsa] }).handshake();
    link.client.send(messages.globalRequest.encode({ type: PROVE, wantReply: true, data: blobs(ecdsa) }));
    link.exchange();
    assert.equal(link.end?.by, "violation");
    assert.equal(link.client.numbers.includes(Msg.REQUEST_SUCCESS), false);
  });
});
