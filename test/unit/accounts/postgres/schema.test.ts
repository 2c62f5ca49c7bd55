import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { postgresStore, sqliteStore } from "../../../../src/accounts/index.ts";
import type { AccountStore } from "../../../../src/accounts/index.ts";
import { requirePostgres } from "../../../postgres/index.ts";
import { makeFolder } from "../folder.ts";

const folder = makeFolder();

/** What a type of either database is for. */
const KINDS: Readonly<Record<string, string>> = {
  TEXT: "text",
  INTEGER: "number",
  text: "text",
  integer: "number",
  bigint: "number",
};

test("SQLite and PostgreSQL have the same tables with the same columns, and count their versions alike", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const file = join(folder, "schema.sqlite");
  await make(sqliteStore(file));
  const database = new DatabaseSync(file);
  const version = database.prepare("select version from schema_version").get();
  const tables = database.prepare("select name from sqlite_schema where type = 'table' and name like 'account%'").all();
  const inSqlite = tables.flatMap(({ name }) =>
    database
      .prepare("select name, type from pragma_table_info(?)")
      .all(name!)
      .map((column) => `${String(name)}.${String(column["name"])}: ${KINDS[String(column["type"])]}`),
  );
  database.close();

  const url = await cluster.database();
  await make(postgresStore(url));
  assert.deepEqual(await cluster.query(url, "select version from sallyport.schema_version"), [{ ...version }]);
  const columns = await cluster.query(
    url,
    "select table_name, column_name, data_type from information_schema.columns where table_schema = 'sallyport' and table_name like 'account%'",
  );
  const inPostgres = columns.map(
    ({ table_name, column_name, data_type }) =>
      `${String(table_name)}.${String(column_name)}: ${KINDS[String(data_type)]}`,
  );
  assert.equal(inSqlite.length, 13);
  assert.deepEqual(inPostgres.toSorted(), inSqlite.toSorted());
});

async function make(store: AccountStore): Promise<void> {
  await store.prepare();
  await store.close();
}
