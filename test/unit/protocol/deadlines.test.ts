import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MissedDeadline } from "../../../src/protocol/index.ts";
import { DisconnectReason, messages, Msg } from "../../../src/wire/index.ts";
import { Loopback, passwordRequest } from "../../client/index.ts";
import type { LoopbackOptions } from "../../client/index.ts";

const manual = { client: { automatic: false } };

function assertMissed(link: Loopback, missed: MissedDeadline): void {
  assert.deepEqual(link.end, { by: "deadline", missed });
  assert.equal(link.app.ends.length, 1);
}

/** Lets the clock run in steps of a second, in which the client says something to stay awake. */
function keepTalking(link: Loopback, milliseconds: number, talk: (link: Loopback) => void): void {
  for (let passed = 0; passed < milliseconds && !link.end; passed += 1000) {
    talk(link);
    link.exchange();
    link.pass(1000);
  }
}

const ignore = messages.ignore.encode({ data: new Uint8Array(0) });

describe("before the login", () => {
  test("the identification has to come within 10 seconds", () => {
    const link = new Loopback(manual);
    link.client.raw("SSH-2.0-slow");
    link.exchange().pass(9999);
    assert.equal(link.end, undefined);
    link.pass(1);
    assertMissed(link, "identification");
  });

  test("the handshake has to be over within 20 seconds, however much is said", () => {
    const link = new Loopback({ client: { automatic: false, strict: false, kex: ["curve25519-sha256"] } });
    link.client.sendIdentification();
    link.client.sendKexInit();
    link.client.sendKexEcdhInit("curve25519-sha256");
    keepTalking(link, 19_000, ({ client }) => client.send(ignore));
    assert.equal(link.end, undefined);
    link.pass(1000);
    assertMissed(link, "handshake");
  });

  test("the login has to be over within 60 seconds, however much is said", () => {
    const link = new Loopback().handshake();
    keepTalking(link, 59_000, ({ client }) => client.send(ignore));
    assert.equal(link.end, undefined);
    link.pass(1000);
    assertMissed(link, "login");
    assert.equal(link.client.expect(messages.disconnect).reason, DisconnectReason.BY_APPLICATION);
  });

  test("the grace time runs while a verdict is awaited, and the verdict comes too late then", () => {
    const link = new Loopback().handshake();
    link.app.silent = true;
    link.client.send(passwordRequest("alice", "right"));
    link.exchange().pass(60_000);
    assertMissed(link, "login");
    link.server.answer(link.app.attempts[0]!, { type: "success" }, link.now);
    assert.deepEqual([link.app.logins, link.server.loggedIn], [[], false]);
  });

  test("no time is limited by 0", () => {
    const link = new Loopback({ ...manual, limits: { loginGraceTime: 0, identificationTime: 0, handshakeTime: 0 } });
    link.pass(10 ** 9);
    assert.equal(link.end, undefined);
  });
});

/** Logged in, and nothing in the way of the deadline that is looked at. */
function loggedIn(limits: LoopbackOptions["limits"], options: LoopbackOptions["client"] = {}): Loopback {
  return new Loopback({
    client: options,
    limits: { clientAliveInterval: 0, unusedConnectionTime: 0, ...limits },
  }).login();
}

describe("after the login", () => {
  test("the grace time is over and done with", () => {
    const link = loggedIn({});
    link.pass(10 ** 6);
    assert.equal(link.end, undefined);
  });

  test("a renewal of keys has to be over within 30 seconds", () => {
    const link = loggedIn({ rekeyLimit: { bytes: 2 ** 30, milliseconds: 5000 } });
    link.client.automatic = false;
    link.pass(5000);
    assert.equal(link.client.numbers.at(-1), Msg.KEXINIT);
    link.pass(29_999);
    assert.equal(link.end, undefined);
    link.pass(1);
    assertMissed(link, "rekey");
  });

  test("a renewal that the client began and leaves has to be over, too", () => {
    const link = loggedIn({});
    link.client.automatic = false;
    link.now = 100;
    link.client.sendKexInit();
    link.exchange().pass(29_999);
    assert.equal(link.end, undefined);
    link.pass(1);
    assertMissed(link, "rekey");
  });

  test("a renewal that was in time has no deadline any more", () => {
    const link = loggedIn({});
    link.client.sendKexInit();
    link.exchange().pass(10 ** 6);
    assert.deepEqual([link.end, link.client.exchanges], [undefined, 2]);
  });

  test("renewals one behind the other are each given their time", () => {
    const link = loggedIn({});
    for (let i = 0; i < 5; i++) {
      link.client.sendKexInit();
      link.server.receive(link.client.pull(), link.now);
      link.pass(20_000);
    }
    assert.deepEqual([link.end, link.client.exchanges], [undefined, 6]);
  });

  test("a connection without a channel ends after 60 seconds", () => {
    const link = loggedIn({ unusedConnectionTime: 60_000 });
    link.pass(0).pass(59_999);
    assert.equal(link.end, undefined);
    link.pass(1);
    assertMissed(link, "unused");
  });

  test("a channel keeps it, and its end begins the time anew", () => {
    const link = loggedIn({ unusedConnectionTime: 60_000 });
    link.pass(50_000);
    const channel = link.openSession();
    link.pass(100_000).pass(100_000);
    link.client.send(messages.channelClose.encode({ recipient: channel }));
    link.exchange().pass(0).pass(59_000);
    assert.equal(link.end, undefined);
    link.pass(1000);
    assertMissed(link, "unused");
  });

  test("channels that come and go between two looks at the clock keep it", () => {
    const link = loggedIn({ unusedConnectionTime: 60_000 });
    keepTalking(link, 300_000, ({ client }) => {
      const channel = link.openSession();
      client.send(messages.channelClose.encode({ recipient: channel }));
    });
    assert.equal(link.end, undefined);
  });

  test("a silent client is asked three times, 30 seconds apart, and then left", () => {
    const link = loggedIn({ clientAliveInterval: 30_000 });
    // It answers nothing: what the server says is not carried.
    const asked = (): number => (link.toClient().length > 0 ? 1 : 0);
    const asks = [29_999, 1, 29_999, 1, 29_999, 1, 29_999].map((milliseconds) => {
      link.now += milliseconds;
      link.server.tick(link.now);
      return asked();
    });
    assert.deepEqual(asks, [0, 1, 0, 1, 0, 1, 0]);
    assert.equal(link.end, undefined);
    link.now++;
    link.server.tick(link.now);
    assertMissed(link, "keepalive");
  });

  test("a client that answers is asked on and on", () => {
    const link = loggedIn({ clientAliveInterval: 30_000 });
    for (let i = 0; i < 20; i++) {
      link.pass(30_000);
      const request = link.client.expect(messages.globalRequest);
      assert.deepEqual([request.type, request.wantReply], ["keepalive@openssh.com", true]);
      link.client.send(messages.requestFailure.encode({}));
      link.exchange();
    }
    assert.equal(link.end, undefined);
  });

  test("any message is an answer, and what is no whole message too", () => {
    const link = loggedIn({ clientAliveInterval: 30_000 });
    keepTalking(link, 200_000, ({ client }) => client.send(ignore));
    assert.ok(!link.client.numbers.includes(Msg.GLOBAL_REQUEST));
  });

  test("looking at the clock after the end does nothing", () => {
    const link = loggedIn({ unusedConnectionTime: 60_000 });
    link
      .pass(0)
      .pass(60_000)
      .pass(10 ** 6);
    assertMissed(link, "unused");
    assert.equal(link.toClient().length, 0);
  });
});
