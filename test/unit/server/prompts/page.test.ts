import assert from "node:assert/strict";
import { Readable } from "node:stream";
import test from "node:test";
import { AbortError } from "../../../../src/server/index.ts";
import type { Client } from "../../../../src/server/index.ts";
import { settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";
import { asking } from "./asking.ts";

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

/** What was taken of a source, and whether it was closed. */
function watched(count: number): { source: Iterable<string>; taken: () => number; isClosed: () => boolean } {
  let taken = 0;
  let isClosed = false;
  function* lines(): Generator<string> {
    try {
      for (; taken < count;) yield `line ${taken++}`;
    } finally {
      isClosed = true;
    }
  }
  return { source: lines(), taken: () => taken, isClosed: () => isClosed };
}

test("a text that fits is but written, whatever it comes from", async (t) => {
  const sources = [
    "one\ntwo",
    ["one", "two\n"],
    Readable.from([Buffer.from("one\nt"), Buffer.from("wo\n")]),
    (async function* () {
      await settle();
      yield "one";
      yield "two";
    })(),
  ];
  for (const source of sources) {
    const { session, outcome } = await asking(t, (client) => client.page(source));
    await settle();
    await settle();
    assert.ok("answer" in outcome);
    assert.deepEqual(await screenOf(session), ["> go", "one", "two", ">"]);
    assert.doesNotMatch(session.stdout, /\x1b\[\?1049h/);
  }
});

test("a longer one is leafed through on the second screen, and leaves nothing", async (t) => {
  const { session, outcome, server } = await asking(t, (client) => client.page(numbered(100), { title: "log" }));
  assert.deepEqual(await screenOf(session), [...numbered(9), " log  lines 1-9"]);
  server.broadcast("Dinner!");
  session.type(" ");
  await settle();
  assert.equal((await screenOf(session))[0], "line 9");
  session.events.resized({ width: 40, height: 5, pixelwidth: 0, pixelheight: 0 });
  session.type("G/line 77\rq");
  await settle();
  assert.ok("answer" in outcome);
  assert.deepEqual(await screenOf(session), ["> go", "Dinner!", ">"]);
});

test("no more of a source is taken than a screenful ahead, and it is closed when the reader leaves", async (t) => {
  const { source, taken, isClosed } = watched(1_000_000);
  const { session, outcome } = await asking(t, (client) => client.page(source));
  assert.ok(taken() <= 2 * 9 + 1, String(taken()));
  session.type("  ");
  await settle();
  assert.ok(taken() <= 4 * 9 + 1, String(taken()));
  session.type("/line 5000\r");
  while (taken() < 5000) await settle();
  session.type("q");
  await settle();
  assert.ok("answer" in outcome && isClosed());
  assert.ok(taken() < 6000, String(taken()));
});

test("a source without end does not hold the keys up", async (t) => {
  const { source, taken } = watched(Infinity);
  const { session, outcome } = await asking(t, (client) => client.page(source));
  session.type("G");
  while (taken() < 20_000) await settle();
  session.type("q");
  await settle();
  assert.ok("answer" in outcome);
});

test("a source that gives nothing yet shows nothing and can be left", async (t) => {
  const never = new Readable({ read: () => undefined });
  const { session, outcome } = await asking(t, (client) => client.page(never));
  assert.doesNotMatch(session.stdout, /\x1b\[\?1049h/);
  session.type("q");
  await settle();
  assert.ok("answer" in outcome && never.destroyed);
});

test("what a source throws is what page throws, on the first screen", async (t) => {
  const source = async function* (): AsyncGenerator<string> {
    yield* numbered(50);
    await settle();
    throw new TypeError("broken");
  };
  const { session, outcome } = await asking(t, (client) => client.page(source()));
  session.type("G");
  await settle();
  await settle();
  assert.match(String(outcome.error), /broken/);
  assert.deepEqual((await screenOf(session)).slice(0, 1), ["> go"]);
  assert.doesNotMatch(session.stdout, /\x1b\[\?1049h(?!.*\x1b\[\?1049l)/s);
});

test("the end of the session and a signal end it, and close the source", async (t) => {
  for (const how of ["hang up", "signal"] as const) {
    const { source, isClosed } = watched(1000);
    const controller = new AbortController();
    const { session, outcome } = await asking(t, (client) => client.page(source, { signal: controller.signal }));
    if (how === "hang up") session.hangUp();
    else controller.abort();
    await settle();
    assert.ok(outcome.error instanceof AbortError);
    assert.ok(isClosed());
  }
});

test("without a terminal all of it is written, as fast as the visitor reads", async (t) => {
  const { source, taken } = watched(50_000);
  const ask = (client: Client): Promise<void> => client.ask("").then(() => client.page(source));
  const { session, outcome } = await asking(t, ask, "none");
  session.isStuck = true;
  session.type("\n");
  for (let turn = 0; turn < 50; turn++) await settle();
  assert.ok(taken() < 50_000, "it waits");
  session.isStuck = false;
  const isOver = (): boolean => "answer" in outcome;
  while (!isOver()) {
    session.read();
    await settle();
  }
  assert.equal(session.stdout.split("\n").length, 50_001);
  assert.doesNotMatch(session.stdout, /\x1b/);
});

test("invalid UTF-8 and characters that are cut in two are shown as well as they can be", async (t) => {
  const bytes = Buffer.from("日本\n");
  const source = Readable.from([bytes.subarray(0, 4), bytes.subarray(4), Buffer.from([0xff, 0x0a])]);
  const { session } = await asking(t, (client) => client.page(source));
  await settle();
  assert.deepEqual(await screenOf(session), ["> go", "日本", "\ufffd", ">"]);
});
