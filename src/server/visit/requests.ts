import type { Limits } from "../limits.ts";
import type { PtyData, WindowSize } from "../session.ts";

/** The size that is assumed when a client gives none: apps divide by it. */
export const DEFAULT_SIZE: WindowSize = { width: 80, height: 24, pixelwidth: 0, pixelheight: 0 };

const MAX_SIZE = 65_535;
const MAX_TERM = 64;

/** RFC 4254 §6.10. */
const SIGNALS: ReadonlySet<string> = new Set([
  "ABRT",
  "ALRM",
  "FPE",
  "HUP",
  "ILL",
  "INT",
  "KILL",
  "PIPE",
  "QUIT",
  "SEGV",
  "TERM",
  "USR1",
  "USR2",
]);

/** Whether a client may send a signal of this name. */
export function isSignal(name: string): boolean {
  return SIGNALS.has(name);
}

/** A size that apps can rely on: 0 becomes the usual 80 by 24, and what no terminal has becomes 65535. */
export function sizeOf(size: WindowSize): WindowSize {
  return {
    width: clamp(size.width) || DEFAULT_SIZE.width,
    height: clamp(size.height) || DEFAULT_SIZE.height,
    pixelwidth: clamp(size.pixelwidth),
    pixelheight: clamp(size.pixelheight),
  };
}

/** The terminal that is requested, or undefined when it cannot be one. */
export function ptyOf(data: PtyData): PtyData | undefined {
  if (data.term.length > MAX_TERM || /[^!-~]/.test(data.term)) return undefined;
  return { term: data.term, modes: data.modes, ...sizeOf(data) };
}

/** Where a login that may run one command alone finds what the client has asked for. */
export const ORIGINAL_COMMAND = "SSH_ORIGINAL_COMMAND";

/** The environment variables of one session: those of the login, and those that the server takes from the client. */
export class Environment {
  /** Without a prototype: a name such as `constructor` is one like any other. */
  readonly values: Readonly<Record<string, string>>;
  readonly #values: Record<string, string>;
  readonly #accept: readonly string[];
  readonly #limits: Limits;
  readonly #fixed: Set<string>;
  readonly #sent: Set<string> = new Set();
  #count = 0;

  /**
   * @param accept names, or beginnings of names with a `*` behind.
   * @param fixed the login's own, which the client cannot change.
   */
  constructor(accept: readonly string[], limits: Limits, fixed: Readonly<Record<string, string>> = {}) {
    this.#values = Object.assign(Object.create(null) as Record<string, string>, fixed);
    this.#fixed = new Set([...Object.keys(fixed), ORIGINAL_COMMAND]);
    this.values = this.#values;
    this.#accept = accept;
    this.#limits = limits;
  }

  /** What the client has set. */
  get sent(): readonly (readonly [name: string, value: string])[] {
    return [...this.#sent].map((name) => [name, this.#values[name] ?? ""]);
  }

  /** Sets a variable; false when it is refused. */
  set(name: string, value: string): boolean {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) || value.includes("\0")) return false;
    if (this.#fixed.has(name) || !this.#accept.some((pattern) => matches(name, pattern))) return false;
    if (Buffer.byteLength(value) > this.#limits.maxEnvValue || this.#count >= this.#limits.maxEnv) return false;
    this.#values[name] = value;
    this.#sent.add(name);
    this.#count++;
    return true;
  }

  /** Tells the command that runs what was asked for in place of it. */
  tellOriginal(command: string): void {
    this.#values[ORIGINAL_COMMAND] = command;
  }
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function clamp(size: number): number {
  return size > 0 ? Math.min(Math.trunc(size), MAX_SIZE) : 0;
}
