import assert from "node:assert/strict";
import test from "node:test";
import { Dispatcher } from "../../../src/server/dispatcher.ts";
import type { Client, DefaultState } from "../../../src/server/index.ts";
import { settle } from "./fake-door.ts";

const client = {} as Client;
const fail = (name: string, error: unknown): never => assert.fail(`${name}: ${String(error)}`);

test("handlers run in the order of registration, an async one to its end before the next", async () => {
  const events = new Dispatcher<DefaultState>();
  const seen: string[] = [];
  events.add("connect", () => void seen.push("first"));
  events.add("connect", async () => {
    await settle();
    seen.push("second");
  });
  events.add("connect", () => void seen.push("third"));
  const raised = events.raise("connect", fail, client);
  assert.deepEqual(seen, ["first"]);
  await raised;
  assert.deepEqual(seen, ["first", "second", "third"]);
});

test("without async handlers all have run when raise returns, and there is no promise", () => {
  const events = new Dispatcher<DefaultState>();
  events.add("rawtype", () => undefined);
  events.add("rawtype", () => false);
  events.add("rawtype", () => true);
  assert.deepEqual(events.raise("rawtype", fail, client, new Uint8Array()), [false, true]);
  assert.deepEqual(events.raise("connect", fail, client), []);
});

test("handlers that come or go while a round runs count from the next one", () => {
  const events = new Dispatcher<DefaultState>();
  const seen: string[] = [];
  const off = events.add("connect", () => {
    seen.push("first");
    off();
    events.add("connect", () => void seen.push("late"));
  });
  events.add("connect", () => void seen.push("second"));
  void events.raise("connect", fail, client);
  void events.raise("connect", fail, client);
  assert.deepEqual(seen, ["first", "second", "second", "late"]);
});

test("every handler that fails is reported, and the others run", async () => {
  const events = new Dispatcher<DefaultState>();
  const failures: string[] = [];
  const failed = (name: string, error: unknown): void => void failures.push(`${name} ${String(error)}`);
  events.add("timeout", () => {
    throw new Error("sync");
  });
  events.add("timeout", () => Promise.reject(new Error("async")));
  events.add("timeout", () => {
    throw new Error("sync after async");
  });
  events.add("timeout", () => true);
  assert.deepEqual(await events.raise("timeout", failed, client), [true]);
  assert.deepEqual(failures, ["timeout Error: sync", "timeout Error: async", "timeout Error: sync after async"]);
});

test("first stops at the first answer, and rejects at the first failure", async () => {
  const events = new Dispatcher<DefaultState>();
  const seen: string[] = [];
  events.add("authbanner", () => void seen.push("nothing"));
  events.add("authbanner", async () => "text");
  events.add("authbanner", () => assert.fail("asked"));
  const data = {} as Parameters<typeof events.first<"authbanner">>[1];
  assert.equal(await events.first("authbanner", data), "text");
  const failing = new Dispatcher<DefaultState>();
  failing.add("authbanner", () => {
    throw new Error("no");
  });
  failing.add("authbanner", () => "text");
  await assert.rejects(failing.first("authbanner", data), /no/);
});
