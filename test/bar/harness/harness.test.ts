/** What the harness promises to the tests that are written with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DisconnectReason, messages } from "../../../src/wire/index.ts";
import type { Peer } from "./index.ts";
import { Bar, PASSWORD, USER_KEY } from "./index.ts";
import * as send from "./index.ts";

test("a peer logs in by password, key and questions, and runs a command", async (t) => {
  const bar = await Bar.open(t);
  const byPassword = await bar.peer("handshake done", { kex: ["ecdh-sha2-nistp256"], cipherIn: ["aes256-ctr"] });
  assert.equal(await byPassword.tryPassword("ada", "wrong"), "failure");
  assert.equal(await byPassword.tryPassword("ada", PASSWORD), "success");
  const byKey = await bar.peer("handshake done");
  assert.equal(await byKey.tryKey("bob", USER_KEY), "success");
  const byQuestions = await bar.peer("handshake done");
  assert.equal(await byQuestions.tryInteractive("eve", [PASSWORD]), "success");

  const channel = await byKey.exec("up");
  byKey.send(send.channelData(channel, "four"), send.channelEof(channel));
  await byKey.next(messages.channelClose);
  assert.equal(byKey.output().toString(), "4\n");
  assert.deepEqual(bar.seen, ["login bob by publickey", "exec up"]);
});

test("what a peer sends in one segment reaches the app in order", async (t) => {
  const bar = await Bar.open(t, { acceptEnv: ["A"] });
  const peer = await bar.peer("logged in");
  const id = await peer.openSession({ window: 0 });
  peer.send(send.env(id, "A", "1"), send.env(id, "B", "2"), send.pty(id), send.subsystem(id, "none"), send.shell(id));
  peer.send(
    send.ignore(),
    send.globalRequest("none"),
    send.extendedData(id, 1, "lost"),
    send.channelRequest(id, "none"),
  );
  peer.send(send.channelData(id, "one line\r"), send.windowAdjust(id, 1000));
  await peer.prints(/one line\r\n/);
  assert.deepEqual(answers(peer), [99, 100, 99, 100, 99, 82, 100]);
  assert.deepEqual(bar.seen, ["pty xterm 80x24", "login ada by password", "env A=1", "shell", "command one line"]);
  peer.send(send.channelClose(id));
  await peer.next(messages.channelClose);
});

function answers({ client }: Peer): number[] {
  return client.numbers.filter((number) => [82, 99, 100].includes(number));
}

test("the end of a connection is told with its reason, and others are well", async (t) => {
  const bar = await Bar.open(t);
  const { peer, reason } = await bar.closes("handshake done", (peer) => peer.send(Uint8Array.of(90)));
  assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  assert.equal(peer.isClosed, true);
  await assert.rejects(peer.next(messages.userauthFailure), /waited for USERAUTH_FAILURE, and the connection ended/);
});

test("a sentinel that suffers fails the test", async (t) => {
  const bar = await Bar.open(t);
  for (const connection of bar.server.connections) connection.disconnect("gone");
  await assert.rejects(bar.othersAreWell(), /the connection ended/);
  bar.dismiss();
});
