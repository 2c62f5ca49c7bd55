import assert from "node:assert/strict";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import test from "node:test";
import { exec, openTerminal } from "../../../../src/testing/index.ts";
import { until } from "../../../interop/harness/index.ts";
import { testBothWays } from "../../../ways.ts";
import { emptyApp } from "../app.ts";
import type { App } from "../app.ts";

/** Commands that write much, in each of the ways that there are. */
function chronicle(): App {
  const app = emptyApp();
  const { commands } = app;
  commands.add({
    name: "years",
    pager: true,
    run(client) {
      for (let year = 1300; year < 1400; year++) client.sendln(`In ${year} nothing happened.`);
      return 3;
    },
  });
  commands.add({
    name: "table",
    run: (client) => client.table(Array.from({ length: 100 }, (_, row) => ({ row, square: row * row }))),
  });
  commands.add({ name: "source", run: (client) => pipeline(createReadStream(import.meta.filename), client.stdout) });
  commands.add({ name: "short", pager: true, run: (client) => client.send("only this") });
  return app;
}

testBothWays("what a command writes goes through the pager, where it says so or the line does", async (_t, by) => {
  await using app = chronicle();
  await using alice = await openTerminal(app.ssh, { ...by, rows: 10 });
  await alice.waitFor("> ");
  alice.type("years\r");
  await alice.waitFor(/In 1308 .*\n.*lines 1-9/);
  assert.ok(alice.screen.isAlternate);
  alice.type("/1399\r");
  await alice.waitFor("In 1399");
  app.ssh.broadcast("the gate closes at ten");
  alice.press("q");
  await alice.waitFor("the gate closes at ten");
  await alice.waitFor(/> $/);
  assert.equal(alice.client.lastResult?.status, 3);
  assert.equal(alice.screen.has("In 13"), false);

  alice.type("table | more\r");
  await alice.waitFor(/6 +36/);
  alice.type("G");
  await alice.waitFor(/99 +9801/);
  alice.press("q");
  await alice.waitUntilGone("9801");
  alice.type("source | less\r");
  await alice.waitFor("import assert");
  alice.press("q");
  await alice.waitUntilGone("import assert");
  assert.equal(await alice.run("short"), "only this");
});

testBothWays("a command may ask before it writes, and page by itself: there is one pager", async (_t, by) => {
  await using app = emptyApp();
  app.commands.add({
    name: "report",
    pager: true,
    async run(client, _values, { signal }) {
      const year = await client.ask("Which year? ", { signal });
      await client.page(Array.from({ length: 50 }, (_, day) => `Day ${day} of ${year}`));
      client.sendln("That was all.");
    },
  });
  await using alice = await openTerminal(app.ssh, { ...by, rows: 10 });
  await alice.waitFor("> ");
  alice.type("report\r");
  await alice.waitFor("Which year?");
  alice.type("1683\r");
  await alice.waitFor("Day 5 of 1683");
  alice.type("G");
  await alice.waitFor("That was all.");
  alice.press("q");
  await alice.waitUntilGone("That was all.");
  await alice.waitFor(/> $/);
  alice.resize(80, 5);
  alice.type("help help | less\r");
  await alice.waitFor("lines 1-4");
  alice.press("q");
  await alice.waitUntilGone("lines 1-4");
});

testBothWays("without a terminal it is but written", async (_t, by) => {
  await using app = chronicle();
  const { status, stdout } = await exec(app.ssh, "years | less", by);
  assert.equal(status, 3);
  assert.equal(stdout.split("\n").length, 101);
  assert.match((await exec(app.ssh, "source|more", by)).stdout, /^import assert/);
});

testBothWays("who leaves the pager stops the command, and what it writes afterwards is dropped", async (_t, by) => {
  await using app = emptyApp();
  let isStopped = false;
  app.commands.add({
    name: "endless",
    async run(client, _values, { signal }) {
      for (let count = 0; !signal.aborted; count++) {
        client.sendln(`line ${count}`);
        await client.drained();
        await setImmediate();
      }
      client.sendln("nobody reads this");
      isStopped = true;
    },
  });
  app.commands.add({
    name: "heeding",
    async run(client, _values, { signal }) {
      for (let count = 0; count < 100; count++) client.sendln(`row ${count}`);
      await once(signal, "abort");
      signal.throwIfAborted();
    },
  });
  await using alice = await openTerminal(app.ssh, { ...by, rows: 10 });
  await alice.waitFor("> ");
  alice.type("endless | less\r");
  await alice.waitFor("line 8");
  alice.press("q");
  await alice.waitFor(/> $/);
  await alice.waitUntilGone("line 8");
  assert.deepEqual([isStopped, alice.client.lastResult?.status], [true, 0]);
  assert.equal(alice.screen.has("nobody reads this"), false);
  alice.type("heeding | less\r");
  await alice.waitFor("row 8");
  alice.press("q");
  await alice.waitUntilGone("row 8");
  await alice.waitFor(/> $/);
  assert.equal(alice.client.lastResult?.status, 0);
  alice.type("heeding | less\r");
  await alice.waitFor("row 8");
  alice.press("ctrl+c");
  await alice.waitUntilGone("row 8");
  await until("the command to be over", () => alice.client.lastResult?.status === 130);
});

test("who writes much without waiting for a reader is stopped", async () => {
  await using app = emptyApp();
  let reason: unknown;
  app.commands.add({
    name: "flood",
    run(client, _values, { signal }) {
      for (let count = 0; !signal.aborted && count < 1000; count++) client.send(Buffer.alloc(65_536, "x\n"));
      reason = signal.reason;
    },
  });
  await using alice = await openTerminal(app.ssh);
  await alice.waitFor("> ");
  alice.type("flood | less\r");
  await until("it to be stopped", () => reason !== undefined);
  alice.press("q");
  await alice.waitFor(/> $/);
});

test("a command that fails while it is paged has failed, and others are not paged with it", async () => {
  await using app = emptyApp();
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  app.commands.add({
    name: "fail",
    pager: true,
    run(client) {
      client.sendln("so far");
      throw new Error("broken");
    },
  });
  app.commands.add({
    name: "tell",
    pager: true,
    run: (client) => {
      for (const other of app.ssh.clients) other.sendln(other === client ? "mine" : "yours");
    },
  });
  await using alice = await openTerminal(app.ssh);
  await using bob = await openTerminal(app.ssh, { username: "bob" });
  await bob.waitFor("> ");
  assert.equal(await alice.run("fail"), "so far");
  assert.match(String(errors[0]), /broken/);
  assert.equal(await alice.run("tell"), "mine");
  await bob.waitFor("yours");
});
