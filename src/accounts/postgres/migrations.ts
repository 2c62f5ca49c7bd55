import { AccountError } from "../error.ts";
import type { Connections, Query } from "./connections.ts";

/**
 * What brings the tables from one version to the next; the first makes them. A server of the version before may still be
 * at work while they run, so that they add and do not take away. `accounts` and the like are in a schema of their own,
 * as many an app has such a table itself.
 *
 * Text is compared by code points, as SQLite does it.
 */
export const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => `
create table ${schema}.schema_version (version integer not null);
insert into ${schema}.schema_version values (0);
create table ${schema}.accounts (
  key text collate "C" primary key,
  revision integer not null,
  document text not null
);
create table ${schema}.account_keys (
  fingerprint text collate "C" primary key,
  account text collate "C" not null references ${schema}.accounts on update cascade on delete cascade
);
create index account_keys_account on ${schema}.account_keys (account);
create table ${schema}.account_history (
  id bigint generated always as identity primary key,
  account text collate "C" not null references ${schema}.accounts on update cascade on delete cascade,
  at bigint not null,
  line text not null
);
create index account_history_account on ${schema}.account_history (account, id);
create table ${schema}.account_logins (
  account text collate "C" primary key references ${schema}.accounts on update cascade on delete cascade,
  at bigint not null,
  address text not null,
  method text not null
);`,
];

/** The columns that the newest version has, with what PostgreSQL calls their types. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  schema_version: { version: "integer" },
  accounts: { key: "text", revision: "integer", document: "text" },
  account_keys: { fingerprint: "text", account: "text" },
  account_history: { id: "bigint", account: "text", at: "bigint", line: "text" },
  account_logins: { account: "text", at: "bigint", address: "text", method: "text" },
};

/** How long a migration may take, or wait for that of another server. */
const MIGRATION_MS = 120_000;

/**
 * Makes or migrates the tables. Any number of servers may do this at the same moment: one does it, the others wait. A
 * database that needs nothing is only read.
 *
 * @param name of the schema, as it is: it has been checked.
 * @param migrations for tests.
 * @throws {AccountError} `STORE_NEWER`, `STORE_CORRUPT`, and what {@link Connections} throws.
 */
export async function migrate(
  connections: Connections,
  name: string,
  migrations: readonly ((schema: string) => string)[] = MIGRATIONS,
): Promise<void> {
  const isNewest = await connections.write(async (query) => (await versionIn(query)) === migrations.length);
  if (!isNewest) await connections.write(bringUp);
  await connections.write(assertColumns);

  async function bringUp(query: Query): Promise<void> {
    await query(`set local statement_timeout = ${MIGRATION_MS}; set local lock_timeout = ${MIGRATION_MS}`);
    // Held until the end of the transaction, whatever ends it.
    await query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`sallyport ${name}`], MIGRATION_MS);
    const version = await versionIn(query);
    if (version === undefined) await makeSchema(query);
    for (const migration of migrations.slice(version ?? 0)) await query(migration(`"${name}"`), [], MIGRATION_MS);
    await query(`update "${name}".schema_version set version = $1`, [migrations.length]);
  }

  /** The version of the tables; `undefined` when there are none. */
  async function versionIn(query: Query): Promise<number | undefined> {
    // Not by to_regclass(): that may answer from before the lock was waited for.
    const { count } = await query(
      "select from pg_class where relname = 'schema_version' and relnamespace = (select oid from pg_namespace where nspname = $1)",
      [name],
    );
    if (count === 0) return undefined;
    const { rows } = await query(`select version from "${name}".schema_version`);
    const version = rows[0]?.["version"];
    if (rows.length !== 1 || typeof version !== "number" || version < 1) {
      throw corrupt("its table schema_version does not say which version it is");
    }
    if (version > migrations.length) {
      const message = `The account store in ${connections.place} is of version ${version}, and this is a Sallyport that knows ${migrations.length} at most: install the newer one.`;
      throw new AccountError("STORE_NEWER", message);
    }
    return version;
  }

  async function makeSchema(query: Query): Promise<void> {
    // `create schema if not exists` asks for the right to make one even when it is there.
    const { count } = await query("select from pg_namespace where nspname = $1", [name]);
    if (count === 0) await query(`create schema "${name}"`);
  }

  async function assertColumns(query: Query): Promise<void> {
    const { rows } = await query(
      `select relname as table, attname as column, format_type(atttypid, atttypmod) as type
       from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
       where nspname = $1 and attnum > 0 and not attisdropped`,
      [name],
    );
    const there = new Set(rows.map(({ table, column, type }) => `${String(table)}.${String(column)} ${String(type)}`));
    for (const [table, columns] of Object.entries(COLUMNS)) {
      for (const [column, type] of Object.entries(columns)) {
        if (!there.has(`${table}.${column} ${type}`)) {
          throw corrupt(`it has no column ${table}.${column} of the type ${type}`);
        }
      }
    }
  }

  function corrupt(what: string): AccountError {
    const message = `The schema ${name} in ${connections.place} is not one of accounts: ${what}. Give the store a schema of its own by the option schema, or restore a backup.`;
    return new AccountError("STORE_CORRUPT", message);
  }
}
