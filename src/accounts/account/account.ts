import type { AccountDocument } from "./document.ts";
import type { AccountKey } from "./keys.ts";
import type { AccountSettings } from "./settings.ts";
import { DEFAULTS, SETTINGS } from "./settings.ts";

/** An account as it was when it was read. It has no secret: neither the hash of the password nor any code. */
export interface Account extends AccountSettings {
  readonly name: string;
  /** 1 for a new account, one more with each change; 0 for a guest's, which is kept nowhere. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly keys: readonly AccountKey[];
  readonly hasPassword: boolean;
  /** Whether codes of an authenticator app are set up. */
  readonly hasTotp: boolean;
  /** How many recovery codes are left. */
  readonly recoveryCodes: number;
  /** Whether it is one of the option `guests`. */
  readonly guest: boolean;
}

/** What the world may see of a document. */
export function viewOf(document: AccountDocument, revision: number): Account {
  const settings = Object.fromEntries(
    Object.keys(SETTINGS).flatMap((name) => {
      const value = document[name as keyof AccountSettings];
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Partial<AccountSettings>;
  return Object.freeze({
    name: document.name,
    revision,
    created: document.created,
    keys: document.keys,
    hasPassword: document.password !== undefined,
    hasTotp: document.totp !== undefined,
    recoveryCodes: document.recovery?.length ?? 0,
    guest: false,
    ...DEFAULTS,
    ...settings,
  });
}

/** What a guest is, who is kept nowhere. */
export function guestOf(name: string, settings: Partial<AccountSettings>): Account {
  const nothing = { revision: 0, created: 0, keys: [], hasPassword: false, hasTotp: false, recoveryCodes: 0 };
  return Object.freeze({ name, ...nothing, guest: true, ...DEFAULTS, ...settings });
}
