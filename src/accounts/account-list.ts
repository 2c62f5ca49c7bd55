import { randomUUID } from "node:crypto";
import type { Account } from "./account/account.ts";
import { parseKeys, withKey } from "./account/keys.ts";
import type { AccountKey } from "./account/keys.ts";
import { isPermission } from "./account/permissions.ts";
import type { AccountChange } from "./account/settings.ts";
import { checkSettings } from "./account/settings.ts";
import type { Book } from "./book/book.ts";
import { accountIn } from "./book/book.ts";
import { hashNew } from "./book/passwords.ts";
import type { ExportedAccount, ImportOptions, ImportResult } from "./book/transfer.ts";
import { exported, importAll } from "./book/transfer.ts";
import { AccountError } from "./error.ts";
import type { LoginRecord } from "./store/store.ts";

/** What a new account begins with. */
export interface NewAccount extends AccountChange {
  readonly password?: string;
  /** Public keys, one a line, as in an authorized_keys file. */
  readonly keys?: string | readonly string[];
}

/** What there is of accounts, and what each of them may do. */
export class AccountList {
  readonly #book: Book;

  /** For {@link Accounts}. */
  constructor(book: Book) {
    this.#book = book;
  }

  /** Opens the store, and makes it where there is none. It is done at the first use too; here it fails early. @throws {AccountError} */
  async prepare(): Promise<void> {
    await this.#book.store();
  }

  /**
   * Adds an account: `await accounts.add("ada", { password, permissions: ["orders.*"] })`. Without a password and a key nobody
   * can log in to it yet.
   *
   * @throws {AccountError} `BAD_NAME`, `BAD_VALUE`, `EXISTS`, `KEY_TAKEN`.
   */
  async add(name: string, account: NewAccount = {}): Promise<Account> {
    const { password, keys = [], ...given } = account;
    const { name: kept } = this.#book.nameOf(name);
    const settings = defined(checkSettings(given));
    const list = parseKeys(typeof keys === "string" ? keys : keys.join("\n"));
    const [fault] = list.faults;
    if (fault !== undefined) {
      throw new AccountError("BAD_VALUE", `The public key in line ${fault.line} cannot be used: ${fault.why}.`);
    }
    const { minPassword, now } = this.#book.options;
    const hash = password === undefined ? {} : { password: await hashNew(password, minPassword) };
    const all = list.keys.reduce<readonly AccountKey[]>(withKey, []);
    const own = { id: randomUUID(), name: kept, created: now(), epoch: 0, keys: all };
    return accountIn(await this.#book.insert({ ...settings, ...own, ...hash }));
  }

  /** The account of a name, however it is typed; undefined when there is none. @throws {AccountError} */
  async get(name: string): Promise<Account | undefined> {
    const entry = await this.#book.find(name);
    return entry && accountIn(entry);
  }

  /** The account that a public key belongs to, by its fingerprint `SHA256:…`. @throws {AccountError} */
  async findByKey(fingerprint: string): Promise<Account | undefined> {
    const entry = await this.#book.findByKey(fingerprint);
    return entry && accountIn(entry);
  }

  /** All accounts, by their names in lower case: `for await (const account of accounts.list())`. @throws {AccountError} */
  async *list(): AsyncGenerator<Account, void, undefined> {
    for await (const entry of this.#book.all()) yield accountIn(entry);
  }

  /**
   * Changes settings: an object, or a function of the account that gives one. The function is called again when somebody else
   * changed the account meanwhile, so that nobody's change is lost:
   *
   *     await accounts.update("ada", ({ permissions }) => ({ permissions: [...permissions, "orders.read"] }));
   *
   * Who is in has the new permissions at once, in other processes after the option `recheck` at most; prompt, limits and the
   * like with the next login.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE`, `CONFLICT`.
   */
  async update(name: string, change: AccountChange | ((account: Account) => AccountChange)): Promise<Account> {
    const entry = await this.#book.change(name, (document) => {
      const given = typeof change === "function" ? change(accountIn({ key: "", revision: 0, document })) : change;
      // What is undefined is not in the JSON that is kept.
      return { ...document, ...checkSettings(given) };
    });
    return accountIn(entry);
  }

  /** Gives permissions. @throws {AccountError} as {@link update}. */
  grant(name: string, ...permissions: readonly string[]): Promise<Account> {
    return this.update(name, (account) => ({ permissions: [...new Set([...account.permissions, ...permissions])] }));
  }

  /**
   * Takes permissions back, those that were given by the same text: what a star or a role gives stays.
   *
   * @throws {AccountError} as {@link update}.
   */
  revoke(name: string, ...permissions: readonly string[]): Promise<Account> {
    const none = permissions.find((permission) => !isPermission(permission));
    if (none !== undefined) return Promise.reject(new AccountError("BAD_VALUE", "That is no permission."));
    return this.update(name, (account) => ({
      permissions: account.permissions.filter((one) => !permissions.includes(one)),
    }));
  }

  /** Throws out who is in, and lets nobody in until it is {@link enable enabled}. @throws {AccountError} as {@link update}. */
  disable(name: string): Promise<Account> {
    return this.update(name, { disabled: true });
  }

  /** Lets in again. @throws {AccountError} as {@link update}. */
  enable(name: string): Promise<Account> {
    return this.update(name, { disabled: undefined });
  }

  /**
   * Gives an account another name. Its history and last login go with it; who is in by the old name is thrown out.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_NAME`, `EXISTS`, `CONFLICT`.
   */
  async rename(name: string, to: string): Promise<Account> {
    const { name: kept } = this.#book.nameOf(to);
    return accountIn(
      await this.#book.change(name, (document) => ({ ...document, name: kept, epoch: document.epoch + 1 })),
    );
  }

  /** Removes an account with all that belongs to it, and throws out who is in. False when there was none. @throws {AccountError} */
  remove(name: string): Promise<boolean> {
    return this.#book.remove(name);
  }

  /**
   * Throws out everybody who is in by this account: at once in this process, in others after the option `recheck` at most.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `CONFLICT`.
   */
  async endSessions(name: string): Promise<void> {
    await this.#book.change(name, (document) => ({ ...document, epoch: document.epoch + 1 }));
  }

  /** When, from where and by which methods somebody logged in last. @throws {AccountError} */
  async lastLogin(name: string): Promise<LoginRecord | undefined> {
    const key = this.#book.keyOf(name);
    return key === undefined ? undefined : (await this.#book.store()).lastLogin(key);
  }

  /** All accounts as JSON, **with their secrets**: keep it as you keep the store. @throws {AccountError} */
  async *export(): AsyncGenerator<ExportedAccount, void, undefined> {
    for await (const entry of this.#book.all()) yield exported(entry);
  }

  /**
   * Takes in what {@link export} gave. All of it is looked at before the first account is written.
   *
   * @throws {AccountError} `BAD_VALUE` and `BAD_NAME` for what is no account, `KEY_TAKEN`.
   */
  import(accounts: Iterable<unknown> | AsyncIterable<unknown>, options: ImportOptions = {}): Promise<ImportResult> {
    return importAll(this.#book, accounts, options);
  }

  /** Closes the store. Nothing else is called afterwards. */
  close(): Promise<void> {
    return this.#book.close();
  }
}

/** Without what is undefined. */
function defined(change: AccountChange): AccountChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
