import type { DatabaseSync } from "node:sqlite";
import { AccountError } from "../error.ts";

/**
 * What makes a store of one version into one of the next, from an empty file on. Entries are only ever added: files of every
 * version are out there.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE accounts (
     key TEXT NOT NULL PRIMARY KEY,
     revision INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT;
   CREATE TABLE account_keys (
     fingerprint TEXT NOT NULL PRIMARY KEY,
     account TEXT NOT NULL REFERENCES accounts (key) ON DELETE CASCADE ON UPDATE CASCADE
   ) STRICT;
   CREATE INDEX account_keys_account ON account_keys (account);
   CREATE TABLE account_history (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     account TEXT NOT NULL REFERENCES accounts (key) ON DELETE CASCADE ON UPDATE CASCADE,
     at INTEGER NOT NULL,
     line TEXT NOT NULL
   ) STRICT;
   CREATE INDEX account_history_account ON account_history (account, id);
   CREATE TABLE account_logins (
     account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (key) ON DELETE CASCADE ON UPDATE CASCADE,
     at INTEGER NOT NULL,
     address TEXT NOT NULL,
     method TEXT NOT NULL
   ) STRICT;`,
];

/**
 * Brings a file to the version of today.
 *
 * @param path what the errors call it.
 * @throws {AccountError} `STORE_NEWER`, and `STORE_CORRUPT` for a database of something else. What the database throws.
 */
export function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database, path) === MIGRATIONS.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have done it while this one waited.
    const version = versionOf(database, path);
    if (version === 0) database.exec("CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT");
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    database.exec("DELETE FROM schema_version");
    database.prepare("INSERT INTO schema_version (version) VALUES (?)").run(MIGRATIONS.length);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** 0 for a file that holds nothing yet. */
function versionOf(database: DatabaseSync, path: string): number {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0) return 0;
  if (!tables.some(({ name }) => name === "schema_version")) {
    throw new AccountError("STORE_CORRUPT", `${path} is a database of something else: give the path of another file.`);
  }
  const version = database.prepare("SELECT version FROM schema_version").get()?.["version"];
  if (typeof version !== "number" || version < 1) {
    throw new AccountError("STORE_CORRUPT", `${path} does not say its version: restore it from a backup.`);
  }
  if (version <= MIGRATIONS.length) return version;
  throw new AccountError(
    "STORE_NEWER",
    `${path} is of version ${version}, and this Sallyport knows versions up to ${MIGRATIONS.length}: update Sallyport.`,
  );
}
