import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import type { TestContext } from "node:test";
import { exec, openTerminal } from "../../../src/testing/index.ts";
import type { Terminal } from "../../../src/testing/index.ts";
import { requirePeer } from "../../interop/peers.ts";
import type { By } from "../../ways.ts";
import { testBothWays } from "../../ways.ts";
import { loadExample, startExample } from "./example.ts";

/** A visitor in the hall of a demo. */
async function visitor(
  ssh: Awaited<ReturnType<typeof loadExample>>,
  by: By,
  username = "alice",
): Promise<Terminal<Record<string, unknown>>> {
  const terminal = await openTerminal(ssh, { ...by, username, prompt: "» " });
  await terminal.waitFor("Type help");
  return terminal;
}

testBothWays("two visitors meet and talk", async (t, by) => {
  const ssh = await loadExample(t, "demo");
  await using alice = await visitor(ssh, by);
  assert.equal(await alice.run("hello"), "world!");
  alice.type("a half-typed li");
  await alice.waitFor("half-typed li");

  await using bob = await visitor(ssh, by, "bob");
  await bob.waitFor("alice in the hall");
  bob.type("good evening\r");
  await alice.waitFor("bob walks in");
  await alice.waitFor("bob » good evening");
  alice.type("ne\r");
  await bob.waitFor("alice » a half-typed line");
  await alice.waitFor(/\nalice » $/);
  assert.deepEqual(alice.screen.text().split("\n").slice(-6), [
    "alice » hello",
    "world!",
    "* bob walks in through the gate",
    "bob » good evening",
    "alice » a half-typed line",
    "alice »",
  ]);
  assert.equal(alice.screen.styleOf("bob »"), "bold magenta |  | dim");
});

testBothWays("the sky fills the window, follows its size, and any key leads down again", async (t, by) => {
  const ssh = await loadExample(t, "demo");
  await using alice = await visitor(ssh, by);
  alice.type("sky\r");
  await alice.waitFor("80×24");
  assert.ok(alice.screen.isAlternate && !alice.screen.cursor.visible);
  alice.resize(44, 12);
  await alice.waitFor("44×12");
  await using bob = await visitor(ssh, by, "bob");
  await bob.waitFor("alice up on the tower");
  alice.press("x");
  // What was said meanwhile comes when the picture is gone.
  await alice.waitFor("bob walks in");
  await alice.waitUntilGone("44×12");
});

testBothWays("a window of any size that a client claims costs no more than a large one", async (t, by) => {
  const ssh = await loadExample(t, "demo");
  await using alice = await visitor(ssh, by);
  alice.resize(65_535, 65_535);
  alice.type("sky\r");
  await alice.waitFor("300×100");
  alice.press("ctrl+c");
  await alice.waitUntilGone("300×100");
});

testBothWays("in the court everybody sees everybody's steps, and finds what lies there", async (t, by) => {
  const ssh = await loadExample(t, "demo");
  await using alice = await visitor(ssh, by);
  await using bob = await visitor(ssh, by, "bob");
  for (const visitor of [alice, bob]) {
    visitor.type("court\r");
    await visitor.waitFor("q leaves");
  }
  await alice.waitFor("alice 0  bob 0");
  // From her place to the coin, with all three kinds of keys.
  alice.press("right");
  alice.type(`${"l".repeat(18)}dw`);
  alice.press("up");
  await alice.waitFor("alice 1");
  await bob.waitFor("alice 1");
  bob.press("q");
  await bob.waitUntilGone("alice 1");
  bob.type("who\r");
  await bob.waitFor("in the court, with 1 gold");
  alice.press("ctrl+c");
  await alice.waitUntilGone("q leaves");
  await alice.waitFor(/\nalice » $/);
});

testBothWays("without a terminal there are no colours, and what needs one says so", async (t, by) => {
  const ssh = await loadExample(t, "demo");
  assert.equal((await exec(ssh, "hello", by)).stdout, "world!\n");
  const help = await exec(ssh, "help", by);
  assert.match(help.stdout, /^ {2}court +/m);
  assert.doesNotMatch(help.stdout, /\x1b/);
  const sky = await exec(ssh, "sky", by);
  assert.deepEqual([sky.status, sky.stdout, sky.stderr], [1, "", "This needs a terminal.\n"]);
  assert.equal((await exec(ssh, "\x1b[2J", by)).stderr, 'There is no \\x1b[2J here: "help" lists what there is.\n');
});

test("it prints the line to type, and when it is told to stop, visitors get their screen back and hear of it", async (t: TestContext) => {
  if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
  const demo = await startExample(t, "demo");
  const there = { host: "127.0.0.1", port: demo.port };
  await using alice = await openTerminal(there, { over: "ssh", timeout: 60_000 });
  await alice.waitFor("Type help");
  alice.type("sky\r");
  await alice.waitFor("80×24");
  const exited = once(demo.process, "exit");
  demo.process.kill("SIGTERM");
  await alice.waitFor("The gate closes.");
  await alice.waitFor("alice » sky");
  assert.deepEqual(await exited, [0, null]);
});
