import assert from "node:assert/strict";
import { test } from "node:test";
import { app, newKey, PASSWORD, world, visit } from "./world.ts";

test("an account logs in by its password and by its key, and its sessions are its own", async (t) => {
  const { accounts, clock } = world();
  const key = newKey("laptop");
  await accounts.add("Ada", {
    password: PASSWORD,
    keys: key.line,
    prompt: "ada> ",
    banner: "Welcome, Countess.",
    permissions: ["orders.*"],
  });
  const { ssh } = app(t, accounts);
  {
    await using ada = await visit(ssh, { username: "ada", password: PASSWORD, prompt: "ada> " });
    await ada.waitFor("Welcome, Countess.");
    await ada.waitFor("Hello, Ada.");
    assert.equal(await ada.run("something"), "did something");
    assert.equal(await accounts.may(ada.client, "orders.read"), true);
    assert.equal(await accounts.may(ada.client, "users.read"), false);
  }
  clock.now += 1000;
  await using ada = await visit(ssh, { username: "ADA", key: key.key, prompt: "ada> " });
  await ada.waitFor("Hello, Ada.");
  assert.deepEqual(await accounts.loginBefore(ada.client), {
    at: clock.now - 1000,
    address: "127.0.0.1",
    method: "password",
  });
  assert.equal((await accounts.lastLogin("ada"))?.method, "publickey");
  await ada.waitFor("ada> ");
  ada.press("up");
  await ada.waitFor("ada> something");
});
