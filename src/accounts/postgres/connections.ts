import type { ClientConfig, Pool, PoolClient } from "pg";
import { escapeControls } from "../../server/index.ts";
import { AccountError } from "../error.ts";
import { DatabaseFault } from "./faults.ts";
import type { Pg } from "./load-pg.ts";
import type { PostgresSettings } from "./options.ts";

/** A row, column by column. */
export type Row = Readonly<Record<string, unknown>>;

/** What a statement did. */
export interface Answer {
  readonly rows: readonly Row[];
  /** How many rows it gave or changed. */
  readonly count: number;
}

/** Runs one statement; `$1` and so on are the values. `limit` is how long it may take, instead of the usual, in milliseconds. */
export type Query = (text: string, values?: readonly unknown[], limit?: number) => Promise<Answer>;

/** By table, the error for a value that it has already. */
export type Refusals = Readonly<Record<string, (value: string) => Error>>;

/** Who waits beyond so many for each connection is turned away at once. */
const MAX_WAITING = 1000;
const IDLE_MS = 30_000;
/** The database ends a statement first, and the connection stays good; a database that does not answer loses it. */
const GRACE_MS = 1000;
const MAX_TRIES = 5;

/**
 * `off` would acknowledge what a crash of the database can lose. Values beyond `on`, which wait for standbys too, stay.
 */
const BEGIN = `begin isolation level read committed;
select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'`;

/** Connections to one database, as many as needed up to a limit. Those that break are replaced by new ones. */
export class Connections {
  /** The database as it may be named to anybody: host, port and name. */
  readonly place: string;
  readonly #pool: Pool;
  /** How many connections there may be; all of them may have broken unnoticed. */
  readonly #max: number;
  #closed: Promise<void> | undefined;

  constructor(pg: Pg, settings: PostgresSettings) {
    const { url, password, connections } = settings;
    this.#max = connections;
    const timeout = Math.ceil(settings.patience * 1000);
    const config = url === undefined ? {} : { connectionString: url };
    this.place = placeOf(pg, config);
    this.#pool = new pg.Pool({
      application_name: "sallyport",
      ...config,
      ...(password !== undefined && { Client: clientWith(pg, password) }),
      max: connections,
      connectionTimeoutMillis: timeout,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
      keepAlive: true,
      statement_timeout: timeout,
      lock_timeout: timeout,
      // A process that stops in the middle must not hold what it has locked.
      idle_in_transaction_session_timeout: timeout,
      query_timeout: timeout + GRACE_MS,
    });
    // An idle connection broke: the pool has let go of it, and the next request opens another.
    this.#pool.on("error", () => undefined);
  }

  /** Reads with one statement. When the connection turns out to be broken, it is read on another. */
  async read(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    for (let tries = 1; ; tries++) {
      try {
        return (await this.#using((query) => query(text, values))).rows;
      } catch (error) {
        if (!(error instanceof DatabaseFault)) throw error;
        if (!error.isLost || tries > this.#max) throw error.toError(this.place);
      }
    }
  }

  /**
   * Does several things as one: all of it is there for good when this resolves, and nothing of it when it rejects. The
   * exception is a connection that breaks at the very end; the error says so then.
   *
   * @param work may be called again, when it got in the way of another, or its connection turns out to be broken.
   * @param refusals by table, the error to throw when it has such a row already.
   */
  async write<T>(work: (query: Query) => Promise<T>, refusals: Refusals = {}): Promise<T> {
    for (let tries = 1; ; tries++) {
      const progress = { isCommitting: false };
      try {
        return await this.#using((query) => transact(query, work, progress));
      } catch (error) {
        if (!(error instanceof DatabaseFault)) throw error;
        // Before the end was sent, a connection that is gone takes all of it along.
        const isUndone = error.isLost && !progress.isCommitting;
        if ((isUndone && tries <= this.#max) || (error.fault.passes === true && tries < MAX_TRIES)) continue;
        const { table = "", value = "" } = error.duplicate ?? {};
        const isUncertain = progress.isCommitting && error.fault.breaks === true;
        throw (
          refusals[table]?.(value) ??
          error.toError(this.place, isUncertain ? " Whether it was written is not known." : "")
        );
      }
    }
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return (this.#closed ??= this.#pool.end());
  }

  async #using<T>(work: (query: Query) => Promise<T>): Promise<T> {
    if (this.#closed !== undefined)
      throw new AccountError("STORE_UNAVAILABLE", `The account store in ${this.place}: closed.`);
    const most = MAX_WAITING * this.#max;
    if (this.#pool.waitingCount >= most) {
      const message = `The account store in ${this.place}: ${most} requests wait for a connection: try later.`;
      throw new AccountError("STORE_UNAVAILABLE", message);
    }
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw new DatabaseFault(error, false);
    });
    // What breaks the connection rejects the statement, too; an event that nobody listens to would end the process.
    const ignore = (): void => undefined;
    client.on("error", ignore);
    let isBroken = false;
    try {
      return await work(queryOn(client));
    } catch (error) {
      isBroken = error instanceof DatabaseFault && error.fault.breaks === true;
      throw error;
    } finally {
      client.release(isBroken);
      client.off("error", ignore);
    }
  }
}

function queryOn(client: PoolClient): Query {
  return async (text, values = [], limit) => {
    try {
      // Only its types do not know that a single statement may have a limit of its own.
      const statement = { text, values: [...values], ...(limit !== undefined && { query_timeout: limit }) };
      const { rows, rowCount } = await client.query<Row>(statement);
      return { rows, count: rowCount ?? 0 };
    } catch (error) {
      throw new DatabaseFault(error);
    }
  };
}

async function transact<T>(
  query: Query,
  work: (query: Query) => Promise<T>,
  progress: { isCommitting: boolean },
): Promise<T> {
  await query(BEGIN);
  try {
    const result = await work(query);
    progress.isCommitting = true;
    await query("commit");
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseFault && error.fault.breaks === true)) await query("rollback");
    throw error;
  }
}

/** As an option the password would lose against the URL, even against one that has none. */
function clientWith(pg: Pg, password: NonNullable<PostgresSettings["password"]>): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      Object.assign(this, { password });
    }
  };
}

/** @throws AccountError `BAD_VALUE` when the URL cannot be read. */
function placeOf(pg: Pg, config: { readonly connectionString?: string }): string {
  try {
    const { host, port, database } = new pg.Client(config);
    const server = host.startsWith("/") ? host : `${host}:${port}`;
    return escapeControls(`PostgreSQL at ${server}, database ${database ?? "of the user"}`, { limit: 200 });
  } catch {
    // The message of the error may have parts of the URL, and with it of the password.
    const message =
      "The URL of the database cannot be read: escape special characters of user and password with %, and look whether its files are there.";
    throw new AccountError("BAD_VALUE", message);
  }
}
