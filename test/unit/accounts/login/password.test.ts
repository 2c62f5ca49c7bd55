import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { mock, test } from "node:test";
import { AccountError, memoryStore } from "../../../../src/accounts/index.ts";
import { hashPassword } from "../../../../src/auth/index.ts";
import { judge, withPassword } from "../../auth/attempt.ts";
import { app, PASSWORD, world, visit } from "../world.ts";

/** Whether somebody gets in, and what the log says why not. */
async function knock(
  t: Parameters<typeof app>[0],
  given: ReturnType<typeof world>,
  username: string,
  password = PASSWORD,
): Promise<string> {
  const { ssh, whys } = app(t, given.accounts);
  try {
    await using visitor = await visit(ssh, { username, password });
    await visitor.waitFor("Hello");
    return "in";
  } catch {
    return whys().at(-1) ?? "";
  }
}

test("the right password lets in, under every way to write the name, and the user goes by the account's", async (t) => {
  const given = world();
  await given.accounts.add("Ada", { password: PASSWORD });
  const { ssh } = app(t, given.accounts);
  for (const username of ["Ada", "ada", "ADA"]) {
    await using visitor = await visit(ssh, { username, password: PASSWORD });
    await visitor.waitFor("Hello, Ada.");
    assert.equal(visitor.client.username, "Ada");
  }
});

test("a wrong password, and whoever may not, is refused; the log alone knows why", async (t) => {
  const given = world();
  const { accounts, clock } = given;
  await accounts.add("ada", { password: PASSWORD });
  await accounts.add("keys-only", { password: PASSWORD, methods: ["publickey"] });
  await accounts.add("disabled", { password: PASSWORD, disabled: true });
  await accounts.add("expired", { password: PASSWORD, expires: clock.now });
  await accounts.add("without");
  assert.equal(await knock(t, given, "ada"), "in");
  assert.equal(await knock(t, given, "ada", "wrong horse"), "the password is wrong");
  assert.match(await knock(t, given, "keys-only"), /may not log in by this method/);
  assert.equal(await knock(t, given, "disabled"), "the account is disabled");
  assert.equal(await knock(t, given, "expired"), "the account has expired");
  assert.equal(await knock(t, given, "without"), "the account has no password");
  assert.equal(await knock(t, given, "nobody"), "there is no such account");
  assert.equal(await knock(t, given, "no name!"), "there is no such account");
  clock.now--;
  assert.equal(await knock(t, given, "expired"), "in");
});

test("an account that there is not, or that may not, costs the hash that every other costs", async () => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  await accounts.add("disabled", { password: PASSWORD, disabled: true });
  await accounts.add("keys-only", { password: PASSWORD, methods: ["publickey"] });
  await accounts.add("without");
  const [, byPassword] = accounts.authenticators();
  assert.ok(byPassword);
  await judge(byPassword, withPassword("wrong horse"));
  const argon2 = mock.method(crypto, "argon2");
  syncBuiltinESMExports();
  try {
    for (const username of ["ada", "disabled", "keys-only", "without", "nobody", "no name!"]) {
      argon2.mock.resetCalls();
      assert.equal(await judge(byPassword, withPassword("wrong horse", { username })), "refuse", username);
      assert.equal(argon2.mock.callCount(), 1, username);
    }
  } finally {
    argon2.mock.restore();
    syncBuiltinESMExports();
  }
});

test("a login by a cheaper hash makes it anew, and one that came meanwhile stays", async (t) => {
  const given = world();
  const { accounts, store } = given;
  await accounts.add("ada");
  const row = await store.get("ada");
  assert.ok(row);
  const document = JSON.stringify({
    ...(JSON.parse(row.document) as object),
    password: await hashPassword(PASSWORD, { scheme: "scrypt" }),
  });
  await store.replace("ada", { ...row, revision: 2, document }, 1);
  assert.equal(await knock(t, given, "ada"), "in");
  assert.match((await store.get("ada"))?.document ?? "", /\$argon2id\$/);
  assert.equal(await knock(t, given, "ada"), "in");
});

test("the right password lets in also when its new hash cannot be kept, and the log says so", async (t) => {
  const store = memoryStore();
  const { accounts } = world({ store });
  await accounts.add("ada");
  const row = await store.get("ada");
  assert.ok(row);
  const password = await hashPassword(PASSWORD, { scheme: "scrypt" });
  const document = JSON.stringify({ ...(JSON.parse(row.document) as object), password });
  await store.replace("ada", { ...row, revision: 2, document }, 1);
  store.replace = () => Promise.reject(new AccountError("STORE_READ_ONLY", "The disk is full."));
  const { ssh, log } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("Hello, ada.");
  assert.ok(log.some(({ event }) => event === "password not hashed anew"));
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
});

test("an empty password, and one that is to be changed, are never right", async () => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  const [, byPassword] = accounts.authenticators();
  assert.ok(byPassword);
  assert.equal(await judge(byPassword, withPassword("")), "refuse");
  assert.equal(await judge(byPassword, withPassword(PASSWORD, { newPassword: "another horse" })), "refuse");
  assert.equal(await judge(byPassword, withPassword(PASSWORD)), "accept");
});
