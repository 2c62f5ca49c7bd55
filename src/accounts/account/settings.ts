import { AccountError } from "../error.ts";
import { isMethodLists } from "./methods.ts";
import { isPermission, isRole } from "./permissions.ts";

/** How much of something an account may have at once; what is left out is not bounded. */
export interface AccountLimits {
  /** Sessions, over all connections. */
  readonly sessions?: number;
  /** Connections. */
  readonly connections?: number;
}

/** What an account may do with files. The app's file system asks for it: nothing is opened by it alone. */
export interface FileAccess {
  readonly allowed: boolean;
  readonly readOnly: boolean;
  /** The folder that is `/` for it. Default what the app says. */
  readonly root?: string;
}

/** All that can be set of an account but what it logs in with. */
export interface AccountSettings {
  /** The principals of certificates that it logs in by. Default its name. */
  readonly principals?: readonly string[];
  /**
   * Which methods it has to log in by, as the server's option `authenticationMethods`: lists of `publickey`, `password` and
   * `keyboard-interactive` (a code), of which one has to be completed. A code never comes first. Default a key or a
   * password, and once codes are set up, one behind either.
   */
  readonly methods?: readonly string[];
  /** Names with dots between them. `orders.*` is everything below `orders`, `*` everything. */
  readonly permissions: readonly string[];
  /** Names of the option `roles`, each of which gives permissions. */
  readonly roles: readonly string[];
  /** Whether commands may be run by sudo. */
  readonly sudo: boolean;
  /** A text that each of its shells begins with, at most 8192 characters. */
  readonly banner?: string;
  /** In place of the server's option `prompt`, at most 256 characters. */
  readonly prompt?: string;
  /** Variables of every session, at most 64. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds without a key at the prompt, in place of the server's option; 0 for never. */
  readonly idleTimeout?: number;
  readonly limits: AccountLimits;
  /** Default no access. */
  readonly files: FileAccess;
  /** Whether its shells have a prompt with an editor, in place of the server's option. */
  readonly inputSystem?: boolean;
  /** Whether its line at the prompt is shown. Default true. */
  readonly echo?: boolean;
  /** It cannot log in, and who is in is thrown out. */
  readonly disabled: boolean;
  /** From when on it cannot log in any more, and who is in is thrown out: milliseconds since 1970. */
  readonly expires?: number;
  /** How many lines of its history are kept. Default that of the option `historyLimit`. */
  readonly historyLimit?: number;
}

/** What is changed of an account; `undefined` takes a value back to its default. */
export type AccountChange = { readonly [Name in keyof AccountSettings]?: AccountSettings[Name] | undefined };

/** What holds where nothing was set. */
export const DEFAULTS: AccountSettings = {
  permissions: [],
  roles: [],
  sudo: false,
  environment: {},
  limits: {},
  files: { allowed: false, readOnly: false },
  disabled: false,
};

const MAX_LIST = 256;
const MAX_TEXT = 8192;
const MAX_VARIABLES = 64;
const WEEK = 7 * 86_400;
const MAX_COUNT = 100_000;

/** Every setting: what it has to be, in words for the error and as a test. */
export const SETTINGS: Readonly<
  Record<keyof AccountSettings, readonly [expected: string, isRight: (given: unknown) => boolean]>
> = {
  principals: ["a list of texts", (given) => isListOf(given, (one) => isText(one, 256) && one !== "")],
  methods: [
    'lists such as ["publickey", "password,keyboard-interactive"], each of different methods, a code never first',
    isMethodLists,
  ],
  permissions: ["a list of names such as orders.read, orders.* or *", (given) => isListOf(given, isPermission)],
  roles: ["a list of names", (given) => isListOf(given, isRole)],
  sudo: ["true or false", isBoolean],
  banner: [`a text of at most ${MAX_TEXT} characters`, (given) => isText(given, MAX_TEXT)],
  prompt: ["a text of at most 256 characters", (given) => isText(given, 256)],
  environment: [
    `an object of at most ${MAX_VARIABLES} variables, with texts of at most 4096 characters`,
    isEnvironment,
  ],
  idleTimeout: ["a number of seconds from 0 to 7 days", (given) => isNumber(given, 0, WEEK)],
  limits: [
    "an object with whole numbers for sessions or connections",
    (given) => isRecordOf(given, { sessions: isCount, connections: isCount }),
  ],
  files: [
    "an object with allowed, readOnly and perhaps root, a path",
    (given) =>
      isRecordOf(given, {
        allowed: isBoolean,
        readOnly: isBoolean,
        root: (root) => isText(root, 4096) && root !== "",
      }) &&
      "allowed" in given &&
      "readOnly" in given,
  ],
  inputSystem: ["true or false", isBoolean],
  echo: ["true or false", isBoolean],
  disabled: ["true or false", isBoolean],
  expires: ["milliseconds since 1970, a whole number", (given) => isWhole(given, 0, 8.64e15)],
  historyLimit: [`a whole number from 0 to ${MAX_COUNT}`, isCount],
};

/**
 * Checks what is to be set.
 *
 * @param what whose they are, for the error.
 * @throws {AccountError} `BAD_VALUE`, which names the setting.
 */
export function checkSettings(given: unknown, what = "an account"): AccountChange {
  if (typeof given !== "object" || given === null) throw bad(`The settings of ${what} must be an object.`);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      throw bad(`There is no setting of that name; there are ${Object.keys(SETTINGS).join(", ")}.`);
    }
    const [expected, isRight] = SETTINGS[name as keyof AccountSettings];
    if (value !== undefined && !isRight(value)) throw bad(`The ${name} of ${what} must be ${expected}.`);
  }
  return given;
}

function bad(message: string): AccountError {
  return new AccountError("BAD_VALUE", message);
}

function isBoolean(given: unknown): boolean {
  return typeof given === "boolean";
}

function isNumber(given: unknown, min: number, max: number): boolean {
  return typeof given === "number" && given >= min && given <= max;
}

function isWhole(given: unknown, min: number, max: number): boolean {
  return isNumber(given, min, max) && Number.isInteger(given);
}

function isCount(given: unknown): boolean {
  return isWhole(given, 0, MAX_COUNT);
}

/** NUL ends a text for too many readers. */
function isText(given: unknown, max: number): boolean {
  return typeof given === "string" && given.length <= max && !given.includes("\0");
}

function isListOf(given: unknown, isRight: (one: unknown) => boolean): boolean {
  return Array.isArray(given) && given.length <= MAX_LIST && given.every(isRight);
}

function isRecordOf(given: unknown, table: Readonly<Record<string, (value: unknown) => boolean>>): given is object {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  return Object.entries(given).every(
    ([name, value]: [string, unknown]) => Object.hasOwn(table, name) && (value === undefined || table[name]!(value)),
  );
}

function isEnvironment(given: unknown): boolean {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  const variables = Object.entries(given);
  return (
    variables.length <= MAX_VARIABLES &&
    variables.every(([name, value]) => /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && isText(value, 4096))
  );
}
