import assert from "node:assert/strict";
import test from "node:test";
import { Dispatcher } from "../../../../src/server/dispatcher.ts";
import { Gate } from "../../../../src/server/gate/gate.ts";
import { resolveOptions } from "../../../../src/server/index.ts";
import type { DefaultState, Departure, LogEntry } from "../../../../src/server/index.ts";
import { FakeDoor, serve, settle } from "../fake-door.ts";

test("a connection handler that answers false refuses, one that throws too", async (t) => {
  const { door, log } = await serve(
    t,
    (server) => {
      server.onUser("connection", async ({ remoteAddress }) => {
        await settle();
        if (remoteAddress === "192.0.2.66") throw new Error("no idea");
        return remoteAddress !== "192.0.2.13";
      });
    },
    { penalties: false },
  );
  assert.ok(await door.arrive("192.0.2.1"));
  assert.equal(await door.arrive("192.0.2.13"), undefined);
  assert.equal(await door.arrive("192.0.2.66"), undefined);
  const told = log.filter(({ event }) => event.startsWith("connection")).map(({ event, peer }) => `${event} ${peer}`);
  assert.deepEqual(told.slice(0, 2), ["connection refused 192.0.2.13", "connection handler failed 192.0.2.66"]);
});

test("without a connection handler a connection is judged at once", async (t) => {
  const { door } = await serve(t, () => undefined);
  const socket = { remoteAddress: "192.0.2.1", remotePort: 1, localAddress: "192.0.2.2", localPort: 22 };
  const connection = door.reception.arrive(socket, { disconnect: () => undefined }, door);
  assert.ok(connection !== undefined && "peer" in connection);
  assert.equal(connection.door, "fake");
});

test("a flood of refused connections is one line of the log a second", () => {
  const log: LogEntry[] = [];
  let now = 0;
  const options = resolveOptions<DefaultState>({ limits: { maxConnections: 1 }, log: (entry) => void log.push(entry) });
  const gate = new Gate(options, new Dispatcher(), () => now);
  const socket = { remoteAddress: "192.0.2.1", remotePort: 1, localAddress: "192.0.2.2", localPort: 22 };
  for (; now < 2500; now++) void gate.arrive(socket, { disconnect: () => undefined }, new FakeDoor());
  const lines = log.filter(({ event }) => event === "connection refused");
  assert.deepEqual(
    lines.map(({ detail }) => detail),
    [1, 1000, 1000].map((refusals) => ({ why: "too many connections", refusals })),
  );
});

const departures: readonly (readonly [Departure, failures: number, times: number])[] = [
  ["fault", 0, 1],
  ["grace-time", 0, 2],
  ["closed", 1, 4],
  ["lost", 1, 4],
  ["protocol-error", 0, 16],
  ["no-auth", 0, 16],
];
for (const [departure, failures, times] of departures) {
  test(`a source that leaves by ${departure} after ${failures} failed logins is kept out after ${times} times`, async (t) => {
    const { door, server } = await serve(t, (server) => server.onUser("auth", () => false), {
      allowAnyone: false,
      useExternalAuth: true,
    });
    let visits = 0;
    for (let fake = await door.arrive(); fake !== undefined && visits < 50; fake = await door.arrive()) {
      for (let attempt = 0; attempt < failures; attempt++) {
        await fake.judge({ method: "password", username: "alice", password: "x" });
      }
      fake.leave(departure);
      visits++;
    }
    assert.equal(visits, times);
    assert.ok(await door.arrive("192.0.2.99"));
    assert.equal([...server.connections].length, 1);
  });
}

test("who has logged in is not penalised for how the connection ends", async (t) => {
  const { door } = await serve(t, () => undefined);
  for (let visit = 0; visit < 20; visit++) {
    const fake = await door.arrive();
    fake?.admit("alice");
    fake?.leave("fault");
  }
  assert.ok(await door.arrive());
});

test("the banner comes from the option or from the first authbanner handler that gives a text", async (t) => {
  const { door, server, log } = await serve(t, () => undefined, { banner: "By option." });
  const fake = await door.arrive();
  assert.equal(await fake?.banner("alice"), "By option.");
  server.onUser("authbanner", () => undefined);
  const off = server.onUser("authbanner", async ({ username, peer }) => `Hello ${username} from ${peer.address}`);
  assert.equal(await fake?.banner("alice"), "Hello alice from 192.0.2.1");
  off();
  const stop = server.onUser("authbanner", () => "");
  assert.equal(await fake?.banner("alice"), undefined);
  stop();
  server.onUser("authbanner", () => Promise.reject(new Error("no")));
  assert.equal(await fake?.banner("alice"), "By option.");
  assert.equal(log.at(-1)?.event, "authbanner handler failed");
});

test("of a banner that is too long the client sees the beginning, up to a whole character", async (t) => {
  const { door, server } = await serve(t, () => undefined);
  let text = "";
  server.onUser("authbanner", () => text);
  const fake = await door.arrive();
  for (const [given, bytes] of [
    ["a".repeat(65_536), 65_536],
    ["a".repeat(65_537), 65_536],
    ["é".repeat(65_536), 65_536],
    ["a" + "é".repeat(65_536), 65_535],
    ["ab" + "😀".repeat(65_536), 65_534],
  ] as const) {
    text = given;
    const shown = (await fake?.banner("alice")) ?? "";
    assert.equal(Buffer.byteLength(shown), bytes);
    assert.ok(given.startsWith(shown));
    assert.ok(shown.isWellFormed());
  }
});

test("what is no text is no banner, and harms nobody", async (t) => {
  const { door, server, log } = await serve(t, () => undefined, { banner: "By option." });
  // As a handler in JavaScript might.
  server.onUser("authbanner", () => 7 as unknown as string);
  assert.equal(await (await door.arrive())?.banner("alice"), "By option.");
  assert.match(String(log.at(-1)?.error), /an? authbanner handler gives a text, not a value of type number/i);
});

test("a login shows in the connection and in the log", async (t) => {
  const { door, log } = await serve(
    t,
    (server) => server.onUser("auth", () => ({ accept: true, user: { role: "admin" } })),
    { allowAnyone: false, useExternalAuth: true },
  );
  const fake = await door.arrive();
  assert.deepEqual(await fake?.judge({ method: "password", username: "alice", password: "x" }), { type: "accept" });
  assert.equal(fake?.connection.username, undefined);
  fake?.admit("alice", "password");
  assert.equal(fake?.connection.username, "alice");
  assert.deepEqual(fake?.connection.user, { role: "admin" });
  assert.deepEqual(fake?.connection.methods, ["password"]);
  const entry = log.at(-1);
  assert.ok(entry?.event === "login");
  assert.deepEqual([entry.level, entry.detail.methods, entry.username], ["info", "password", "alice"]);
  fake?.leave("closed");
  fake?.leave("closed");
  assert.equal(fake?.connection.isOver, true);
  fake?.connection.disconnect();
  assert.deepEqual(fake?.disconnects, []);
  assert.equal(log.filter(({ event }) => event === "left").length, 1);
});
