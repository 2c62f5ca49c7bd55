/** Security bar, table B: what a session and the other channels of a connection may use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DisconnectReason, messages, Msg, OpenFailure } from "../../src/wire/index.ts";
import {
  Bar,
  channelClose,
  channelData,
  channelEof,
  channelOpen,
  channelRequest,
  env,
  exec,
  extendedData,
  globalRequest,
  pty,
  subsystem,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const MIB = 2 ** 20;
const PACKET = 32_768;

/** Opens so many sessions; gives what came of each: 0, or the reason of the failure. */
async function open(peer: Peer, count: number): Promise<readonly number[]> {
  const answers: number[] = [];
  for (let sender = 0; sender < count; sender++) peer.send(channelOpen({ sender }));
  await peer.settled();
  for (const payload of peer.client.unread.splice(0)) {
    if (payload[0] === Msg.CHANNEL_OPEN_CONFIRMATION) answers.push(0);
    if (payload[0] === Msg.CHANNEL_OPEN_FAILURE) answers.push(messages.channelOpenFailure.decode(payload).reason);
  }
  return answers;
}

/** Whether a request on a new session is granted. */
async function isGranted(peer: Peer, request: (channel: number) => Uint8Array): Promise<boolean> {
  const channel = await peer.openSession();
  const isIt = await peer.granted(request(channel));
  peer.send(channelClose(channel));
  await peer.next(messages.channelClose);
  return isIt;
}

test("B MaxSessions: 10 on one connection, and one that is closed makes room", async (t) => {
  const bar = await Bar.open(t);
  assert.equal(bar.server.options.limits.maxSessions, 10);
  const peer = await bar.peer("logged in");
  assert.deepEqual(await open(peer, 11), [...Array<number>(10).fill(0), OpenFailure.RESOURCE_SHORTAGE]);
  peer.send(channelClose(3));
  await peer.next(messages.channelClose);
  assert.equal(await peer.openSession({ sender: 99 }), 3);
});

test("B channels per connection: 64 of all kinds", async (t) => {
  const bar = await Bar.open(t, { limits: { maxSessions: 1000 } });
  assert.equal(bar.server.options.limits.maxChannels, 64);
  const peer = await bar.peer("logged in");
  assert.deepEqual(await open(peer, 65), [...Array<number>(64).fill(0), OpenFailure.RESOURCE_SHORTAGE]);
  await bar.othersAreWell();
});

test("B window / maximum packet given: 1 MiB / 32 KiB, and not a byte more before the app has read", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  peer.send(channelOpen());
  const { window, maxPacket } = await peer.next(messages.channelOpenConfirmation);
  assert.deepEqual([window, maxPacket], [MIB, PACKET]);
  peer.send(exec(0, "sleep 3600"));
  for (let sent = 0; sent < MIB; sent += PACKET) peer.send(channelData(0, Buffer.alloc(PACKET)));
  await peer.settled();
  assert.ok(!peer.client.numbers.includes(Msg.CHANNEL_WINDOW_ADJUST));
  const { reason } = await bar.closes("logged in", async (peer) => {
    peer.send(channelData(await peer.exec("up"), Buffer.alloc(PACKET + 1)));
  });
  assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
});

test("B window overrun tolerated: nothing of it is delivered, and a tenth of the window is the end", async (t) => {
  const bar = await Bar.open(t);
  const isOver = Promise.withResolvers<void>();
  const received: number[] = [];
  bar.server.subsystem("late", async (client) => {
    await isOver.promise;
    for await (const bytes of client.stdin) received.push((bytes as Uint8Array).length);
  });
  const peer = await bar.peer("logged in");
  assert.ok(await peer.granted(subsystem(await peer.openSession(), "late")));
  for (let sent = 0; sent < MIB; sent += PACKET) peer.send(channelData(0, Buffer.alloc(PACKET)));
  for (let over = 0; over < 3; over++) peer.send(channelData(0, Buffer.alloc(PACKET)));
  await peer.settled();
  isOver.resolve();
  await peer.next(messages.channelWindowAdjust);
  peer.send(channelEof(0));
  await peer.next(messages.channelClose);
  assert.equal(
    received.reduce((sum, length) => sum + length),
    MIB,
  );

  const { reason } = await bar.closes("logged in", async (peer) => {
    const channel = await peer.exec("sleep 3600");
    for (let sent = 0; sent < MIB; sent += PACKET) peer.send(channelData(channel, Buffer.alloc(PACKET)));
    for (let over = 0; over < 3; over++) peer.send(channelData(channel, Buffer.alloc(PACKET)));
    peer.send(channelData(channel, Buffer.alloc(Math.floor(MIB / 10) - 3 * PACKET)));
    await peer.settled();
    peer.send(extendedData(channel, 1, "x"));
  });
  assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
});

test("B peer's maximum packet: at least 1, and never more than 32 KiB are used of it", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  peer.send(channelOpen({ maxPacket: 0 }));
  assert.equal((await peer.next(messages.channelOpenFailure)).reason, OpenFailure.ADMINISTRATIVELY_PROHIBITED);
  const sizes = async (command: string, maxPacket: number): Promise<readonly number[]> => {
    const channel = await peer.exec(command, { maxPacket });
    peer.send(channelEof(channel));
    await peer.next(messages.channelClose);
    peer.send(channelClose(channel));
    return peer.client.unread
      .splice(0)
      .filter(([number]) => number === Msg.CHANNEL_DATA)
      .map((payload) => messages.channelData.decode(payload).data.length);
  };
  assert.deepEqual(await sizes("up", 1), [1, 1]);
  assert.equal(Math.max(...(await sizes("down 1", 2 ** 32 - 1))), PACKET);
});

test("B global requests outstanding: each is answered before the next is looked at", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  // All are the engine's to answer, so that none waits here. That 128 may, and not one more, is in test/limits.
  const requests = Array.from({ length: 1000 }, (_, i) => globalRequest(`unknown-${i}@example.com`));
  peer.send(...requests.flatMap((request) => [request, messages.ping.encode({ data: Buffer.from("between") })]));
  await peer.settled();
  const answers = peer.client.numbers.slice(-2001, -1);
  assert.deepEqual(
    answers,
    Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? Msg.REQUEST_FAILURE : Msg.PONG)),
  );
});

test("B env vars / value: none by default, else 64 / 4 KiB", async (t) => {
  const closed = await Bar.open(t);
  assert.equal(await isGranted(await closed.peer("logged in"), (channel) => env(channel, "LANG", "C")), false);

  const bar = await Bar.open(t, { acceptEnv: ["*"] });
  const peer = await bar.peer("logged in");
  assert.equal(await isGranted(peer, (channel) => env(channel, "A", "é".repeat(2048))), true);
  assert.equal(await isGranted(peer, (channel) => env(channel, "A", "é".repeat(2048) + "x")), false);
  const channel = await peer.openSession();
  for (let i = 0; i < 64; i++) assert.equal(await peer.granted(env(channel, `A${i}`, "")), true);
  assert.equal(await peer.granted(env(channel, "B", "")), false);
});

test("B exec command / subsystem name / TERM / modes: 32 KiB / 64 / 64 bytes / 1 KiB", async (t) => {
  const bar = await Bar.open(t);
  bar.server.onUser("subsystem", () => 0);
  const peer = await bar.peer("logged in");
  for (const [what, request, limit] of [
    ["command", (channel: number, length: number) => exec(channel, "#".repeat(length)), 32_768],
    ["subsystem", (channel: number, length: number) => subsystem(channel, "s".repeat(length)), 64],
    ["TERM", (channel: number, length: number) => pty(channel, { term: "t".repeat(length) }), 64],
    ["modes", (channel: number, length: number) => pty(channel, { modes: Buffer.alloc(length, 53) }), 1024],
  ] as const) {
    assert.equal(await isGranted(peer, (channel) => request(channel, limit)), true, what);
    assert.equal(await isGranted(peer, (channel) => request(channel, limit + 1)), false, what);
  }
});

test("B forwards (listeners) per connection: 0", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const data = Buffer.from("00000009" + Buffer.from("127.0.0.1").toString("hex") + "00000000", "hex");
  peer.send(globalRequest("tcpip-forward", data));
  await peer.next(messages.requestFailure);
  peer.send(channelOpen({ type: "direct-tcpip", data: Buffer.concat([data, data]) }));
  assert.equal((await peer.next(messages.channelOpenFailure)).reason, OpenFailure.ADMINISTRATIVELY_PROHIBITED);
  assert.equal(await isGranted(peer, (channel) => channelRequest(channel, "auth-agent-req@openssh.com")), false);
});
