import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, Msg } from "../../../src/wire/index.ts";
import { Loopback } from "../../client/index.ts";
import type { LoopbackOptions } from "../../client/index.ts";

const noTime = { milliseconds: 0 };

function echoing(options: LoopbackOptions = {}): { link: Loopback; channel: number } {
  const limits = { clientAliveInterval: 0, ...options.limits };
  const link = new Loopback({ ...options, limits }).login();
  link.app.echo = true;
  return { link, channel: link.openSession() };
}

/** Sends `count` numbered lines through the echo, doing something else between them; gives what came back. */
function transfer(link: Loopback, channel: number, count: number, between: (index: number) => void): string {
  for (let i = 0; i < count; i++) {
    between(i);
    link.client.post(messages.channelData.encode({ recipient: channel, data: Buffer.from(`line ${i}\n`) }));
    if (i % 3 === 0) link.exchange();
  }
  link.exchange();
  return Buffer.concat(
    link.client.unread
      .filter((payload) => payload[0] === Msg.CHANNEL_DATA)
      .map((payload) => messages.channelData.decode(payload).data),
  ).toString();
}

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

for (const strict of [true, false]) {
  const client = {
    strict,
    cipherIn: ["aes128-ctr"],
    cipherOut: ["aes128-gcm@openssh.com"],
    kex: ["curve25519-sha256"],
  };

  describe(`new keys on ${strict ? "a strict" : "an ordinary"} connection`, () => {
    test("come when the client asks, in the middle of a transfer, without loss or disorder", () => {
      const { link, channel } = echoing({ client });
      const received = transfer(link, channel, 200, (i) => {
        if (i % 25 === 7) link.client.sendKexInit();
        link.now += 2000;
      });
      assert.equal(received, lines(200));
      assert.equal(link.client.exchanges, 9);
    });

    test("come when the server has moved its bytes, without loss or disorder", () => {
      const { link, channel } = echoing({ client, limits: { rekeyLimit: { bytes: 4000, ...noTime } } });
      assert.equal(
        transfer(link, channel, 500, () => {}),
        lines(500),
      );
      assert.ok(link.client.exchanges >= 8, `${link.client.exchanges} exchanges`);
      assert.equal(link.app.algorithms.length, link.client.exchanges);
      assert.deepEqual(link.app.algorithms.map(({ first }) => first).indexOf(true, 1), -1);
    });

    test("come in the middle of what only the server sends, by the bytes that it has sent", () => {
      const { link } = echoing({ client, limits: { rekeyLimit: { bytes: 100_000, ...noTime } } });
      const { channel } = link.app.sessions[0]!;
      for (let i = 0; i < 2000; i++) channel.write(Buffer.from(`line ${i}\n`.padEnd(500)));
      assert.equal(link.client.exchanges, 1);
      assert.equal(link.server.pending < 110_000, true, "the rest waits in its channel for the new keys");
      link.exchange();
      assert.equal(transfer(link, 0, 0, () => {}).replaceAll(/ +(?=l|$)/g, ""), lines(2000));
      // Until the client's NEWKEYS is here no further exchange can begin, however much is sent.
      assert.ok(link.client.exchanges >= 3, `${link.client.exchanges} exchanges`);
    });

    test("come when the keys are old", () => {
      const { link, channel } = echoing({ client });
      link.pass(3_599_999);
      assert.equal(link.client.exchanges, 1);
      link.pass(1);
      assert.equal(link.client.exchanges, 2);
      assert.equal(
        transfer(link, channel, 10, () => {}),
        lines(10),
      );
    });

    test("come once when both sides ask at the same time", () => {
      const { link, channel } = echoing({ client });
      link.now += 3_600_000;
      link.server.tick(link.now);
      link.client.sendKexInit();
      link.exchange();
      assert.equal(link.client.exchanges, 2);
      assert.equal(
        transfer(link, channel, 10, () => {}),
        lines(10),
      );
    });

    test("leave the session its name, whatever the length of the hash", () => {
      const { link, channel } = echoing({ client });
      const sessionId = Buffer.from(link.server.sessionId);
      for (const kex of ["ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "mlkem768x25519-sha256", "ecdh-sha2-nistp256"]) {
        link.client.sendKexInit({ kex: [kex] });
        link.exchange();
        assert.equal(link.app.algorithms.at(-1)?.names.kex, kex);
        link.client.unread = [];
        assert.equal(
          transfer(link, channel, 5, () => {}),
          lines(5),
        );
        assert.deepEqual(Buffer.from(link.server.sessionId), sessionId);
      }
    });

    test("may bring another cipher", () => {
      const { link, channel } = echoing({ client });
      for (const cipher of ["aes256-gcm@openssh.com", "aes192-ctr", "aes256-ctr", "aes128-gcm@openssh.com"]) {
        link.client.sendKexInit({ cipherIn: [cipher], cipherOut: [cipher] });
        link.exchange();
        link.client.unread = [];
        assert.equal(
          transfer(link, channel, 5, () => {}),
          lines(5),
        );
        assert.equal(link.app.algorithms.at(-1)?.names.cipherIn, cipher);
      }
    });

    test("come without a second EXT_INFO", () => {
      const { link } = echoing({ client });
      link.client.sendKexInit();
      link.exchange();
      assert.equal(link.client.numbers.filter((number) => number === Msg.EXT_INFO).length, 1);
    });
  });
}

describe("while the server waits for the client's KEXINIT", () => {
  function waiting(): { link: Loopback; channel: number } {
    const { link, channel } = echoing({ client: { kex: ["curve25519-sha256"] } });
    link.client.automatic = false;
    link.pass(3_600_000);
    assert.equal(link.client.numbers.at(-1), Msg.KEXINIT);
    return { link, channel };
  }

  function finish(link: Loopback): void {
    link.client.automatic = true;
    link.client.sendKexInit();
    link.client.sendKexEcdhInit();
    link.exchange();
    assert.equal(link.client.exchanges, 2);
  }

  test("it takes what was under way and answers behind the exchange, in order", () => {
    const { link, channel } = waiting();
    const said = link.client.numbers.length;
    link.client.send(messages.channelData.encode({ recipient: channel, data: Buffer.from("abc") }));
    link.client.send(messages.ping.encode({ data: Buffer.from("1") }));
    link.client.send(
      messages.globalRequest.encode({ type: "keepalive@openssh.com", wantReply: true, data: new Uint8Array(0) }),
    );
    link.exchange();
    assert.deepEqual(link.client.numbers.slice(said), [], "RFC 4253 §7.1: nothing but the exchange is sent");
    assert.equal(Buffer.concat(link.app.sessions[0]!.received).toString(), "abc");
    finish(link);
    assert.deepEqual(link.client.numbers.slice(said), [
      Msg.KEX_ECDH_REPLY,
      Msg.NEWKEYS,
      Msg.PONG,
      Msg.REQUEST_FAILURE,
      Msg.CHANNEL_DATA,
    ]);
  });

  test("it answers an unknown message at once: UNIMPLEMENTED may pass an exchange", () => {
    const { link } = waiting();
    link.client.send(Uint8Array.of(150));
    link.exchange();
    assert.equal(link.client.expect(messages.unimplemented).sequence, link.client.out.sequence - 1);
  });

  test("it holds no channel data: that stays in its channel", () => {
    const { link } = waiting();
    const { channel } = link.app.sessions[0]!;
    for (let i = 0; i < 64; i++) assert.equal(channel.write(Buffer.alloc(32768, i)), false);
    assert.equal(channel.buffered, 64 * 32768);
    assert.ok(link.server.pending < 100);
    finish(link);
    assert.equal(channel.buffered, 0);
    assert.equal(link.app.sessions[0]!.drains, 1);
  });
});

describe("behind the client's KEXINIT", () => {
  for (const [what, payload] of Object.entries({
    "a global request": messages.globalRequest.encode({ type: "x", wantReply: true, data: new Uint8Array(0) }),
    "channel data": messages.channelData.encode({ recipient: 0, data: Buffer.from("x") }),
    "a ping": messages.ping.encode({ data: new Uint8Array(0) }),
    "a second KEXINIT": Uint8Array.of(Msg.KEXINIT),
    "an unknown message": Uint8Array.of(150),
  })) {
    test(`${what} ends the connection`, () => {
      const { link } = echoing();
      const answered = link.client.numbers.length;
      link.client.automatic = false;
      link.client.sendKexInit();
      link.client.send(payload);
      link.exchange();
      assert.equal(link.end?.by, "violation");
      assert.deepEqual(link.client.numbers.slice(answered), [Msg.KEXINIT, Msg.DISCONNECT]);
      assert.equal(link.app.sessions[0]!.received.length, 0);
    });
  }

  test("IGNORE and DEBUG pass, in a strict connection too", () => {
    const { link, channel } = echoing();
    link.client.automatic = false;
    link.client.sendKexInit();
    link.client.send(messages.ignore.encode({ data: new Uint8Array(9) }));
    link.exchange();
    link.client.sendKexEcdhInit();
    link.client.send(messages.debug.encode({ alwaysDisplay: true, text: "", language: "" }));
    link.exchange();
    link.client.sendNewKeys();
    assert.equal(
      transfer(link, channel, 3, () => {}),
      lines(3),
    );
  });
});
