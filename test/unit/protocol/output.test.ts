import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, Msg } from "../../../src/wire/index.ts";
import { Loopback } from "../../client/index.ts";
import type { Session } from "../../client/index.ts";

const chunk = Buffer.alloc(32768, "x");
const HIGH_WATER = 256 * 1024;

function session(): { link: Loopback; session: Session } {
  const link = new Loopback().login();
  link.openSession();
  link.toClient();
  return { link, session: link.app.sessions[0]! };
}

const received = (link: Loopback): number =>
  link.client.unread
    .filter((payload) => payload[0] === Msg.CHANNEL_DATA)
    .reduce((sum, payload) => sum + messages.channelData.decode(payload).data.length, 0);

describe("the door", () => {
  test("is told once that there is output when it is not inside a call of its own", () => {
    const {
      link,
      session: { channel },
    } = session();
    assert.equal(link.app.wakeups, 0);
    channel.write(Buffer.from("a"));
    channel.write(Buffer.from("b"));
    assert.equal(link.app.wakeups, 1);
    link.exchange();
    assert.equal(received(link), 2);
    channel.write(Buffer.from("c"));
    assert.equal(link.app.wakeups, 2);
  });

  test("is not told of what its own calls bring about: it pulls behind each of them", () => {
    const { link } = session();
    link.client.send(messages.ping.encode({ data: new Uint8Array(0) }));
    link.server.receive(link.client.pull(), 0);
    assert.equal(link.app.wakeups, 0);
    link.client.receive(link.toClient());
    link.client.expect(messages.pong);
  });

  test("gets everything by pulling until there is nothing more", () => {
    const {
      link,
      session: { channel },
    } = session();
    for (let i = 0; i < 100; i++) channel.write(chunk);
    link.exchange();
    assert.equal(received(link), 100 * chunk.length);
    assert.equal(channel.buffered, 0);
  });
});

describe("output that nobody takes", () => {
  test("stops the channels at 256 KiB, and the rest stays with them", () => {
    const {
      link,
      session: { channel },
    } = session();
    for (let i = 0; i < 100; i++) channel.write(chunk);
    assert.ok(link.server.pending < HIGH_WATER + 2 * chunk.length, `${link.server.pending} bytes`);
    assert.ok(channel.buffered > 80 * chunk.length);
  });

  test("is not pulled while the socket is blocked, and flows when it takes more", () => {
    const { link, session: channelOf } = session();
    const { channel } = channelOf;
    link.server.block(true);
    assert.equal(channel.write(chunk), false);
    assert.equal(link.server.pull(), undefined);
    assert.equal(channel.buffered, chunk.length);
    link.server.block(false);
    link.exchange();
    assert.equal(received(link), chunk.length);
    assert.equal(channelOf.drains, 1);
  });

  test("still has the DISCONNECT in it when the connection ends blocked", () => {
    const { link } = session();
    link.server.block(true);
    link.server.disconnect(11, "bye");
    link.client.receive(link.toClient());
    assert.equal(link.client.expect(messages.disconnect).description, "bye");
  });

  test("holds answers to small messages, which the door bounds by `pending`", () => {
    const { link } = session();
    link.server.block(true);
    for (let i = 0; i < 100; i++) link.client.send(messages.ping.encode({ data: Buffer.alloc(1000) }));
    link.server.receive(link.client.pull(), 0);
    assert.ok(link.server.pending > 100_000);
    assert.equal(link.server.pull(), undefined);
    link.server.block(false);
    link.exchange();
    assert.equal(link.server.pending, 0);
  });
});
