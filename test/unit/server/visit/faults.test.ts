import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { EventName, ServerCore } from "../../../../src/server/index.ts";
import { formatEntry } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";

/** What makes an event happen to a client at a prompt; those that need nothing happen by themselves. */
const causes: readonly (readonly [EventName, ((session: FakeSession, server: ServerCore) => void)?])[] = [
  ["connectpty"],
  ["connect"],
  ["env"],
  ["preshell"],
  ["rawtype", (session) => session.type("x")],
  ["type", (session) => session.type("x")],
  ["beforecommand", (session) => session.type("x\r")],
  ["command", (session) => session.type("x\r")],
  ["aftercommand", (session) => session.type("x\r")],
  ["resized", (session) => session.events.resized(PTY)],
  ["signal", (session) => void session.events.signal("USR1")],
  ["kicked", (_, server) => void server.kickUser("mallory")],
];

for (const [name, cause] of causes) {
  for (const how of ["throws", "rejects"] as const) {
    test(`a handler of ${name} that ${how} becomes the error event and harms nobody`, async (t) => {
      const errors: string[] = [];
      const raise = (): never => {
        throw new Error(`in ${name}`);
      };
      const fail = how === "throws" ? raise : () => turn().then(raise);
      let hasRun = false;
      const { server, visitor, terminal, log } = await serve(
        t,
        (server) => {
          server.onUser(name, fail as () => void);
          // The next handler of the same event is called all the same.
          server.onUser(name, (() => void (hasRun = true)) as () => void);
          if (name !== "command") server.onUser("command", (client, command) => client.sendln(`ran ${command}`));
          server.onUser(
            "error",
            (client, error) => void errors.push(`${client.username}: ${(error as Error).message}`),
          );
        },
        { acceptEnv: ["LANG"] },
      );
      const session = await visitor("mallory");
      session.events.env("LANG", "C");
      session.events.pty(PTY);
      session.events.shell();
      await settle();
      cause?.(session, server);
      await settle();
      await settle();
      // Before connect and after disconnected a client has no events: the log alone hears of it.
      const isOutside = name === "connectpty" || (name === "kicked" && how === "rejects");
      assert.deepEqual([...new Set(errors)], isOutside ? [] : [`mallory: in ${name}`]);
      assert.equal(
        log.some(({ event }) => event === "handler failed"),
        isOutside,
      );
      assert.equal(hasRun, true);

      errors.length = 0;
      const other = await terminal("bob");
      other.type("hello\r");
      await settle();
      if (name !== "command") assert.match(other.stdout, /ran hello/);
    });
  }
}

test("without an error handler the user sees one line, and the log has the stack", async (t) => {
  const { terminal, log } = await serve(t, (server) => {
    server.onUser("command", () => {
      throw new Error("the secret plan failed");
    });
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  assert.match(session.stdout, /> go\r\nSomething went wrong\.\r\n> $/);
  assert.doesNotMatch(session.stdout, /secret/);
  const entry = log.find(({ event }) => event === "handler failed");
  assert.ok(entry?.error instanceof Error);
  assert.match(entry.error.stack ?? "", /faults\.test\.ts/);
  assert.deepEqual(entry.detail, { handler: "command" });
});

for (const [stream, event] of [
  ["stdin", "data"],
  ["stdin", "readable"],
  ["stdin", "end"],
  ["stdout", "drain"],
  ["stdout", "finish"],
  ["stderr", "finish"],
] as const) {
  test(`a listener of ${event} on client.${stream} that throws becomes the error event and ends nothing`, async (t) => {
    const errors: string[] = [];
    const { visitor } = await serve(t, (server) => {
      server.onUser("error", (_, error) => void errors.push((error as Error).message));
      server.onUser("command", async (client) => {
        client[stream].on(event, () => {
          throw new Error(`in ${event}`);
        });
        if (event === "end") client.stdin.resume();
        if (event === "drain") client.stdout.write("x".repeat(100_000));
        else if (stream !== "stdin") client[stream].end("x");
        await new Promise((resolve) => client.signal.addEventListener("abort", resolve));
      });
    });
    const session = await visitor();
    session.events.exec("x");
    await settle();
    session.events.input(Buffer.from("bytes"));
    session.events.eof();
    await settle();
    await settle();
    assert.deepEqual([...new Set(errors)], [`in ${event}`]);
    assert.deepEqual(session.calls, []);
  });
}

test("an error handler that throws is logged, and that is the end of it", async (t) => {
  let calls = 0;
  const { terminal, log } = await serve(t, (server) => {
    server.onUser("command", () => {
      throw new Error("first");
    });
    server.onUser("error", () => {
      calls++;
      throw new Error("second");
    });
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  assert.equal(calls, 1);
  assert.deepEqual(
    log.filter(({ event }) => event === "handler failed").map(({ error }) => (error as Error).message),
    ["second"],
  );
  session.type("again\r");
  await settle();
  assert.equal(calls, 2);
});

test("no event follows disconnected, not even error", async (t) => {
  const seen: string[] = [];
  const { promise, reject } = Promise.withResolvers<void>();
  const { terminal, log } = await serve(t, (server) => {
    server.onUser("command", () => promise);
    server.onUser("aftercommand", () => void seen.push("aftercommand"));
    server.onUser("error", () => void seen.push("error"));
    server.onUser("disconnected", () => {
      seen.push("disconnected");
      throw new Error("in disconnected");
    });
  });
  const session = await terminal();
  session.type("wait\r");
  await settle();
  session.hangUp();
  reject(new Error("too late"));
  await settle();
  assert.deepEqual(seen, ["disconnected"]);
  assert.deepEqual(
    log
      .filter(({ event }) => event === "handler failed")
      .map(({ error }) => (error as Error).message)
      .sort(),
    ["in disconnected", "too late"],
  );
});

test("a state that cannot be made refuses the session", async (t) => {
  const { door, log } = await serve(t, (server) => server.onUser("connect", () => undefined), {
    state: () => {
      throw new Error("no state");
    },
  });
  const fake = await door.arrive();
  fake?.admit("alice");
  assert.equal(fake?.open(), undefined);
  assert.equal(log.at(-1)?.event, "session refused");
});

test("a log that throws does no harm", async (t) => {
  const written = t.mock.method(process.stderr, "write", () => true);
  const { terminal } = await serve(t, (server) => server.onUser("command", (client) => client.sendln("fine")), {
    log: () => {
      throw new Error("disk full");
    },
  });
  const session = await terminal();
  session.type("go\r");
  await settle();
  assert.match(session.stdout, /fine/);
  const [first] = written.mock.calls;
  assert.match(String(first?.arguments[0]), /"event":"log failed"/);
});

test("what a handler throws may be anything", async (t) => {
  const { terminal, log } = await serve(t, (server) => {
    server.onUser("command", (_, command) => {
      // oxlint-disable-next-line typescript/only-throw-error -- an app may do this, and the server has to live with it
      throw command === "undefined" ? undefined : { odd: command };
    });
  });
  const session = await terminal();
  session.type("undefined\robject\r");
  await settle();
  const failures = log.filter(({ event }) => event === "handler failed");
  assert.equal(failures.length, 2);
  for (const entry of failures) assert.doesNotThrow(() => formatEntry(entry));
});
