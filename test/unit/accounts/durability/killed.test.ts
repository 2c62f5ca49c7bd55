import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { AccountError } from "../../../../src/accounts/index.ts";
import { postgresStore, sqliteStore } from "../../../../src/accounts/index.ts";
import { requirePostgres } from "../../../postgres/index.ts";
import { makeFolder } from "../folder.ts";
import { madeRow } from "./rows.ts";
import { killAgainAndAgain } from "./witness.ts";

const folder = makeFolder();
const ROUNDS = 8;

test("two processes that write one SQLite file and are killed lose nothing that was acknowledged", async (t) => {
  const file = join(folder, "killed.sqlite");
  const writers = await killAgainAndAgain(ROUNDS, "sqlite", file, () => sqliteStore(file));
  t.diagnostic(`${writers.map(({ total }) => total).join(" and ")} writes acknowledged, ${2 * ROUNDS} kills`);
  const database = new DatabaseSync(file);
  assert.deepEqual(database.prepare("PRAGMA integrity_check").all().map(Object.values), [["ok"]]);
  assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
  database.close();
});

test("two processes that write one PostgreSQL and are killed lose nothing that was acknowledged", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const url = await cluster.database();
  const others = "select from pg_stat_activity where application_name = 'sallyport' and datname = current_database()";
  const settled = async (): Promise<void> => {
    while ((await cluster.query(url, others)).length > 0) await new Promise(setImmediate);
  };
  const writers = await killAgainAndAgain(ROUNDS, "postgres", url, () => postgresStore(url), settled);
  t.diagnostic(`${writers.map(({ total }) => total).join(" and ")} writes acknowledged, ${2 * ROUNDS} kills`);
});

test("a PostgreSQL that is killed while many write loses nothing that was acknowledged", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const store = postgresStore(await cluster.database());
  await store.prepare();
  const acknowledged: string[] = [];
  let refused = 0;
  for (let round = 0; round < 3; round++) {
    const before = acknowledged.length;
    let enough: () => void;
    const isEnough = new Promise<void>((resolve) => (enough = resolve));
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const row = madeRow(`u${round}-${writer}`, n);
        try {
          await store.insert(row);
        } catch (error) {
          assert.equal((error as AccountError).code, "STORE_UNAVAILABLE");
          refused++;
          return;
        }
        acknowledged.push(row.key);
        if (acknowledged.length === before + 100) enough();
      }
    });
    await isEnough;
    await cluster.kill();
    await Promise.all(writers);
    await cluster.start();
    for (const key of acknowledged) assert.equal((await store.get(key))?.fingerprints.length, 2, key);
  }
  assert.equal(refused, 60, "each writer was told");
  await store.close();
});
