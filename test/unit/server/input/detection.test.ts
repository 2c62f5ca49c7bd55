import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import type { Capabilities, Client, ServerOptions } from "../../../../src/server/index.ts";
import { answersTo, TERMINALS } from "../../terminal/capabilities/scripted-terminal.ts";
import type { Answers } from "../../terminal/capabilities/scripted-terminal.ts";
import { PTY, serve, settle } from "../fake-door.ts";
import type { FakeSession } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

/** A visitor at the prompt, whose terminal answers when it is told to. */
async function visit(
  t: TestContext,
  { term = PTY.term, env = {}, command }: VisitOptions = {},
): Promise<{
  session: FakeSession;
  client: Client;
  typed: string[];
  ran: string[];
  answer: (terminal: Answers) => Promise<void>;
}> {
  const typed: string[] = [];
  const ran: string[] = [];
  const { server, visitor } = await serve(
    t,
    (server) => {
      server.onUser("type", (_, key) => void typed.push(key));
      server.onUser("command", (client, line) => {
        ran.push(line);
        return command?.(client);
      });
    },
    { acceptEnv: ["*"] } satisfies Partial<ServerOptions>,
  );
  const session = await visitor();
  assert.equal(session.events.pty({ ...PTY, term }), true);
  for (const [name, value] of Object.entries(env)) session.events.env(name, value);
  session.events.shell();
  await settle();
  const [client] = server.clients;
  assert.ok(client !== undefined);
  let read = 0;
  /** Both rounds, should there be a second. */
  const answer = async (terminal: Answers): Promise<void> => {
    for (let round = 0; round < 2; round++) {
      await settle();
      const output = session.stdout.slice(read);
      read = session.stdout.length;
      session.type(answersTo(output, terminal));
    }
    await settle();
  };
  return { session, client, typed, ran, answer };
}

interface VisitOptions {
  readonly term?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: (client: Client) => Promise<void>;
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  await settle();
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);
};

test("what is known without asking comes from the terminal's type and the client's variables", async (t) => {
  const { client } = await visit(t, { term: "xterm-256color", env: { COLORTERM: "truecolor", LANG: "C" } });
  assert.equal(client.terminal.colors, 24);
  assert.equal(client.terminal.unicode, false);
  assert.equal(client.terminal, client.terminal, "it is worked out once");
});

test("a variable that comes after somebody has looked still counts", async (t) => {
  const colors: number[] = [];
  const { visitor } = await serve(
    t,
    (server) => {
      for (const event of ["connectpty", "connect"] as const) {
        server.onUser(event, (client: Client) => void colors.push(client.terminal.colors));
      }
    },
    { acceptEnv: ["NO_COLOR"] },
  );
  const { events } = await visitor();
  events.pty(PTY);
  events.env("NO_COLOR", "1");
  events.shell();
  await settle();
  assert.deepEqual(colors, [8, 1]);
});

test("without a terminal nothing is asked, and there is text", async (t) => {
  const { server, pipe } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await pipe();
  const [client] = server.clients;
  assert.equal((await client?.detectTerminal())?.colors, 1);
  assert.equal(session.stdout, "");
});

for (const term of ["dumb", "", "vt100", "linux", "unknown"]) {
  test(`TERM=${term} is never asked`, async (t) => {
    const { session, client } = await visit(t, { term });
    const before = session.stdout;
    assert.equal(await client.detectTerminal(), client.terminal);
    await settle();
    assert.equal(session.stdout, before);
  });
}

test("the terminal is asked once for all who want to know, and the prompt stays as it is", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, client, typed, answer } = await visit(t);
  session.type("half a l");
  await settle();
  const all = Promise.all([client.detectTerminal(), client.detectTerminal()]);
  await answer(TERMINALS.kitty);
  const [one, two] = await all;
  t.mock.timers.reset();
  assert.equal(one, two);
  assert.equal(one, client.terminal);
  assert.equal(await client.detectTerminal(), one);
  assert.equal(one.images, "kitty");
  assert.equal(session.stdout.split("\x1b[>q").length, 2);
  session.type("ine");
  await settle();
  assert.deepEqual(await screenOf(session), ["> half a line"]);
  assert.equal(typed.join(""), "half a line");
  const fence = TERMINALS.kitty["\x1b[c"];
  const answers = `${Object.values(TERMINALS.kitty).join("")}${fence}`;
  assert.equal(session.consumedBytes, typed.length + answers.length);
});

test("answers that are mixed with what is typed, and cut anywhere, are taken out and nothing else", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, client, ran } = await visit(t);
  const detected = client.detectTerminal();
  const first = "\x1bP>|foot(1.2)\x1b\\l\x1b[?0us\x1b]11;rgb:f/f/f\x07 -\x1b[?62;4cl";
  for (const byte of Buffer.from(first)) session.events.input(Uint8Array.of(byte));
  await settle();
  for (const byte of Buffer.from("\x1b[?2026;2$ya\x1b[?2004;1$y\x1b[?62;4c\r"))
    session.events.input(Uint8Array.of(byte));
  const { name, background, synchronizedOutput } = await detected;
  assert.deepEqual(
    { name, background, synchronizedOutput },
    { name: "foot", background: "light", synchronizedOutput: true },
  );
  await settle();
  assert.deepEqual(ran, ["ls -la"]);
});

test("nobody waits longer than the terminal may take, and what it answers later counts and is not typed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, client, typed, answer } = await visit(t);
  const detected = client.detectTerminal();
  assert.equal(await isSettled(detected), false);
  t.mock.timers.tick(999);
  assert.equal(await isSettled(detected), false);
  t.mock.timers.tick(1);
  assert.equal((await detected).kittyKeyboard, false);
  session.type("late");
  await settle();
  await answer(TERMINALS.kitty);
  assert.equal(client.terminal.kittyKeyboard, true);
  assert.equal((await client.detectTerminal()).images, "kitty");
  assert.equal(typed.join(""), "late");
});

test("garbage for answers is what it would be without a question", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, client, typed } = await visit(t);
  const detected = client.detectTerminal();
  session.type(`\x1b]11;${"x".repeat(3000)}\x07a\x1b[?62\x1b[?1;2\x07b\x1bP>|half\rc\x1b[?1;2c`);
  await detected;
  await settle();
  assert.deepEqual(typed, ["a", "b", "c"]);
  assert.equal(client.terminal.name, undefined);
});

test("a session that ends leaves nobody waiting, and one that has ended asks nothing", async (t) => {
  const { session, client } = await visit(t);
  const detected = client.detectTerminal();
  await settle();
  session.hangUp();
  assert.equal((await detected).colors, 8);
  const other = await visit(t);
  other.client.exit();
  await settle();
  assert.equal((await other.client.detectTerminal()).colors, 8);
  assert.equal(other.session.stdout.includes("\x1b[c"), false);
});

test("Escape is a key while answers are awaited, and keys come in their order", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const keys: string[] = [];
  const { session, client } = await visit(t, {
    command: async (client) => {
      for await (const event of client.input()) keys.push(event.type === "key" ? event.name : "");
    },
  });
  session.type("go\r");
  await settle();
  void client.detectTerminal();
  session.type("a\x1b");
  // Once for the filter, once for the decoder.
  t.mock.timers.tick(50);
  t.mock.timers.tick(50);
  await settle();
  session.type("b\x1b[A");
  await settle();
  assert.deepEqual(keys, ["a", "escape", "b", "up"]);
});

test("an app that reads bytes gets all but our answers: its own questions are answered to it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const seen: string[] = [];
  const { session, client, typed } = await visit(t, {
    command: async (client) => {
      client.stdin.setRawMode(true);
      for await (const chunk of client.stdin) {
        seen.push(String(chunk));
        if (seen.join("").endsWith("q")) break;
      }
    },
  });
  session.type("raw\r");
  await settle();
  typed.length = 0;
  const detected = client.detectTerminal();
  session.type("a\x1b[24;80R\x1b]11;rgb:0/0/0\x07\x1b]10;rgb:f/f/f\x07\x1b[?1;2c");
  assert.equal((await detected).background, "dark");
  session.type("\x1b[?1;2c\x1b]11;rgb:0/0/0\x07q");
  await settle();
  assert.equal(seen.join(""), "a\x1b[24;80R\x1b]10;rgb:f/f/f\x07\x1b[?1;2c\x1b]11;rgb:0/0/0\x07q");
  assert.deepEqual(typed, ["a", "q"]);
});

test("rawtype does not see our answers", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const seen: string[] = [];
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("rawtype", (_, bytes) => void seen.push(Buffer.from(bytes).toString()));
  });
  const session = await terminal();
  const [client] = server.clients;
  const detected = client?.detectTerminal();
  session.type("\x1b[?1;2c");
  session.type("a\x1b[?1;2c");
  await detected;
  assert.deepEqual(seen, ["a\x1b[?1;2c"], "the second one is not ours");
});

test("the end of the input lets go what was held back", async (t) => {
  const seen: string[] = [];
  const { session, client } = await visit(t, {
    command: async (client) => {
      client.stdin.setRawMode(true);
      for await (const chunk of client.stdin) seen.push(String(chunk));
    },
  });
  session.type("raw\r");
  await settle();
  void client.detectTerminal();
  session.type("a\x1b]11;rg");
  session.events.eof();
  await settle();
  assert.equal(seen.join(""), "a\x1b]11;rg");
});

test("a client that never reads costs no memory, and nobody waits for it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { session, client } = await visit(t);
  session.isStuck = true;
  const before = session.bytesOut;
  const asked: Promise<Capabilities>[] = [];
  for (let turn = 0; turn < 1000; turn++) asked.push(client.detectTerminal());
  t.mock.timers.tick(1000);
  await Promise.all(asked);
  session.type("\x1b]11;".repeat(10_000));
  await settle();
  assert.ok(session.bytesOut - before < 100);
  assert.equal(client.endReason, undefined);
});
