import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offerOf } from "../../../src/protocol/index.ts";
import { generatePrivateKey, kexAlgorithms, parsePrivateKey } from "../../../src/crypto/index.ts";
import { messages, Msg } from "../../../src/wire/index.ts";
import { Loopback } from "../../client/index.ts";

const hostKeys = [parsePrivateKey(generatePrivateKey("ed25519")), parsePrivateKey(generatePrivateKey("ecdsa"))];
const first = [...kexAlgorithms.keys()][0]!;

function guess(kex: readonly [string, ...string[]], hostKey: readonly string[], strict: boolean): Loopback {
  const link = new Loopback({
    offer: offerOf(hostKeys),
    client: { automatic: false, kex, hostKey, strict },
  });
  link.client.sendIdentification();
  link.client.sendKexInit({ firstKexPacketFollows: true });
  link.client.sendKexEcdhInit(kex[0]);
  return link.exchange();
}

for (const strict of [true, false]) {
  describe(`a guessed packet in ${strict ? "a strict" : "an ordinary"} exchange`, () => {
    test("is answered when kex and host key are both the server's first", () => {
      const link = guess([first], ["ssh-ed25519"], strict);
      link.client.sendNewKeys();
      link.handshake();
    });

    for (const [what, kex, hostKey] of [
      ["the kex is another", ["ecdh-sha2-nistp256", first], ["ssh-ed25519"]],
      ["the host key is another", [first], ["ecdsa-sha2-nistp256", "ssh-ed25519"]],
      ["both are others", ["ecdh-sha2-nistp384"], ["ecdsa-sha2-nistp256"]],
    ] as const) {
      test(`is dropped when ${what}, and the one behind it is answered`, () => {
        const link = guess(kex, hostKey, strict);
        assert.deepEqual(link.client.numbers, [Msg.KEXINIT]);
        link.client.sendKexEcdhInit();
        link.exchange();
        link.client.sendNewKeys();
        link.handshake();
      });
    }

    test("is dropped once: a second wrong one is taken at its word", () => {
      const link = guess(["ecdh-sha2-nistp256"], ["ssh-ed25519"], strict);
      link.client.send(messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(7) }));
      link.exchange();
      assert.equal(link.end?.by, "violation");
    });

    test("is not waited for when none was announced", () => {
      const link = new Loopback({ client: { kex: ["ecdh-sha2-nistp256"], strict } });
      link.handshake();
    });

    test("may be wrong in a rekey too", () => {
      const link = guess([first], ["ssh-ed25519"], strict);
      link.client.sendNewKeys();
      link.login();
      link.client.sendKexInit({ kex: ["ecdh-sha2-nistp256"], firstKexPacketFollows: true });
      link.client.send(messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(3) }));
      link.exchange();
      link.client.sendKexEcdhInit();
      link.exchange();
      link.client.sendNewKeys();
      link.exchange();
      assert.equal(link.client.exchanges, 2);
      assert.equal(link.app.algorithms[1]?.names.kex, "ecdh-sha2-nistp256");
    });
  });
}

describe("a wrong guess in an ordinary exchange", () => {
  test("may come behind an IGNORE, which is not the guess", () => {
    const link = new Loopback({ client: { automatic: false, kex: ["ecdh-sha2-nistp256"], strict: false } });
    link.client.sendIdentification();
    link.client.sendKexInit({ firstKexPacketFollows: true });
    link.client.send(messages.ignore.encode({ data: new Uint8Array(0) }));
    link.client.send(messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(3) }));
    link.exchange();
    link.client.sendKexEcdhInit();
    link.exchange();
    link.client.sendNewKeys();
    link.handshake();
  });
});
