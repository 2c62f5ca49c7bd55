import assert from "node:assert/strict";
import test from "node:test";
import { Server } from "../../../src/index.ts";
import { Commands } from "../../../src/commands/index.ts";
import { exec, openTerminal } from "../../../src/testing/index.ts";

test("commands are mounted on several servers, and on each once", async () => {
  await using one = new Server({ allowAnyone: true, log: false });
  await using other = new Server({ allowAnyone: true, log: false });
  one.onUser("command", () => undefined);
  const commands = new Commands();
  commands.add({ name: "hello", run: (client) => client.sendln(`hello ${client.username}`) });
  const off = commands.mount(one);
  commands.mount(other);
  assert.throws(() => commands.mount(one), { name: "ConfigError", code: "CONFLICT" });
  assert.equal((await exec(one, "hello")).stdout, "hello alice\n");
  off();
  off();
  assert.equal((await exec(one, "hello")).stdout, "");
  assert.equal((await exec(other, "hello")).stdout, "hello alice\n");
  using _ = commands.mount(one);
  assert.equal((await exec(one, "hello")).stdout, "hello alice\n");
});

for (const complete of [["zebra"], (): string[] => ["zebra"], undefined]) {
  test(`those who are in have its completion as long as it is mounted; the server has ${typeof complete}`, async () => {
    await using ssh = new Server({ allowAnyone: true, log: false, ...(complete !== undefined && { complete }) });
    ssh.onUser("command", () => undefined);
    const commands = new Commands();
    commands.add({ name: "zoo", run: () => undefined });
    await using alice = await openTerminal(ssh);
    await alice.waitFor("> ");
    const off = commands.mount(ssh);
    alice.type("z\t");
    await alice.waitFor("> zoo");
    alice.press("ctrl+c");
    off();
    alice.type("z\t");
    if (complete === undefined) await alice.waitFor(() => alice.screen.bells > 0);
    else await alice.waitFor("> zebra");
  });
}

test("a handler of the app's own may run a line, and complete an answer", async () => {
  await using ssh = new Server({ allowAnyone: true, log: false });
  const commands = new Commands();
  commands.add({ name: "status", run: (_client, _values, { name }) => (name === "status" ? 4 : 5) });
  const { log } = ssh.options;
  ssh.onUser("command", async (client, line, { signal }) => {
    const context = { signal, log };
    if (line === "shell") {
      const asked = await client.ask("run: ", { complete: (request) => commands.complete(client, request) });
      return commands.run(client, asked, context);
    }
    return line.startsWith("/") ? commands.run(client, line.slice(1), context) : 0;
  });
  assert.equal((await exec(ssh, "/status")).status, 4);
  assert.equal((await exec(ssh, "status")).status, 0);
  await using alice = await openTerminal(ssh);
  await alice.waitFor("> ");
  alice.type("shell\r");
  await alice.waitFor("run: ");
  alice.type("sta\t\r");
  await alice.waitFor(/run: status\n> $/);
  assert.equal(alice.client.lastResult?.status, 4);
});
