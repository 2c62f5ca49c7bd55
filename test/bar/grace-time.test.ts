/** Security bar, part A2: the login grace time, whatever a client does with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { DisconnectReason } from "../../src/wire/index.ts";
import { interactiveRequest, passwordRequest } from "../client/index.ts";
import { Bar, ignore, PASSWORD, silent } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** How a client may use up the time; none of it may be done before the time is over. */
const states: Readonly<Record<string, (bar: Bar) => Promise<Peer>>> = {
  "says nothing": (bar) => bar.peer("connected", silent),
  "says half of its identification": async (bar) => (await bar.peer("connected", silent)).raw("SSH-2.0-"),
  "says its identification alone": async (bar) => (await bar.peer("connected", silent)).raw("SSH-2.0-x\r\n"),
  "does not go on with the key exchange": async (bar) => {
    const peer = await bar.peer("connected", silent);
    peer.client.sendIdentification();
    peer.client.sendKexInit();
    return peer.flush();
  },
  "announces a packet that does not come": async (bar) => {
    const peer = await bar.peer("connected", silent);
    peer.client.sendIdentification();
    peer.client.send(ignore(1000));
    return peer.raw(peer.client.pull().subarray(0, 100));
  },
  "does not ask for the login": (bar) => bar.peer("keys exchanged"),
  "does not try to log in": (bar) => bar.peer("handshake done"),
  "goes on sending": async (bar) => {
    const peer = await bar.peer("handshake done");
    const send = setInterval(() => peer.send(ignore(100)), 100);
    peer.socket.once("close", () => clearInterval(send));
    return peer;
  },
  "has failed once": async (bar) => {
    const peer = await bar.peer("handshake done");
    await peer.tryPassword("ada", "wrong");
    return peer;
  },
  "does not answer a question": async (bar) => {
    const peer = await bar.peer("handshake done");
    await peer.attempt(interactiveRequest());
    return peer;
  },
  "waits for a verdict": async (bar) => (await bar.peer("handshake done")).send(passwordRequest("late", PASSWORD)),
};

test("A49: who is not in when the grace time is over is out, in whatever state, and a late verdict changes nothing", async (t) => {
  const verdict = Promise.withResolvers<boolean>();
  const bar = await Bar.open(t, {
    limits: { loginGraceTime: 5 },
    judge: (data) =>
      data.username === "late" ? verdict.promise : data.method === "password" && data.password === PASSWORD,
  });
  const closed = await Promise.all(
    Object.entries(states).map(async ([what, reach]) => [what, await (await reach(bar)).closed()] as const),
  );
  for (const [what, reason] of closed) assert.equal(reason, DisconnectReason.BY_APPLICATION, what);
  await bar.gone();
  const departures = bar.log.flatMap((entry) => (entry.event === "left" ? [entry.detail.departure] : []));
  assert.deepEqual(
    departures,
    closed.map(() => "grace-time"),
  );

  verdict.resolve(true);
  await delay(50);
  await bar.othersAreWell();
  assert.deepEqual(bar.seen, []);
  assert.equal(bar.log.filter((entry) => entry.event === "login").length, 1, "the sentinel's");
});

test("A49: the grace time is over with the login, and ends nobody who is in", async (t) => {
  const bar = await Bar.open(t, { limits: { loginGraceTime: 3 } });
  const peer = await bar.peer("logged in");
  const idle = await bar.peer("handshake done");
  await idle.closed();
  await peer.settled();
});
