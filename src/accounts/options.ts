import type { CertificateOptions } from "../auth/index.ts";
import type { Awaitable, Endpoint } from "../server/index.ts";
import { ConfigError } from "../server/index.ts";
import type { NameRule } from "./account/name.ts";
import { checkName, isNameRule } from "./account/name.ts";
import type { Roles } from "./account/permissions.ts";
import { isPermission, isRole } from "./account/permissions.ts";
import type { AccountChange } from "./account/settings.ts";
import { checkSettings } from "./account/settings.ts";
import { AccountError } from "./error.ts";
import { sqliteStore } from "./sqlite/sqlite-store.ts";
import type { AccountStore } from "./store/store.ts";

/** A name under which everybody may come in, by pressing Enter, and what guests may do. */
export interface GuestOptions extends Omit<AccountChange, "principals" | "methods" | "historyLimit"> {
  readonly name: string;
}

/** How strangers become users by themselves. */
export interface SignUpOptions {
  /** A name belongs to the first key that comes under it. Default true. */
  readonly keys?: boolean;
  /** Who comes under a name that is free, without a key, may choose a password, in the login's own dialogue. Default false. */
  readonly passwords?: boolean;
  /** What new accounts get. Default nothing. */
  readonly settings?: AccountChange;
  /** Names that nobody can sign up under. Default such as `root`, `admin`, `support`. */
  readonly reserved?: readonly string[];
  /** New accounts from one address, of IPv6 from one /64, in an hour. Default 10. */
  readonly perHour?: number;
  /** Asked before an account is made: `false` refuses. */
  readonly accept?: (name: string, peer: Endpoint) => Awaitable<boolean>;
}

/** The options of {@link Accounts}; all have defaults. */
export interface AccountsOptions {
  /** Where accounts are kept. Default `sqliteStore()`: the file `.sallyport/accounts.sqlite`. */
  readonly store?: AccountStore;
  /** Which names accounts may have. Default `ascii`. */
  readonly names?: NameRule;
  /** What roles give: permissions by the name of the role. Default none. */
  readonly roles?: Roles;
  /** Who may come in without an account. Default nobody. */
  readonly guests?: GuestOptions | readonly GuestOptions[];
  /** Whether strangers may become users by themselves: `true` for {@link SignUpOptions} as they are. Default false. */
  readonly signUp?: boolean | SignUpOptions;
  /** CAs whose certificates let in whoever has an account. Default none; a line with `cert-authority` trusts one for one account. */
  readonly certificates?: Pick<CertificateOptions, "trusted" | "revoked" | "algorithms">;
  /** The least characters of a new password. Default 8. */
  readonly minPassword?: number;
  /** How many lines of its history an account keeps, if it says nothing else. Default 1000. */
  readonly historyLimit?: number;
  /** How authenticator apps call this service. Default `Sallyport`. */
  readonly issuer?: string;
  /** How often who is in is compared with the store, in seconds: what other processes changed counts then. Default 10. */
  readonly recheck?: number;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** {@link SignUpOptions} with every default filled in. */
export type ResolvedSignUp = Required<Omit<SignUpOptions, "accept">> & Pick<SignUpOptions, "accept">;

/** {@link AccountsOptions} with every default filled in. */
export interface ResolvedAccountsOptions {
  readonly store: AccountStore;
  readonly names: NameRule;
  readonly roles: Roles;
  /** By their keys. */
  readonly guests: ReadonlyMap<string, GuestOptions>;
  readonly signUp: ResolvedSignUp | undefined;
  readonly certificates: AccountsOptions["certificates"] | undefined;
  readonly minPassword: number;
  readonly historyLimit: number;
  readonly issuer: string;
  readonly recheck: number;
  readonly now: () => number;
}

/** Names that belong to whoever runs a server, or seem to. */
const RESERVED =
  "root,admin,administrator,sysadmin,system,operator,moderator,support,security,abuse,postmaster,webmaster,guest";

const OPTIONS: Readonly<
  Record<keyof AccountsOptions, readonly [expected: string, isRight: (given: unknown) => boolean]>
> = {
  store: ["an account store, such as sqliteStore(file)", isObject],
  names: ['"ascii" or "unicode"', isNameRule],
  roles: ["an object with lists of permissions by the names of roles", isRoles],
  guests: ["an object with a name and settings, or a list of them", isObject],
  signUp: ["true, false or an object", (given) => typeof given === "boolean" || isSignUp(given)],
  certificates: [
    "an object with trusted, and perhaps revoked and algorithms",
    (given) => isObject(given) && "trusted" in given,
  ],
  minPassword: ["a whole number from 1 to 256", (given) => isWhole(given, 1, 256)],
  historyLimit: ["a whole number from 0 to 100000", (given) => isWhole(given, 0, 100_000)],
  issuer: [
    "a text of 1 to 64 characters, without a colon",
    (given) => typeof given === "string" && /^[^:\p{Cc}]{1,64}$/u.test(given),
  ],
  recheck: [
    "a number of seconds from 0.1 to 3600",
    (given) => typeof given === "number" && given >= 0.1 && given <= 3600,
  ],
  now: ["a function", (given) => typeof given === "function"],
};

/** @throws ConfigError `BAD_OPTION` or `UNKNOWN_OPTION`. */
export function resolveAccountsOptions(given: AccountsOptions): ResolvedAccountsOptions {
  if (!isObject(given)) throw new ConfigError("BAD_OPTION", "The options of accounts must be an object.");
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      const names = Object.keys(OPTIONS).join(", ");
      throw new ConfigError("UNKNOWN_OPTION", `Accounts have no option ${name}; they have ${names}.`);
    }
    const [expected, isRight] = OPTIONS[name as keyof AccountsOptions];
    if (value !== undefined && !isRight(value)) {
      throw new ConfigError("BAD_OPTION", `The option ${name} of accounts must be ${expected}.`);
    }
  }
  const { names = "ascii", signUp = false } = given;
  return {
    store: given.store ?? sqliteStore(),
    names,
    roles: given.roles ?? {},
    guests: guestsOf(given.guests, names),
    signUp: signUp === false ? undefined : signUpOf(signUp === true ? {} : signUp, names),
    certificates: given.certificates,
    minPassword: given.minPassword ?? 8,
    historyLimit: given.historyLimit ?? 1000,
    issuer: given.issuer ?? "Sallyport",
    recheck: given.recheck ?? 10,
    now: given.now ?? Date.now,
  };
}

function guestsOf(given: AccountsOptions["guests"], rule: NameRule): ReadonlyMap<string, GuestOptions> {
  const guests = given === undefined ? [] : Array.isArray(given) ? (given as GuestOptions[]) : [given as GuestOptions];
  return new Map(
    guests.map((guest) => {
      const { name, ...settings } = guest;
      const { key } = orConfigError("guests", () => checkName(name, rule));
      orConfigError("guests", () => checkSettings(settings, "guests"));
      return [key, guest];
    }),
  );
}

function signUpOf(given: SignUpOptions, rule: NameRule): ResolvedSignUp {
  const { keys = true, passwords = false, settings = {}, reserved = RESERVED.split(","), perHour = 10, accept } = given;
  orConfigError("signUp", () => checkSettings(settings, "new accounts"));
  const all = orConfigError("signUp", () => reserved.map((name) => checkName(name, rule).key));
  return { keys, passwords, settings, reserved: all, perHour, ...(accept !== undefined && { accept }) };
}

/** What is wrong with an option is a mistake in the app, and no fault of an account's. */
function orConfigError<Value>(option: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new ConfigError("BAD_OPTION", `The option ${option} of accounts: ${error.message}`, { cause: error });
  }
}

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

function isWhole(given: unknown, min: number, max: number): boolean {
  return typeof given === "number" && Number.isInteger(given) && given >= min && given <= max;
}

function isRoles(given: unknown): boolean {
  return (
    isObject(given) &&
    Object.entries(given).every(([role, list]) => isRole(role) && Array.isArray(list) && list.every(isPermission))
  );
}

const SIGN_UP: Readonly<Record<keyof SignUpOptions, (given: unknown) => boolean>> = {
  keys: (given) => typeof given === "boolean",
  passwords: (given) => typeof given === "boolean",
  settings: isObject,
  reserved: Array.isArray,
  perHour: (given) => isWhole(given, 1, 1_000_000),
  accept: (given) => typeof given === "function",
};

function isSignUp(given: unknown): boolean {
  return (
    isObject(given) &&
    Object.entries(given).every(
      ([name, value]: [string, unknown]) =>
        Object.hasOwn(SIGN_UP, name) && (value === undefined || SIGN_UP[name as keyof SignUpOptions](value)),
    )
  );
}
