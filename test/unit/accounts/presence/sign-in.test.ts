import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { memoryStore } from "../../../../src/accounts/index.ts";
import { app, failsWith, PASSWORD, world, visit } from "../world.ts";

test("a guest logs in from inside, and the session is the account's from then on, alone", async (t) => {
  const { accounts } = world({ guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD, permissions: ["orders.read"] });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await using other = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  await other.waitFor("Hello");
  assert.equal(await accounts.signIn(guest.client, "ada", { password: "wrong horse" }), false);
  assert.equal((await accounts.accountOf(guest.client))?.guest, true);
  assert.equal(await accounts.signIn(guest.client, "ADA", { password: PASSWORD }), true);
  assert.equal((await accounts.accountOf(guest.client))?.name, "ada");
  assert.equal(await accounts.sudo.nameOf(guest.client), "ada");
  assert.equal(await accounts.sudo.nameOf(other.client), "guest");
  assert.equal(await accounts.may(guest.client, "orders.read"), true);
  assert.equal((await accounts.accountOf(other.client))?.guest, true);
  await guest.run("look");
  assert.deepEqual(
    (await accounts.historyOf("ada")).map(({ line }) => line),
    ["look"],
  );
  await accounts.disable("ada");
  await guest.waitForExit();
  assert.match(guest.screen.text(), /cannot be used any more/);
  assert.match(await other.run("on"), /did on/);
});

test("nobody signs in to an account that may not be used, or not so", async (t) => {
  const { accounts, clock } = world({ guests: { name: "guest" } });
  await accounts.add("disabled", { password: PASSWORD, disabled: true });
  await accounts.add("expired", { password: PASSWORD, expires: clock.now });
  await accounts.add("keys-only", { password: PASSWORD, methods: ["publickey"] });
  await accounts.add("both", { password: PASSWORD, methods: ["password,publickey"] });
  await accounts.add("without");
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  for (const name of ["disabled", "expired", "keys-only", "both", "without", "nobody", "no name!"]) {
    assert.equal(await accounts.signIn(guest.client, name, { password: PASSWORD }), false, name);
  }
  assert.equal((await accounts.accountOf(guest.client))?.guest, true);
});

test("where the account needs a code, so does who signs in", async (t) => {
  const { accounts, clock } = world({ guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD });
  const { secret } = await accounts.newTotp("ada");
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await accounts.setTotp("ada", secret, totp.generate({ timestamp: clock.now }));
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD }), false);
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD, code: "000000" }), false);
  clock.now += 30_000;
  const code = totp.generate({ timestamp: clock.now });
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD, code }), true);
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD, code }), false);
});

test("who guesses passwords from inside waits, by the name", async (t) => {
  const { accounts, clock } = world({ guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  for (let guess = 0; guess < 5; guess++) {
    assert.equal(await accounts.signIn(guest.client, "ada", { password: "wrong horse" }), false);
  }
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD }), false);
  clock.now += 600_000;
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD }), true);
});

test("to sign in from inside is a login: it is recorded, and the one before it is known", async (t) => {
  const { accounts, clock } = world({ guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using one = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await one.waitFor("Hello");
  assert.equal(await accounts.signIn(one.client, "ada", { password: "wrong horse" }), false);
  assert.equal(await accounts.lastLogin("ada"), undefined);
  const at = clock.now;
  assert.equal(await accounts.signIn(one.client, "ada", { password: PASSWORD }), true);
  assert.equal(await accounts.loginBefore(one.client), undefined);
  const { address } = one.client.connection.peer;
  assert.deepEqual(await accounts.lastLogin("ada"), { at, address, method: "password" });
  clock.now += 60_000;
  await using two = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await two.waitFor("Hello");
  assert.equal(await accounts.signIn(two.client, "ada", { password: PASSWORD }), true);
  assert.equal((await accounts.loginBefore(two.client))?.at, at);
});

test("who has signed in from inside is thrown out by what another process does, also where all others are guests", async (t) => {
  const store = memoryStore();
  const { accounts } = world({ store, recheck: 0.1, guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  assert.equal(await accounts.signIn(guest.client, "ada", { password: PASSWORD }), true);
  await world({ store }).accounts.disable("ada");
  await guest.waitForExit();
  assert.match(guest.screen.text(), /cannot be used any more/);
});

test("a guest signs up from inside, under the terms of the option, and is in by the new account", async (t) => {
  const { accounts } = world({
    guests: { name: "guest" },
    signUp: { settings: { roles: ["member"] }, perHour: 4, accept: (name) => name !== "eve" },
  });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  const signUp = (name: string, password = PASSWORD): Promise<unknown> =>
    accounts.signUp(guest.client, name, { password });
  for (const name of ["ADA", "root", "guest"]) await failsWith(signUp(name), "EXISTS");
  for (const name of ["", "a b", "x".repeat(33), "a\x1b[2J"]) await failsWith(signUp(name), "BAD_NAME");
  for (const password of ["k1tten", "kittens\nand cats"]) {
    assert.doesNotMatch(await failsWith(signUp("bob", password), "BAD_VALUE"), new RegExp(password));
  }
  assert.match(await failsWith(signUp("eve"), "NO_SIGN_UP"), /the app takes no new account/);
  assert.equal((await accounts.accountOf(guest.client))?.guest, true);
  await signUp("Bob");
  assert.deepEqual((await accounts.accountOf(guest.client))?.roles, ["member"]);
  assert.equal((await accounts.accountOf(guest.client))?.name, "Bob");
  assert.equal((await accounts.lastLogin("bob"))?.method, "password");
  // Of two at once one has the name; with them the address has made as many as it may.
  const both = await Promise.allSettled([signUp("carl"), signUp("CARL")]);
  assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
  assert.match(await failsWith(signUp("dora"), "NO_SIGN_UP"), /too many new accounts/);
});

test("nobody signs up from inside, unless the app says so", async (t) => {
  const { accounts } = world({ guests: { name: "guest" } });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  await failsWith(accounts.signUp(guest.client, "ada", { password: PASSWORD }), "NO_SIGN_UP");
  assert.equal(await accounts.get("ada"), undefined);
});

test("a password that is changed while it is verified ends the session that it opened", async (t) => {
  const { accounts, store, clock } = world({ guests: { name: "guest" } });
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using guest = await visit(ssh, { username: "guest", answers: { Enter: "" } });
  await guest.waitFor("Hello");
  const get = store.get.bind(store);
  let isRead = false;
  // Right behind the look at the account, and before the hash is made.
  store.get = async (key) => {
    const row = await get(key);
    if (key === "ada" && !isRead) {
      isRead = true;
      await accounts.setPassword("ada", "another horse");
    }
    return row;
  };
  await accounts.signIn(guest.client, "ada", { password: PASSWORD });
  assert.ok(isRead);
  clock.now += 2000;
  assert.equal(await accounts.accountOf(guest.client), undefined);
});
