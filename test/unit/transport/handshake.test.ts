import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  cipherAlgorithms,
  generatePrivateKey,
  kexAlgorithms,
  macAlgorithms,
  parsePrivateKey,
} from "../../../src/crypto/index.ts";
import { offerOf } from "../../../src/protocol/index.ts";
import { DisconnectReason, messages, Msg } from "../../../src/wire/index.ts";
import { Client, Loopback } from "../../client/index.ts";

const hostKeys = [
  generatePrivateKey("ed25519"),
  generatePrivateKey("ecdsa", { bits: 256 }),
  generatePrivateKey("ecdsa", { bits: 384 }),
  generatePrivateKey("ecdsa", { bits: 521 }),
  generatePrivateKey("rsa", { bits: 2048 }),
].map((file) => parsePrivateKey(file));
const offer = offerOf(hostKeys);
const suites = [...cipherAlgorithms.values()].flatMap((cipher) =>
  (cipher.aead ? [undefined] : [...macAlgorithms.values()]).map((mac) => ({
    cipher: cipher.name,
    mac: mac?.name ?? "none",
  })),
);

describe("a handshake and login", () => {
  for (const kex of kexAlgorithms.keys()) {
    for (const hostKey of offer.hostKeys.keys()) {
      test(`with ${kex} and ${hostKey} works under every cipher and MAC`, () => {
        for (const { cipher, mac } of suites) {
          const link = new Loopback({
            offer,
            client: {
              kex: [kex],
              hostKey: [hostKey],
              cipherIn: [cipher],
              cipherOut: [cipher],
              macIn: [mac],
              macOut: [mac],
            },
          });
          link.login();
          const names = link.app.algorithms[0]!.names;
          const authenticator = mac === "none" ? cipher : mac;
          assert.deepEqual(names, {
            kex,
            hostKey,
            cipherIn: cipher,
            cipherOut: cipher,
            macIn: authenticator,
            macOut: authenticator,
          });
          assert.deepEqual(Buffer.from(link.server.sessionId), Buffer.from(link.client.sessionId!));
        }
      });
    }
  }

  test("may have another cipher and MAC in each direction", () => {
    for (const [index, one] of suites.entries()) {
      const other = suites[(index + 5) % suites.length]!;
      const link = new Loopback({
        client: { cipherIn: [one.cipher], macIn: [one.mac], cipherOut: [other.cipher], macOut: [other.mac] },
      });
      link.login();
    }
  });

  test("works when the client's bytes come one at a time", () => {
    const link = new Loopback();
    const carry = (): boolean => {
      const toServer = link.client.pull();
      for (const byte of toServer) link.server.receive(Uint8Array.of(byte), 0);
      const toClient = link.toClient();
      for (const byte of toClient) link.client.receive(Uint8Array.of(byte));
      return toServer.length + toClient.length > 0;
    };
    while (carry());
    link.client.send(messages.serviceRequest.encode({ service: "ssh-userauth" }));
    while (carry());
    link.client.expect(messages.serviceAccept);
  });

  test("works when identification, KEXINIT and ECDH_INIT come in one piece", () => {
    const link = new Loopback({ client: { automatic: false, kex: ["curve25519-sha256"] } });
    link.client.sendIdentification();
    link.client.sendKexInit();
    link.client.sendKexEcdhInit("curve25519-sha256");
    link.exchange();
    link.client.sendNewKeys();
    link.handshake();
  });

  test("keeps what the exchange hash needs when the input buffer is used again", () => {
    const link = new Loopback({ client: { kex: ["mlkem768x25519-sha256"], automatic: false } });
    const { client, server } = link;
    client.receive(link.toClient());
    client.sendIdentification();
    client.sendKexInit();
    // The end of KEXINIT comes together with the start of the next message: both lie in the engine's own buffer, and the
    // rest of the message moves to the front of it.
    const start = client.pull();
    client.sendKexEcdhInit();
    const rest = client.pull();
    server.receive(start.subarray(0, 200), 0);
    server.receive(Buffer.concat([start.subarray(200), rest.subarray(0, 5)]), 0);
    for (const byte of rest.subarray(5)) server.receive(Uint8Array.of(byte), 0);
    client.receive(link.toClient());
    client.sendNewKeys();
    link.handshake();
  });

  test("signs a fresh exchange each time", () => {
    const [one, other] = [new Loopback().handshake(), new Loopback().handshake()];
    assert.notDeepEqual(one.client.sessionId, other.client.sessionId);
  });

  test("verifies for hundreds of secrets, those with leading zeros and high bits among them", () => {
    for (let i = 0; i < 300; i++) {
      const kex = i % 2 ? "curve25519-sha256" : "ecdh-sha2-nistp256";
      new Loopback({
        offer,
        client: { kex: [kex], hostKey: [i % 3 ? "ssh-ed25519" : "ecdsa-sha2-nistp256"] },
      }).handshake();
    }
  });
});

describe("the server", () => {
  test("sends identification and KEXINIT without waiting for the client", () => {
    const link = new Loopback({ identification: "SSH-2.0-Sallyport_1 here" });
    const client = new Client({ automatic: false });
    client.receive(link.toClient());
    assert.equal(client.serverIdentification, "SSH-2.0-Sallyport_1 here");
    assert.deepEqual(client.numbers, [Msg.KEXINIT]);
  });

  test("sends EXT_INFO as the first message under the new keys, to a client that asks for it", () => {
    const link = new Loopback();
    link.exchange();
    assert.deepEqual(link.client.numbers, [Msg.KEXINIT, Msg.KEX_ECDH_REPLY, Msg.NEWKEYS, Msg.EXT_INFO]);
  });

  test("sends no EXT_INFO to one that does not", () => {
    const link = new Loopback({ client: { extInfo: false } });
    link.exchange();
    assert.deepEqual(link.client.numbers, [Msg.KEXINIT, Msg.KEX_ECDH_REPLY, Msg.NEWKEYS]);
  });

  test("tells the application of the client's version and of the algorithms", () => {
    const link = new Loopback({ client: { identification: "SSH-2.0-x y" } });
    link.exchange();
    assert.deepEqual(link.app.versions, ["SSH-2.0-x y"]);
    assert.equal(link.app.algorithms[0]?.first, true);
  });

  test("sends a banner of before the exchange behind it", () => {
    const link = new Loopback();
    link.server.banner("hello");
    link.handshake();
    assert.equal(link.client.expect(messages.userauthBanner).text, "hello");
  });

  for (const [what, clientPublic] of [
    ["empty", Buffer.alloc(0)],
    ["31 bytes", Buffer.alloc(31, 9)],
    ["33 bytes", Buffer.alloc(33, 9)],
    ["all zeros", Buffer.alloc(32)],
    ["of low order", Buffer.from("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", "hex")],
  ] as const) {
    test(`answers an X25519 value that is ${what} with reason 3 and no reply`, () => {
      const link = new Loopback({ client: { automatic: false, kex: ["curve25519-sha256"] } });
      link.client.sendIdentification();
      link.client.sendKexInit();
      link.client.send(messages.kexEcdhInit.encode({ clientPublic }));
      link.exchange();
      assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.KEY_EXCHANGE_FAILED);
      assert.ok(!link.client.numbers.includes(Msg.KEX_ECDH_REPLY));
    });
  }
});
