import { ConfigError } from "../../server/index.ts";

/** What {@link postgresStore} goes by. */
export interface PostgresStoreOptions {
  /**
   * Where the database is, as `psql` takes it: `postgres://user:password@host:5432/database?sslmode=verify-full`, or with
   * a Unix socket `postgres://user@/database?host=/var/run/postgresql`. What it does not say is read from `PGHOST`,
   * `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE` and `PGSSLMODE`. It may hold a password: no error and no log has it.
   */
  readonly url?: string;
  /** The password, instead of one in the URL; a function is asked for each new connection. */
  readonly password?: string | (() => string | Promise<string>);
  /**
   * The schema of the database that the tables are in: lower-case letters, digits and `_`, at most 63. It is made when
   * it is not there. Default `sallyport`.
   */
  readonly schema?: string;
  /** Connections at once, 1 to 1000; they are opened when they are needed. Default 10. */
  readonly connections?: number;
  /**
   * How long a connection may take to open or to become free, and a statement to be answered, in seconds, 0.1 to 600;
   * what takes longer fails with `STORE_UNAVAILABLE`. Default 5.
   */
  readonly patience?: number;
}

/** The same, checked and whole. */
export interface PostgresSettings {
  readonly url: string | undefined;
  readonly password: string | (() => string | Promise<string>) | undefined;
  readonly schema: string;
  readonly connections: number;
  readonly patience: number;
}

const KNOWN: ReadonlySet<string> = new Set(["url", "password", "schema", "connections", "patience"]);

/** @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`. Nothing of the URL or the password is in the message. */
export function resolvePostgresOptions(given: string | PostgresStoreOptions): PostgresSettings {
  const options = typeof given === "string" ? { url: given } : given;
  const unknown = Object.keys(options).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    const message = `postgresStore() has no option ${JSON.stringify(unknown)}; it has ${[...KNOWN].join(", ")}.`;
    throw new ConfigError("UNKNOWN_OPTION", message);
  }
  const { url, password, schema = "sallyport", connections = 10, patience = 5 } = options;
  if (url !== undefined && !/^postgres(?:ql)?:\/\//.test(url)) {
    throw new ConfigError("BAD_OPTION", "url: begins with postgres://, as in postgres://user@host:5432/database.");
  }
  // Otherwise a part of the password would be taken for the host or the database, and told as such.
  if (url !== undefined && /^\w+:\/\/[^/?#]*[/?#].*@/s.test(url)) {
    const message =
      "url: a user or a password with a /, ? or # needs them as %2F, %3F and %23, and any other @ is %40.";
    throw new ConfigError("BAD_OPTION", message);
  }
  if (password !== undefined && typeof password !== "string" && typeof password !== "function") {
    throw new ConfigError("BAD_OPTION", `password: expected a string or a function, not ${typeof password}.`);
  }
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    const message = `schema: expected lower-case letters, digits and _, at most 63, not ${JSON.stringify(schema)}.`;
    throw new ConfigError("BAD_OPTION", message);
  }
  if (!Number.isInteger(connections) || connections < 1 || connections > 1000) {
    const message = `connections: expected a whole number from 1 to 1000, not ${String(connections)}.`;
    throw new ConfigError("BAD_OPTION", message);
  }
  if (!(patience >= 0.1 && patience <= 600)) {
    throw new ConfigError("BAD_OPTION", `patience: expected 0.1 to 600 seconds, not ${String(patience)}.`);
  }
  return { url, password, schema, connections, patience };
}
