/** Security bar, part C: what concerns a connection as a whole (RFC 4254 §4 and §5.1, OpenSSH PROTOCOL 1.9, 2.2, 2.5). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg, OpenFailure, Reader, Writer } from "../../src/wire/index.ts";
import { verifyHostKey } from "../client/index.ts";
import { Bar, channelData, channelOpen, channelRequest, exec, globalRequest, ping } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const PROVE = "hostkeys-prove-00@openssh.com";
const EMPTY = new Uint8Array(0);

function strings(...values: readonly Uint8Array[]): Uint8Array {
  const to = new Writer();
  for (const value of values) to.string(value);
  return to.finish();
}

/** What the peer has heard from `number` on, by message numbers. */
function since(peer: Peer, number: number): readonly number[] {
  return peer.client.numbers.slice(peer.client.numbers.lastIndexOf(number) + 1);
}

test("C56: an unknown global request is answered with a failure, in order, if it wants an answer", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  peer.send(
    globalRequest("unknown@example.com"),
    ping(),
    globalRequest("unknown@example.com", Buffer.from("with data"), false),
    ping(),
    globalRequest("constructor"),
    globalRequest("n".repeat(65)),
    ping(),
    globalRequest("", EMPTY, false),
  );
  await peer.settled();
  assert.deepEqual(since(peer, Msg.USERAUTH_SUCCESS), [
    Msg.REQUEST_FAILURE,
    Msg.PONG,
    Msg.PONG,
    Msg.REQUEST_FAILURE,
    Msg.REQUEST_FAILURE,
    Msg.PONG,
    Msg.PONG,
  ]);
});

test("C57: OPEN_FAILURE has the reason that fits", async (t) => {
  const bar = await Bar.open(t, { limits: { maxSessions: 1 } });
  const peer = await bar.peer("logged in");
  await peer.openSession();
  for (const [type, reason] of [
    ["direct-tcpip", OpenFailure.ADMINISTRATIVELY_PROHIBITED],
    ["unknown@example.com", OpenFailure.UNKNOWN_CHANNEL_TYPE],
    ["constructor", OpenFailure.UNKNOWN_CHANNEL_TYPE],
    ["t".repeat(65), OpenFailure.UNKNOWN_CHANNEL_TYPE],
    ["", OpenFailure.UNKNOWN_CHANNEL_TYPE],
    ["session", OpenFailure.RESOURCE_SHORTAGE],
  ] as const) {
    peer.send(channelOpen({ type, sender: 7 }));
    const failure = await peer.next(messages.channelOpenFailure);
    assert.deepEqual([failure.recipient, failure.reason], [7, reason], type);
  }
});

test("C58: channels that only a server opens are refused to a client", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  for (const type of [
    "x11",
    "forwarded-tcpip",
    "forwarded-streamlocal@openssh.com",
    "auth-agent@openssh.com",
    "auth-agent",
  ]) {
    peer.send(channelOpen({ type, sender: 2 ** 32 - 1, data: Buffer.alloc(30) }));
    const { recipient, reason } = await peer.next(messages.channelOpenFailure);
    assert.equal(recipient, 2 ** 32 - 1);
    const isKnown = type !== "auth-agent";
    assert.equal(reason, isKnown ? OpenFailure.ADMINISTRATIVELY_PROHIBITED : OpenFailure.UNKNOWN_CHANNEL_TYPE);
  }
  assert.equal(await peer.openSession(), 0, "they have taken no number");
});

test("C72: after no-more-sessions a session ends the connection, and those that are open go on", async (t) => {
  const bar = await Bar.open(t);
  const promise = globalRequest("no-more-sessions@openssh.com");
  const { peer, reason } = await bar.closes("logged in", async (peer) => {
    const channel = await peer.exec("cat");
    await peer.send(promise).next(messages.requestSuccess);
    peer.send(channelData(channel, "still here"));
    await peer.prints(/^still here$/);
    peer.send(channelOpen({ type: "direct-tcpip" }));
    await peer.next(messages.channelOpenFailure);
    peer.send(channelOpen({ sender: 1 }), exec(1, "cat"));
  });
  assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  assert.equal(peer.came(Msg.CHANNEL_OPEN_CONFIRMATION), 1);
  assert.deepEqual(
    bar.seen.filter((line) => line.startsWith("exec")),
    ["exec cat"],
  );
});

test("C73: hostkeys-00 tells of every key, after the login and if there are others, and each is proved", async (t) => {
  const [used, next] = [generatePrivateKey("ed25519"), generatePrivateKey("ecdsa", { bits: 256 })];
  const keys = [used, next].map((text) => parsePrivateKey(text).publicKey.blob);
  const bar = await Bar.open(t, { hostKeys: [used, next] });
  const before = await bar.peer("handshake done");
  assert.equal(before.came(Msg.GLOBAL_REQUEST), 0);
  const peer = await bar.peer("logged in");
  const told = await peer.next(messages.globalRequest);
  assert.deepEqual([told.type, told.wantReply], ["hostkeys-00@openssh.com", false]);
  assert.deepEqual(Buffer.from(told.data), Buffer.from(strings(...keys)));

  peer.send(globalRequest(PROVE, strings(...keys)));
  const from = new Reader((await peer.next(messages.requestSuccess)).data);
  for (const [at, algorithm] of ["ssh-ed25519", "ecdsa-sha2-nistp256"].entries()) {
    const proved = new Writer().utf8(PROVE).string(peer.client.sessionId!).string(keys[at]!).finish();
    assert.ok(verifyHostKey(keys[at]!, algorithm, from.string(), proved));
  }
  from.end();

  const alone = await Bar.open(t, { hostKeys: used });
  const alike = await alone.peer("logged in");
  await alike.settled();
  assert.equal(alike.came(Msg.GLOBAL_REQUEST), 0);
});

test("C75: a PING is answered in order with its bytes, and an empty one too", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const texts = ["", "x", "y".repeat(32_000), "", "\0\xff"];
  peer.send(...texts.flatMap((text) => [ping(text), globalRequest("unknown@example.com")]));
  await peer.settled();
  const heard = peer.client.unread.splice(-2 * texts.length);
  for (const [at, text] of texts.entries()) {
    const [pong, failure] = heard.slice(2 * at, 2 * at + 2);
    assert.equal(Buffer.from(messages.pong.decode(pong!).data).toString(), text);
    assert.equal(failure![0], Msg.REQUEST_FAILURE);
  }
});

test("C76: keepalives of a client are answered, on the connection and on a channel", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("cat");
  peer.send(
    globalRequest("keepalive@openssh.com"),
    channelRequest(channel, "keepalive@openssh.com"),
    globalRequest("keepalive@openssh.com", EMPTY, false),
    channelRequest(channel, "keepalive@openssh.com", EMPTY, false),
  );
  await peer.settled();
  assert.deepEqual(since(peer, Msg.CHANNEL_SUCCESS), [Msg.REQUEST_FAILURE, Msg.CHANNEL_FAILURE, Msg.PONG]);
});
