import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DisconnectReason, messages, Msg } from "../../../src/wire/index.ts";
import { injections, Loopback } from "../../client/index.ts";

const harmless = new Set<string>(["IGNORE", "DEBUG", "UNIMPLEMENTED"]);

/** The places, each as the steps before and behind it. */
const places = ["before KEXINIT", "behind KEXINIT", "behind ECDH_INIT", "before NEWKEYS"] as const;

function inject(payload: Uint8Array, place: (typeof places)[number], strict: boolean): Loopback {
  const link = new Loopback({ client: { automatic: false, strict, kex: ["curve25519-sha256"] } });
  const { client } = link;
  const here = (name: (typeof places)[number]): void => {
    if (name === place) client.send(payload);
  };
  client.sendIdentification();
  here("before KEXINIT");
  client.sendKexInit();
  here("behind KEXINIT");
  client.sendKexEcdhInit("curve25519-sha256");
  here("behind ECDH_INIT");
  link.exchange();
  here("before NEWKEYS");
  if (!link.end) client.sendNewKeys();
  return link.exchange();
}

describe("in a strict first key exchange", () => {
  for (const [name, payload] of Object.entries(injections)) {
    for (const place of places) {
      test(`${name} ${place} ends the connection`, () => {
        const link = inject(payload, place, true);
        assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.PROTOCOL_ERROR);
        assert.equal(link.end?.by, "violation");
      });

      test(`${name} ${place} ${harmless.has(name) ? "passes" : "ends the connection"} when it is not strict`, () => {
        const link = inject(payload, place, false);
        if (!harmless.has(name))
          assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.PROTOCOL_ERROR);
        else link.handshake();
      });
    }
  }

  test("two KEXINITs end the connection", () => {
    const link = new Loopback({ client: { automatic: false } });
    link.client.sendIdentification();
    link.client.sendKexInit();
    link.client.sendKexInit();
    link.exchange();
    assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.PROTOCOL_ERROR);
  });
});

/** Sends a message that nobody knows; the answer tells which sequence number the server counted. */
function countedSequence(link: Loopback): number {
  link.client.send(Uint8Array.of(150));
  link.exchange();
  return link.client.expect(messages.unimplemented).sequence;
}

function rekey(link: Loopback, fields: Partial<messages.KexInit> = {}): void {
  const { exchanges } = link.client;
  link.client.sendKexInit(fields);
  link.exchange();
  assert.equal(link.client.exchanges, exchanges + 1);
}

// Under GCM a wrong sequence number would not show: these run under a MAC that covers it.
const withMac = { cipherIn: ["aes256-ctr"], cipherOut: ["aes256-ctr"] };
const marker = "kex-strict-c-v00@openssh.com";

describe("the sequence numbers", () => {
  test("start again at NEWKEYS of a strict exchange, and at every later one", () => {
    const link = new Loopback({ client: withMac }).login();
    assert.equal(countedSequence(link), 2, "SERVICE_REQUEST, USERAUTH_REQUEST, this one");
    for (let i = 0; i < 3; i++) {
      rekey(link);
      assert.equal(countedSequence(link), 0);
      assert.equal(countedSequence(link), 1);
    }
  });

  test("go on through every exchange of a connection that is not strict", () => {
    const link = new Loopback({ client: { ...withMac, strict: false } }).login();
    assert.equal(countedSequence(link), 5, "KEXINIT, ECDH_INIT, NEWKEYS before");
    rekey(link);
    assert.equal(countedSequence(link), 9);
    assert.equal(link.client.in.sequence, link.client.numbers.length);
  });

  test("go on when strict is asked for in a rekey only", () => {
    const link = new Loopback({ client: { ...withMac, strict: false } }).login();
    rekey(link, { kex: ["curve25519-sha256", marker] });
    assert.equal(countedSequence(link), 8);
  });

  for (const lookalike of [`${marker}x`, marker.slice(0, -1), marker.toUpperCase(), "kex-strict-s-v00@openssh.com"]) {
    test(`go on for the marker ${lookalike}`, () => {
      const kex = ["curve25519-sha256", lookalike];
      const link = new Loopback({ client: { ...withMac, strict: false, kex } }).login();
      assert.equal(countedSequence(link), 5);
    });
  }
});

describe("the server's markers", () => {
  test("are in its first KEXINIT and in no later one", () => {
    const link = new Loopback().login();
    const lists: (readonly string[])[] = [];
    link.client.intercept = (payload) => {
      if (payload[0] === Msg.KEXINIT) lists.push(messages.kexInit.decode(payload).kex);
      return false;
    };
    rekey(link);
    assert.ok(lists[0]!.length > 0);
    assert.doesNotMatch(lists[0]!.join(), /kex-strict|ext-info/);
    const first = new Loopback();
    first.client.automatic = false;
    first.exchange();
    assert.deepEqual(first.client.serverKexInit.kex.slice(-2), ["ext-info-s", "kex-strict-s-v00@openssh.com"]);
  });
});
