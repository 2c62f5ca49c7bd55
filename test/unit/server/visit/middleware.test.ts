import assert from "node:assert/strict";
import test from "node:test";
import { serve, settle } from "../fake-door.ts";

test("middleware runs around a session, the first outermost, until the session has ended", async (t) => {
  const seen: string[] = [];
  const { terminal } = await serve(t, (server) => {
    for (const name of ["outer", "inner"]) {
      server.use(async (client, next) => {
        seen.push(`${name} begins`);
        await next();
        seen.push(`${name} ends: ${client.endReason}`);
      });
    }
    server.onUser("connect", () => void seen.push("connect"));
    server.onUser("disconnected", () => void seen.push("disconnected"));
  });
  const session = await terminal();
  assert.deepEqual(seen, ["outer begins", "inner begins", "connect"]);
  session.hangUp();
  await settle();
  assert.deepEqual(seen.slice(3).sort(), ["disconnected", "inner ends: disconnected", "outer ends: disconnected"]);
  assert.ok(seen.indexOf("inner ends: disconnected") < seen.indexOf("outer ends: disconnected"));
});

test("a middleware that does not call next closes the session, and no event is raised", async (t) => {
  const seen: string[] = [];
  const { exec } = await serve(t, (server) => {
    server.use((client) => client.sendln("Back at noon."));
    server.onUser("connect", () => void seen.push("connect"));
    server.onUser("command", () => void seen.push("command"));
    server.onUser("disconnected", () => void seen.push("disconnected"));
  });
  const session = await exec("x");
  assert.equal(session.stdout, "Back at noon.\n");
  assert.deepEqual(session.calls, ["exit 1", "end", "close"]);
  assert.deepEqual(seen, []);
});

test("a middleware may ask before the session begins", async (t) => {
  const { terminal, server } = await serve(t, (server) => {
    server.use(async (client, next) => {
      if ((await client.ask("Code? ")) !== "42") return client.exit(9);
      await next();
    });
    server.onUser("command", (client, command) => client.sendln(`ran ${command}`));
  });
  const wrong = await terminal();
  wrong.type("41\r");
  await settle();
  assert.deepEqual(wrong.calls, ["exit 9", "end", "close"]);
  const right = await terminal();
  right.type("42\rhello\r");
  await settle();
  assert.match(right.stdout, /Code\? 42\r\n> hello\r\nran hello/);
  assert.equal(server.clients.size, 1);
});

for (const when of ["before", "after"] as const) {
  test(`a middleware that throws ${when} next is logged and harms nobody else`, async (t) => {
    const { terminal, log, server } = await serve(t, (server) => {
      server.use(async (client, next) => {
        if (client.username === "mallory" && when === "before") throw new Error("no");
        await next();
        if (client.username === "mallory") throw new Error("no");
      });
      server.onUser("connect", () => undefined);
    });
    const mallory = await terminal("mallory");
    await terminal("bob");
    if (when === "after") mallory.type("\x04");
    await settle();
    const failure = log.find(({ event }) => event === "handler failed");
    assert.deepEqual(failure?.detail, { handler: "middleware" });
    assert.equal(mallory.calls.length, 3);
    assert.equal([...server.clients].map(({ username }) => username).join(), "bob");
  });
}

test("next may be called once, and need not be awaited", async (t) => {
  const errors: string[] = [];
  const { terminal, server } = await serve(t, (server) => {
    server.use((_, next) => {
      void next();
      next().catch((error: unknown) => errors.push((error as Error).message));
    });
    server.onUser("connect", () => undefined);
  });
  const session = await terminal();
  await settle();
  assert.equal(server.clients.size, 1);
  assert.deepEqual(session.calls, []);
  assert.deepEqual(errors, ["A middleware called next() twice."]);
});
