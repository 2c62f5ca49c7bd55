import type { AuthMethod } from "./auth.ts";
import type { Client } from "./client/client.ts";
import { ConfigError } from "./config-error.ts";
import type { Awaitable, DefaultState } from "./events.ts";
import type { PenaltyOptions, PenaltyTable } from "./gate/penalties.ts";
import { resolvePenalties } from "./gate/penalties.ts";
import { LINE_OPTIONS, type LineOptions, resolveLineOptions, type ResolvedLineOptions } from "./line/options.ts";
import type { LimitOptions, Limits } from "./limits.ts";
import { resolveLimits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Authenticator } from "./login/authenticator.ts";
import { checkFactors } from "./login/factors.ts";
import { guarded, stderrLog } from "./log.ts";

/**
 * The options of a server. All have defaults; who may log in has to be said, by `auth` or `useExternalAuth`, or by
 * `allowAnyone`.
 */
export interface CommonOptions<State> extends LineOptions<State> {
  /** The TCP port. 0 takes a free one, see the `address` that `run()` gives. Default 2222. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`, which only this machine reaches; `::` or `0.0.0.0` serves the network. */
  readonly host?: string;
  /**
   * The host keys: for each the path of a private key file, its text, or another {@link HostKeySource}. Of keys of one
   * type the first is used; clients that are in learn of all of them. Default: an Ed25519 key that the first run makes
   * and keeps in `.sallyport/ssh_host_ed25519_key`.
   */
  readonly hostKeys?: HostKeySource | readonly HostKeySource[];
  /** Host certificates: for each the path of a `-cert.pub` file, or its text. Its key has to be among the host keys. */
  readonly hostCertificates?: string | readonly string[];
  /** The software that the server says it is, in its first line: printable ASCII without spaces, at most 64. Default `Sallyport`. */
  readonly ident?: string;
  /** Which algorithms to offer, in the order of preference. Default all that the engine has. */
  readonly algorithms?: AlgorithmOptions;
  /** Text to show before the login, at most 64 KiB. Default none. See also the event `authbanner`. */
  readonly banner?: string;
  /**
   * The ways to log in, such as those of `sallyport/auth`; each is asked about the methods that it judges, in the order
   * of the list, and the first verdict decides. Default none.
   */
  readonly auth?: readonly Authenticator[];
  /**
   * The methods that have to follow one another, as sshd_config's AuthenticationMethods: one of the lists has to be
   * completed, such as `["publickey,keyboard-interactive", "publickey,publickey"]`. The restrictions of all factors add
   * up. Default: any method alone.
   */
  readonly authenticationMethods?: readonly string[];
  /** Logins are judged by the handlers of `auth` and `authinteractive`, behind those of the option `auth`. Default false. */
  readonly useExternalAuth?: boolean;
  /** Lets everybody in, under any name and without a proof. For a public service or a demonstration. Default false. */
  readonly allowAnyone?: boolean;
  /**
   * The login methods to offer. Default those of the option `auth`; where handlers judge, `publickey` and `password`, and
   * `keyboard-interactive` when `authinteractive` has one. With `none` in the list, `auth` handlers also judge attempts
   * that prove nothing.
   */
  readonly authMethods?: readonly AuthMethod[];
  /** The environment variables that a client may set: names, or beginnings of names with a `*` behind. Default none. */
  readonly acceptEnv?: readonly string[];
  /** What stands before the line that a visitor types. Default `> `. See also `client.setPrompt`. */
  readonly prompt?: string;
  /** Whether a shell with a terminal has a prompt with an editor. Without one, apps read `client.stdin` or keys. Default true. */
  readonly inputSystem?: boolean;
  /** How many lines the editor of one client remembers. Default 100. */
  readonly historySize?: number;
  /** Seconds without a key at the prompt until `timeout` is raised. Default 0: never. */
  readonly idleTimeout?: number;
  /** What visitors may use. Each limit says its unit and default. */
  readonly limits?: LimitOptions;
  /** What sources of failed logins have to wait, or `false` to let them try on. Default as OpenSSH. */
  readonly penalties?: boolean | PenaltyOptions;
  /** Where the log goes: a function, or `false` for nowhere. Default one line of JSON for each entry, to stderr. */
  readonly log?: Log | false;
  /** Makes the bag {@link Client.state} of a new client. Default an empty object. */
  readonly state?: (client: Client<State>) => State;
}

/** Where a host key is kept: a private key in OpenSSH's format or PEM (PKCS#8, SEC1, PKCS#1). */
export type HostKeySource =
  /** The path of its file, or its text. Where there is no file yet, an Ed25519 key is made and kept. */
  | string
  /** Its file; made as above if it is to have no passphrase. */
  | { readonly file: string; readonly passphrase?: Passphrase }
  /** The name of the environment variable that holds its text, in which `\n` may stand for a new line. */
  | { readonly env: string; readonly passphrase?: Passphrase }
  /** Its text, or what is in its file. */
  | { readonly key: string | Uint8Array; readonly passphrase?: Passphrase };

/** What opens an encrypted key: the passphrase, or a function that is asked for it when it is needed. */
export type Passphrase = string | (() => Awaitable<string>);

/** Narrows what the SSH door offers, as sshd_config's KexAlgorithms, Ciphers and MACs do; what is left out is not narrowed. */
export interface AlgorithmOptions {
  readonly kex?: readonly string[];
  readonly ciphers?: readonly string[];
  readonly macs?: readonly string[];
}

/** {@link CommonOptions}, where `state` has to be given when the bag is said to hold something. */
export type ServerOptions<State = DefaultState> = CommonOptions<State> &
  ({} extends State ? unknown : { readonly state: (client: Client<State>) => State });

/** The options with every default filled in. */
export interface ResolvedOptions<State> extends ResolvedLineOptions<State> {
  readonly port: number;
  readonly host: string;
  /** Empty: the door makes one and keeps it. Not enumerable, as it may hold keys and passphrases. */
  readonly hostKeys: readonly HostKeySource[];
  readonly hostCertificates: readonly string[];
  readonly ident: string;
  readonly algorithms: AlgorithmOptions | undefined;
  readonly banner: string | undefined;
  readonly auth: readonly Authenticator[];
  readonly authenticationMethods: readonly string[] | undefined;
  readonly useExternalAuth: boolean;
  readonly allowAnyone: boolean;
  readonly authMethods: readonly AuthMethod[] | undefined;
  readonly acceptEnv: readonly string[];
  readonly prompt: string;
  readonly inputSystem: boolean;
  readonly historySize: number;
  readonly idleTimeout: number;
  readonly limits: Limits;
  readonly penalties: PenaltyTable | undefined;
  readonly log: Log;
  readonly state: ((client: Client<State>) => State) | undefined;
}

const MAX_BANNER = 65_536;
const ALGORITHMS: ReadonlySet<string> = new Set(["kex", "ciphers", "macs"]);
const AUTH_METHODS: readonly string[] = ["publickey", "password", "keyboard-interactive", "none"];

type Check = (given: unknown) => boolean;

/** Every option: what it has to be, in words for the error and as a test. */
const OPTIONS: Readonly<Record<keyof CommonOptions<unknown>, readonly [expected: string, check: Check]>> = {
  port: ["a port number from 0 to 65535", (given) => isWhole(given, 0, 65_535)],
  host: ["an address or a host name", (given) => isText(given, 1, 255)],
  hostKeys: [
    "the path or the text of a private key, { file }, { env } or { key } with or without a passphrase, or an array of them",
    (given) => (Array.isArray(given) ? given.length > 0 && given.every(isHostKeySource) : isHostKeySource(given)),
  ],
  hostCertificates: [
    "the path or the text of a host certificate, or an array of them",
    (given) => isText(given, 1) || isList(given),
  ],
  ident: [
    "printable ASCII without spaces or dashes, at most 64 characters",
    (given) => typeof given === "string" && /^[!-,./0-~]{1,64}$/.test(given),
  ],
  algorithms: ["an object with lists of names for kex, ciphers or macs", isAlgorithms],
  banner: ["a text of at most 64 KiB", (given) => isText(given, 0, MAX_BANNER)],
  auth: [
    "an array of at least one authenticator, such as those of sallyport/auth",
    (given) => Array.isArray(given) && given.length > 0 && given.every(isAuthenticator),
  ],
  // Its lists are looked at one by one, so that the error can name the one that is wrong.
  authenticationMethods: ["an array", Array.isArray],
  useExternalAuth: ["true or false", isBoolean],
  allowAnyone: ["true or false", isBoolean],
  authMethods: [
    `an array with some of ${AUTH_METHODS.join(", ")}`,
    (given) => isList(given) && given.length > 0 && given.every((name) => AUTH_METHODS.includes(name)),
  ],
  acceptEnv: ["an array of names, which may end in *", (given) => isList(given) && given.every(isEnvPattern)],
  prompt: ["a text", (given) => isText(given, 0)],
  inputSystem: ["true or false", isBoolean],
  ...LINE_OPTIONS,
  historySize: ["a whole number from 0 to 100000", (given) => isWhole(given, 0, 100_000)],
  idleTimeout: [
    "a number of seconds, 0 for never",
    (given) => typeof given === "number" && given >= 0 && given <= 86_400 * 7,
  ],
  limits: ["an object", (given) => typeof given === "object"],
  penalties: ["true, false or an object", (given) => isBoolean(given) || (typeof given === "object" && given !== null)],
  log: ["a function or false", (given) => given === false || typeof given === "function"],
  state: ["a function that gives the state of a new client", (given) => typeof given === "function"],
};

/**
 * Checks options and fills in the defaults.
 *
 * @throws ConfigError `UNKNOWN_OPTION`, `BAD_OPTION` or `CONFLICT`.
 */
export function resolveOptions<State>(given: CommonOptions<State>): ResolvedOptions<State> {
  if (typeof given !== "object" || given === null) {
    throw new ConfigError(
      "BAD_OPTION",
      `The options must be an object such as { port: 2222 }, not ${describe(given)}.`,
    );
  }
  for (const [name, value] of Object.entries(given)) check(name, value);
  const { allowAnyone = false, useExternalAuth = false, authenticationMethods } = given;
  if (authenticationMethods !== undefined) checkFactors(authenticationMethods);
  for (const [one, other, why] of conflicts(given)) {
    throw new ConfigError("CONFLICT", `${one} and ${other} contradict each other, as ${why}: leave one of them out.`);
  }
  const resolved = {
    port: given.port ?? 2222,
    host: given.host ?? "127.0.0.1",
    hostKeys: listOf(given.hostKeys),
    hostCertificates: listOf(given.hostCertificates),
    ident: given.ident ?? "Sallyport",
    algorithms: given.algorithms,
    banner: given.banner,
    auth: given.auth ?? [],
    authenticationMethods,
    useExternalAuth,
    allowAnyone,
    authMethods: given.authMethods,
    acceptEnv: given.acceptEnv ?? [],
    prompt: given.prompt ?? "> ",
    inputSystem: given.inputSystem ?? true,
    historySize: given.historySize ?? 100,
    ...resolveLineOptions(given),
    idleTimeout: given.idleTimeout ?? 0,
    limits: resolveLimits(given.limits),
    penalties: resolvePenalties(given.penalties ?? true),
    log: given.log === false ? () => undefined : guarded(given.log ?? stderrLog),
    state: given.state,
  };
  // Whoever logs a server must not log its private keys: even `showHidden` shows no more than that there is a getter.
  const { hostKeys } = resolved;
  return Object.defineProperty(resolved, "hostKeys", { get: () => hostKeys, enumerable: false });
}

/** The name and the value of an option as they were given; undefined stands for "not given". */
function check(name: string, value: unknown): void {
  if (!Object.hasOwn(OPTIONS, name)) {
    throw new ConfigError(
      "UNKNOWN_OPTION",
      `There is no option ${name}; there are ${Object.keys(OPTIONS).join(", ")}.`,
    );
  }
  const [expected, isRight] = OPTIONS[name as keyof typeof OPTIONS];
  if (value !== undefined && !isRight(value)) {
    throw new ConfigError("BAD_OPTION", `The option ${name} must be ${expected}, not ${describe(value)}.`);
  }
}

// An option may be a secret put into the wrong place: only what kind of value came is told, and numbers.
function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === "string" ? `a string of ${value.length} characters` : `a value of type ${typeof value}`;
}

/** The pairs of options that were given and cannot both hold. */
function conflicts<State>(given: CommonOptions<State>): (readonly [one: string, other: string, why: string])[] {
  const all = [
    ["allowAnyone", "useExternalAuth", "the one lets everybody in and the other asks the auth handlers"],
    ["allowAnyone", "auth", "the one lets everybody in and the other asks for a proof"],
    ["allowAnyone", "authenticationMethods", "the one lets everybody in and the other asks for a proof"],
    ["authMethods", "authenticationMethods", "both say which methods there are"],
  ] as const;
  return all.filter(([one, other]) => isGiven(given[one]) && isGiven(given[other]));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function isAuthenticator(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const { methods, judge, prepare } = given as Partial<Record<keyof Authenticator, unknown>>;
  const isMethods = isList(methods) && methods.length > 0 && methods.every((name) => AUTH_METHODS.includes(name));
  return isMethods && typeof judge === "function" && (prepare === undefined || typeof prepare === "function");
}

function isBoolean(given: unknown): boolean {
  return typeof given === "boolean";
}

function isWhole(given: unknown, min: number, max: number): boolean {
  return typeof given === "number" && Number.isInteger(given) && given >= min && given <= max;
}

function isText(given: unknown, min: number, max = Infinity): boolean {
  return typeof given === "string" && given.length >= min && Buffer.byteLength(given) <= max;
}

function isList(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((entry) => typeof entry === "string" && entry !== "");
}

function isAlgorithms(given: unknown): boolean {
  return (
    typeof given === "object" &&
    given !== null &&
    Object.entries(given).every(([name, list]) => ALGORITHMS.has(name) && isList(list) && list.length > 0)
  );
}

function isHostKeySource(given: unknown): boolean {
  if (typeof given === "string") return given !== "";
  if (typeof given !== "object" || given === null) return false;
  const { file, env, key, passphrase, ...others } = given as Readonly<Record<string, unknown>>;
  const places = [file, env, key].filter((place) => place !== undefined);
  const isPlace = isText(places[0], 1) || (key instanceof Uint8Array && key.length > 0);
  const isPassphrase = passphrase === undefined || isText(passphrase, 1) || typeof passphrase === "function";
  return places.length === 1 && isPlace && isPassphrase && Object.keys(others).length === 0;
}

function listOf<Entry>(given: Entry | readonly Entry[] | undefined): readonly Entry[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly Entry[]) : [given as Entry];
}

function isEnvPattern(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*\*?$|^\*$/.test(name);
}
