import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Client } from "pg";
import { postgresStore } from "../../../../src/accounts/postgres/store.ts";
import type { AccountStore } from "../../../../src/accounts/store/store.ts";
import { LOCKED, requirePostgres, Wire } from "../../../postgres/index.ts";

const ADA = { key: "ada", revision: 1, document: "{}", fingerprints: ["SHA256:a"] };
const AWAY = { name: "AccountError", code: "STORE_UNAVAILABLE" };

/** Everything that a store can be asked for. */
const REQUESTS: readonly ((store: AccountStore) => Promise<unknown>)[] = [
  (store) => store.get("ada"),
  (store) => store.findByKey("SHA256:a"),
  (store) => store.insert({ ...ADA, key: "bob", fingerprints: [] }),
  (store) => store.replace("ada", { ...ADA, revision: 2 }, 1),
  (store) => store.remove("ada"),
  (store) => store.list({ limit: 1 }),
  (store) => store.appendHistory("ada", { at: 1, line: "hello" }, 10),
  (store) => store.history("ada", 1),
  (store) => store.clearHistory("ada"),
  (store) => store.recordLogin("ada", { at: 1, address: "::1", method: "password" }),
  (store) => store.lastLogin("ada"),
];

test("while the database is down everything says so, and when it is back everything works by itself", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const store = postgresStore(await cluster.database());
  await store.insert(ADA);
  for (let round = 0; round < 3; round++) {
    // Some connections are open, and idle.
    await Promise.all(Array.from({ length: 5 }, () => store.get("ada")));
    await cluster.kill();
    for (const request of REQUESTS) await assert.rejects(request(store), AWAY);
    await cluster.start();
    assert.deepEqual(await store.get("ada"), ADA);
  }
  await store.close();
});

test("a store whose database is away at the start is prepared when it comes", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  await cluster.kill();
  const store = postgresStore(url);
  await assert.rejects(store.prepare(), AWAY);
  await assert.rejects(store.get("ada"), AWAY);
  await cluster.start();
  await store.insert(ADA);
  assert.deepEqual(await store.get("ada"), ADA);
  await store.close();
});

test("connections that broke unnoticed are replaced, and what was asked for is done on another", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const wire = await Wire.to(cluster.folder);
  t.after(() => wire.close());
  const store = postgresStore((await cluster.database()).replace(cluster.folder, wire.folder));
  await store.insert(ADA);
  for (const [doing, expected] of [
    [() => store.get("ada"), ADA],
    [() => store.replace("ada", { ...ADA, revision: 2 }, 1), true],
    [() => store.remove("ada", 2), true],
  ] as const) {
    // Several are open, and all of them break.
    await Promise.all(Array.from({ length: 5 }, () => store.get("ada")));
    wire.freeze();
    const asked = doing();
    wire.cut();
    wire.thaw();
    assert.deepEqual(await asked, expected);
  }
  await store.close();
});

test("a connection that breaks at the very end of a change leaves it open whether it was done, and says so", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const wire = await Wire.to(cluster.folder);
  t.after(() => wire.close());
  const url = await cluster.database();
  const store = postgresStore(url.replace(cluster.folder, wire.folder));
  await store.prepare();
  // What is put off until the end takes its time there.
  await cluster.query(
    url,
    `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
     create constraint trigger slow after insert on sallyport.accounts deferrable initially deferred
       for each row execute function slow()`,
  );
  const inserting = assert.rejects(store.insert(ADA), { ...AWAY, message: /Whether it was written is not known\.$/ });
  const committing = "select pid from pg_stat_activity where state = 'active' and query = 'commit'";
  while ((await cluster.query(url, committing)).length === 0) await new Promise(setImmediate);
  wire.cut();
  await inserting;
  await store.close();
});

describe("a database that hangs", () => {
  for (const when of ["from the first connection on", "in the middle"] as const) {
    test(`${when} is given up for, and used again when it answers`, async (t) => {
      const cluster = await requirePostgres(t);
      if (cluster === undefined) return;
      const wire = await Wire.to(cluster.folder);
      t.after(() => wire.close());
      const url = (await cluster.database()).replace(cluster.folder, wire.folder);
      const store = postgresStore({ url, patience: 0.1, connections: 2 });
      if (when === "in the middle") await eventually(() => store.get("ada"));
      wire.freeze();
      // More at once than there are connections: those in line have their limit, too.
      const all = await Promise.allSettled([...REQUESTS, ...REQUESTS].map((request) => request(store)));
      for (const each of all) {
        assert.ok(each.status === "rejected");
        assert.equal((each.reason as { code: string }).code, "STORE_UNAVAILABLE");
        assert.match(String(each.reason), /timeout/);
      }
      wire.thaw();
      assert.equal(await eventually(() => store.get("ada")), undefined);
      await store.close();
    });
  }

  test("turns away at once whoever comes when a thousand wait for a connection", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const wire = await Wire.to(cluster.folder);
    t.after(() => wire.close());
    const url = (await cluster.database()).replace(cluster.folder, wire.folder);
    const store = postgresStore({ url, patience: 60, connections: 1 });
    await store.prepare();
    wire.freeze();
    const waiting = Array.from({ length: 1000 }, () => store.get("ada"));
    // The calls before are on their way to the pool.
    await Promise.resolve();
    await assert.rejects(
      (async () => {
        for (;;) await Promise.race([store.get("ada"), new Promise(setImmediate)]);
      })(),
      { ...AWAY, message: /1000 requests wait.*try later/ },
    );
    wire.thaw();
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set([undefined]));
    await store.close();
  });

  test("does not keep a process that wants to end", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const script = `
      import { postgresStore } from "${new URL("../../../../src/accounts/postgres/store.ts", import.meta.url).href}";
      const store = postgresStore(process.argv[1]);
      await store.insert(${JSON.stringify(ADA)});
      console.log("done");`;
    const args = ["--input-type=module-typescript", "--eval", script, await cluster.database()];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
    assert.deepEqual([stdout, status], ["done\n", 0]);
  });
});

test("a lock that another holds is waited for no longer than the limit, and what waited is not done", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const patient = postgresStore(url);
  await patient.insert(ADA);
  const store = postgresStore({ url, patience: 0.1 });
  await eventually(() => store.get("ada"));
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query("begin; select 1 from sallyport.accounts for update");
  await assert.rejects(store.replace("ada", { ...ADA, revision: 2 }, 1), { ...AWAY, message: /locks/ });
  await other.query("commit");
  assert.deepEqual(await patient.get("ada"), ADA);
  await Promise.all([store.close(), patient.close(), other.end()]);
});

describe("a password", () => {
  test("that is wrong is not in the error, nor in anything that the error leads to", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    await cluster.database();
    const url = `postgres://${LOCKED.user}:s3cret@/postgres?host=${cluster.folder}`;
    const store = postgresStore(url);
    await assert.rejects(store.prepare(), (error) => {
      assert.equal((error as { code?: unknown }).code, "STORE_UNAVAILABLE");
      assert.match(String(error), /28P01.*check user and password/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /s3cret/);
      return true;
    });
    assert.doesNotMatch(inspect(store, { depth: null, showHidden: true }), /s3cret/);
    await store.close();
  });

  test("may be in the URL, in the environment, an option or a function", async (t) => {
    const cluster = await requirePostgres(t);
    if (cluster === undefined) return;
    const { user, password } = LOCKED;
    const url = cluster.url("postgres", user);
    const secret = encodeURIComponent(password);
    const before = process.env["PGPASSWORD"];
    t.after(() => (before === undefined ? delete process.env["PGPASSWORD"] : (process.env["PGPASSWORD"] = before)));
    for (const options of [
      { url: url.replace("@", `:${secret}@`) },
      { url, password },
      { url, password: () => Promise.resolve(password) },
      { url: url.replace("@", ":wrong@"), password },
    ]) {
      // It gets as far as what this user may not do.
      await assert.rejects(postgresStore(options).prepare(), { code: "STORE_READ_ONLY" });
    }
    process.env["PGPASSWORD"] = password;
    await assert.rejects(postgresStore({ url }).prepare(), { code: "STORE_READ_ONLY" });
  });
});

test("a database that there is not is named", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const store = postgresStore(cluster.url("nowhere"));
  await assert.rejects(store.prepare(), { ...AWAY, message: /"nowhere" does not exist.*createdb/ });
  await store.close();
});

test("a store that was closed stays closed", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const store = postgresStore(await cluster.database());
  await store.insert(ADA);
  await Promise.all([store.close(), store.close()]);
  await store.close();
  await assert.rejects(store.get("ada"), { ...AWAY, message: /closed/ });
  const unused = postgresStore("postgres://nobody@nowhere/nothing");
  await unused.close();
});

/** With so little patience a store may give up on a machine that is only busy. */
async function eventually<T>(request: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 30_000; ;) {
    try {
      return await request();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
