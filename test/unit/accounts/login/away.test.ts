import assert from "node:assert/strict";
import { test } from "node:test";
import { AccountError, memoryStore } from "../../../../src/accounts/index.ts";
import type { AccountErrorCode, AccountStore } from "../../../../src/accounts/index.ts";
import { makeKey, withAnswers, withKey, withPassword } from "../../auth/attempt.ts";
import { app, failsWith, PASSWORD, world, visit } from "../world.ts";

/** A store that can go away. */
function fragile(): { readonly store: AccountStore; fault: AccountErrorCode | undefined } {
  const real = memoryStore();
  const state: { store: AccountStore; fault: AccountErrorCode | undefined } = { store: real, fault: undefined };
  state.store = new Proxy(real, {
    get: (target, name: keyof AccountStore) => {
      // Whatever is awaited is asked for its `then`.
      if (!(name in target)) return undefined;
      const method = target[name].bind(target) as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) =>
        state.fault !== undefined && name !== "close"
          ? Promise.reject(new AccountError(state.fault, "The store is away."))
          : method(...args);
    },
  });
  return state;
}

test("while the store is away nobody can log in, whoever he is, and nobody is to blame", async () => {
  const away = fragile();
  const { accounts } = world({ store: away.store, signUp: { passwords: true } });
  const key = makeKey();
  await accounts.add("ada", { password: PASSWORD, keys: key.publicKey.toString() });
  const [byKey, byPassword, byDialogue] = accounts.authenticators();
  assert.ok(byKey && byPassword && byDialogue);
  away.fault = "STORE_UNAVAILABLE";
  for (const username of ["ada", "nobody"]) {
    const verdicts: unknown[] = await Promise.all([
      byKey.judge(withKey(key.publicKey, { username })),
      byPassword.judge(withPassword(PASSWORD, { username })),
      byDialogue.judge(withAnswers([PASSWORD, PASSWORD], { username }).data),
    ]);
    for (const verdict of verdicts) {
      assert.deepEqual(verdict, { accept: false, why: "The store is away.", unavailable: true });
    }
  }
});

test("a store that is damaged, newer or read-only stops the start; one that is away does not, and comes by itself", async (t) => {
  for (const code of ["STORE_CORRUPT", "STORE_NEWER", "STORE_READ_ONLY"] as const) {
    const broken = fragile();
    broken.fault = code;
    const { ssh } = app(t, world({ store: broken.store }).accounts);
    await failsWith(ssh.run({ port: 0 }), code);
  }
  const away = fragile();
  away.fault = "STORE_UNAVAILABLE";
  const { accounts } = world({ store: away.store });
  const { ssh } = app(t, accounts, { hostKeys: "-----none-----" });
  await assert.rejects(visit(ssh, { username: "ada", password: PASSWORD }), /ada/);
  away.fault = undefined;
  await accounts.add("ada", { password: PASSWORD });
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("Hello, ada.");
});

test("who is in stays in while the store is away, with what he may; what needs it says so, and goes on after", async (t) => {
  const away = fragile();
  const { accounts, clock } = world({ store: away.store });
  await accounts.add("ada", { password: PASSWORD, permissions: ["orders.*"], sudo: true });
  const { ssh, log } = app(t, accounts);
  const failed: unknown[] = [];
  ssh.onUser("command", async (client, command) => {
    if (command !== "rename") return;
    await accounts.rename(client.username, "countess").catch((error: unknown) => failed.push(error));
    client.sendln("tried");
  });
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("> ");
  away.fault = "STORE_UNAVAILABLE";
  clock.now += 1000;
  assert.equal(await accounts.may(ada.client, "orders.read"), true);
  assert.equal(await accounts.sudo.allowed(ada.client), true);
  assert.match(await ada.run("look"), /did look/);
  assert.match(await ada.run("rename"), /tried/);
  assert.ok(failed[0] instanceof AccountError && failed[0].code === "STORE_UNAVAILABLE");
  await failsWith(accounts.sudo.verify(ada.client, PASSWORD), "STORE_UNAVAILABLE");
  await failsWith(accounts.get("ada"), "STORE_UNAVAILABLE");
  assert.equal(ada.isOver, false);
  assert.ok(log.some(({ event, detail }) => event === "handler failed" && JSON.stringify(detail).includes("history")));
  away.fault = undefined;
  clock.now += 1000;
  await accounts.update("ada", { permissions: [] });
  assert.equal(await accounts.may(ada.client, "orders.read"), false);
  assert.match(await ada.run("look"), /did look/);
  assert.deepEqual(
    (await accounts.historyOf("ada")).map(({ line }) => line),
    ["look"],
  );
});

test("a login is one also when it could not be recorded, and the log says so", async (t) => {
  const away = fragile();
  const { accounts } = world({
    store: new Proxy(away.store, {
      get: (target, name: keyof AccountStore) =>
        name === "recordLogin"
          ? () => Promise.reject(new AccountError("STORE_READ_ONLY", "The disk is full."))
          : target[name],
    }),
  });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh, log } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("Hello, ada.");
  assert.ok(log.some(({ event }) => event === "login not recorded"));
  assert.equal(await accounts.loginBefore(ada.client), undefined);
});

test("an account that is damaged lets nobody in, and keeps nobody else out", async (t) => {
  const { accounts, store } = world();
  await accounts.add("bob", { password: PASSWORD });
  await store.insert({ key: "ada", revision: 1, document: "{", fingerprints: [] });
  const { ssh, log } = app(t, accounts);
  await assert.rejects(visit(ssh, { username: "ada", password: PASSWORD }));
  assert.ok(
    log.some(({ event, error }) => event === "auth handler failed" && String(error).includes("The account ada")),
  );
  await using bob = await visit(ssh, { username: "bob", password: PASSWORD });
  await bob.waitFor("Hello, bob.");
});

test("who is in by an account that is damaged meanwhile stays, and the others are looked at all the same", async (t) => {
  const { accounts, store } = world({ recheck: 0.1 });
  for (const name of ["ada", "bob"]) await accounts.add(name, { password: PASSWORD });
  const { ssh, log } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await using bob = await visit(ssh, { username: "bob", password: PASSWORD });
  await ada.waitFor("Hello");
  await bob.waitFor("Hello");
  const row = await store.get("ada");
  assert.ok(row);
  await store.replace("ada", { ...row, revision: 2, document: "{" }, 1);
  await world({ store }).accounts.disable("bob");
  await bob.waitForExit();
  assert.match(await ada.run("on"), /did on/);
  assert.ok(log.some(({ event }) => event === "accounts not looked at"));
});
