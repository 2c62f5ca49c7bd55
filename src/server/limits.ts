import { ConfigError } from "./config-error.ts";

/** From how many connections without a login on new ones are dropped, and how likely (sshd_config's MaxStartups). */
export interface StartupLimit {
  /** Up to here every connection is taken. */
  readonly start: number;
  /** The chance to be dropped at {@link start}, in percent; from there it rises to 100 at {@link full}. */
  readonly rate: number;
  /** From here on every connection is dropped. */
  readonly full: number;
}

/** How many leading bits of an address make one source. */
export interface NetBlock {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** When the keys of a connection are renewed, each way. */
export interface RekeyLimit {
  readonly bytes: number;
  readonly seconds: number;
}

/** What a visitor may use. Times are in seconds, sizes in bytes; a time of 0 means without end. */
export interface Limits {
  /** From the arrival to the login, whatever is sent meanwhile (LoginGraceTime). Default 60. */
  readonly loginGraceTime: number;
  /** From the arrival to the end of the client's identification line. Default 10. */
  readonly identificationTime: number;
  /** From the arrival to the first complete key exchange. Default 20. */
  readonly handshakeTime: number;
  /** How long a renewal of the keys may take. Default 30. */
  readonly rekeyTime: number;
  /** How long a connection may stay without a channel after the login. Default 60. */
  readonly unusedConnectionTime: number;
  /** How long an `auth` or `authinteractive` handler may take for a verdict. Default 30. */
  readonly authTime: number;
  /** How long a user may take to answer one question of keyboard-interactive. Default 60. */
  readonly authPromptTime: number;
  /** Failed login attempts on one connection (MaxAuthTries). Default 6. */
  readonly maxAuthTries: number;
  /** Login requests on one connection, whatever came of them. Default 32. */
  readonly maxAuthRequests: number;
  /** The longest password that is looked at. Default 1024. */
  readonly maxPassword: number;
  /** Connections without a login. Default 10:30:100. */
  readonly maxStartups: StartupLimit;
  /** Connections without a login from one source (PerSourceMaxStartups). Default 16. */
  readonly perSourceMaxStartups: number;
  /** What counts as one source (PerSourceNetBlockSize). Default 32 bits of IPv4, 64 of IPv6. */
  readonly perSourceNetBlock: NetBlock;
  /** Connections at once, all doors together. Default 1000. */
  readonly maxConnections: number;
  /** Sessions at once on one connection (MaxSessions). Default 10. */
  readonly maxSessions: number;
  /** Channels of every type at once on one connection. Default 64. */
  readonly maxChannels: number;
  /** How much a client may send ahead of what the app has read, for each channel. Default 1 MiB. */
  readonly window: number;
  /** The largest data packet taken from a client. Default 32 KiB. */
  readonly maxPacket: number;
  /** Silence after which a client is asked whether it is still there (ClientAliveInterval). Default 30. */
  readonly clientAliveInterval: number;
  /** How many such questions may stay without an answer (ClientAliveCountMax). Default 3. */
  readonly clientAliveCountMax: number;
  /** When keys are renewed. Default 1 GiB or 3600 s. */
  readonly rekeyLimit: RekeyLimit;
  /** Environment variables of one session. Default 64. */
  readonly maxEnv: number;
  /** The value of one environment variable. Default 4 KiB. */
  readonly maxEnvValue: number;
  /** The command of `ssh host command`, and one line typed or piped in. Default 32 KiB. */
  readonly maxCommand: number;
  /** What is kept of the keys typed while a command runs; keys beyond it are dropped with a bell. Default 4 KiB. */
  readonly maxTypeAhead: number;
  /** Output waiting for a visitor who does not read: a session with more than this is ended. Default 1 MiB. */
  readonly maxUnsent: number;
}

const MIB = 1024 ** 2;
const MAX_UINT32 = 2 ** 32 - 1;
const DAY = 86_400;

/** Every limit: its default and what it may be set to, which is never more than a door lets through. */
const LIMITS: Readonly<Record<keyof Limits, Bounds>> = {
  loginGraceTime: seconds(60),
  identificationTime: seconds(10),
  handshakeTime: seconds(20),
  rekeyTime: seconds(30),
  unusedConnectionTime: seconds(60),
  authTime: seconds(30, 0.001),
  authPromptTime: seconds(60, 0.001),
  maxAuthTries: count(6, 1, 1024),
  maxAuthRequests: count(32, 1, 1024),
  maxPassword: count(1024, 1, 1024),
  maxStartups: { start: count(10, 1, 100_000), rate: count(30, 0, 100), full: count(100, 1, 100_000) },
  perSourceMaxStartups: count(16, 1, 100_000),
  perSourceNetBlock: { ipv4: count(32, 0, 32), ipv6: count(64, 0, 128) },
  maxConnections: count(1000, 1, 1_000_000),
  maxSessions: count(10, 0, 10_000),
  maxChannels: count(64, 1, 10_000),
  window: count(MIB, 32_768, MAX_UINT32),
  maxPacket: count(32_768, 1024, 32_768),
  clientAliveInterval: seconds(30),
  clientAliveCountMax: count(3, 1, 1000),
  rekeyLimit: { bytes: count(1024 * MIB, MIB, 64 * 1024 * MIB), seconds: seconds(3600) },
  maxEnv: count(64, 0, 64),
  maxEnvValue: count(4096, 0, 4096),
  maxCommand: count(32_768, 1, 32_768),
  maxTypeAhead: count(4096, 0, MIB),
  maxUnsent: count(MIB, 65_536, 1024 * MIB),
};

/** What the option `limits` takes: any of {@link Limits}, and of its groups any part. */
export type LimitOptions = {
  readonly [Name in keyof Limits]?: Limits[Name] extends number ? number : Partial<Limits[Name]>;
};

/**
 * Completes limits with the defaults.
 *
 * @throws ConfigError `BAD_OPTION` or `UNKNOWN_OPTION`, naming the limit, what came and what it may be.
 */
export function resolveLimits(given: LimitOptions = {}): Limits {
  const limits = fill("limits", given, LIMITS) as unknown as Limits;
  const { start, full } = limits.maxStartups;
  if (full < start) {
    throw new ConfigError("BAD_OPTION", `limits.maxStartups.full is ${full}, below its start of ${start}: raise it.`);
  }
  return limits;
}

interface Bound {
  readonly kind: "number" | "whole number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
type Bounds = Bound | { readonly [name: string]: Bound };

function seconds(byDefault: number, min = 0): Bound {
  return { kind: "number", default: byDefault, min, max: DAY };
}

function count(byDefault: number, min: number, max: number): Bound {
  return { kind: "whole number", default: byDefault, min, max };
}

function fill(path: string, given: unknown, table: { readonly [name: string]: Bounds }): Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ConfigError("BAD_OPTION", `${path} must be an object such as { ${Object.keys(table)[0]}: … }.`);
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table, name)) {
      throw new ConfigError(
        "UNKNOWN_OPTION",
        `There is no ${path}.${name}; there are ${Object.keys(table).join(", ")}.`,
      );
    }
  }
  const values = given as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(table).map(([name, bounds]) => [name, value(`${path}.${name}`, values[name], bounds)]),
  );
}

function value(path: string, given: unknown, bounds: Bounds): unknown {
  if (!isBound(bounds)) return fill(path, given ?? {}, bounds);
  if (given === undefined) return bounds.default;
  const isKind = typeof given === "number" && (bounds.kind === "number" || Number.isInteger(given));
  if (!isKind || !(given >= bounds.min && given <= bounds.max)) {
    const came = typeof given === "number" ? String(given) : `a ${typeof given}`;
    throw new ConfigError(
      "BAD_OPTION",
      `${path} must be a ${bounds.kind} from ${bounds.min} to ${bounds.max}, not ${came}; leave it out for ${bounds.default}.`,
    );
  }
  return given;
}

function isBound(bounds: Bounds): bounds is Bound {
  return typeof bounds.default === "number";
}
