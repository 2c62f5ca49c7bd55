import assert from "node:assert/strict";
import test from "node:test";
import { flag } from "../../../../src/commands/index.ts";
import { stringWidth } from "../../../../src/index.ts";
import { exec, openTerminal } from "../../../../src/testing/index.ts";
import { testBothWays } from "../../../ways.ts";
import { emptyApp, shopApp } from "../app.ts";

const ALL = `Commands
  help, ?  Shows what there is, or how a command is used

Shop
  buy, b   Buys beans
  order …  What was ordered

help <command> tells how one is used.
`;

const BUY = `Usage: buy [options] <beans> [count]

Buys beans

What you buy is sent today.

It comes tomorrow.

Also called b.

Arguments
  <beans>  What to buy (one of arabica, robusta, earl grey)
  [count]  How many bags (1 or more; default 1)

Options
  -g, --gift         Wraps it
  -n, --note <text>

Examples
  buy arabica 2 --gift
`;

testBothWays("help tells what there is, and of one how it is used", async (_t, by) => {
  await using app = shopApp();
  assert.equal((await exec(app.ssh, "help", by)).stdout, ALL);
  for (const line of ["help buy", "? b", "buy --help", "buy -h", "b --note x -h", "buy arabica --help"]) {
    assert.equal((await exec(app.ssh, line, by)).stdout, BUY, line);
  }
  assert.match(
    (await exec(app.ssh, "help order", by)).stdout,
    /^Usage: order <command>.*^ {2}cancel {4}Cancels orders$/ms,
  );
  assert.match((await exec(app.ssh, "help order cancel", by)).stdout, /^Usage: order cancel <numbers\.\.\.>\n/);
  assert.match((await exec(app.ssh, "help secret", by)).stdout, /Not for all/);
  const wrong = await exec(app.ssh, "help tea", by);
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
});

testBothWays("help fits the window, and has the pager where it is longer", async (_t, by) => {
  await using app = shopApp();
  await using alice = await openTerminal(app.ssh, { ...by, columns: 60, rows: 12 });
  await alice.waitFor("> ");
  assert.equal(await alice.run("help"), ALL.trimEnd());
  assert.equal(alice.screen.styleOf("Shop"), "bold");
  alice.press("ctrl+l");
  alice.type("help buy\r");
  await alice.waitFor("lines 1-11");
  alice.press("q");
  await alice.waitUntilGone("lines 1-11");
  for (const columns of [20, 33, 200]) {
    alice.resize(columns, 60);
    await alice.waitFor(() => alice.client.window.width === columns);
    alice.press("ctrl+l");
    const text = await alice.run("help buy");
    for (const line of text.split("\n")) assert.ok(stringWidth(line) <= Math.min(columns, 100), line);
    assert.match(text.replaceAll(/\s+/g, " "), /What to buy \(one of arabica, robusta, earl grey\)/);
  }
});

test("a command's own option help is its own, and so is -h", async () => {
  await using app = emptyApp();
  app.commands.add({
    name: "df",
    options: { human: flag({ short: "h" }), help: flag() },
    run: (client, values) => client.sendln(JSON.stringify(values)),
  });
  assert.equal((await exec(app.ssh, "df -h --help")).stdout, '{"human":true,"help":true}\n');
});

test("what stands behind -- asks for no help", async () => {
  await using app = shopApp();
  assert.match((await exec(app.ssh, "order cancel -- --help")).stderr, /not "--help"/);
});
