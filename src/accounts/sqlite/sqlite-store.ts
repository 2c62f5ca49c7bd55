import { resolve } from "node:path";
import { ConfigError } from "../../server/index.ts";
import { keyTaken, nameTaken } from "../store/refusals.ts";
import type { AccountPage, AccountRow, AccountStore, HistoryLine, LoginRecord } from "../store/store.ts";
import type { Sql, SqlRow } from "./database.ts";
import { Database } from "./database.ts";
import { isTaken } from "./faults.ts";

/** How {@link sqliteStore} goes about it. */
export interface SqliteStoreOptions {
  /**
   * How long a call waits while other processes write, in seconds, before it fails with `STORE_UNAVAILABLE`. It waits by
   * a timer; the event loop goes on. Default 5.
   */
  readonly patience?: number;
}

const FILE = ".sallyport/accounts.sqlite";
/** Seconds. */
const MAX_PATIENCE = 600;

/**
 * Keeps accounts in one SQLite file, which is made when there is none, with mode 0600, together with its folder. Several
 * processes may use it at once, on one machine: not on a network's file system. What has been acknowledged is on the
 * disk.
 *
 * SQLite works on the event loop: a look-up takes some ten microseconds, a change as long as the disk takes to say that it
 * has it. For the lock of another process it stands still for 10 ms at most, and then waits without.
 *
 * @param file default `.sallyport/accounts.sqlite`.
 * @throws ConfigError `BAD_OPTION`.
 */
export function sqliteStore(file: string = FILE, options: SqliteStoreOptions = {}): AccountStore {
  const { patience = 5 } = options;
  if (typeof file !== "string" || file === "" || file.includes("\0")) {
    throw new ConfigError("BAD_OPTION", "sqliteStore: file must be the path of a file.");
  }
  if (typeof patience !== "number" || !(patience >= 0 && patience <= MAX_PATIENCE)) {
    throw new ConfigError("BAD_OPTION", `sqliteStore: patience must be a number of seconds from 0 to ${MAX_PATIENCE}.`);
  }
  return new SqliteStore(new Database(resolve(file), patience * 1000));
}

class SqliteStore implements AccountStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async prepare(): Promise<void> {
    await this.#database.read(() => undefined);
  }

  get(key: string): Promise<AccountRow | undefined> {
    return this.#database.read((sql) => {
      const row = sql.get("SELECT key, revision, document FROM accounts WHERE key = ?", key);
      return row && rowOf(sql, row);
    });
  }

  findByKey(fingerprint: string): Promise<AccountRow | undefined> {
    return this.#database.read((sql) => {
      const row = sql.get(
        `SELECT key, revision, document FROM accounts
         WHERE key = (SELECT account FROM account_keys WHERE fingerprint = ?)`,
        fingerprint,
      );
      return row && rowOf(sql, row);
    });
  }

  insert(row: AccountRow): Promise<void> {
    return this.#database.write((sql) => {
      const { key, revision, document } = row;
      free(key, () =>
        sql.run("INSERT INTO accounts (key, revision, document) VALUES (?, ?, ?)", key, revision, document),
      );
      setKeys(sql, row);
    });
  }

  replace(key: string, row: AccountRow, expected: number): Promise<boolean> {
    return this.#database.write((sql) => {
      const { key: newKey, revision, document } = row;
      const update = "UPDATE accounts SET key = ?, revision = ?, document = ? WHERE key = ? AND revision = ?";
      const changed = free(newKey, () => sql.run(update, newKey, revision, document, key, expected));
      if (changed === 0) return false;
      setKeys(sql, row);
      return true;
    });
  }

  remove(key: string, expected?: number): Promise<boolean> {
    return this.#database.write((sql) => {
      const changed =
        expected === undefined
          ? sql.run("DELETE FROM accounts WHERE key = ?", key)
          : sql.run("DELETE FROM accounts WHERE key = ? AND revision = ?", key, expected);
      return changed > 0;
    });
  }

  list({ after = "", limit }: AccountPage): Promise<readonly AccountRow[]> {
    return this.#database.read((sql) =>
      sql
        .all("SELECT key, revision, document FROM accounts WHERE key > ? ORDER BY key LIMIT ?", after, limit)
        .map((row) => rowOf(sql, row)),
    );
  }

  appendHistory(key: string, { at, line }: HistoryLine, keep: number): Promise<void> {
    return this.#database.write((sql) => {
      sql.run(
        "INSERT INTO account_history (account, at, line) SELECT key, ?, ? FROM accounts WHERE key = ?",
        at,
        line,
        key,
      );
      sql.run(
        `DELETE FROM account_history WHERE account = ? AND id <=
         (SELECT id FROM account_history WHERE account = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
        key,
        key,
        keep,
      );
    });
  }

  history(key: string, limit: number): Promise<readonly HistoryLine[]> {
    return this.#database.read((sql) =>
      sql
        .all("SELECT at, line FROM account_history WHERE account = ? ORDER BY id DESC LIMIT ?", key, limit)
        .map(({ at, line }) => ({ at: Number(at), line: String(line) }))
        .toReversed(),
    );
  }

  async clearHistory(key: string): Promise<void> {
    await this.#database.write((sql) => sql.run("DELETE FROM account_history WHERE account = ?", key));
  }

  async recordLogin(key: string, { at, address, method }: LoginRecord): Promise<void> {
    await this.#database.write((sql) =>
      sql.run(
        `INSERT OR REPLACE INTO account_logins (account, at, address, method)
         SELECT key, ?, ?, ? FROM accounts WHERE key = ?`,
        at,
        address,
        method,
        key,
      ),
    );
  }

  lastLogin(key: string): Promise<LoginRecord | undefined> {
    return this.#database.read((sql) => {
      const row = sql.get("SELECT at, address, method FROM account_logins WHERE account = ?", key);
      return row && { at: Number(row["at"]), address: String(row["address"]), method: String(row["method"]) };
    });
  }

  close(): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }
}

function rowOf(sql: Sql, { key, revision, document }: SqlRow): AccountRow {
  return {
    key: String(key),
    revision: Number(revision),
    document: String(document),
    fingerprints: keysOf(sql, String(key)),
  };
}

function keysOf(sql: Sql, key: string): readonly string[] {
  const rows = sql.all("SELECT fingerprint FROM account_keys WHERE account = ? ORDER BY fingerprint", key);
  return rows.map(({ fingerprint }) => String(fingerprint));
}

function setKeys(sql: Sql, { key, fingerprints }: AccountRow): void {
  const held = keysOf(sql, key);
  for (const fingerprint of held.filter((one) => !fingerprints.includes(one))) {
    sql.run("DELETE FROM account_keys WHERE fingerprint = ?", fingerprint);
  }
  for (const fingerprint of fingerprints.filter((one) => !held.includes(one))) {
    try {
      sql.run("INSERT INTO account_keys (fingerprint, account) VALUES (?, ?)", fingerprint, key);
    } catch (error) {
      throw isTaken(error) ? keyTaken(fingerprint, error) : error;
    }
  }
}

/** Writes a row that another may not have the key of. */
function free(key: string, write: () => number): number {
  try {
    return write();
  } catch (error) {
    throw isTaken(error) ? nameTaken(key, error) : error;
  }
}
