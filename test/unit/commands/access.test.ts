import assert from "node:assert/strict";
import test from "node:test";
import { exec, openTerminal } from "../../../src/testing/index.ts";
import { testBothWays } from "../../ways.ts";
import { emptyApp, shopApp } from "./app.ts";

testBothWays("what one may not run is not there: not for help, not for Tab, and not by its name", async (_t, by) => {
  const asked: string[] = [];
  await using app = shopApp({
    may: async (client, permission) => {
      asked.push(`${client.username} ${permission}`);
      return client.username === "root";
    },
  });
  const alice = { ...by, username: "alice" };
  const root = { ...by, username: "root" };
  const refused = await exec(app.ssh, "reboot", alice);
  assert.deepEqual(
    [refused.status, refused.stderr],
    [127, 'There is no command "reboot". "help" lists what there is.\n'],
  );
  assert.deepEqual(asked.splice(0), ["alice admin"], "it is asked once for a line");
  assert.match((await exec(app.ssh, "rebot", alice)).stderr, /^There is no command "rebot". "help"/);
  assert.match((await exec(app.ssh, "rebot", root)).stderr, /Did you mean reboot\?/);
  assert.doesNotMatch((await exec(app.ssh, "help", alice)).stdout, /reboot/);
  assert.match((await exec(app.ssh, "help", root)).stdout, /^ {2}reboot +Boots again$/m);
  const help = await exec(app.ssh, "help reboot", alice);
  assert.deepEqual([help.status, help.stderr], [2, 'help: There is no command "reboot".\nUsage: help [command...]\n']);
  assert.match((await exec(app.ssh, "reboot --help", root)).stdout, /^Usage: reboot\n\nBoots again\n$/);
  assert.equal((await exec(app.ssh, "reboot", root)).stdout, "booting, permitted\n");
  await using terminal = await openTerminal(app.ssh, alice);
  await terminal.waitFor("> ");
  terminal.type("reb\t");
  await terminal.waitFor(() => terminal.screen.bells > 0);
  assert.equal(terminal.screen.has("reboot"), false);
});

test("nobody has a permission as long as nothing says who does", async () => {
  await using app = shopApp();
  assert.equal((await exec(app.ssh, "reboot")).status, 127);
});

test("a permission holds for what stands below", async () => {
  await using app = emptyApp({ may: (client, permission) => `${client.username}.all` === permission });
  app.commands.add({ name: "user", permission: "root.all", summary: "Users" });
  app.commands.add({ name: "user add", run: (client) => client.sendln("added") });
  app.commands.add({ name: "stock add", permission: "root.all", run: (client) => client.sendln("stocked") });
  for (const line of ["user add", "user", "stock add", "stock", "user --help", "help user", "help stock add"]) {
    const { status, stderr } = await exec(app.ssh, line);
    assert.deepEqual([status === 0, /added|Users/.test(stderr)], [false, false], line);
  }
  assert.equal((await exec(app.ssh, "stock")).stderr, 'There is no command "stock". "help" lists what there is.\n');
  assert.doesNotMatch((await exec(app.ssh, "help")).stdout, /user|stock/);
  assert.equal((await exec(app.ssh, "user add", { username: "root" })).stdout, "added\n");
  assert.match((await exec(app.ssh, "help", { username: "root" })).stdout, /^ {2}stock …\n {2}user … +Users$/m);
});

test("a judge of permissions that fails lets nobody through", async () => {
  await using app = shopApp({ may: () => Promise.reject(new Error("the store is away")) });
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  const { status, stdout } = await exec(app.ssh, "reboot");
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(String(errors[0]), /the store is away/);
  assert.equal((await exec(app.ssh, "order ls")).stdout, "none\n");
});
