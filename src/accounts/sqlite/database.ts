import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { faultOf, isBusy, replaced } from "./faults.ts";
import { identityOf, logOf, makeFile } from "./file.ts";
import { migrate } from "./migrations.ts";

/** A row of a result. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What can be asked of a database that is open. */
export interface Sql {
  get(sql: string, ...values: readonly SQLInputValue[]): SqlRow | undefined;
  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[];
  /** Gives the number of rows that were changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
}

/**
 * The longest that one call waits for the lock of another process with the event loop standing still, in milliseconds. It
 * waits on without, by a timer.
 */
const BLOCKING_WAIT = 10;
/** Between two tries, in milliseconds: at least so long, and up to so much longer. */
const PAUSE = 5;
const PAUSE_SPREAD = 20;

/** A file of SQLite that several processes write: opened on first use, and opened anew after it was away. */
export class Database {
  readonly #path: string;
  readonly #patience: number;
  #open: OpenDatabase | undefined;
  /** The log of changes of a file that another has taken the place of; SQLite would write it into that one. */
  #foreignLog: string | undefined;
  /** Once it has been there, a file that is missing is no new store. */
  #wasThere = false;

  /** @param patience how long to wait for other processes that write, in milliseconds. */
  constructor(path: string, patience: number) {
    this.#path = path;
    this.#patience = patience;
  }

  /** Runs queries that see one state of the database. */
  read<Value>(work: (sql: Sql) => Value): Promise<Value> {
    return this.#patiently((database) => work(database));
  }

  /** Runs a transaction: all of it, or nothing. What it wrote is on the disk when the promise resolves. */
  write<Value>(work: (sql: Sql) => Value): Promise<Value> {
    return this.#patiently((database) => database.transaction(work));
  }

  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  /** @throws {AccountError} for what the database cannot do; what `work` throws otherwise. */
  async #patiently<Value>(work: (database: OpenDatabase) => Value): Promise<Value> {
    const deadline = performance.now() + this.#patience;
    for (;;) {
      try {
        return work(this.#opened());
      } catch (error) {
        const fault = faultOf(error, this.#path);
        // What is broken now may be mended by the next call, with another file perhaps.
        if (fault !== error && !isBusy(error)) this.close();
        if (!isBusy(error) || performance.now() > deadline) throw fault;
      }
      await sleep(PAUSE + Math.random() * PAUSE_SPREAD);
    }
  }

  #opened(): OpenDatabase {
    if (this.#open !== undefined) {
      if (identityOf(this.#path) === this.#open.identity) return this.#open;
      // A backup was put in its place, perhaps: what goes into the old file would be lost.
      this.#foreignLog = logOf(this.#path);
      this.close();
    }
    if (this.#foreignLog !== undefined && this.#foreignLog === logOf(this.#path)) throw replaced(this.#path);
    this.#foreignLog = undefined;
    if (!this.#wasThere) makeFile(this.#path);
    const open = new OpenDatabase(this.#path, identityOf(this.#path));
    this.#wasThere = true;
    this.#open = open;
    return open;
  }
}

/** One file that is open. */
class OpenDatabase implements Sql {
  readonly identity: string;
  readonly #database: DatabaseSync;
  readonly #statements: Map<string, StatementSync> = new Map();

  constructor(path: string, identity: string) {
    this.identity = identity;
    this.#database = new DatabaseSync(path, { timeout: BLOCKING_WAIT, enableForeignKeyConstraints: true });
    try {
      // In WAL, FULL is what keeps a transaction through a loss of power; NORMAL only keeps the file whole.
      this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF");
      migrate(this.#database, path);
      // Says now, and not at the first change, that nothing can be written.
      this.#database.exec("BEGIN IMMEDIATE; ROLLBACK");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get(sql: string, ...values: readonly SQLInputValue[]): SqlRow | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[] {
    return this.#statement(sql).all(...values);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  transaction<Value>(work: (sql: Sql) => Value): Value {
    // Takes the lock at once: a transaction that began by reading could not get it any more behind another writer.
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const value = work(this);
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
