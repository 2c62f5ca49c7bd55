import type { Authenticator, HistoryStore, ServerCore, Unregister } from "../server/index.ts";
import { Tries } from "../auth/index.ts";
import { AccountSecrets } from "./account-secrets.ts";
import type { Account } from "./account/account.ts";
import { methodsOf } from "./account/document.ts";
import { step } from "./account/methods.ts";
import { expand, gives } from "./account/permissions.ts";
import type { FileAccess } from "./account/settings.ts";
import { accountIn, Book } from "./book/book.ts";
import type { Entry } from "./book/book.ts";
import { isPasswordOf } from "./book/passwords.ts";
import { AccountError } from "./error.ts";
import { authenticatorsOf } from "./login/authenticators.ts";
import { Codes } from "./login/codes.ts";
import { SignUp } from "./login/sign-up.ts";
import type { AccountsOptions } from "./options.ts";
import { resolveAccountsOptions } from "./options.ts";
import type { AnyClient } from "./presence/presence.ts";
import { Presence } from "./presence/presence.ts";
import { standing } from "./presence/standing.ts";
import { Watch } from "./presence/watch.ts";
import type { HistoryLine, LoginRecord } from "./store/store.ts";

/** What {@link Accounts.signIn} is given. */
export interface Credentials {
  readonly password: string;
  /** Of an authenticator app, or a recovery code, where the account needs one. */
  readonly code?: string;
}

/** What commands ask before they run something by sudo. */
export interface Sudo {
  /** Whether the account of a client may. */
  readonly allowed: (client: AnyClient) => Promise<boolean>;
  /** Whether this is the password of the client's account. Wrong ones are counted: after five, ten minutes are waited. */
  readonly verify: (client: AnyClient, password: string) => Promise<boolean>;
  /** The account of a client, by its name; that of the login for a client without one. */
  readonly nameOf: (client: AnyClient) => Promise<string>;
}

const MAX_TRIES = 5;
const PERIOD = 600_000;
const NO_FILES: FileAccess = { allowed: false, readOnly: false };

/**
 * Accounts for an app that has no users of its own: in a file, a database, or in memory.
 *
 *     const accounts = new Accounts();
 *     const ssh = new Server({ auth: accounts.authenticators(), history: accounts.history() });
 *     accounts.serve(ssh);
 *     ssh.onUser("command", async (client, command) => {
 *       if (await accounts.may(client, "orders.read")) …
 *     });
 *
 * Every method that needs the store rejects with an `AccountError` of a code `STORE_…` when it cannot be used.
 */
export class Accounts extends AccountSecrets {
  readonly #book: Book;
  readonly #presence: Presence;
  readonly #codes: Codes;
  readonly #signUp: SignUp | undefined;
  /** Apart, so that a stranger who guesses at the prompt keeps nobody from his sudo. */
  readonly #signIns = new Tries(MAX_TRIES, PERIOD);
  readonly #sudos = new Tries(MAX_TRIES, PERIOD);

  /** @throws ConfigError `BAD_OPTION` or `UNKNOWN_OPTION`. The store is not opened yet. */
  constructor(options: AccountsOptions = {}) {
    const book = new Book(resolveAccountsOptions(options));
    const presence = new Presence(book);
    super(book, presence);
    this.#book = book;
    this.#presence = presence;
    this.#codes = new Codes(book);
    const { signUp } = book.options;
    this.#signUp = signUp && new SignUp(book, signUp);
  }

  /**
   * What goes into the server's option `auth`: logins by key, by certificate, by password, by a code behind one of them, and
   * where the options say so, of guests and of strangers who sign up. Their verdicts are final: authenticators that know of
   * other users stand before them.
   *
   * Whoever is not there, is disabled or has expired, or may not log in so, gets the same answer in the same time. While the
   * store is away logins are refused, without a penalty. A store that is read-only, damaged or newer stops the start.
   */
  authenticators(): readonly Authenticator[] {
    return authenticatorsOf(this.#book, this.#presence, { codes: this.#codes, signUp: this.#signUp });
  }

  /**
   * Makes accounts act on a server: prompt, banner, idle time, input system and echo of their sessions, the last login, and the
   * end of all sessions of an account that is removed, renamed, disabled or expired, that gets another password, or of which
   * {@link endSessions} is asked. Several servers may be served.
   *
   * @returns a function that ends it.
   */
  serve<State>(server: ServerCore<State>): Unregister {
    return new Watch(server, this.#book, this.#presence).stop;
  }

  /**
   * What goes into the server's option `history`: the lines that an account's users enter at the prompt, from one session to
   * the next. Those of guests, and of clients without an account, are not kept.
   */
  history<State = Record<string, unknown>>(): HistoryStore<State> {
    return {
      load: async (client) => {
        const found = await this.#historyOf(client);
        if (found === undefined) return [];
        const lines = await (await this.#book.store()).history(found.key, found.limit);
        return lines.map(({ line }) => line);
      },
      append: async (client, line) => {
        const found = await this.#historyOf(client);
        if (found === undefined) return;
        await (await this.#book.store()).appendHistory(found.key, { at: this.#book.options.now(), line }, found.limit);
      },
      clear: async (client) => {
        const found = await this.#historyOf(client);
        if (found !== undefined) await (await this.#book.store()).clearHistory(found.key);
      },
    };
  }

  /** The newest lines of an account's history, oldest first. @throws {AccountError} */
  async historyOf(name: string, limit = 1000): Promise<readonly HistoryLine[]> {
    const key = this.#book.keyOf(name);
    return key === undefined ? [] : (await this.#book.store()).history(key, limit);
  }

  /** Forgets an account's history. @throws {AccountError} */
  async clearHistory(name: string): Promise<void> {
    const key = this.#book.keyOf(name);
    if (key !== undefined) await (await this.#book.store()).clearHistory(key);
  }

  /**
   * The account of a client, not older than a second; `client.user.account` is what it was at the login. Undefined for a client
   * that came in by another way, or whose account is gone, disabled or expired. While the store is away it is what was
   * known last.
   *
   * @throws {AccountError} `STORE_CORRUPT`.
   */
  readonly accountOf = (client: AnyClient): Promise<Account | undefined> => this.#presence.accountOf(client);

  /**
   * Whether the account of a client has a permission, by itself or by a role. A client without an account has none. It needs
   * no `this`: `new Commands({ may: accounts.may })`.
   *
   * @throws {AccountError} `STORE_CORRUPT`.
   */
  readonly may = async (client: AnyClient, permission: string): Promise<boolean> => {
    const account = await this.accountOf(client);
    return account !== undefined && gives(this.permissionsOf(account), permission);
  };

  /** For `new Commands({ sudo: accounts.sudo })`. */
  readonly sudo: Sudo = {
    allowed: async (client) => (await this.accountOf(client))?.sudo === true,
    verify: async (client, password) => {
      const account = await this.accountOf(client);
      if (account === undefined || account.guest) return false;
      return (await this.#owner(this.#sudos, account.name, password)) !== undefined;
    },
    nameOf: async (client) => (await this.accountOf(client))?.name ?? client.username,
  };

  /** All permissions of an account: its own, and those of its roles. */
  permissionsOf({ permissions, roles }: Pick<Account, "permissions" | "roles">): readonly string[] {
    return expand(permissions, roles, this.#book.options.roles);
  }

  /**
   * What a client may do with files, for the function that gives each client its file system. Nothing for a client without an
   * account.
   *
   * @throws {AccountError} `STORE_CORRUPT`.
   */
  readonly fileAccess = async (client: AnyClient): Promise<FileAccess> =>
    (await this.accountOf(client))?.files ?? NO_FILES;

  /**
   * The login before this one, of the account of a client that {@link serve} knows or that has signed in from inside: for
   * `Last login: …`. Undefined for the first.
   */
  loginBefore(client: AnyClient): Promise<LoginRecord | undefined> {
    return this.#presence.loginBefore(client);
  }

  /**
   * Makes a session the account's of another name, from inside: for apps where visitors come in as guests, and log in at the
   * prompt. It is this session's alone; `client.username` stays, `accountOf`, `may` and the history go by the new account. False
   * for a wrong password, a wrong or a missing code, an account that may not be used or not by a password, and after five
   * wrong tries under a name in ten minutes; it takes the same time for an account that there is not.
   *
   * @throws {AccountError} `STORE_UNAVAILABLE`.
   */
  async signIn(client: AnyClient, name: string, { password, code }: Credentials): Promise<boolean> {
    // The session stands on what was read here: a password that is changed meanwhile ends it.
    const entry = await this.#owner(this.#signIns, name, password);
    if (entry === undefined) return false;
    if (standing(entry.document, this.#book.options.now()) !== undefined) return false;
    const lists = methodsOf(entry.document);
    const next = step(lists, [], "password");
    if (next === undefined) return false;
    if (next.length > 0) {
      if (!next.includes("keyboard-interactive") || code === undefined) return false;
      if ((await this.#codes.fault(entry, code)) !== undefined) return false;
      if (step(lists, ["password"], "keyboard-interactive")?.length !== 0) return false;
    }
    this.#enter(client, entry, next.length > 0 ? "password,keyboard-interactive" : "password");
    return true;
  }

  /**
   * Makes an account for a visitor, from inside, under the terms of the option `signUp`: its settings, reserved names, `perHour`
   * and `accept`, whether or not its `passwords` opens the login's own dialogue. The session is the account's from then on, as
   * {@link signIn} makes it.
   *
   * @throws {AccountError} `NO_SIGN_UP`, `EXISTS` also for a reserved name, `BAD_NAME`, `BAD_VALUE` for the password.
   */
  async signUp(client: AnyClient, name: string, { password }: Pick<Credentials, "password">): Promise<Account> {
    if (this.#signUp === undefined) {
      throw new AccountError(
        "NO_SIGN_UP",
        "Nobody can sign up here: that is for the option signUp of accounts to say.",
      );
    }
    const entry = await this.#signUp.fromInside(client.connection.peer, name, password);
    this.#enter(client, entry, "password");
    return accountIn(entry);
  }

  /** A session becomes an account's, which is a login. */
  #enter(client: AnyClient, entry: Entry, method: string): void {
    const before = this.#book.recordLogin(entry.key, client.connection.peer.address, method);
    // Who has shown who he is comes in, also where that cannot be written down.
    this.#presence.signIn(
      client,
      entry,
      before.catch(() => undefined),
    );
  }

  /** The account whose password this is, as it was when it was verified; wrong ones are counted by the name. */
  async #owner(tries: Tries, name: string, password: string): Promise<Entry | undefined> {
    const key = this.#book.keyOf(name) ?? "";
    if (!tries.take(key, this.#book.options.now())) return undefined;
    const entry = await this.#book.find(name);
    if (!(await isPasswordOf(this.#book, entry?.document, password))) return undefined;
    tries.clear(key);
    return entry;
  }

  async #historyOf(client: AnyClient): Promise<{ readonly key: string; readonly limit: number } | undefined> {
    const account = await this.accountOf(client);
    if (account === undefined || account.guest) return undefined;
    const key = this.#book.keyOf(account.name);
    return key === undefined ? undefined : { key, limit: account.historyLimit ?? this.#book.options.historyLimit };
  }
}
