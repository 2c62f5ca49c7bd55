import type { Awaitable, Client, CommandContext, DefaultState } from "../server/index.ts";
import { ConfigError } from "../server/index.ts";

/** Says whether a client has a permission. */
export type May<State> = (client: Client<State>, permission: string) => Awaitable<boolean>;

/** Who may use sudo, and with what password. `accounts.sudo` is one. */
export interface SudoJudge<State> {
  /** Whether the client may use sudo at all; asked each time. */
  allowed(client: Client<State>): Awaitable<boolean>;
  /** Whether this is the client's own password. */
  verify(client: Client<State>, password: string): Awaitable<boolean>;
  /**
   * Whose password is asked for, and by whom wrong ones are counted. Default the name of the login; where users change to
   * an account from inside, it is another.
   */
  nameOf?(client: Client<State>): Awaitable<string>;
}

/** How sudo asks. */
export interface SudoOptions<State = DefaultState> extends SudoJudge<State> {
  /** The word that stands before the command. Default `sudo`. */
  readonly word?: string;
  /** Wrong passwords until the user has to wait, in whichever session they were typed. 1 to 10, default 3. */
  readonly tries?: number;
  /** Seconds that he has to wait then. Default 60. */
  readonly wait?: number;
  /** Seconds for which a right password counts in its session. 0 asks each time. Default 300. */
  readonly remember?: number;
}

/** The options of a router. */
export interface CommandsOptions<State = DefaultState> {
  /** Says whether a client has a permission, as `accounts.may` does. Default: nobody has any. */
  readonly may?: May<State>;
  /** Lets users run with their own password what they may not run without. Default: there is no sudo. */
  readonly sudo?: SudoOptions<State>;
  /** Whether there is the command `help`, and the option `--help` of each command. Default true. */
  readonly help?: boolean;
  /** Whether `|` leads to the pager: `help | more`. Else it is a letter like others. Default true. */
  readonly pipes?: boolean;
  /** Seconds that a command may take that says nothing of its own. Default 0: no limit. */
  readonly timeout?: number;
  /** What becomes of a line whose first word is no command, in place of an error with status 127. */
  readonly unknown?: (
    client: Client<State>,
    line: string,
    context: CommandContext,
  ) => Awaitable<number | undefined | void>;
}

/** The options with every default filled in. */
export interface ResolvedCommandsOptions<State> {
  readonly may: May<State>;
  readonly sudo: Required<SudoOptions<State>> | undefined;
  readonly help: boolean;
  readonly pipes: boolean;
  readonly timeout: number;
  readonly unknown: CommandsOptions<State>["unknown"];
}

type Checks<Of> = Readonly<Record<keyof Of, readonly [expected: string, check: (given: unknown) => boolean]>>;

const OPTIONS: Checks<CommandsOptions<unknown>> = {
  may: ["a function of a client and a permission", isFunction],
  sudo: ["an object with the functions allowed and verify", (given) => typeof given === "object" && given !== null],
  help: ["true or false", (given) => typeof given === "boolean"],
  pipes: ["true or false", (given) => typeof given === "boolean"],
  timeout: ["a number of seconds from 0 to 1000000", isSeconds],
  unknown: ["a function of a client and a line", isFunction],
};

const SUDO_OPTIONS: Checks<SudoOptions<unknown>> = {
  allowed: ["a function of a client", isFunction],
  verify: ["a function of a client and a password", isFunction],
  nameOf: ["a function of a client", isFunction],
  word: ["a word of 1 to 64 letters", (given) => typeof given === "string" && isWord(given)],
  tries: [
    "a whole number from 1 to 10",
    (given) => Number.isInteger(given) && Number(given) >= 1 && Number(given) <= 10,
  ],
  wait: ["a number of seconds from 0 to 1000000", isSeconds],
  remember: ["a number of seconds from 0 to 1000000", isSeconds],
};

/** @throws ConfigError `UNKNOWN_OPTION` or `BAD_OPTION`. */
export function resolveOptions<State>(given: CommandsOptions<State>): ResolvedCommandsOptions<State> {
  check(given, OPTIONS, "new Commands({ … })");
  const { may = () => false, sudo, help = true, pipes = true, timeout = 0, unknown } = given;
  if (sudo === undefined) return { may, sudo, help, pipes, timeout, unknown };
  check(sudo, SUDO_OPTIONS, "the option sudo");
  const { word = "sudo", tries = 3, wait = 60, remember = 300 } = sudo;
  const missing = (["allowed", "verify"] as const).find((name) => !isFunction(sudo[name]));
  if (missing !== undefined) {
    throw new ConfigError("BAD_OPTION", `The option sudo needs the function ${missing}, as accounts.sudo has it.`);
  }
  // Called on the judge itself: a class may be one.
  const allowed = (client: Client<State>): Awaitable<boolean> => sudo.allowed(client);
  const verify = (client: Client<State>, password: string): Awaitable<boolean> => sudo.verify(client, password);
  const nameOf = (client: Client<State>): Awaitable<string> => sudo.nameOf?.(client) ?? client.username;
  return { may, sudo: { allowed, verify, nameOf, word, tries, wait, remember }, help, pipes, timeout, unknown };
}

/** Whether a text may be a part of a command's name. */
export function isWord(text: string): boolean {
  return /^[^\s'"\\|\p{Cc}\p{Cs}-][^\s'"\\|\p{Cc}\p{Cs}]{0,63}$/u.test(text);
}

/** Whether it is a time that a timer can be set to. */
export function isSeconds(given: unknown): boolean {
  return typeof given === "number" && given >= 0 && given <= 1_000_000;
}

function check(given: object, checks: Checks<object>, where: string): void {
  for (const [name, value] of Object.entries(given)) {
    const entry = (checks as Checks<Record<string, unknown>>)[name];
    if (!Object.hasOwn(checks, name) || entry === undefined) {
      throw new ConfigError(
        "UNKNOWN_OPTION",
        `There is no option ${name} in ${where}. There is ${Object.keys(checks).join(", ")}.`,
      );
    }
    const [expected, isRight] = entry;
    if (value !== undefined && !isRight(value)) {
      throw new ConfigError(
        "BAD_OPTION",
        `${name} in ${where} must be ${expected}, not a value of type ${typeof value}.`,
      );
    }
  }
}

function isFunction(given: unknown): boolean {
  return typeof given === "function";
}
