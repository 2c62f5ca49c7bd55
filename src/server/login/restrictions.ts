/**
 * What a login may do, as the options of authorized_keys and certificates say it. What is absent restricts nothing. Those
 * of all factors of one login add up.
 */
export interface Restrictions {
  /** The only command that runs, whatever the client asks for; what it asked for is in `client.env.SSH_ORIGINAL_COMMAND`. */
  readonly forceCommand?: string;
  /** The addresses that the login may come from: addresses, CIDR blocks and patterns as in OpenSSH's `from=`. Empty: none. */
  readonly sourceAddress?: readonly string[];
  /** Environment variables that are set for every session. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Destinations `host:port` that may be forwarded to (`permitopen`). Empty: none. */
  readonly permitOpen?: readonly string[];
  /** Addresses `[host:]port` that may be listened on (`permitlisten`). Empty: none. */
  readonly permitListen?: readonly string[];
  readonly noPty?: boolean;
  readonly noPortForwarding?: boolean;
  readonly noAgentForwarding?: boolean;
  readonly noX11Forwarding?: boolean;
  /** From when on nobody can log in this way any more, in milliseconds since 1970. Who is in by then stays, as with sshd. */
  readonly expires?: number;
  /** How many sessions of the user there may be at once, over all of his connections. */
  readonly maxSessions?: number;
  /** How many connections of the user there may be at once; one more is ended as soon as it has logged in. */
  readonly maxConnections?: number;
}

/** What a complete login may do: the restrictions of all its factors together. */
export interface Grant {
  readonly forceCommand: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** One list for each factor that has one: every one of them has to match. */
  readonly sourceAddress: readonly (readonly string[])[];
  readonly permitOpen: readonly (readonly string[])[];
  readonly permitListen: readonly (readonly string[])[];
  readonly noPty: boolean;
  readonly noPortForwarding: boolean;
  readonly noAgentForwarding: boolean;
  readonly noX11Forwarding: boolean;
  readonly expires: number;
  readonly maxSessions: number;
  readonly maxConnections: number;
}

/** Every restriction: what it has to be. */
const RESTRICTIONS: Readonly<Record<keyof Restrictions, (given: unknown) => boolean>> = {
  forceCommand: isText,
  sourceAddress: isList,
  environment: isEnvironment,
  permitOpen: isList,
  permitListen: isList,
  noPty: isBoolean,
  noPortForwarding: isBoolean,
  noAgentForwarding: isBoolean,
  noX11Forwarding: isBoolean,
  expires: (given) => typeof given === "number",
  maxSessions: isCount,
  maxConnections: isCount,
};

/**
 * Checks what a verdict has given as its restrictions.
 *
 * @throws TypeError for what is none: a name that is misspelt must not leave the login unrestricted.
 */
export function checkRestrictions(given: unknown): Restrictions {
  if (typeof given !== "object" || given === null) throw new TypeError("The restrictions of a verdict are an object.");
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(RESTRICTIONS, name)) {
      throw new TypeError(`The restrictions of a verdict are ${Object.keys(RESTRICTIONS).join(", ")}.`);
    }
    const isRight = RESTRICTIONS[name as keyof Restrictions];
    if (value !== undefined && !isRight(value))
      throw new TypeError(`The restriction ${name} of a verdict is malformed.`);
  }
  return given;
}

/** The names of the restrictions that hold in a grant, for the log. */
export function restrictionsIn(grant: Grant): readonly string[] {
  return (Object.keys(RESTRICTIONS) as (keyof Restrictions)[]).filter((name) => {
    const held = grant[name];
    if (typeof held === "object") return Object.keys(held).length > 0;
    return typeof held === "number" ? held !== Infinity : held !== undefined && held !== false;
  });
}

/**
 * Adds up the restrictions of several factors, so that none is lost on the way (CVE-2026-39828). `undefined` when they
 * contradict each other: two commands cannot both be the only one, and a variable has one value.
 */
export function combine(all: readonly Restrictions[]): Grant | undefined {
  const commands = new Set(present(all, "forceCommand"));
  const environment: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of present(all, "environment").flatMap((variables) => Object.entries(variables))) {
    if ((environment[name] ??= value) !== value) return undefined;
  }
  if (commands.size > 1) return undefined;
  return {
    forceCommand: [...commands][0],
    environment,
    sourceAddress: present(all, "sourceAddress"),
    permitOpen: present(all, "permitOpen"),
    permitListen: present(all, "permitListen"),
    noPty: all.some(({ noPty }) => noPty === true),
    noPortForwarding: all.some(({ noPortForwarding }) => noPortForwarding === true),
    noAgentForwarding: all.some(({ noAgentForwarding }) => noAgentForwarding === true),
    noX11Forwarding: all.some(({ noX11Forwarding }) => noX11Forwarding === true),
    expires: Math.min(Infinity, ...present(all, "expires")),
    maxSessions: Math.min(Infinity, ...present(all, "maxSessions")),
    maxConnections: Math.min(Infinity, ...present(all, "maxConnections")),
  };
}

/** What a login may do that nothing restricts. */
export const UNRESTRICTED: Grant = {
  forceCommand: undefined,
  environment: {},
  sourceAddress: [],
  permitOpen: [],
  permitListen: [],
  noPty: false,
  noPortForwarding: false,
  noAgentForwarding: false,
  noX11Forwarding: false,
  expires: Infinity,
  maxSessions: Infinity,
  maxConnections: Infinity,
};

function present<Name extends keyof Restrictions>(
  all: readonly Restrictions[],
  name: Name,
): NonNullable<Restrictions[Name]>[] {
  return all.flatMap((restrictions) => {
    const value = restrictions[name];
    return value === undefined ? [] : [value];
  });
}

function isText(given: unknown): boolean {
  return typeof given === "string" && !given.includes("\0");
}

function isBoolean(given: unknown): boolean {
  return typeof given === "boolean";
}

function isCount(given: unknown): boolean {
  return typeof given === "number" && Number.isInteger(given) && given >= 0;
}

function isList(given: unknown): boolean {
  return Array.isArray(given) && given.every((entry) => typeof entry === "string");
}

function isEnvironment(given: unknown): boolean {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  return Object.entries(given).every(([name, value]) => /^[A-Za-z0-9_]+$/.test(name) && isText(value));
}
