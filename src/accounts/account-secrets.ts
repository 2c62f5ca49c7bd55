import type { NewTotp } from "../auth/index.ts";
import { newTotp, totpStep } from "../auth/index.ts";
import { AccountList } from "./account-list.ts";
import type { AccountKey } from "./account/keys.ts";
import { parseKey, parseKeys, withKey } from "./account/keys.ts";
import type { Book } from "./book/book.ts";
import { missing } from "./book/book.ts";
import { hashNew, isPasswordOf } from "./book/passwords.ts";
import { hashCode, newCode } from "./book/recovery.ts";
import { AccountError } from "./error.ts";
import type { AnyClient, Presence } from "./presence/presence.ts";

/** How {@link AccountSecrets.setPassword} goes about it. */
export interface SetPasswordOptions {
  /** Throws out who is in by this account. Default true. */
  readonly endSessions?: boolean;
  /** Who stays: the one who changes his own password, with his connection. Who is in by another account stays anyway. */
  readonly keep?: AnyClient;
}

/** What came of a list of keys. */
export interface KeyImport {
  readonly added: readonly AccountKey[];
  /** How many the account had already. */
  readonly known: number;
  /** Lines that hold no key that can be used, by their numbers, from 1 on. */
  readonly faults: readonly { readonly line: number; readonly why: string }[];
}

/** Minutes that a code for a new key is good. */
const LINK_MINUTES = 10;

/** What accounts log in with: passwords, keys, codes. */
export class AccountSecrets extends AccountList {
  readonly #book: Book;
  readonly #presence: Presence;

  /** For {@link Accounts}. */
  constructor(book: Book, presence: Presence) {
    super(book);
    this.#book = book;
    this.#presence = presence;
  }

  /**
   * Sets a password, or takes it away. It is kept as a hash: argon2id, or scrypt on a Node that has no other. It counts as it
   * is typed, letter for letter.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE`, `CONFLICT`.
   */
  async setPassword(name: string, password: string | undefined, options: SetPasswordOptions = {}): Promise<void> {
    const { endSessions = true, keep } = options;
    const hash = password === undefined ? undefined : await hashNew(password, this.#book.options.minPassword);
    let takeBack = (): void => undefined;
    try {
      await this.#book.change(name, (document) => {
        takeBack();
        const epoch = document.epoch + (endSessions ? 1 : 0);
        if (keep !== undefined) takeBack = this.#presence.keep(keep, document.id, epoch);
        // What is undefined is not in the JSON that is kept.
        return { ...document, epoch, password: hash };
      });
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  /**
   * Whether this is the account's password; it takes as long for an account that there is not. It says nothing about whether
   * the account may log in, and does not count wrong ones.
   *
   * @throws {AccountError}
   */
  async verifyPassword(name: string, password: string): Promise<boolean> {
    return isPasswordOf(this.#book, (await this.#book.find(name))?.document, password);
  }

  /**
   * Adds a public key: a line of a `.pub` or an authorized_keys file, with its comment, and with options if it has any. Adding
   * one that is there replaces its comment and options.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE`, `KEY_TAKEN`, `CONFLICT`.
   */
  async addKey(name: string, line: string): Promise<AccountKey> {
    const key = parseKey(line);
    await this.#book.change(name, (document) => ({ ...document, keys: withKey(document.keys, key) }));
    return key;
  }

  /**
   * Removes a public key, by its fingerprint or its line. False when the account has none such. Who is in by it stays; see
   * {@link endSessions}.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE`, `CONFLICT`.
   */
  async removeKey(name: string, key: string): Promise<boolean> {
    const fingerprint = key.startsWith("SHA256:") ? key : parseKey(key).fingerprint;
    let isRemoved = false;
    await this.#book.change(name, (document) => {
      const keys = document.keys.filter((one) => one.fingerprint !== fingerprint);
      isRemoved = keys.length < document.keys.length;
      return isRemoved ? { ...document, keys } : undefined;
    });
    return isRemoved;
  }

  /**
   * Adds the keys of a file: an authorized_keys file, a list such as `https://github.com/NAME.keys`, or the JSON of GitHub's API.
   * Lines that cannot be used are told, and do not keep the others out.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE`, `KEY_TAKEN`, `CONFLICT`; none is added then.
   */
  async importKeys(name: string, text: string): Promise<KeyImport> {
    const { keys, faults } = parseKeys(text);
    let added: readonly AccountKey[] = [];
    await this.#book.change(name, (document) => {
      const known = new Set(document.keys.map(({ fingerprint }) => fingerprint));
      added = keys.filter(({ fingerprint }) => !known.has(fingerprint) && known.add(fingerprint));
      return { ...document, keys: added.reduce(withKey, document.keys) };
    });
    return { added, known: keys.length - added.length, faults };
  }

  /**
   * Makes a code by which the holder of the account links a key of another machine: who logs in there by that key is asked
   * for it, once, within ten minutes. A new code takes the place of the one before.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `CONFLICT`.
   */
  async newLinkCode(name: string): Promise<string> {
    const code = newCode(16);
    const until = this.#book.options.now() + LINK_MINUTES * 60_000;
    await this.#book.change(name, (document) => ({ ...document, link: { hash: hashCode(document.id, code), until } }));
    return code;
  }

  /**
   * Makes a secret for an authenticator app, and keeps nothing: show the link as a QR code, ask for a code of the app, and hand
   * both to {@link setTotp}.
   *
   * @throws {AccountError} `NO_ACCOUNT`. ConfigError `MISSING_PACKAGE`.
   */
  async newTotp(name: string): Promise<NewTotp> {
    const account = await this.get(name);
    if (account === undefined) throw missing(name);
    return newTotp({ issuer: this.#book.options.issuer, username: account.name });
  }

  /**
   * Sets up the codes of an authenticator app, if this code shows that the app makes them. From then on a code has to follow
   * a key or a password, unless the setting `methods` says otherwise. False when the code is wrong.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `BAD_VALUE` for a secret that is none, `CONFLICT`. ConfigError `MISSING_PACKAGE`.
   */
  async setTotp(name: string, secret: string, code: string): Promise<boolean> {
    let step: number | undefined;
    try {
      step = await totpStep(code.replaceAll(/[ -]/g, ""), secret, {}, this.#book.options.now());
    } catch (cause) {
      if (cause instanceof Error && "code" in cause) throw cause;
      // What the package throws quotes a character of the secret.
      throw new AccountError("BAD_VALUE", "The secret is none that newTotp() has made.");
    }
    if (step === undefined) return false;
    const totp = { secret, step };
    await this.#book.change(name, (document) => ({ ...document, totp }));
    return true;
  }

  /** Takes the codes of an authenticator app away, and the recovery codes with them. @throws {AccountError} `NO_ACCOUNT`, `CONFLICT`. */
  async removeTotp(name: string): Promise<void> {
    await this.#book.change(name, (document) => ({ ...document, totp: undefined, recovery: undefined }));
  }

  /**
   * Makes recovery codes, each good once in place of a code of the app. They are kept as hashes: this is the only time that they
   * can be shown. Those of before are void.
   *
   * @throws {AccountError} `NO_ACCOUNT`, `CONFLICT`.
   */
  async newRecoveryCodes(name: string): Promise<readonly string[]> {
    const codes = Array.from({ length: 10 }, () => newCode(16));
    await this.#book.change(name, (document) => ({
      ...document,
      recovery: codes.map((code) => hashCode(document.id, code)),
    }));
    return codes;
  }
}
