import { AccountError } from "../error.ts";
import { keyTaken, nameTaken } from "../store/refusals.ts";
import type { AccountPage, AccountRow, AccountStore, HistoryLine, LoginRecord } from "../store/store.ts";
import type { Query, Row } from "./connections.ts";
import { Connections } from "./connections.ts";
import { loadPg } from "./load-pg.ts";
import { migrate } from "./migrations.ts";
import type { PostgresSettings, PostgresStoreOptions } from "./options.ts";
import { resolvePostgresOptions } from "./options.ts";
import type { Statements } from "./statements.ts";
import { statementsFor } from "./statements.ts";

/**
 * Keeps accounts in PostgreSQL 13 or newer, for servers on several machines that share them:
 *
 *     new Accounts({ store: postgresStore(process.env.DATABASE_URL ?? {}) })
 *
 * The tables are made and migrated by whichever server comes first. While the database is away, everything rejects with
 * `STORE_UNAVAILABLE`, after `patience` at the latest; as soon as it is back, things work again. It needs the package `pg`.
 *
 * @param options the URL of the database, or all options. Without a URL, `PGHOST` and its kin say where it is.
 * @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`; with the first use AccountError `MISSING_PACKAGE`.
 */
export function postgresStore(options: string | PostgresStoreOptions = {}): AccountStore {
  return new PostgresStore(resolvePostgresOptions(options));
}

class PostgresStore implements AccountStore {
  readonly #settings: PostgresSettings;
  readonly #do: Statements;
  #opened: Promise<Connections> | undefined;
  #ready: Promise<Connections> | undefined;
  #isClosed = false;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
    this.#do = statementsFor(settings.schema);
  }

  async prepare(): Promise<void> {
    await this.#connections();
  }

  async get(key: string): Promise<AccountRow | undefined> {
    return accountIn(await this.#read(this.#do.get, [key]));
  }

  async findByKey(fingerprint: string): Promise<AccountRow | undefined> {
    return accountIn(await this.#read(this.#do.findByKey, [fingerprint]));
  }

  async insert(row: AccountRow): Promise<void> {
    const { key, revision, document } = row;
    await this.#write(async (query) => {
      await query(this.#do.insert, [key, revision, document]);
      await query(this.#do.addKeys, [key, row.fingerprints]);
    });
  }

  async replace(key: string, row: AccountRow, expected: number): Promise<boolean> {
    return this.#write(async (query) => {
      const { count } = await query(this.#do.replace, [key, expected, row.key, row.revision, row.document]);
      if (count === 0) return false;
      await query(this.#do.dropKeys, [row.key, row.fingerprints]);
      await query(this.#do.addKeys, [row.key, row.fingerprints]);
      return true;
    });
  }

  async remove(key: string, expected?: number): Promise<boolean> {
    return this.#write(async (query) => (await query(this.#do.remove, [key, expected ?? null])).count > 0);
  }

  async list({ after, limit }: AccountPage): Promise<readonly AccountRow[]> {
    const rows =
      after === undefined
        ? await this.#read(this.#do.firstPage, [limit])
        : await this.#read(this.#do.page, [limit, after]);
    return rows.map(accountOf);
  }

  async appendHistory(key: string, { at, line }: HistoryLine, keep: number): Promise<void> {
    await this.#write(async (query) => {
      await query(this.#do.appendHistory, [key, at, line]);
      await query(this.#do.trimHistory, [key, keep]);
    });
  }

  async history(key: string, limit: number): Promise<readonly HistoryLine[]> {
    const rows = await this.#read(this.#do.history, [key, limit]);
    return rows.map(({ at, line }) => ({ at: Number(at), line: String(line) })).toReversed();
  }

  async clearHistory(key: string): Promise<void> {
    await this.#write((query) => query(this.#do.clearHistory, [key]));
  }

  async recordLogin(key: string, { at, address, method }: LoginRecord): Promise<void> {
    await this.#write((query) => query(this.#do.recordLogin, [key, at, address, method]));
  }

  async lastLogin(key: string): Promise<LoginRecord | undefined> {
    const [row] = await this.#read(this.#do.lastLogin, [key]);
    return row && { at: Number(row["at"]), address: String(row["address"]), method: String(row["method"]) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // When it could not be opened, there is nothing to close, and whoever used it was told.
    const connections = await this.#opened?.catch(() => undefined);
    await connections?.close();
  }

  async #read(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#connections()).read(text, values);
  }

  async #write<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return (await this.#connections()).write(work, { accounts: nameTaken, account_keys: keyTaken });
  }

  /** What was away when the server started is prepared as soon as it is there. */
  #connections(): Promise<Connections> {
    if (this.#isClosed)
      return Promise.reject(new AccountError("STORE_UNAVAILABLE", "The store of accounts is closed."));
    if (this.#ready !== undefined) return this.#ready;
    const ready = this.#prepare();
    this.#ready = ready;
    ready.catch(() => (this.#ready = undefined));
    return ready;
  }

  async #prepare(): Promise<Connections> {
    this.#opened ??= loadPg().then((pg) => new Connections(pg, this.#settings));
    const connections = await this.#opened.catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    await migrate(connections, this.#settings.schema);
    return connections;
  }
}

function accountIn([row]: readonly Row[]): AccountRow | undefined {
  return row && accountOf(row);
}

function accountOf({ key, revision, document, fingerprints }: Row): AccountRow {
  return {
    key: String(key),
    revision: Number(revision),
    document: String(document),
    fingerprints: (fingerprints as readonly unknown[]).map(String),
  };
}
