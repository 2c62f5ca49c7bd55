/** Visitors at once, each on a terminal of their own. */
import assert from "node:assert/strict";
import test from "node:test";
import { styleText } from "node:util";
import type { Client } from "../../../../../src/server/index.ts";
import type { FakeSession } from "../../fake-door.ts";
import { PTY, serve, settle } from "../../fake-door.ts";

const TRUECOLOR = "\x1b[1;38;2;255;0;0mred\x1b[0m\n";

/** Who comes, on what, and what becomes of {@link TRUECOLOR} there. */
const visitors: Readonly<
  Record<string, readonly [term: string, env: Readonly<Record<string, string>>, bits: number, shown: string]>
> = {
  ada: ["xterm-kitty", {}, 24, "\x1b[1;38;2;255;0;0mred\x1b[0m\r\n"],
  bob: ["xterm-256color", { COLORTERM: "truecolor" }, 24, "\x1b[1;38;2;255;0;0mred\x1b[0m\r\n"],
  cyd: ["tmux-256color", {}, 8, "\x1b[1;38;5;196mred\x1b[0m\r\n"],
  dan: ["linux", {}, 4, "\x1b[1;91mred\x1b[0m\r\n"],
  eve: ["xterm-kitty", { NO_COLOR: "1" }, 1, "\x1b[1mred\x1b[0m\r\n"],
  fay: ["vt100", {}, 1, "\x1b[1mred\x1b[0m\r\n"],
  gus: ["dumb", { COLORTERM: "truecolor" }, 1, "red\r\n"],
};

test("visitors at once have sizes, colours and modes of their own", async (t) => {
  const clients = new Map<string, Client>();
  const sessions = new Map<string, FakeSession>();
  const typed = new Map<string, string>();
  const { visitor } = await serve(
    t,
    (server) => {
      server.onUser("command", async (client, _, { signal }) => {
        const { username, stdin, stdout } = client;
        clients.set(username, client);
        stdin.setRawMode(username < "d").on("data", (bytes) => {
          typed.set(username, `${typed.get(username) ?? ""}${String(bytes)}`);
        });
        stdout.write(TRUECOLOR);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    },
    { acceptEnv: ["COLORTERM", "NO_COLOR"] },
  );
  for (const [index, [name, [term, env]]] of Object.entries(visitors).entries()) {
    const session = await visitor(name);
    sessions.set(name, session);
    session.events.pty({ ...PTY, term, width: 20 + index, height: 10 + index });
    for (const [variable, value] of Object.entries(env)) session.events.env(variable, value);
    session.events.exec("x");
  }
  await settle();
  for (const [index, [name, [, , bits, shown]]] of Object.entries(visitors).entries()) {
    const { stdout } = clients.get(name) ?? assert.fail();
    assert.equal(sessions.get(name)?.stdout, shown, name);
    assert.equal(stdout.getColorDepth(), bits, name);
    assert.equal(stdout.hasColors(), bits >= 4, name);
    assert.equal(styleText("red", "x", { stream: stdout }) === "x", bits < 4, name);
    assert.deepEqual(stdout.getWindowSize(), [20 + index, 10 + index], name);
  }
  sessions.get("ada")?.events.resized({ width: 99, height: 33, pixelwidth: 0, pixelheight: 0 });
  clients.get("bob")?.stdout.setRawOutput(true);
  for (const session of sessions.values()) session.type("ab\x7fc\r");
  await settle();
  assert.deepEqual(
    [...typed].map(([name, text]) => `${name} ${JSON.stringify(text)}`),
    Object.keys(visitors).map((name) => `${name} ${JSON.stringify(name < "d" ? "ab\x7fc\r" : "ac\n")}`),
  );
  assert.deepEqual(clients.get("ada")?.stdout.getWindowSize(), [99, 33]);
  assert.deepEqual(clients.get("bob")?.stdout.getWindowSize(), [21, 11]);
  assert.equal(clients.get("cyd")?.stdout.isRawOutput, false);
});

test("what a terminal answers counts from the next write on", async (t) => {
  const here: { client?: Client } = {};
  const { visitor } = await serve(t, (server) => {
    server.onUser("command", async (client, _, { signal }) => {
      here.client = client;
      client.stdout.write(TRUECOLOR);
      await client.detectTerminal();
      client.stdout.write(TRUECOLOR);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
  });
  const session = await visitor();
  session.events.pty({ ...PTY, term: "xterm" });
  session.events.exec("x");
  await settle();
  assert.equal(here.client?.stdout.getColorDepth(), 4);
  session.type("\x1bP>|XTerm(390)\x1b\\\x1b[?64;22c");
  await settle();
  session.type("\x1b[?2026;2$y\x1b[?2004;1$y\x1b[?64;22c");
  await settle();
  assert.equal(here.client?.stdout.getColorDepth(), 24);
  assert.ok(session.stdout.startsWith("\x1b[1;91mred\x1b[0m\r\n"));
  assert.ok(session.stdout.endsWith("\x1b[1;38;2;255;0;0mred\x1b[0m\r\n"));
});
