import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import { pino } from "pino";
import { logTo } from "../../../../src/server/index.ts";
import type { LogEntry } from "../../../../src/server/index.ts";
import { serve, settle } from "../fake-door.ts";

type Line = Readonly<Record<string, unknown>>;

/** Pino's own numbers for the levels. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

/** What pino writes of entries; each has to be one line. */
function written(entries: readonly LogEntry[]): Line[] {
  const chunks: string[] = [];
  const log = logTo(pino({ level: "debug" }, { write: (chunk: string) => void chunks.push(chunk) }));
  for (const entry of entries) log(entry);
  for (const chunk of chunks) assert.equal(chunk.indexOf("\n"), chunk.length - 1);
  return chunks.map((chunk) => JSON.parse(chunk) as Line);
}

/** The log of a visit with everything in it, from the arrival to the end. */
async function visit(t: TestContext): Promise<readonly LogEntry[]> {
  const { door, log } = await serve(
    t,
    (server) => {
      server.onUser("auth", (data) => data.password === "right");
      server.onUser("command", () => {
        throw new Error("planted");
      });
    },
    { allowAnyone: false, useExternalAuth: true },
  );
  const fake = await door.arrive();
  assert.ok(fake !== undefined);
  await fake.judge({ method: "none", username: "alice" });
  await fake.judge({ method: "password", username: "alice", password: "wrong" });
  await fake.judge({ method: "password", username: "alice", password: "right" });
  fake.admit("alice", "password");
  fake.open()?.events.exec("fail");
  await settle();
  fake.leave("closed");
  return log;
}

test("pino writes each entry as one line of JSON, with the fields and the level that the entry has", async (t) => {
  const log = await visit(t);
  const lines = written(log);
  assert.equal(lines.length, log.length);
  for (const [at, { level, event, connection, peer, detail, error, username }] of log.entries()) {
    const { time, pid, hostname, level: number, msg, err, ...fields } = lines[at]!;
    assert.deepEqual([typeof time, typeof pid, typeof hostname], ["number", "number", "string"]);
    assert.deepEqual([number, msg], [LEVELS[level], event]);
    const given = Object.entries({ connection, peer, ...detail, username }).filter(([, value]) => value !== undefined);
    assert.deepEqual(fields, Object.fromEntries(given));
    assert.equal(typeof err, error === undefined ? "undefined" : "object");
  }
  const failed = lines.find(({ msg }) => msg === "handler failed")!;
  const { stack } = failed["err"] as Line;
  assert.match(String(stack), /^Error: planted\n +at /);
});

test("what a peer chose cannot make pino write another line, or paint a terminal", () => {
  const hostile = `x\n{"level":30,"msg":"login"}\r\u001b[2J\u009b2J\u2028\u202e`;
  const [line, ...others] = written([
    { level: "info", event: "command", peer: hostile, detail: { session: "1", command: hostile }, username: hostile },
  ]);
  assert.deepEqual(others, []);
  for (const name of ["peer", "command", "username"]) {
    assert.doesNotMatch(String(line?.[name]), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});
