import type { Client } from "../../../server/index.ts";

/** What the account commands show of an account. */
export interface AdministeredAccount {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly sudo: boolean;
  readonly disabled: boolean;
  /** Milliseconds since 1970. */
  readonly expires?: number;
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly keys: readonly AdministeredKey[];
}

/** A public key of an account. */
export interface AdministeredKey {
  readonly type: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly comment: string;
}

/** When somebody logged in last. */
export interface AdministeredLogin {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
  readonly method: string;
}

/**
 * What `passwd` and the account commands work on. `Accounts` from `sallyport/accounts` is one, and so is whatever else has these
 * functions. What they throw is shown to the user when its `name` is `AccountError`; its message must be fit for that.
 */
export interface AccountAdministration {
  get(name: string): Promise<AdministeredAccount | undefined>;
  list(): AsyncIterable<AdministeredAccount>;
  add(
    name: string,
    account: { password?: string; permissions?: readonly string[]; roles?: readonly string[] },
  ): Promise<unknown>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
  rename(name: string, to: string): Promise<unknown>;
  grant(name: string, ...permissions: readonly string[]): Promise<unknown>;
  revoke(name: string, ...permissions: readonly string[]): Promise<unknown>;
  /** What is undefined is taken back to its default. */
  update(
    name: string,
    change: { roles?: readonly string[]; sudo?: boolean; expires?: number | undefined },
  ): Promise<unknown>;
  disable(name: string): Promise<unknown>;
  enable(name: string): Promise<unknown>;
  /** Throws out who is in by the account, but for the one that is to be kept. */
  setPassword(name: string, password: string, options: { readonly keep?: Client<unknown> }): Promise<void>;
  verifyPassword(name: string, password: string): Promise<boolean>;
  /** Takes away the codes of an authenticator app. */
  removeTotp(name: string): Promise<void>;
  /**
   * The account that a client is in by, undefined for one that came in otherwise, whatever it is called. Where there is no
   * such function, the account is that of the client's name: then nobody may come in under the name of another.
   */
  accountOf?(client: Client<unknown>): Promise<Pick<AdministeredAccount, "name"> | undefined>;
  addKey(name: string, line: string): Promise<AdministeredKey>;
  /** By its fingerprint. False when the account has none such. */
  removeKey(name: string, fingerprint: string): Promise<boolean>;
  lastLogin(name: string): Promise<AdministeredLogin | undefined>;
}
