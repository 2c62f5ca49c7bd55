/** Security bar, table B: how many may come, and from where. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Server } from "../../src/index.ts";
import { Bar } from "./harness/index.ts";

/** The harness gives its own servers room for all that a test opens. */
const { limits: DEFAULTS } = new Server().options;

/** A visitor who says nothing, at a server that speaks first. */
class Caller {
  readonly socket: Socket;
  readonly isIn: Promise<boolean>;

  constructor(bar: Bar, localAddress: string) {
    this.socket = connect({ port: bar.server.address!.port, host: "127.0.0.1", localAddress });
    this.socket.on("error", () => undefined);
    this.isIn = new Promise((resolve) => {
      this.socket.once("data", () => resolve(true));
      this.socket.once("close", () => resolve(false));
    });
  }
}

/** Lets callers come one after the other; gives who was let in. */
async function call(t: TestContext, bar: Bar, count: number, from = "127.0.0.1"): Promise<readonly Caller[]> {
  const inside: Caller[] = [];
  for (let i = 0; i < count; i++) {
    const caller = new Caller(bar, from);
    t.after(() => caller.socket.destroy());
    if (await caller.isIn) inside.push(caller);
  }
  return inside;
}

/** Waits until the server has noticed that somebody left. */
async function left(bar: Bar, count: number): Promise<void> {
  while (bar.log.filter(({ event }) => event === "left").length < count) await new Promise(setImmediate);
}

test("B MaxStartups: 10:30:100, none refused below the start, all from full on", async (t) => {
  assert.deepEqual(DEFAULTS.maxStartups, { start: 10, rate: 30, full: 100 });
  const bar = await Bar.open(t, { limits: { maxStartups: { start: 3, rate: 0, full: 5 } } });
  // Who has logged in, as the sentinel has, does not count.
  const inside = await call(t, bar, 3);
  assert.equal(inside.length, 3);
  // In between it is a matter of chance: of the second of the two it is a half.
  assert.equal((await call(t, bar, 60)).length, 2);
  inside[0]!.socket.destroy();
  await left(bar, 1);
  assert.equal((await call(t, bar, 60)).length, 1);
  await bar.othersAreWell();
});

test("B MaxStartups: 10:30:100, some are refused by chance between start and full", async (t) => {
  const bar = await Bar.open(t, { limits: { maxStartups: { start: 10, rate: 50, full: 400 } } });
  assert.equal((await call(t, bar, 10)).length, 10);
  const lucky = (await call(t, bar, 60)).length;
  assert.ok(lucky > 0 && lucky < 60, `${lucky} of 60`);
});

test("B MaxStartups: 10:30:100, a login makes room for the next", async (t) => {
  const bar = await Bar.open(t, { limits: { maxStartups: { start: 2, rate: 100, full: 2 } } });
  await call(t, bar, 1);
  for (let i = 0; i < 5; i++) await bar.peer("logged in");
  assert.equal((await call(t, bar, 3)).length, 1);
});

test("B PerSourceMaxStartups / NetBlockSize: 16 for each address", async (t) => {
  const bar = await Bar.open(t, { limits: { perSourceMaxStartups: DEFAULTS.perSourceMaxStartups } });
  const inside = await call(t, bar, 20);
  assert.equal(inside.length, 16);
  assert.equal((await call(t, bar, 1, "127.0.0.2")).length, 1);
  inside[0]!.socket.destroy();
  await left(bar, 1);
  assert.equal((await call(t, bar, 2)).length, 1);
  await bar.othersAreWell();
});

test("B PerSourceMaxStartups / NetBlockSize: 32:64, and a wider block counts as one", async (t) => {
  assert.deepEqual(DEFAULTS.perSourceNetBlock, { ipv4: 32, ipv6: 64 });
  const bar = await Bar.open(t, { limits: { perSourceMaxStartups: 4, perSourceNetBlock: { ipv4: 24 } } });
  assert.equal((await call(t, bar, 3, "127.0.0.1")).length, 3);
  assert.equal((await call(t, bar, 3, "127.0.0.2")).length, 1);
  assert.equal((await call(t, bar, 1, "127.0.1.1")).length, 1);
});

test("B total connections: 1000, those with a login among them", async (t) => {
  assert.equal(DEFAULTS.maxConnections, 1000);
  const bar = await Bar.open(t, { limits: { maxConnections: 5 } });
  await bar.peer("logged in");
  const inside = await call(t, bar, 5);
  assert.equal(inside.length, 3);
  inside[0]!.socket.destroy();
  await left(bar, 1);
  await bar.peer("logged in");
  await bar.othersAreWell();
});
