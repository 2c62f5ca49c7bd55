import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { serve } from "../fake-door.ts";
import type { FakeSession } from "../fake-door.ts";

const BRIEF = 5000;
const LONG = 600_000;

/** A visitor who takes nothing and answers nothing any more, not even the end of the session. */
function goSilent(session: FakeSession): void {
  session.isStuck = true;
  session.answersClose = false;
  session.abort = () => void session.calls.push("abort");
}

async function start(t: TestContext) {
  const gone: string[] = [];
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", (client, command) => client.sendln(command));
    server.onUser("disconnected", (client) => void gone.push(String(client.endReason)));
  });
  return { server, terminal, gone };
}

// A window that is never opened, or a close that is never answered, would hold the session for ever.
describe("a session that is over, whose visitor neither reads nor answers,", () => {
  test("is waited for, as somebody may be reading, but not for ever", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { session, server, gone } = await silentExec(t);
    t.mock.timers.tick(LONG - 1);
    assert.deepEqual([session.calls.includes("abort"), gone, server.clients.size], [false, [], 1]);
    t.mock.timers.tick(1);
    assert.deepEqual([session.calls.includes("abort"), gone, server.clients.size], [true, ["exit"], 0]);
  });

  test("is gone five seconds after it is kicked", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { session, server, gone } = await silentExec(t);
    t.mock.timers.tick(1000);
    assert.equal(server.kickAll(), 0);
    t.mock.timers.tick(BRIEF - 1);
    assert.deepEqual([session.calls.includes("abort"), gone], [false, []]);
    // To kick it again does not give it more time.
    server.kickAll();
    t.mock.timers.tick(1);
    assert.deepEqual([session.calls.includes("abort"), gone, server.clients.size], [true, ["exit"], 0]);
  });

  test("is gone five seconds after it has overflowed", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { server, terminal, gone } = await start(t);
    const session = await terminal();
    goSilent(session);
    const [client] = server.clients;
    for (let i = 0; i < 40; i++) client?.send("x".repeat(65_536));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([session.calls.includes("abort"), gone], [true, []]);
    t.mock.timers.tick(BRIEF);
    assert.deepEqual([gone, server.clients.size], [["overflow"], 0]);
  });

  test("is told to be gone once, though the visitor answers at last", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { session, gone } = await silentExec(t);
    t.mock.timers.tick(LONG);
    session.hangUp();
    assert.deepEqual(gone, ["exit"]);
  });
});

/** A session whose program has ended, for a visitor who had gone silent before. */
async function silentExec(t: TestContext) {
  const { server, terminal, gone } = await start(t);
  const session = await terminal();
  goSilent(session);
  const [client] = server.clients;
  client?.exit(0);
  await new Promise((resolve) => setImmediate(resolve));
  return { session, server, gone };
}
