import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { AccountError, memoryStore } from "../../../../src/accounts/index.ts";
import type { Accounts } from "../../../../src/accounts/index.ts";
import { until } from "../../../interop/harness/index.ts";
import { anyone } from "../../../../src/auth/index.ts";
import type { DefaultState, Server } from "../../../../src/index.ts";
import type { Terminal } from "../../../../src/testing/index.ts";
import { app, failsWith, newKey, PASSWORD, world, visit } from "../world.ts";

async function comeIn(ssh: Server, username = "ada"): Promise<Terminal<DefaultState>> {
  const visitor = await visit(ssh, { username, password: PASSWORD });
  await visitor.waitFor("Hello");
  return visitor;
}

/** What ends the sessions of ada. */
const ENDS: Readonly<Record<string, (accounts: Accounts) => Promise<unknown>>> = {
  "the account is disabled": (accounts) => accounts.disable("ada"),
  "the account is removed": (accounts) => accounts.remove("ada"),
  "the account is renamed": (accounts) => accounts.rename("ada", "countess"),
  "the account gets another password": (accounts) => accounts.setPassword("ada", "another horse"),
  "the account loses its password": (accounts) => accounts.setPassword("ada", undefined),
  "somebody says so": (accounts) => accounts.endSessions("ada"),
  "the account expires": (accounts) => accounts.update("ada", { expires: 5 }),
  "the account is replaced by an import": async (accounts) => {
    for await (const account of accounts.export()) {
      if (account.name === "ada") await accounts.import([account], { replace: true });
    }
  },
};
for (const [what, end] of Object.entries(ENDS)) {
  for (const where of ["this process", "another process"]) {
    test(`when ${what} by ${where}, its sessions end, and nobody else's`, async (t) => {
      const store = memoryStore();
      const { accounts } = world({ store, recheck: 0.1 });
      for (const name of ["ada", "bob"]) await accounts.add(name, { password: PASSWORD });
      const { ssh } = app(t, accounts);
      const [one, two, bob] = [await comeIn(ssh), await comeIn(ssh), await comeIn(ssh, "bob")];
      await end(where === "this process" ? accounts : world({ store }).accounts);
      for (const visitor of [one, two]) {
        await visitor.waitForExit();
        assert.match(visitor.screen.text(), /This account (has been signed out|cannot be used any more)\./);
        assert.equal(visitor.client.endReason, "kicked");
      }
      assert.equal(await accounts.may(one.client, "x"), false);
      assert.match(await bob.run("on"), /did on/);
      await bob[Symbol.asyncDispose]();
    });
  }
}

test("changes that are none of these end nothing", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using ada = await comeIn(ssh);
  await accounts.update("ada", { prompt: "new> ", sudo: true });
  await accounts.addKey("ada", newKey().line);
  await accounts.setPassword("ada", "another horse", { endSessions: false });
  assert.match(await ada.run("on"), /did on/);
});

test("who changes his own password stays, and his other sessions go", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using here = await comeIn(ssh);
  await using there = await comeIn(ssh);
  await accounts.setPassword("ada", "another horse", { keep: here.client });
  await there.waitForExit();
  assert.match(await here.run("on"), /did on/);
  assert.equal((await accounts.accountOf(here.client))?.name, "ada");
});

test("who was to stay is thrown out the next time, also when the password could not be changed", async (t) => {
  const store = memoryStore();
  let isFull = false;
  const replace = store.replace.bind(store);
  store.replace = (...args) =>
    isFull ? Promise.reject(new AccountError("STORE_READ_ONLY", "The disk is full.")) : replace(...args);
  const { accounts } = world({ store });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using ada = await comeIn(ssh);
  isFull = true;
  await failsWith(accounts.setPassword("ada", "another horse", { keep: ada.client }), "STORE_READ_ONLY");
  isFull = false;
  await accounts.endSessions("ada");
  await ada.waitForExit();
});

test("an account that expires while somebody is in throws him out", async (t) => {
  const { accounts, clock } = world({ recheck: 0.1 });
  await accounts.add("ada", { password: PASSWORD, expires: clock.now + 60_000 });
  const { ssh } = app(t, accounts);
  await using ada = await comeIn(ssh);
  clock.now += 60_000;
  assert.equal(await accounts.accountOf(ada.client), undefined);
  await ada.waitForExit();
  assert.match(ada.screen.text(), /cannot be used any more/);
});

test("an account that gets the name of another that is gone is another: who was in by that has nothing of it", async (t) => {
  const store = memoryStore();
  const { accounts, clock } = world({ store });
  await accounts.add("ada", { password: PASSWORD, permissions: ["*"] });
  const { ssh } = app(t, accounts);
  await using ada = await comeIn(ssh);
  const { accounts: elsewhere } = world({ store });
  await elsewhere.remove("ada");
  await elsewhere.add("ada", { permissions: ["*"] });
  clock.now += 1000;
  assert.equal(await accounts.may(ada.client, "orders.read"), false);
  assert.equal(await accounts.accountOf(ada.client), undefined);
});

test("permissions that are given or taken count at once, in another process after a second", async (t) => {
  const store = memoryStore();
  const { accounts, clock } = world({ store, roles: { admin: ["*"] } });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using ada = await comeIn(ssh);
  assert.equal(await accounts.may(ada.client, "orders.read"), false);
  await accounts.grant("ada", "orders.read");
  assert.equal(await accounts.may(ada.client, "orders.read"), true);
  await world({ store }).accounts.update("ada", { permissions: [], roles: ["admin"] });
  clock.now += 1000;
  assert.equal(await accounts.may(ada.client, "orders.write"), true);
});

test("who came in by other ways has no account, whatever is attached to him and whatever he is called", async (t) => {
  const { accounts } = world();
  const account = await accounts.add("admin", { permissions: ["*"], sudo: true });
  const remember = () => ({ account });
  const { ssh } = app(t, accounts, { auth: [anyone({ remember }), ...accounts.authenticators()] });
  await using visitor = await visit(ssh, { username: "admin", answers: { Enter: "" } });
  await visitor.waitFor("Hello, admin.");
  assert.equal(await accounts.accountOf(visitor.client), undefined);
  assert.equal(await accounts.may(visitor.client, "x"), false);
  assert.equal(await accounts.sudo.allowed(visitor.client), false);
  assert.deepEqual(await accounts.fileAccess(visitor.client), { allowed: false, readOnly: false });
});

test("a door that vouches for a name vouches for its account", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { permissions: ["a"] });
  const { ssh } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada" });
  await ada.waitFor("Hello");
  assert.equal(await accounts.may(ada.client, "a"), true);
  await using nobody = await visit(ssh, { username: "nobody" });
  await nobody.waitFor("Hello");
  assert.equal(await accounts.may(nobody.client, "a"), false);
  await accounts.disable("ada");
  await ada.waitForExit();
});

async function withSettings(t: TestContext, settings: Parameters<Accounts["add"]>[1]) {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD, ...settings });
  const { ssh, log } = app(t, accounts);
  return { accounts, ssh, log };
}

test("limits of an account are held to", async (t) => {
  const { ssh } = await withSettings(t, { limits: { connections: 2, sessions: 2 } });
  await using one = await comeIn(ssh);
  await using _two = await comeIn(ssh);
  await assert.rejects(visit(ssh, { username: "ada", password: PASSWORD }));
  await one[Symbol.asyncDispose]();
  await until("the connection to be gone", () => [...ssh.connections].length === 1);
  await using three = await comeIn(ssh);
  assert.match(await three.run("on"), /did on/);
});

test("environment, echo, input system and idle time of an account are those of its sessions", async (t) => {
  const { ssh, accounts } = await withSettings(t, { environment: { COLOR: "blue" }, echo: false, idleTimeout: 0.3 });
  await using ada = await comeIn(ssh);
  assert.equal(ada.client.env["COLOR"], "blue");
  assert.deepEqual(ada.client.connection.settings, { echo: false, idleTimeout: 0.3 });
  await ada.waitFor("Closed after 0.3 seconds without input.");
  await accounts.update("ada", { inputSystem: false, idleTimeout: undefined, echo: undefined });
  await using again = await comeIn(ssh);
  assert.deepEqual(again.client.connection.settings, { inputSystem: false });
});

test("file access is what the account says, as it is now", async (t) => {
  const { ssh, accounts } = await withSettings(t, { files: { allowed: true, readOnly: true, root: "/srv/ada" } });
  await using ada = await comeIn(ssh);
  assert.deepEqual(await accounts.fileAccess(ada.client), { allowed: true, readOnly: true, root: "/srv/ada" });
  await accounts.update("ada", { files: undefined });
  assert.deepEqual(await accounts.fileAccess(ada.client), { allowed: false, readOnly: false });
});

test("sudo is for who may, by his own password, and wrong ones are counted", async (t) => {
  const { ssh, accounts } = await withSettings(t, { sudo: true });
  await using ada = await comeIn(ssh);
  assert.equal(await accounts.sudo.allowed(ada.client), true);
  assert.equal(await accounts.sudo.verify(ada.client, PASSWORD), true);
  for (let guess = 0; guess < 5; guess++) assert.equal(await accounts.sudo.verify(ada.client, "wrong horse"), false);
  assert.equal(await accounts.sudo.verify(ada.client, PASSWORD), false);
  await accounts.update("ada", { sudo: false });
  assert.equal(await accounts.sudo.allowed(ada.client), false);
});

test("the history goes from one session to the next, as much of it as the account says", async (t) => {
  const { ssh, accounts } = await withSettings(t, { historyLimit: 2 });
  {
    await using ada = await comeIn(ssh);
    for (const line of ["one", "two", "three"]) await ada.run(line);
  }
  assert.deepEqual(
    (await accounts.historyOf("ADA")).map(({ line }) => line),
    ["two", "three"],
  );
  await using ada = await comeIn(ssh);
  await ada.waitFor("> ");
  ada.press("up", "up");
  await ada.waitFor("> two");
  const [client] = ssh.clients;
  await client?.clearHistory();
  assert.deepEqual(await accounts.historyOf("ada"), []);
  ada.press("ctrl+c");
  await ada.run("four");
  await accounts.clearHistory("ada");
  assert.deepEqual(await accounts.historyOf("ada"), []);
  assert.deepEqual(await accounts.historyOf("no name!"), []);
});

test("what serves no more leaves sessions alone", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD, prompt: "ada> " });
  const { ssh } = app(t, accounts);
  const stop = accounts.serve(ssh);
  stop();
  stop();
  await using ada = await comeIn(ssh);
  await accounts.endSessions("ada");
  await ada.waitForExit();
});

test("several servers are served, and one that is not served is left alone", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  const [{ ssh: one }, { ssh: other }] = [app(t, accounts), app(t, accounts)];
  const [here, there] = [await comeIn(one), await comeIn(other)];
  await accounts.disable("ada");
  await here.waitForExit();
  await there.waitForExit();
});

test("who gives another account a password keeps no more and no less of his own", async (t) => {
  const { accounts } = world();
  for (const name of ["ada", "bob"]) await accounts.add(name, { password: PASSWORD });
  // One of them has been signed out more often than the other.
  for (let times = 0; times < 3; times++) await accounts.endSessions("bob");
  const { ssh } = app(t, accounts);
  for (const [admin, other] of [
    ["ada", "bob"],
    ["bob", "ada"],
  ] as const) {
    await using here = await comeIn(ssh, admin);
    await using there = await comeIn(ssh, other);
    await accounts.setPassword(other, PASSWORD, { keep: here.client });
    await there.waitForExit();
    assert.match(await here.run("on"), /did on/);
    assert.equal((await accounts.accountOf(here.client))?.name, admin);
    await accounts.endSessions(admin);
    await here.waitForExit();
  }
});
