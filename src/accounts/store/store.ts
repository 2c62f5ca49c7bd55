/** One account as a store keeps it. The store does not look into the document. */
export interface AccountRow {
  /** The name as it counts, in lower case and NFKC: unique in the store. At most 64 characters. */
  readonly key: string;
  /** 1 for a new account, one more with each change. */
  readonly revision: number;
  /** JSON. */
  readonly document: string;
  /** `SHA256:…` of its public keys, each once; a key belongs to one account at most. */
  readonly fingerprints: readonly string[];
}

/** A login of an account. */
export interface LoginRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
  /** The methods of all its factors, with commas between them. */
  readonly method: string;
}

/** A line that was entered at the prompt. */
export interface HistoryLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly line: string;
}

/** One part of a list of accounts. */
export interface AccountPage {
  /** The key that the page begins behind; default at the beginning. */
  readonly after?: string;
  /** How many accounts at most. */
  readonly limit: number;
}

/**
 * Where accounts are kept. Several processes may use one store at once; what a promise has resolved for is there for all
 * of them, and still there after the process was killed.
 *
 * Every method may reject with an `AccountError` of `STORE_UNAVAILABLE`, when the store cannot be reached at present, or
 * of `STORE_CORRUPT`; those that write also with `STORE_READ_ONLY`. After an error the store goes on by itself as soon as
 * it can. Keys are compared and ordered by the code points of their characters, whatever the database's language is.
 */
export interface AccountStore {
  /**
   * Opens the store, and makes or migrates what it needs. Called before the first use; once it has resolved, further
   * calls do nothing, and after a failure the next call tries again.
   *
   * @throws {AccountError} `STORE_READ_ONLY`, `STORE_CORRUPT`, `STORE_NEWER`, `STORE_UNAVAILABLE`, `MISSING_PACKAGE`.
   */
  prepare(): Promise<void>;
  get(key: string): Promise<AccountRow | undefined>;
  /** The account that a public key belongs to. */
  findByKey(fingerprint: string): Promise<AccountRow | undefined>;
  /** @throws {AccountError} `EXISTS` when the key of the row is there already, `KEY_TAKEN` for a public key. */
  insert(row: AccountRow): Promise<void>;
  /**
   * Replaces the row at `key`, if its revision is still `expected`. `row.key` may be another: that renames the account,
   * and its history and last login go with it. Gives false when it was changed or removed meanwhile.
   *
   * @throws {AccountError} `EXISTS` when another account has the new key, `KEY_TAKEN` for a public key.
   */
  replace(key: string, row: AccountRow, expected: number): Promise<boolean>;
  /** Removes an account with its public keys, history and last login; with `expected` only at that revision. */
  remove(key: string, expected?: number): Promise<boolean>;
  /** By key, ascending. */
  list(page: AccountPage): Promise<readonly AccountRow[]>;
  /** Appends a line, and keeps the newest `keep` lines. Does nothing for an account that there is not. */
  appendHistory(key: string, line: HistoryLine, keep: number): Promise<void>;
  /** The newest `limit` lines, oldest first. */
  history(key: string, limit: number): Promise<readonly HistoryLine[]>;
  clearHistory(key: string): Promise<void>;
  /** Takes the place of the login before. Does nothing for an account that there is not. */
  recordLogin(key: string, login: LoginRecord): Promise<void>;
  lastLogin(key: string): Promise<LoginRecord | undefined>;
  /** Lets go of the files or connections. Nothing else is called afterwards; a second call does nothing. */
  close(): Promise<void>;
}
