import assert from "node:assert/strict";
import test from "node:test";
import type { Client } from "../../../../src/server/index.ts";
import { PTY, serve, settle } from "../fake-door.ts";
import type { FakeSession } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

/** What a command wrote, on a terminal of 40 columns and this type, or without one. */
async function written(
  t: test.TestContext,
  command: (client: Client) => unknown,
  terminal: string | undefined,
): Promise<FakeSession> {
  const { visitor } = await serve(t, (server) => {
    server.onUser("command", async (client) => {
      await command(client);
    });
  });
  const session = await visitor();
  if (terminal !== undefined) session.events.pty({ ...PTY, term: terminal });
  session.events.exec("go");
  await settle();
  return session;
}

const ROWS = [
  { name: "tea", note: "from far away, over the seas and the mountains" },
  { name: "coffee", note: "black" },
];

test("a table is as wide as the terminal at most, and without one as wide as it gets", async (t) => {
  const session = await written(t, (client) => client.table(ROWS), "xterm-256color");
  const rows = await screenOf(session);
  assert.deepEqual(rows, [
    "name    note",
    `──────  ${"─".repeat(32)}`,
    "tea     from far away, over the seas and",
    "        the mountains",
    "coffee  black",
  ]);
  const plain = await written(t, (client) => client.table(ROWS, { border: "ascii" }), undefined);
  assert.match(plain.stdout, /\| tea {4}\| from far away, over the seas and the mountains \|\n/);
  assert.match(plain.stdout, /^\| name {3}\| note/m);
  assert.ok(!plain.stdout.includes("\x1b"));
  const coloured = await written(t, (client) => client.table([{ "\x1b[31ma\x1b[m": "\x1b[32mb\x1b[m" }]), undefined);
  assert.ok(!coloured.stdout.includes("\x1b"));
  const empty = await written(t, (client) => client.table([]), "xterm-256color");
  assert.equal(empty.stdout, "");
});

test("a link can be clicked on a terminal that is known for it, and read elsewhere", async (t) => {
  const say = (client: Client): void => {
    client.sendln(client.link("the \x1bdocs", "https://example.org/ä b"));
    client.sendln(client.link("https://example.org", "https://example.org"));
  };
  const session = await written(t, say, "xterm-kitty");
  assert.deepEqual(await screenOf(session), ["the \\x1bdocs", "https://example.org"]);
  assert.match(session.stdout, /\x1b\]8;;https:\/\/example\.org\/%C3%A4%20b\x1b\\/);
  for (const terminal of ["xterm-256color", undefined]) {
    const plain = await written(t, say, terminal);
    const newline = terminal === undefined ? "\n" : "\r\n";
    const lines = ["the \\x1bdocs (https://example.org/ä b)", "https://example.org", ""];
    assert.equal(plain.stdout, lines.join(newline));
  }
});

test("the second screen and a hidden cursor last as long as their block", async (t) => {
  const draw = (client: Client): void => {
    client.sendln("first");
    {
      using screen = client.alternateScreen();
      using _ = client.cursor.hide();
      client.send("second");
      screen[Symbol.dispose]();
    }
    client.cursor.show();
    client.sendln("first again");
  };
  const session = await written(t, draw, "xterm-256color");
  assert.deepEqual(await screenOf(session), ["first", "first again"]);
  assert.equal(
    session.stdout,
    "first\r\n\x1b[?1049h\x1b[H\x1b[2J\x1b[?25lsecond\x1b[?1049l\x1b[?25h\x1b[?25hfirst again\r\n",
  );
  const plain = await written(t, draw, undefined);
  assert.equal(plain.stdout, "first\nsecondfirst again\n");
});
