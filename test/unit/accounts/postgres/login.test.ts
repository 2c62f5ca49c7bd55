import assert from "node:assert/strict";
import { test } from "node:test";
import { Accounts, postgresStore } from "../../../../src/accounts/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import type { Terminal } from "../../../../src/testing/index.ts";
import { requirePostgres, Wire } from "../../../postgres/index.ts";
import { app, newKey, PASSWORD } from "../world.ts";

/** Whoever guesses once is out for a minute. */
const STRICT = { penalties: { authfail: 60, min: 1, exempt: [] } } as const;

test("a database that is killed while users are in keeps nobody from staying, lets nobody in, and comes back by itself", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const accounts = new Accounts({ store: postgresStore(url), recheck: 0.1 });
  t.after(() => accounts.close());
  const key = newKey();
  await accounts.add("ada", { password: PASSWORD, keys: key.line, permissions: ["orders.*"] });
  const { ssh, log, whys } = app(t, accounts, STRICT);
  ssh.onUser("command", async (client, command) => {
    if (command === "may") client.sendln(String(await accounts.may(client, "orders.read")));
    if (command !== "lock") return;
    const said = await accounts.disable("bob").then(
      () => "done",
      (error: unknown) => (error as { code: string }).code,
    );
    client.sendln(`said: ${said}`);
  });
  await using ada = await openTerminal(ssh, { username: "ada", password: PASSWORD });
  assert.match(await ada.run("may"), /true/);

  for (let round = 0; round < 2; round++) {
    await cluster.kill();
    assert.match(await ada.run("lock"), /said: STORE_UNAVAILABLE/);
    assert.match(await ada.run("may"), /true/);
    for (const login of [{ password: PASSWORD }, { password: "wrong" }, { key: key.key }]) {
      await assert.rejects(openTerminal(ssh, { username: "ada", ...login }), { code: "LOGIN_REFUSED" });
    }
    assert.match(whys().at(-1)!, /^The account store in PostgreSQL at /);
    assert.equal(ada.isOver, false);
    await cluster.start();
    // Nobody had a penalty; and nothing had to be done for this.
    await using again = await openTerminal(ssh, { username: "ada", password: PASSWORD });
    await again.waitFor("Hello, ada.");
    await using byKey = await openTerminal(ssh, { username: "ada", key: key.key });
    await byKey.waitFor("Hello, ada.");
    assert.match(await ada.run("lock"), /said: NO_ACCOUNT/);
  }
  const penalties = (): number => log.filter(({ event }) => event === "penalty").length;
  assert.equal(penalties(), 0);
  while ((await accounts.lastLogin("ada")) === undefined) await new Promise(setImmediate);
  await assert.rejects(openTerminal(ssh, { username: "ada", password: "wrong" }), { code: "LOGIN_REFUSED" });
  assert.equal(penalties(), 1);
});

test("a database that hangs refuses logins instead of collecting them, and who is in goes on", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const wire = await Wire.to(cluster.folder);
  t.after(() => wire.close());
  const url = (await cluster.database()).replace(cluster.folder, wire.folder);
  const accounts = new Accounts({ store: postgresStore({ url, patience: 1 }) });
  t.after(() => accounts.close());
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts, STRICT);
  await using ada = await openTerminal(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("> ");
  wire.freeze();
  const logins = Array.from({ length: 5 }, () => openTerminal(ssh, { username: "ada", password: PASSWORD }));
  for (const login of await Promise.allSettled(logins)) {
    assert.equal(login.status === "rejected" && (login.reason as { code: string }).code, "LOGIN_REFUSED");
  }
  assert.match(await ada.run("hello"), /did hello/);
  wire.thaw();
  // With so little patience a store may give up on a machine that is only busy.
  let again: Terminal<unknown> | undefined;
  for (const end = Date.now() + 30_000; again === undefined && Date.now() < end;) {
    again = await openTerminal(ssh, { username: "ada", password: PASSWORD }).catch(() => undefined);
  }
  await again?.waitFor("Hello, ada.");
  assert.ok(again);
});

test("what one server changes counts on the other, for those who are in and for those who come", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const [one, other] = [0, 1].map(() => new Accounts({ store: postgresStore(url), recheck: 0.1 })) as [
    Accounts,
    Accounts,
  ];
  t.after(() => Promise.all([one.close(), other.close()]));
  await one.add("ada", { password: PASSWORD });
  await one.add("bob", { password: PASSWORD });
  const { ssh } = app(t, other);
  await using ada = await openTerminal(ssh, { username: "ada", password: PASSWORD });
  await using bob = await openTerminal(ssh, { username: "bob", password: PASSWORD });
  await Promise.all([ada.waitFor("> "), bob.waitFor("> ")]);
  await one.setPassword("ada", "battery staple");
  await one.remove("bob");
  await Promise.all([ada.waitFor("signed out"), bob.waitFor("signed out")]);
  await assert.rejects(openTerminal(ssh, { username: "bob", password: PASSWORD }), { code: "LOGIN_REFUSED" });
  await using again = await openTerminal(ssh, { username: "ada", password: "battery staple" });
  await again.waitFor("Hello, ada.");
});

test("on a standby logins work, and changes say that it is one", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const before = new Accounts({ store: postgresStore(url) });
  await before.add("ada", { password: PASSWORD });
  await before.close();
  const [{ name } = { name: "" }] = await cluster.query(url, "select current_database() as name");
  await cluster.query("postgres", `alter database ${String(name)} set default_transaction_read_only = on`);
  const accounts = new Accounts({ store: postgresStore(url) });
  t.after(() => accounts.close());
  const { ssh, log } = app(t, accounts);
  await using ada = await openTerminal(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("Hello, ada.");
  await assert.rejects(accounts.grant("ada", "x"), { code: "STORE_READ_ONLY", message: /standby/ });
  await ada.run("hello");
  assert.ok(log.some(({ event }) => event === "login not recorded"));
});
