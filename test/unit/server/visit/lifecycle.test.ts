import assert from "node:assert/strict";
import test from "node:test";
import type { ServerCore } from "../../../../src/server/index.ts";
import type { FakeSession } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";

/** Writes down the events of all clients in order. */
function record(server: ServerCore, seen: string[]): void {
  server.onUser("connectpty", (_, { term }) => void seen.push(`connectpty ${term}`));
  server.onUser("connect", (client) => void seen.push(`connect ${client.username}`));
  server.onUser("env", (_, name, value) => void seen.push(`env ${name}=${value}`));
  server.onUser("preshell", () => void seen.push("preshell"));
  server.onUser("rawtype", (_, key) => void seen.push(`rawtype ${JSON.stringify(Buffer.from(key).toString())}`));
  server.onUser("type", (_, key) => void seen.push(`type ${key}`));
  server.onUser("beforecommand", (_, command) => void seen.push(`beforecommand ${command}`));
  server.onUser("command", (_, command) => void seen.push(`command ${command}`));
  server.onUser("aftercommand", (_, command, { status }) => void seen.push(`aftercommand ${command} ${status}`));
  server.onUser("resized", (_, { width, height }) => void seen.push(`resized ${width}x${height}`));
  server.onUser("signal", (_, name) => void seen.push(`signal ${name}`));
  server.onUser("error", (_, error) => void seen.push(`error ${(error as Error).message}`));
  server.onUser("kicked", (_, reason) => void seen.push(`kicked ${reason}`));
  server.onUser("disconnected", (client) => void seen.push(`disconnected ${client.endReason}`));
}

test("the events of a shell come in the order of the contract", async (t) => {
  const seen: string[] = [];
  const { visitor } = await serve(t, (server) => record(server, seen), { acceptEnv: ["LANG"] });
  const session = await visitor();
  assert.equal(session.events.env("LANG", "C"), true);
  assert.equal(session.events.pty(PTY), true);
  assert.equal(session.events.shell(), true);
  await settle();
  session.type("a\r");
  session.events.resized({ width: 100, height: 30, pixelwidth: 0, pixelheight: 0 });
  await settle();
  session.hangUp();
  assert.deepEqual(seen, [
    "connectpty xterm-256color",
    "connect alice",
    "env LANG=C",
    "preshell",
    'rawtype "a\\r"',
    "type a",
    "beforecommand a",
    "command a",
    "aftercommand a 0",
    "resized 100x30",
    "disconnected disconnected",
  ]);
});

test("what is typed before connect has been raised waits for it", async (t) => {
  const seen: string[] = [];
  const { visitor } = await serve(t, (server) => {
    server.onUser("connectpty", () => new Promise((resolve) => setImmediate(resolve)));
    record(server, seen);
  });
  const session = await visitor();
  session.events.pty(PTY);
  session.events.shell();
  session.type("x");
  session.events.resized({ width: 100, height: 30, pixelwidth: 0, pixelheight: 0 });
  assert.equal(session.events.signal("TERM"), false);
  await settle();
  await settle();
  assert.deepEqual(seen, ["connectpty xterm-256color", "connect alice", 'rawtype "x"', "type x", "preshell"]);
});

test("an async connect handler is waited for before the prompt comes", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { terminal } = await serve(t, (server) => {
    server.onUser("connect", () => promise);
    server.onUser("command", (client, command) => client.sendln(`ran ${command}`));
  });
  const session = await terminal();
  session.type("early\r");
  await settle();
  assert.equal(session.stdout, "");
  resolve();
  await settle();
  assert.match(session.stdout, /> early\r\nran early\r\n> $/);
});

const ends: readonly {
  readonly reason: string;
  readonly calls: readonly string[];
  readonly end: (session: FakeSession, server: ServerCore) => void;
}[] = [
  { reason: "exit", calls: ["exit 7", "end", "close"], end: (session) => session.type("exit 7\r") },
  { reason: "exit", calls: ["exit 0", "end", "close"], end: (session) => session.type("\x04") },
  { reason: "exit", calls: ["exit 0", "end", "close"], end: (session) => session.events.eof() },
  { reason: "closed", calls: ["exit 0", "end", "close"], end: (session) => session.type("close\r") },
  { reason: "disconnected", calls: [], end: (session) => session.hangUp() },
  { reason: "kicked", calls: ["exit 1", "end", "close"], end: (_, server) => void server.kickUser("alice") },
  { reason: "kicked", calls: ["exit 1", "end", "close"], end: (_, server) => void server.kickAll() },
  { reason: "shutdown", calls: ["exit 0", "end", "close"], end: (_, server) => void server.close() },
  { reason: "overflow", calls: ["exit 1", "abort"], end: (session) => session.type("flood\r") },
];

for (const { reason, calls, end } of ends) {
  test(`disconnected comes exactly once when the session ends by ${reason} (${calls.join(", ")})`, async (t) => {
    const seen: (string | undefined)[] = [];
    const { server, terminal } = await serve(t, (server) => {
      server.onUser("command", (client, command) => {
        if (command === "close") client.close();
        if (command.startsWith("exit")) client.exit(Number(command.split(" ")[1]));
        if (command === "flood") {
          for (let line = 0; line < 2000; line++) client.sendln("x".repeat(1000));
        }
        // What comes after the end is without effect.
        client.sendln("late");
        client.exit(99);
      });
      server.onUser("disconnected", (client) => {
        assert.equal(server.clients.has(client), false);
        assert.equal(client.signal.aborted, true);
        seen.push(client.endReason);
      });
    });
    const session = await terminal();
    end(session, server);
    await settle();
    session.hangUp();
    session.events.closed();
    await settle();
    assert.deepEqual(seen, [reason]);
    assert.deepEqual(session.calls, calls);
    assert.doesNotMatch(session.stdout, /late/);
  });
}

test("a session that never asked for a program gets neither connect nor disconnected", async (t) => {
  const seen: string[] = [];
  const { server, visitor } = await serve(t, (server) => record(server, seen));
  const session = await visitor();
  session.events.pty(PTY);
  session.hangUp();
  await settle();
  assert.deepEqual(seen, ["connectpty xterm-256color"]);
  assert.equal(server.clients.size, 0);
});

test("a program is started only once", async (t) => {
  const { terminal } = await serve(t, (server) => server.onUser("command", () => undefined));
  const { events } = await terminal();
  assert.equal(events.shell(), false);
  assert.equal(events.exec("x"), false);
  assert.equal(events.pty(PTY), false);
  assert.equal(events.env("LANG", "C"), false);
});

test("what nothing is there for is refused: every request of a server without handlers", async (t) => {
  const { visitor } = await serve(t, () => undefined);
  const { events } = await visitor();
  assert.equal(events.pty(PTY), false);
  assert.equal(events.env("LANG", "C"), false);
  assert.equal(events.shell(), false);
  assert.equal(events.exec("id"), false);
  assert.equal(events.subsystem("sftp"), false);
  assert.equal(events.signal("TERM"), false);
  assert.equal(events.break(100), false);
  assert.equal(events.x11({ single: false, protocol: "", cookie: "", screen: 0 }), false);
});

test("a terminal with odd sizes becomes one that apps can rely on", async (t) => {
  const sizes: string[] = [];
  const { visitor } = await serve(t, (server) => {
    server.onUser("connect", () => undefined);
    server.onUser(
      "connectpty",
      (_, { width, height, pixelwidth }) => void sizes.push(`${width}x${height} ${pixelwidth}`),
    );
  });
  for (const [width, height] of [
    [0, 0],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [1, 1],
  ] as const) {
    const { events } = await visitor();
    assert.equal(events.pty({ ...PTY, width, height, pixelwidth: width }), true);
  }
  assert.deepEqual(sizes, ["80x24 0", "65535x65535 65535", "1x1 1"]);
  const { events } = await visitor();
  assert.equal(events.pty({ ...PTY, term: "x".repeat(65) }), false);
  assert.equal(events.pty({ ...PTY, term: "a\x1b]0;b" }), false);
});

test("variables are taken by the list alone, and within their limits", async (t) => {
  const { visitor, server } = await serve(t, (server) => server.onUser("connect", () => undefined), {
    acceptEnv: ["LANG", "LC_*", "constructor"],
    limits: { maxEnv: 4, maxEnvValue: 10 },
  });
  const { events } = await visitor();
  assert.equal(events.env("LANG", "C"), true);
  assert.equal(events.env("LC_ALL", "0123456789"), true);
  assert.equal(events.env("constructor", "x"), true);
  for (const name of ["LD_PRELOAD", "LANGUAGE", "LC_A=B", "__proto__", "toString", "--split", "", "LC_\0"]) {
    assert.equal(events.env(name, "x"), false, name);
  }
  assert.equal(events.env("LC_B", "01234567890"), false);
  assert.equal(events.env("LC_B", "a\0b"), false);
  assert.equal(events.env("LC_B", "x"), true);
  assert.equal(events.env("LC_C", "x"), false);
  events.shell();
  await settle();
  const [client] = server.clients;
  assert.deepEqual({ ...client?.env }, { LANG: "C", LC_ALL: "0123456789", constructor: "x", LC_B: "x" });
  assert.equal(client?.env["toString"], undefined);
});

test("signals have the names of RFC 4254 and reach their handlers", async (t) => {
  const seen: string[] = [];
  const { terminal } = await serve(t, (server) => record(server, seen));
  const { events } = await terminal();
  assert.equal(events.signal("HUP"), true);
  assert.equal(events.signal("SIGHUP"), false);
  assert.equal(events.signal("constructor"), false);
  assert.deepEqual(seen.slice(-1), ["signal HUP"]);
});

test("sftp gets connectsftp in place of connect, other subsystems connect", async (t) => {
  const seen: string[] = [];
  const { visitor } = await serve(t, (server) => {
    server.onUser("connect", ({ request }) => void seen.push(`connect ${request}`));
    server.onUser("connectsftp", ({ request }) => void seen.push(`connectsftp ${request}`));
    server.subsystem("sftp", async (client) => {
      for await (const bytes of client.stdin) client.send(bytes as Uint8Array);
      return 4;
    });
    server.onUser("subsystem", (_, name) => name === "netconf" && 5);
  });
  const sftp = await visitor();
  assert.equal(sftp.events.subsystem("sftp"), true);
  sftp.type("in\0it");
  sftp.events.eof();
  await settle();
  assert.equal(sftp.stdout, "in\0it");
  assert.equal(sftp.consumedBytes, 5);
  const netconf = await visitor();
  assert.equal(netconf.events.subsystem("netconf"), true);
  const unknown = await visitor();
  unknown.events.subsystem("toString");
  await settle();
  assert.deepEqual(seen, ["connectsftp sftp", "connect netconf", "connect toString"]);
  assert.deepEqual(sftp.calls, ["exit 4", "end", "close"]);
  assert.deepEqual(netconf.calls, ["exit 5", "end", "close"]);
  assert.deepEqual(unknown.calls, ["exit 1", "end", "close"]);
});

test("a program serves the commands with its name as their first word, in place of command, and not at the prompt", async (t) => {
  const seen: string[] = [];
  const { exec, pipe, visitor } = await serve(t, (server) => {
    server.program("sum", async (client, command, { signal }) => {
      for await (const bytes of client.stdin) client.send(bytes as Uint8Array);
      seen.push(`program ${command} ${signal.aborted}`);
      return 7;
    });
    server.program("fail", () => {
      throw new Error("no sum");
    });
    server.onUser("beforecommand", (_, command) => void seen.push(`before ${command}`));
    server.onUser("aftercommand", (_, command, { status }) => void seen.push(`after ${command} ${status}`));
    server.onUser("error", (_, error) => void seen.push((error as Error).message));
  });
  const session = await exec(" sum -a  b");
  session.type("data");
  session.events.eof();
  await settle();
  assert.equal(session.stdout, "data");
  assert.deepEqual(session.calls, ["exit 7", "end", "close"]);
  assert.deepEqual(seen.splice(0), ["before  sum -a  b", "program  sum -a  b false", "after  sum -a  b 7"]);

  assert.deepEqual((await exec("fail")).calls, ["exit 1", "end", "close"]);
  assert.deepEqual(seen.splice(0), ["before fail", "no sum", "after fail 1"]);

  for (const command of ["summary", "constructor", ""]) {
    const refused = await visitor();
    assert.equal(refused.events.exec(command), false, command);
  }
  await assert.rejects(pipe(), /refused/);
});

test("a session that the server ends and that nobody closes is cut off", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.answersClose = false;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  server.kickAll();
  t.mock.timers.tick(4999);
  assert.equal(session.calls.includes("abort"), false);
  t.mock.timers.tick(1);
  assert.equal(session.calls.includes("abort"), true);
});

test("a subsystem that fails is status 1 and the error event", async (t) => {
  const errors: unknown[] = [];
  const { visitor } = await serve(t, (server) => {
    server.subsystem("sftp", () => {
      throw new Error("no files");
    });
    server.onUser("subsystem", (_, name) => {
      if (name === "other") throw new Error("no other");
    });
    server.onUser("error", (_, error) => void errors.push((error as Error).message));
  });
  for (const name of ["sftp", "other"]) {
    const session = await visitor();
    session.events.subsystem(name);
    await settle();
    assert.deepEqual(session.calls, ["exit 1", "end", "close"]);
  }
  assert.deepEqual(errors, ["no files", "no other"]);
});
