import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { exec, logIn, openShell, startExample } from "./example.ts";

test("it prints the line to type, and two visitors meet and talk", async (t) => {
  const { port, output } = await startExample(t, "demo");
  const alice = await openShell(await logIn(t, port));
  await alice.sees("Type help");
  assert.match(output(), new RegExp(`ssh -p ${port} localhost`));
  alice.type("hello\r");
  await alice.sees("world!");
  alice.type("a half-typed li");
  await alice.sees("half-typed li");

  const bob = await openShell(await logIn(t, port, { username: "bob" }));
  await bob.sees("alice in the hall");
  await bob.sees("Type help");
  bob.type("good evening\r");
  await alice.sees("bob walks in");
  await alice.sees("bob » good evening");
  alice.type("ne\r");
  await bob.sees("alice » a half-typed line");
  const rows = alice.rows().filter((row) => row !== "");
  assert.deepEqual(rows.slice(-6), [
    "alice » hello",
    "world!",
    "* bob walks in through the gate",
    "bob » good evening",
    "alice » a half-typed line",
    "alice »",
  ]);
});

test("the sky fills the window, follows its size, and any key leads down again", async (t) => {
  const { port } = await startExample(t, "demo");
  const alice = await openShell(await logIn(t, port));
  await alice.sees("Type help");
  alice.type("sky\r");
  await alice.sees("80×24");
  alice.resize(44, 12);
  await alice.sees("44×12");
  const bob = await openShell(await logIn(t, port, { username: "bob" }));
  await bob.sees("alice up on the tower");
  alice.type("x");
  // What was said meanwhile comes when the picture is gone.
  await alice.sees("bob walks in");
  await alice.seesNoMore("44×12");
});

test("a window of any size that a client claims costs no more than a large one", async (t) => {
  const { port } = await startExample(t, "demo");
  const alice = await openShell(await logIn(t, port));
  await alice.sees("Type help");
  alice.resize(0x7fffffff, 0x7fffffff);
  alice.type("sky\r");
  await alice.sees("300×100");
  alice.type("\x03");
  await alice.seesNoMore("300×100");
});

test("in the court everybody sees everybody's steps, and finds what lies there", async (t) => {
  const { port } = await startExample(t, "demo");
  const alice = await openShell(await logIn(t, port));
  const bob = await openShell(await logIn(t, port, { username: "bob" }));
  for (const visitor of [alice, bob]) {
    await visitor.sees("Type help");
    visitor.type("court\r");
    await visitor.sees("q leaves");
  }
  await alice.sees("alice 0  bob 0");
  // From her place to the coin, with all three kinds of keys.
  alice.type(`\x1b[C${"l".repeat(18)}dw\x1b[A`);
  await alice.sees("alice 1");
  await bob.sees("alice 1");
  bob.type("q");
  await bob.seesNoMore("alice 1");
  bob.type("who\r");
  await bob.sees("in the court, with 1 gold");
  alice.type("\x03");
  await alice.seesNoMore("q leaves");
  assert.equal(
    alice.rows().findLast((row) => row !== ""),
    "alice »",
  );
});

test("without a terminal there are no colours, and what needs one says so", async (t) => {
  const { port } = await startExample(t, "demo");
  const alice = await logIn(t, port);
  assert.equal((await exec(alice, "hello")).stdout.toString(), "world!\n");
  const help = await exec(alice, "help");
  assert.match(help.stdout.toString(), /^ {2}court +/m);
  assert.doesNotMatch(help.stdout.toString(), /\x1b/);
  assert.deepEqual(await exec(alice, "sky"), {
    status: 1,
    stdout: Buffer.alloc(0),
    stderr: "This needs a terminal.\n",
  });
  assert.equal((await exec(alice, "\x1b[2J")).stderr, 'There is no \\x1b[2J here: "help" lists what there is.\n');
});

test("when the server is told to stop, visitors get their screen back and hear of it", async (t) => {
  const demo = await startExample(t, "demo");
  const alice = await openShell(await logIn(t, demo.port));
  await alice.sees("Type help");
  alice.type("sky\r");
  await alice.sees("80×24");
  const exited = once(demo.process, "exit");
  demo.process.kill("SIGTERM");
  await alice.sees("The gate closes.");
  await alice.sees("alice » sky");
  assert.deepEqual(await exited, [0, null]);
});
