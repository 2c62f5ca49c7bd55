import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pg from "pg";
import { Connections } from "../../../../src/accounts/postgres/connections.ts";
import { migrate, MIGRATIONS } from "../../../../src/accounts/postgres/migrations.ts";
import { resolvePostgresOptions } from "../../../../src/accounts/postgres/options.ts";
import { postgresStore } from "../../../../src/accounts/postgres/store.ts";
import { LOCKED, requirePostgres } from "../../../postgres/index.ts";

const ADA = { key: "ada", revision: 1, document: "{}", fingerprints: ["SHA256:a"] };

/** A second version that tells what it met. */
const NEXT = [
  ...MIGRATIONS,
  (schema: string) => `alter table ${schema}.accounts add column since text default 'the beginning'`,
];

function connectionsTo(url: string): Connections {
  return new Connections(pg, resolvePostgresOptions(url));
}

test("servers that start at the same moment make the tables once, and all of them go on", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const stores = Array.from({ length: 8 }, () => postgresStore(url));
  await Promise.all(stores.map((store) => store.prepare()));
  await Promise.all(stores.map((store, at) => store.insert({ ...ADA, key: `ada${at}`, fingerprints: [] })));
  assert.equal((await stores[0]!.list({ limit: 100 })).length, 8);
  assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ version: 1 }]);
  await Promise.all(stores.map((store) => store.close()));
});

test("a new version is migrated to once, however many come with it, while one of the old is at work", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const old = postgresStore(url);
  await old.prepare();
  await old.insert(ADA);
  const all = Array.from({ length: 6 }, () => connectionsTo(url));
  const oldWork = Array.from({ length: 30 }, (_, at) => old.appendHistory("ada", { at, line: `line ${at}` }, 100));
  // A column cannot be added twice: whoever comes second has to see that it is there.
  await Promise.all([...all.map((connections) => migrate(connections, "sallyport", NEXT)), ...oldWork]);
  assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ version: 2 }]);
  assert.deepEqual(await cluster.query(url, "select since from sallyport.accounts"), [{ since: "the beginning" }]);
  assert.equal((await old.history("ada", 100)).length, 30);
  assert.equal(await old.replace("ada", { ...ADA, revision: 2 }, 1), true);
  await Promise.all([old, ...all].map((each) => each.close()));
});

test("a migration that fails leaves everything as it was, and the next one goes on from there", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const connections = connectionsTo(url);
  await migrate(connections, "sallyport");
  const broken = [...NEXT, () => "alter table nowhere.at_all add column x text"];
  await assert.rejects(migrate(connections, "sallyport", broken), { name: "AccountError" });
  assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ version: 1 }]);
  await migrate(connections, "sallyport", NEXT);
  assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ version: 2 }]);
  await connections.close();
});

describe("a store refuses", () => {
  test("what a newer version has written, and leaves it alone", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const url = await cluster.database();
    await migrateTo(url, NEXT);
    const store = postgresStore(url);
    for (const attempt of [store.prepare(), store.get("ada"), store.insert(ADA)]) {
      await assert.rejects(attempt, { code: "STORE_NEWER", message: /of version 2, .* knows 1 at most: install/ });
    }
    assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ version: 2 }]);
    await store.close();
  });

  for (const [what, sql, message] of [
    ["tables of the same names that are not its own", "create table sallyport.accounts (id int)", /schema/],
    ["a version that is none", "create table sallyport.schema_version (version text)", /which version/],
    [
      "a version of two minds",
      "create table sallyport.schema_version (version int); insert into sallyport.schema_version values (1), (1)",
      /which version/,
    ],
    [
      "a version without its tables",
      "create table sallyport.schema_version (version int); insert into sallyport.schema_version values (1)",
      /no column accounts\.key of the type text.*schema of its own/,
    ],
  ] as const) {
    test(what, async (t) => {
      const cluster = await requirePostgres(t);
      if (cluster === undefined) return;
      const url = await cluster.database();
      await cluster.query(url, `create schema sallyport; ${sql}`);
      const store = postgresStore(url);
      await assert.rejects(store.prepare(), { name: "AccountError", code: "STORE_CORRUPT", message });
      await assert.rejects(store.insert(ADA), { code: "STORE_CORRUPT" });
      await store.close();
      // It stands beside them in a schema of its own.
      const other = postgresStore({ url, schema: "app_accounts" });
      await other.insert(ADA);
      assert.deepEqual(await other.get("ada"), ADA);
      await other.close();
    });
  }

  test("tables that lost a column since it was prepared", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const url = await cluster.database();
    const store = postgresStore(url);
    await store.prepare();
    await cluster.query(url, "alter table sallyport.accounts drop column document");
    await assert.rejects(store.get("ada"), { code: "STORE_CORRUPT", message: /42703/ });
    await store.close();
  });
});

describe("a database that takes no writes", () => {
  test("is read, and says so to who writes, until it takes them again", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const url = await cluster.database();
    const name = new URL(url.replace("@/", "@host/")).pathname.slice(1);
    await cluster.query("postgres", `alter database ${name} set default_transaction_read_only = on`);
    const empty = postgresStore(url);
    await assert.rejects(empty.prepare(), { code: "STORE_READ_ONLY", message: /connect to the primary/ });
    await cluster.query("postgres", `alter database ${name} reset default_transaction_read_only`);
    await migrateTo(url, MIGRATIONS);
    await cluster.query("postgres", `alter database ${name} set default_transaction_read_only = on`);
    const store = postgresStore(url);
    await store.prepare();
    assert.equal(await store.get("ada"), undefined);
    await assert.rejects(store.insert(ADA), { code: "STORE_READ_ONLY" });
    await assert.rejects(store.remove("ada"), { code: "STORE_READ_ONLY" });
    await Promise.all([empty.close(), store.close()]);
  });

  test("from this user is the same, and a user who may make nothing can use what is there", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const owners = await cluster.database();
    const options = {
      url: owners.replace("owner@", `${LOCKED.user}@`),
      password: () => Promise.resolve(LOCKED.password),
    };
    const store = postgresStore(options);
    await assert.rejects(store.prepare(), { code: "STORE_READ_ONLY", message: /42501.*grant/ });
    await migrateTo(owners, MIGRATIONS);
    const reads = `grant usage on schema sallyport to ${LOCKED.user}; grant select on all tables in schema sallyport`;
    await cluster.query(owners, `${reads} to ${LOCKED.user}`);
    await store.prepare();
    assert.equal(await store.get("ada"), undefined);
    await assert.rejects(store.insert(ADA), { code: "STORE_READ_ONLY", message: /grant/ });
    await cluster.query(owners, `grant insert, update, delete on all tables in schema sallyport to ${LOCKED.user}`);
    await store.insert(ADA);
    await store.appendHistory("ada", { at: 1, line: "hello" }, 10);
    assert.deepEqual(await store.history("ada", 1), [{ at: 1, line: "hello" }]);
    await store.close();
  });
});

/** As a server of that version leaves a database. */
async function migrateTo(url: string, migrations: readonly ((schema: string) => string)[]): Promise<void> {
  const connections = connectionsTo(url);
  await migrate(connections, "sallyport", migrations);
  await connections.close();
}
