import { hostname } from "node:os";
import type { Awaitable, Client, DefaultState } from "../../server/index.ts";
import { ConfigError } from "../../server/index.ts";
import type { Modules } from "../modules/modules.ts";
import { isWord } from "../options.ts";
import type { May } from "../options.ts";
import type { AccountAdministration } from "./account/administration.ts";

/** The system commands; `account` and `modules` have commands below them. */
export type SystemCommand =
  | "whoami"
  | "who"
  | "w"
  | "uptime"
  | "date"
  | "hostname"
  | "history"
  | "echo"
  | "clear"
  | "exit"
  | "passwd"
  | "kick"
  | "wall"
  | "account"
  | "modules";

/** The options of {@link systemCommands}. */
export interface SystemOptions<State = DefaultState> {
  /** Who may see the addresses and doings of others; the `may` of the router, such as `accounts.may`. Default nobody. */
  readonly may?: May<State>;
  /** What `passwd` and `account` work on, such as an `Accounts`. Without it there are no such commands. */
  readonly accounts?: AccountAdministration;
  /** What `modules` works on. Without it there is no such command. */
  readonly modules?: Modules<State>;
  /** Another name for a command, or `false` to leave it out. */
  readonly names?: Readonly<Partial<Record<SystemCommand, string | false>>>;
  /** What a client is called. Default the name that it logged in with. An app whose users change their account says it here. */
  readonly nameOf?: (client: Client<State>) => Awaitable<string>;
  /** What `hostname` says. Default the name of the machine. */
  readonly hostname?: string;
  /** The heading in the help. Default `System`. */
  readonly category?: string;
}

/** The options with every default filled in. */
export interface ResolvedSystemOptions<State> {
  readonly may: May<State>;
  readonly accounts: AccountAdministration | undefined;
  readonly modules: Modules<State> | undefined;
  readonly names: Readonly<Record<SystemCommand, string | false>>;
  readonly nameOf: (client: Client<State>) => Awaitable<string>;
  readonly hostname: string;
  readonly category: string;
}

/** The permissions that the commands ask for. */
export const PERMISSIONS = {
  /** The addresses, idle times and commands of others. */
  sessions: "system.sessions",
  kick: "system.kick",
  wall: "system.wall",
  accounts: "system.accounts",
  modules: "system.modules",
} as const;

const NAMES: Readonly<Record<SystemCommand, string>> = {
  whoami: "whoami",
  who: "who",
  w: "w",
  uptime: "uptime",
  date: "date",
  hostname: "hostname",
  history: "history",
  echo: "echo",
  clear: "clear",
  exit: "exit",
  passwd: "passwd",
  kick: "kick",
  wall: "wall",
  account: "account",
  modules: "modules",
};

const OPTIONS: Readonly<Record<keyof SystemOptions, readonly [expected: string, check: (given: unknown) => boolean]>> =
  {
    may: ["a function of a client and a permission", isFunction],
    accounts: ["an object such as an Accounts", (given) => hasFunctions(given, "get", "verifyPassword", "setPassword")],
    modules: ["a Modules", (given) => hasFunctions(given, "list", "reload")],
    names: ["an object with names, or false, by the names of the commands", isNames],
    nameOf: ["a function of a client", isFunction],
    hostname: ["a text", (given) => typeof given === "string"],
    category: ["a text", (given) => typeof given === "string"],
  };

/** @throws ConfigError `UNKNOWN_OPTION` or `BAD_OPTION`. */
export function resolveSystemOptions<State>(given: SystemOptions<State>): ResolvedSystemOptions<State> {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw new ConfigError(
        "UNKNOWN_OPTION",
        `There is no option ${name} in systemCommands({ … }). There is ${Object.keys(OPTIONS).join(", ")}.`,
      );
    }
    const [expected, check] = OPTIONS[name as keyof SystemOptions];
    if (value !== undefined && !check(value)) {
      throw new ConfigError("BAD_OPTION", `${name} in systemCommands({ … }) must be ${expected}.`);
    }
  }
  const { may = () => false, accounts, modules, names = {}, nameOf = loginName, category = "System" } = given;
  const own = given.hostname ?? hostname();
  return { may, accounts, modules, names: { ...NAMES, ...names }, nameOf, hostname: own, category };
}

function loginName<State>(client: Client<State>): string {
  return client.username;
}

function isFunction(given: unknown): boolean {
  return typeof given === "function";
}

function hasFunctions(given: unknown, ...names: readonly string[]): boolean {
  return typeof given === "object" && given !== null && names.every((name) => isFunction(Reflect.get(given, name)));
}

function isNames(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  return Object.entries(given).every(
    ([name, value]: [string, unknown]) =>
      Object.hasOwn(NAMES, name) && (value === false || (typeof value === "string" && value.split(" ").every(isWord))),
  );
}
