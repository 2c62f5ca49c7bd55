import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openTerminal, TestingError } from "../../../src/testing/index.ts";
import { until } from "../../interop/harness/index.ts";
import { testBothWays } from "../../ways.ts";
import { isError, makeApp } from "./app.ts";

testBothWays("a visitor types and reads, and the session ends with the app's status", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, { ...by, columns: 60, rows: 12 });
  await alice.waitFor("Welcome, alice!");
  alice.type("hello\r");
  await alice.waitFor("world!");
  assert.equal(alice.screen.styleOf("world!"), "green");
  assert.equal(alice.screen.text(), "Welcome, alice!\n> hello\nworld!\n>");
  assert.equal(alice.screen.styled(), "Welcome, alice!\n> hello\n‹green›world!‹/›\n>");
  assert.deepEqual(alice.screen.cursor, { row: 3, column: 2, visible: true });
  alice.type("exit\r");
  assert.equal(await alice.waitForExit(), 7);
  assert.ok(alice.isOver);
  assert.match(alice.output, /> /);
  assert.throws(() => alice.type("x"), isError("ENDED", /exit status 7: a key reaches nobody/));
  await assert.rejects(alice.waitFor("more"), isError("ENDED", /without "more".*alice sees:\n┌/s));
  await alice.waitFor("world!"); // what was there still is
});

testBothWays("run gives what a command has printed, however long, and waits for the prompt", async (_, by) => {
  await using ssh = makeApp({ prompt: "\x1b[1mapp>\x1b[m " });
  await using alice = await openTerminal(ssh, { ...by, columns: 40, rows: 10 });
  assert.equal(await alice.run("hello"), "world!");
  assert.equal(await alice.run("hello"), "world!");
  assert.equal(await alice.run("silent"), "");
  assert.equal(await alice.run(""), "");
  const long = (await alice.run("long")).split("\n");
  assert.deepEqual([long.length, long[0], long[49]], [50, `line 1 ${"=".repeat(60)}`, `line 50 ${"=".repeat(60)}`]);
  assert.equal(
    await alice.run("no such command of this app, which is a line that wraps"),
    "no no such command of this app, which is a line that wraps",
  );
  assert.equal(await alice.run("clear"), "");
  assert.equal(alice.screen.text(), "app>");
});

testBothWays("run takes the app's own prompt, as a text or as an expression", async (_, by) => {
  await using ssh = makeApp();
  let count = 0;
  ssh.onUser("aftercommand", (client) => client.setPrompt(`${++count}$ `));
  await using alice = await openTerminal(ssh, { ...by, prompt: /(?:>|\d\$) / });
  assert.equal(await alice.run("hello"), "world!");
  assert.equal(await alice.run("hello"), "world!");
  assert.equal(alice.screen.beforeCursor, "2$ ");
});

testBothWays("the window changes its size, and the server is told once", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  assert.equal(alice.client.window.width, 80);
  alice.resize(132, 43);
  await alice.waitFor("now 132×43");
  alice.resize(132, 43);
  alice.resize(20, 5);
  await alice.waitFor("now 20×5");
  assert.deepEqual([alice.screen.columns, alice.screen.rows, alice.client.window.width], [20, 5, 20]);
  assert.equal(alice.output.match(/now/g)?.length, 2);
});

testBothWays(
  "a terminal may claim a size that none has, and the screen stays one that can be looked at",
  async (_, by) => {
    await using ssh = makeApp();
    await using alice = await openTerminal(ssh, { ...by, columns: 0, rows: 0 });
    await alice.waitFor("> ");
    assert.deepEqual([alice.screen.columns, alice.screen.rows, alice.client.window.width], [80, 24, 80]);
    alice.resize(65_535, 3);
    await alice.waitFor("now 65535×3");
    alice.resize(1, 65_535);
    await alice.waitFor((screen) => screen.rows === 500 && screen.columns === 2 && alice.client.window.width === 1);
  },
);

testBothWays("keys come one by one, and Escape is a key by itself", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  alice.type("keys\r");
  alice.press("escape", "f", "up", "ctrl+left", "q");
  await alice.waitFor("key q");
  assert.deepEqual(
    alice.screen.lines.filter((line) => line.startsWith("key")),
    ["key escape", "key f", "key up", "key left", "key q"],
  );
  const chunks = alice.client.state.seen;
  assert.deepEqual(chunks, ["k", "e", "y", "s", "\r", "\x1b", "f", "\x1b[A", "\x1b[1;5D", "q"]);
});

testBothWays("a paste is one when the app has asked for that, and does not submit", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  alice.paste("hel\nlo");
  await alice.waitFor(/hel.*lo/s);
  assert.equal(alice.screen.find("world!"), undefined);
  assert.equal(alice.client.state.seen.join(""), "\x1b[200~hel\rlo\x1b[201~");
});

testBothWays("Ctrl-C interrupts, and a thing that is gone can be waited for", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  alice.type("ask\r");
  await alice.waitFor("Who?");
  alice.press("ctrl+c");
  await alice.waitFor(/Who\?.*\^C\n>/s);
  alice.press("ctrl+l");
  await alice.waitUntilGone("Who?");
  await alice.waitUntilGone(/Welcome/);
});

testBothWays("the mouse clicks on what is read, once the app has asked for it", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  alice.type("mouse\r");
  await alice.waitFor("[OK]");
  alice.client.state.seen = [];
  alice.click("OK");
  alice.wheel("up", { row: 0, column: 79 });
  alice.drag("OK", { row: 3, column: 0 }, "right"); // the app has not asked for moves
  alice.press("q");
  await alice.waitFor(/\[OK\]\n> /);
  const told = ["<0;2;3M", "<0;2;3m", "<64;80;1M", "<2;2;3M", "<2;1;4m"].map((act) => `\x1b[${act}`);
  assert.deepEqual(alice.client.state.seen, [...told, "q"]);
  alice.click("Cancel");
  // What follows on it is not done; once it is heard of, all goes on.
  alice.type("lost");
  await assert.rejects(alice.waitFor("x"), isError("BAD_ARGUMENT", /no "Cancel" to point at/));
  alice.type("found");
  await alice.waitFor("> found");
});

testBothWays("a command on a terminal is what ssh -t host command is", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, { ...by, command: "ask", term: "vt220" });
  await alice.waitFor("Who?");
  assert.deepEqual([alice.client.kind, alice.client.pty?.term], ["exec", "vt220"]);
  alice.type("me\r");
  assert.equal(await alice.waitForExit(), 0);
  assert.ok(alice.screen.has("you are me"));
});

testBothWays("who comes, from where and with what, is as it was said, and nobody judges it", async (_, by) => {
  await using ssh = makeApp({ allowAnyone: false, useExternalAuth: true, banner: "Staff only.\n" });
  ssh.onUser("auth", () => assert.fail("nobody is to be asked"));
  await using bob = await openTerminal(ssh, {
    ...by,
    username: "bob",
    user: { role: "cook" },
    address: "192.0.2.7",
    env: { GREETING: 'a "b" \\ c', OTHER: "x" },
  });
  assert.equal(await bob.run("who"), JSON.stringify(["bob", { role: "cook" }, "192.0.2.7", 'a "b" \\ c']));
  assert.equal(bob.banner, "Staff only.\n");
  assert.deepEqual(bob.client.connection.methods, ["vouched"]);
});

testBothWays("two visitors see each other's doings, and each its own screen", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, { ...by, columns: 40 });
  await using bob = await openTerminal(ssh, { ...by, username: "bob", columns: 100 });
  await alice.waitFor("> ");
  await bob.waitFor("> ");
  bob.type("half");
  await bob.waitFor("half");
  ssh.broadcast("Dinner!");
  await alice.waitFor("Dinner!");
  await bob.waitFor("Dinner!\n> half");
  assert.notEqual(alice.client, bob.client);
  assert.deepEqual([alice.client.window.width, bob.client.window.width], [40, 100]);
});

testBothWays("a visitor who hangs up is gone from the server when the block ends", async (_, by) => {
  await using ssh = makeApp();
  const left: unknown[] = [];
  ssh.onUser("disconnected", (client) => void left.push(client.endReason));
  {
    await using alice = await openTerminal(ssh, by);
    await alice.waitFor("> ");
    assert.equal(ssh.clients.size, 1);
  }
  assert.equal(ssh.clients.size, 0);
  assert.deepEqual(left, ["disconnected"]);
});

testBothWays("a server that throws a visitor out says why, and there is a status", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  ssh.kick(alice.client, "Closing time.");
  assert.equal(await alice.waitForExit(), 1);
  assert.ok(alice.screen.has("Closing time."));
  await using bob = await openTerminal(ssh, { ...by, username: "bob" });
  await bob.waitFor("> ");
  bob.client.connection.disconnect("Enough.");
  assert.equal(await bob.waitForExit(), undefined);
});

testBothWays("a visitor who does not read holds up the app, and gets all of it later", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("> ");
  alice.stopReading();
  alice.type("flood\r");
  const { seen } = alice.client.state;
  // It comes to a halt: the same number twice in a row, after there was something.
  for (let before = -1; before !== seen.length || seen.length < 100; await sleep(300)) before = seen.length;
  assert.ok(seen.length < 20_000);
  alice.readOn();
  await alice.waitFor("19999");
});

testBothWays("an app that asks the terminal gets its answers", async (_, by) => {
  await using ssh = makeApp({ inputSystem: false });
  ssh.onUser("preshell", (client) => client.send("\x1b]11;?\x1b\\\x1b[c"));
  await using alice = await openTerminal(ssh, { ...by, profile: { background: "light" } });
  await alice.waitFor("Welcome");
  const answer = "\x1b]11;rgb:fafa/fafa/fafa\x1b\\\x1b[?1;2c";
  await until("the answers", () => alice.client.state.seen.join("") === answer);
});

test("what is waited for in vain is told with a picture of the screen, and the app goes on", async () => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh, { columns: 20, rows: 3 });
  await alice.waitFor("> ");
  await assert.rejects(
    alice.waitFor("Godot", { timeout: 20 }),
    (error: unknown) =>
      error instanceof TestingError &&
      error.code === "TIMEOUT" &&
      error.message ===
        [
          'Waited 20 ms in vain for "Godot".',
          "alice sees:",
          "┌────────────────────┐",
          "│Welcome, alice!     │",
          "│>                   │",
          "│                    │",
          "└────────────────────┘",
          "The cursor is in row 1, column 2.",
        ].join("\n"),
  );
  await assert.rejects(alice.waitUntilGone("Welcome", { timeout: 20 }), isError("TIMEOUT", /the end of "Welcome"/));
  await assert.rejects(alice.waitForExit({ timeout: 20 }), isError("TIMEOUT", /the end of the session/));
  assert.equal(await alice.run("hello"), "world!");
});

test("a function may look at the screen, and what it throws is the test's", async () => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh);
  assert.equal(await alice.waitFor((screen) => screen.cursor.row === 1 && screen.lines[0]), "Welcome, alice!");
  const [, name] = await alice.waitFor(/Welcome, (\w+)!/g);
  assert.equal(name, "alice");
  await assert.rejects(
    alice.waitFor(() => {
      throw new Error("not so");
    }),
    /not so/,
  );
  const waiting = alice.waitFor((screen) => screen.has("world!") && assert.fail("seen"));
  alice.type("hello\r");
  await assert.rejects(waiting, /seen/);
  assert.equal(await alice.run("hello"), "world!");
});

test("an update that is to be seen as a whole is not seen before it is whole", async () => {
  await using ssh = makeApp();
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
  const seen: string[] = [];
  const waiting = alice.waitFor((screen) => {
    seen.push(screen.text().split("\n").at(-1) ?? "");
    return screen.has("B");
  });
  alice.client.stdout.write("\x1b[?2026hA");
  await sleep(10);
  alice.client.stdout.write("B\x1b[?2026l");
  await waiting;
  assert.ok(!seen.includes("A"), seen.join());
});

test("false timers of a test do not stop the harness", async (t) => {
  await using ssh = makeApp();
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
  await using alice = await openTerminal(ssh);
  assert.equal(await alice.run("hello"), "world!");
  await assert.rejects(alice.waitFor("Godot", { timeout: 5 }), isError("TIMEOUT", /Godot/));
});

test("what cannot be is refused with what can", async () => {
  await using ssh = makeApp();
  await assert.rejects(openTerminal(ssh, { columns: -1 }), isError("BAD_ARGUMENT", /0 to 65535.*not -1 by 24/));
  await assert.rejects(openTerminal(ssh, { rows: 0.5 }), isError("BAD_ARGUMENT", /not 80 by 0.5/));
  await assert.rejects(openTerminal(ssh, { over: "telnet" as "ssh" }), isError("BAD_ARGUMENT", /memory and ssh/));
  const there = { host: "127.0.0.1", port: 22 };
  await assert.rejects(openTerminal(there, { over: "memory" }), isError("NOT_POSSIBLE", /over: "ssh"/));
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
  assert.throws(() => alice.type("\x1b[A"), isError("BAD_ARGUMENT", /press\("up"\)/));
  alice.send("\x1b[Dx");
  await alice.waitFor("> x");
  assert.deepEqual(alice.client.state.seen, ["\x1b[Dx"]);
  assert.throws(() => alice.press("hyper+x"), isError("BAD_ARGUMENT", /hyper/));
  assert.throws(() => alice.resize(65_536, 5), isError("BAD_ARGUMENT", /65536 by 5/));
  alice.click({ row: 99, column: 0 });
  await assert.rejects(alice.waitFor("x"), isError("BAD_ARGUMENT", /Row 99, column 0 is beyond/));
});

test("by default the way in is what the environment says", async (t) => {
  await using ssh = makeApp();
  t.after(() => delete process.env["SALLYPORT_TESTING_OVER"]);
  process.env["SALLYPORT_TESTING_OVER"] = "pigeon";
  await assert.rejects(openTerminal(ssh), isError("BAD_ARGUMENT", /pigeon/));
  process.env["SALLYPORT_TESTING_OVER"] = "memory";
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
});
