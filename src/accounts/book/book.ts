import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "../account/account.ts";
import { viewOf } from "../account/account.ts";
import type { AccountDocument } from "../account/document.ts";
import { decode, encode } from "../account/document.ts";
import type { GoodName } from "../account/name.ts";
import { checkName } from "../account/name.ts";
import { AccountError } from "../error.ts";
import type { ResolvedAccountsOptions } from "../options.ts";
import type { AccountRow, AccountStore, LoginRecord } from "../store/store.ts";

/** An account as it was read. */
export interface Entry {
  readonly key: string;
  readonly revision: number;
  readonly document: AccountDocument;
}

/** An account is not as it was; `entry` is undefined when it is gone. */
export type Listener = (id: string, entry: Entry | undefined) => void;

/** What a change makes of an account; undefined leaves it as it is. */
export type Change = (document: AccountDocument) => AccountDocument | undefined | Promise<AccountDocument | undefined>;

/** How often a change is tried before it is given up, when others change the same account. */
const TRIES = 12;
/** The longest that is waited before the second try, in milliseconds, and so much more before each further one. */
const PAUSE = 5;
const PAGE = 200;

/** The accounts in their store: read and changed whole, by one at a time. */
export class Book {
  readonly options: ResolvedAccountsOptions;
  readonly #store: AccountStore;
  readonly #listeners: Set<Listener> = new Set();
  /** Changes of one account by this process come one after the other: they need not be tried anew for each other's sake. */
  readonly #turns: Map<string, Promise<unknown>> = new Map();
  #ready: Promise<void> | undefined;

  constructor(options: ResolvedAccountsOptions) {
    this.options = options;
    this.#store = options.store;
  }

  /** The store, once it is ready. */
  async store(): Promise<AccountStore> {
    this.#ready ??= this.#store.prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    await this.#ready;
    return this.#store;
  }

  /** @throws {AccountError} `BAD_NAME`. */
  nameOf(given: string): GoodName {
    return checkName(given, this.options.names);
  }

  /** The key of a name; undefined for what is none. */
  keyOf(given: string): string | undefined {
    try {
      return this.nameOf(given).key;
    } catch {
      // Anything can be typed as a name, and what nobody can be called is nobody.
      return undefined;
    }
  }

  /** The account of a name; undefined for a name that nobody has or can have. */
  async find(name: string): Promise<Entry | undefined> {
    const key = this.keyOf(name);
    return key === undefined ? undefined : this.read(key);
  }

  async read(key: string): Promise<Entry | undefined> {
    const row = await (await this.store()).get(key);
    return row && entryOf(row);
  }

  /** The account that a public key belongs to. */
  async findByKey(fingerprint: string): Promise<Entry | undefined> {
    const row = await (await this.store()).findByKey(fingerprint);
    return row && entryOf(row);
  }

  /** All accounts, by their keys. */
  async *all(): AsyncGenerator<Entry, void, undefined> {
    const store = await this.store();
    let after: string | undefined;
    for (;;) {
      const page = await store.list({ limit: PAGE, ...(after !== undefined && { after }) });
      yield* page.map(entryOf);
      if (page.length < PAGE) return;
      after = page.at(-1)?.key;
    }
  }

  /** @throws {AccountError} `EXISTS`, `KEY_TAKEN`. */
  async insert(document: AccountDocument): Promise<Entry> {
    const { key } = this.nameOf(document.name);
    this.#assertNoGuest(key);
    await (await this.store()).insert(encode(key, document, 1));
    return { key, document, revision: 1 };
  }

  /**
   * Changes an account. The function may be called several times, each time with what others have made of it meanwhile.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `CONFLICT`, and what the store throws.
   */
  change(name: string, change: Change): Promise<Entry> {
    const { key } = this.nameOf(name);
    return this.#inTurn(key, async () => {
      const store = await this.store();
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const entry = await this.read(key);
        if (entry === undefined) throw missing(name);
        const document = await change(entry.document);
        if (document === undefined) return entry;
        const next = { key: this.nameOf(document.name).key, document, revision: entry.revision + 1 };
        this.#assertNoGuest(next.key);
        if (await store.replace(key, encode(next.key, document, next.revision), entry.revision)) {
          // What an import has put in its place is another account.
          this.#tell(entry.document.id, next);
          return next;
        }
        await sleep(Math.random() * PAUSE * attempt);
      }
      throw new AccountError("CONFLICT", `The account ${key} was changed by others again and again: try again.`);
    });
  }

  /** False when there was none. */
  async remove(name: string): Promise<boolean> {
    const key = this.keyOf(name);
    if (key === undefined) return false;
    const store = await this.store();
    const row = await store.get(key);
    const isRemoved = await store.remove(key);
    if (isRemoved && row !== undefined) this.#tell(idIn(row), undefined);
    return isRemoved;
  }

  /** Records a login that happens now, and gives the one before it. */
  async recordLogin(key: string, address: string, method: string): Promise<LoginRecord | undefined> {
    const store = await this.store();
    const before = await store.lastLogin(key);
    await store.recordLogin(key, { at: this.options.now(), address, method });
    return before;
  }

  /** Is told of each account that this process changes or removes. Gives a function that ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #assertNoGuest(key: string): void {
    if (this.options.guests.has(key)) {
      throw new AccountError("EXISTS", `${key} is what guests are called: choose another name.`);
    }
  }

  #tell(id: string, entry: Entry | undefined): void {
    for (const listener of this.#listeners) listener(id, entry);
  }

  async #inTurn<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    const quiet = turn.catch(() => undefined);
    this.#turns.set(key, quiet);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === quiet) this.#turns.delete(key);
    }
  }
}

/** What the world may see of an entry. */
export function accountIn({ document, revision }: Entry): Account {
  return viewOf(document, revision);
}

/** The error for a name that nobody has. */
export function missing(name: string): AccountError {
  return new AccountError("NO_ACCOUNT", `There is no account ${name.slice(0, 64)}.`);
}

/** Empty for an account that cannot be read: to be removed is what is left for it. */
function idIn(row: AccountRow): string {
  try {
    return decode(row).id;
  } catch {
    return "";
  }
}

function entryOf(row: AccountRow): Entry {
  return { key: row.key, revision: row.revision, document: decode(row) };
}
