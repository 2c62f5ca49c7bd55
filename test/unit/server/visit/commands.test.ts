import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../../../../src/server/index.ts";
import { PTY, serve, settle } from "../fake-door.ts";
import { screenOf } from "../screen.ts";

test("commands of one client run one at a time, in order; another client's do not wait for them", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client, command) => {
      seen.push(`${client.username} begins ${command}`);
      if (command === "slow") await promise;
      seen.push(`${client.username} ends ${command}`);
    });
  });
  const alice = await terminal("alice");
  alice.type("slow\rfast\r");
  await settle();
  const bob = await terminal("bob");
  bob.type("fast\r");
  await settle();
  resolve();
  await settle();
  assert.deepEqual(seen, [
    "alice begins slow",
    "bob begins fast",
    "bob ends fast",
    "alice ends slow",
    "alice begins fast",
    "alice ends fast",
  ]);
});

test("what is typed while a command runs appears at the next prompt, where it can still be edited", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (client, command) => {
      if (command === "slow") await promise;
      client.sendln(`ran ${command}`);
    });
  });
  const session = await terminal();
  session.type("slow\r");
  session.type("next\rha");
  session.type("\x7felf");
  await settle();
  assert.deepEqual(await screenOf(session), ["> slow"]);
  resolve();
  await settle();
  assert.deepEqual(await screenOf(session), ["> slow", "ran slow", "> next", "ran next", "> helf"]);
});

test("type-ahead is bounded: what is beyond it is dropped with a bell", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { terminal } = await serve(
    t,
    (server) => server.onUser("command", (_, command) => (command === "slow" ? promise : undefined)),
    { limits: { maxTypeAhead: 4 } },
  );
  const session = await terminal();
  session.type("slow\r");
  session.type("abcdefg");
  await settle();
  assert.match(session.stdout, /\x07\x07\x07$/);
  resolve();
  await settle();
  assert.equal((await screenOf(session)).at(-1), "> abcd");
});

test("Ctrl-C aborts the signal of the command that runs, drops the type-ahead, and brings the prompt back", async (t) => {
  const errors: unknown[] = [];
  const results: unknown[] = [];
  const { terminal } = await serve(t, (server) => {
    server.onUser("command", async (_, command, { signal }) => {
      if (command === "slow") await sleep(1_000_000, undefined, { signal });
    });
    server.onUser(
      "aftercommand",
      (_, command, { status, interrupted }) => void results.push([command, status, interrupted]),
    );
    server.onUser("error", (_, error) => void errors.push(error));
  });
  const session = await terminal();
  session.type("slow\rtyped ahead\x03");
  await settle();
  session.type("quick\r");
  await settle();
  assert.deepEqual(await screenOf(session), ["> slow", "^C", "> quick", ">"]);
  assert.deepEqual(results, [
    ["slow", 130, true],
    ["quick", 0, false],
  ]);
  assert.deepEqual(errors, []);
});

test("Ctrl-C at the prompt gives up the line, and no command runs", async (t) => {
  const commands: string[] = [];
  const { terminal } = await serve(t, (server) =>
    server.onUser("command", (_, command) => void commands.push(command)),
  );
  const session = await terminal();
  session.type("half\x03");
  await settle();
  assert.deepEqual(await screenOf(session), ["> half^C", ">"]);
  assert.deepEqual(commands, []);
});

test("the signal INT is a Ctrl-C", async (t) => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const { exec } = await serve(t, (server) => {
    server.onUser("command", (_client, _command, { signal }) => {
      signal.addEventListener("abort", () => resolve(true));
      return promise.then(() => undefined);
    });
  });
  const session = await exec("slow");
  assert.equal(session.events.signal("INT"), true);
  await settle();
  assert.deepEqual(session.calls, ["exit 130", "end", "close"]);
});

test("a handler that never comes back shows in commandRunning, and stops nobody but its own client", async (t) => {
  const { server, terminal } = await serve(t, (server) => {
    server.onUser("command", (client, command) => {
      if (command === "hang") return new Promise<void>(() => undefined);
      client.sendln(`ran ${command}`);
      return undefined;
    });
  });
  const alice = await terminal("alice");
  alice.type("hang\r");
  const bob = await terminal("bob");
  bob.type("fine\r");
  await settle();
  const [client, other] = server.clients;
  assert.equal(client?.commandRunning?.command, "hang");
  assert.equal(client.commandRunning.signal.aborted, false);
  assert.equal(other?.commandRunning, undefined);
  assert.match(bob.stdout, /ran fine/);
  const { signal } = client.commandRunning;
  alice.hangUp();
  assert.equal(signal.aborted, true);
});

const statuses: readonly (readonly [
  string,
  number,
  (client: Client) => number | undefined | void | Promise<number>,
])[] = [
  ["nothing", 0, () => undefined],
  ["a number", 3, () => 3],
  ["a promise of a number", 4, () => Promise.resolve(4)],
  ["a throw", 1, () => raise()],
  ["a rejection", 1, () => Promise.reject(new Error("no"))],
  ["client.exit", 5, (client) => client.exit(5)],
  ["client.exit before a return", 6, (client) => (client.exit(6), 7)],
  ["client.close", 0, (client) => client.close()],
  ["a number that is no status", 1, () => 256],
  ["a number below all", 1, () => -1],
  ["not a number at all", 1, () => Number.NaN],
];

function raise(): never {
  throw new Error("no");
}

for (const [name, status, handler] of statuses) {
  test(`the exit status of a command: ${name} is ${status}`, async (t) => {
    const { exec } = await serve(t, (server) => {
      server.onUser("command", handler);
      server.onUser("error", () => undefined);
    });
    const session = await exec("x");
    assert.deepEqual(session.calls, [`exit ${status}`, "end", "close"]);
  });
}

test("the first of several handlers that returns a number decides, and a throw among them is status 1", async (t) => {
  const { exec, server } = await serve(t, (server) => {
    server.onUser("command", () => undefined);
    server.onUser("command", () => 8);
    server.onUser("command", () => 9);
  });
  assert.deepEqual((await exec("x")).calls[0], "exit 8");
  server.onUser("command", () => raise());
  server.onUser("error", () => undefined);
  assert.deepEqual((await exec("x")).calls[0], "exit 1");
});

test("a command of ssh host command has no prompt and no echo, and its text is passed on as it came", async (t) => {
  const seen: unknown[] = [];
  const { exec } = await serve(t, (server) => {
    server.onUser("command", (client, command) => {
      seen.push([command, client.interactive, client.kind, client.request, client.pty]);
      client.sendln("out");
      client.stderr.write("err\n");
    });
  });
  const text = "client=None, env={'a': 1} \0 $(id)";
  const session = await exec(text);
  assert.deepEqual(seen, [[text, false, "exec", text, undefined]]);
  assert.equal(session.stdout, "out\n");
  assert.equal(session.stderr, "err\n");
});

test("a command of ssh -t host command has a terminal: echo, questions and Ctrl-C, but no prompt", async (t) => {
  const { visitor } = await serve(t, (server) => {
    server.onUser("command", async (client, _, { signal }) => {
      client.sendln(`Hello ${await client.ask("Name? ")}`);
      await sleep(1_000_000, undefined, { signal });
    });
  });
  const session = await visitor();
  session.events.pty(PTY);
  session.events.exec("x");
  await settle();
  session.type("bob\r");
  await settle();
  session.type("\x03");
  await settle();
  assert.deepEqual(await screenOf(session), ["Name? bob", "Hello bob", "^C"]);
  assert.deepEqual(session.calls, ["exit 130", "end", "close"]);
});

test("with an exec handler, commands of ssh host command go there and lines of a shell to command", async (t) => {
  const seen: string[] = [];
  const { exec, terminal } = await serve(t, (server) => {
    server.onUser("command", (_, command) => void seen.push(`command ${command}`));
    server.onUser("exec", (_, command) => {
      seen.push(`exec ${command}`);
      return 2;
    });
  });
  assert.deepEqual((await exec("a")).calls[0], "exit 2");
  (await terminal()).type("b\r");
  await settle();
  assert.deepEqual(seen, ["exec a", "command b"]);
});

test("without a terminal each line is a command, and the end of the input ends the session with the last status", async (t) => {
  const seen: string[] = [];
  const { pipe } = await serve(t, (server) => {
    server.onUser("command", async (client, command) => {
      await settle();
      seen.push(command);
      client.sendln(`ran ${command}`);
      return seen.length;
    });
  });
  const session = await pipe();
  session.type("one\ntwo\r\n\n  \nthr");
  session.type("ee");
  session.events.eof();
  for (let turn = 0; turn < 9; turn++) await settle();
  assert.deepEqual(seen, ["one", "two", "three"]);
  assert.equal(session.stdout, "ran one\nran two\nran three\n");
  assert.deepEqual(session.calls, ["exit 3", "end", "close"]);
  assert.equal(session.consumedBytes, 18);
});

test("a command that is too long is refused, and a line that is too long is dropped", async (t) => {
  const seen: string[] = [];
  const { visitor, pipe } = await serve(t, (server) => server.onUser("command", (_, line) => void seen.push(line)), {
    limits: { maxCommand: 10 },
  });
  assert.equal((await visitor()).events.exec("x".repeat(11)), false);
  assert.equal((await visitor()).events.exec("é".repeat(6)), false);
  const session = await pipe();
  session.type("x".repeat(11));
  session.type("yyy\n0123456789\n0123456789a\nok\n");
  await settle();
  assert.deepEqual(seen, ["0123456789", "ok"]);
  assert.equal(session.stderr, "Line too long.\nLine too long.\n");
});

test("empty lines raise nothing", async (t) => {
  const seen: string[] = [];
  const { terminal } = await serve(t, (server) => server.onUser("command", (_, line) => void seen.push(line)));
  const session = await terminal();
  session.type("\r   \r x \r");
  await settle();
  assert.deepEqual(seen, [" x "]);
});

test("beforecommand is awaited before the command, aftercommand before the next prompt", async (t) => {
  const seen: string[] = [];
  const { terminal, server } = await serve(t, (server) => {
    server.onUser("beforecommand", async () => {
      await settle();
      seen.push("before");
    });
    server.onUser("command", () => {
      seen.push("command");
      return 5;
    });
    server.onUser("aftercommand", async (_, command, result) => {
      await settle();
      seen.push(`after ${command} ${result.status} ${String(result.error)} ${result.interrupted}`);
    });
  });
  const session = await terminal();
  session.type("x\r");
  for (let turn = 0; turn < 3; turn++) await settle();
  assert.deepEqual(seen, ["before", "command", "after x 5 undefined false"]);
  const [client] = server.clients;
  assert.equal(client?.lastCommand, "x");
  assert.equal(client.lastResult?.status, 5);
  assert.deepEqual([...client.history], ["x"]);
});
