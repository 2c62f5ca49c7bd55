/** Security bar, table B: what goes by the clock or by the bytes that have gone over a connection. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEntry } from "../../src/index.ts";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { pass, usualDeadlines } from "./harness/clock.ts";
import { Bar, channelClose, channelData, ignore, ping } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const MIB = 2 ** 20;
/** No questions to the idle: nothing but what is looked at here goes by the clock. */
const NO_KEEPALIVE = { ...usualDeadlines, clientAliveInterval: 0 };

test("B send queue: above 1 MiB that a client does not read, nothing is read from it, and it loses nothing", async (t) => {
  const bar = await Bar.open(t, { limits: NO_KEEPALIVE });
  const peer = await bar.peer("logged in");
  peer.socket.pause();
  const text = "p".repeat(32_000);
  for (let i = 0; i < 1000; i++) peer.send(ping(text));
  await bar.othersAreWell();
  await pass(30);
  await bar.othersAreWell();
  assert.ok(peer.socket.writableLength > 0, "32 MB are more than the system holds for both");
  peer.socket.resume();
  await peer.until("every answer", () => peer.came(Msg.PONG) === 1000);
});

test("B send queue: after 60 s in which nothing of it has left, the connection ends", async (t) => {
  const bar = await Bar.open(t, { limits: NO_KEEPALIVE });
  const peer = await bar.peer("logged in");
  peer.socket.pause();
  for (let i = 0; i < 1000; i++) peer.send(ping("p".repeat(32_000)));
  // The time begins when the last buffer is full, whenever that is.
  const left = (): LogEntry | undefined => bar.log.find(({ event }) => event === "left");
  while (left() === undefined) await pass(61);
  const entry = left();
  assert.ok(entry?.event === "left");
  assert.equal(entry.detail.detail, "the client does not read its output");
  assert.ok(entry.detail.received! < 24 * MIB, `${entry.detail.received} bytes were read`);
  await bar.othersAreWell();
});

test("B RekeyLimit, C28: 1 GiB or 1 h each way, by time", async (t) => {
  const bar = await Bar.open(t, { limits: NO_KEEPALIVE });
  assert.deepEqual(bar.server.options.limits.rekeyLimit, { bytes: 1024 * MIB, seconds: 3600 });
  const peer = await bar.peer("logged in");
  await peer.openSession();
  await pass(1800);
  await peer.settled();
  assert.equal(peer.came(Msg.KEXINIT), 1);
  await pass(1801);
  await peer.until("new keys", () => peer.client.exchanges === 2 && peer.client.idle);
  await peer.settled();
  assert.equal(peer.came(Msg.KEXINIT), 2);
  // The sentinel has new keys, too.
  await pass(0);
});

test("B RekeyLimit, C28: 1 GiB or 1 h each way, by bytes", async (t) => {
  const bar = await Bar.open(t, { limits: { rekeyLimit: { bytes: MIB } } });
  const inward = await bar.peer("logged in");
  const channel = await inward.exec("up");
  const send = (packets: number): Promise<Peer> => {
    for (let i = 0; i < packets; i++) inward.send(channelData(channel, Buffer.alloc(32_768)));
    return inward.settled();
  };
  await send(31);
  assert.equal(inward.client.exchanges, 1);
  await send(1);
  assert.equal(inward.client.exchanges, 2);

  const outward = await bar.peer("logged in");
  await outward.exec("down 2");
  await outward.next(messages.channelClose);
  const { numbers } = outward.client;
  // The first is that of the login; a third may come before the end, after another MiB.
  const renewal = numbers.indexOf(Msg.KEXINIT, numbers.indexOf(Msg.KEXINIT) + 1);
  const before = numbers.slice(0, renewal);
  assert.equal(before.filter((number) => number === Msg.CHANNEL_DATA).length, 32);
});

test("B rekey: time to finish; by client: 30 s", async (t) => {
  const bar = await Bar.open(t, { limits: { ...NO_KEEPALIVE, rekeyLimit: { bytes: MIB } } });
  assert.equal(bar.server.options.limits.rekeyTime, 30);
  const begun = async (peer: Peer): Promise<void> => {
    await peer.openSession();
    peer.client.automatic = false;
    for (let sent = 0; sent <= MIB; sent += 32_000) peer.send(ignore(32_000));
    await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) === 2);
  };
  const slow = await bar.peer("logged in");
  const inTime = await bar.peer("logged in");
  await begun(slow);
  await begun(inTime);
  await pass(15);
  inTime.client.automatic = true;
  inTime.client.sendKexInit();
  inTime.client.sendKexEcdhInit();
  await inTime.flush().until("new keys", () => inTime.client.exchanges === 2);
  await inTime.settled();
  await pass(16);
  assert.equal(await slow.closed(), DisconnectReason.BY_APPLICATION);
  await inTime.settled();
});

test("B rekey: time to finish; by client: ten in a row without need, and not eleven", async (t) => {
  const bar = await Bar.open(t);
  const ask = async (peer: Peer, times: number, before: () => void = () => undefined): Promise<void> => {
    for (let i = 0; i < times; i++) {
      before();
      peer.client.sendKexInit();
      await peer.flush().until("new keys", () => peer.client.idle && peer.client.exchanges > i + 1);
    }
  };
  const often = await bar.peer("logged in");
  await ask(often, 10);
  await often.settled();
  const { reason } = await bar.closes("logged in", async (peer) => {
    await ask(peer, 10);
    peer.client.sendKexInit();
  });
  assert.equal(reason, DisconnectReason.BY_APPLICATION);

  const needed = await bar.peer("logged in");
  await ask(needed, 15, () => {
    for (let sent = 0; sent < MIB / 2; sent += 32_000) needed.send(ignore(32_000));
  });
  await needed.settled();
  assert.equal(needed.client.exchanges, 16);
});

test("B ClientAlive: asked after 30 s of silence, three times", async (t) => {
  const bar = await Bar.open(t, { limits: usualDeadlines });
  const { clientAliveInterval, clientAliveCountMax } = bar.server.options.limits;
  assert.deepEqual([clientAliveInterval, clientAliveCountMax], [30, 3]);
  const silent = await bar.peer("logged in");
  const alive = await bar.peer("logged in");
  for (const peer of [silent, alive]) await peer.openSession();
  for (let questions = 1; questions <= 3; questions++) {
    await pass(31);
    for (const peer of [silent, alive]) {
      const { type, wantReply } = await peer.next(messages.globalRequest);
      assert.deepEqual([type, wantReply], ["keepalive@openssh.com", true]);
    }
    alive.send(messages.requestFailure.encode({}));
    await bar.othersAreWell();
    assert.equal(silent.isClosed, false);
  }
  await pass(31);
  await silent.closed();
  await alive.settled();
});

test("B ChannelTimeout / UnusedConnectionTimeout: 60 s without a channel, and none for a channel", async (t) => {
  const bar = await Bar.open(t, { limits: NO_KEEPALIVE });
  assert.equal(bar.server.options.limits.unusedConnectionTime, 60);
  const unused = await bar.peer("logged in");
  const used = await bar.peer("logged in");
  const channel = await used.openSession();
  // The time begins when it is seen that there is no channel.
  await pass(0);
  await pass(30);
  await unused.settled();
  await pass(31);
  await unused.closed();
  await pass(3000);
  await used.settled();
  used.send(channelClose(channel));
  await used.next(messages.channelClose);
  await pass(0);
  await pass(30);
  await used.settled();
  await pass(31);
  await used.closed();
});
