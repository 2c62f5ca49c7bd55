import { BlockList, isIP } from "node:net";
import { ConfigError } from "../config-error.ts";
import type { NetBlock } from "../limits.ts";
import { sourceOf } from "./source.ts";

/** What a source is penalised for. */
export type Offence = "crash" | "authfail" | "invaliduser" | "noauth" | "graceExceeded" | "refused";

/** What an offence has cost its source. */
export interface Penalty {
  /** The block of addresses that it counts for. */
  readonly source: string;
  /** For this offence alone, in seconds. */
  readonly seconds: number;
  /** With what is left of those before it, in seconds. */
  readonly total: number;
  /** The source is kept out until then. */
  readonly isEnforced: boolean;
}

/** How long a source has to wait after its offences, in seconds, as sshd's PerSourcePenalties. */
export interface PenaltyTable extends Readonly<Record<Offence, number>> {
  /** It made our own code fail. Default 90. */
  readonly crash: number;
  /** It left after failed logins. Default 5. */
  readonly authfail: number;
  /**
   * It left after failed logins under a name that nobody may log in with, as far as a verdict said so. Who sets it apart
   * from {@link authfail} tells strangers which names there are. Default 5.
   */
  readonly invaliduser: number;
  /** It left without an attempt to log in. Default 1. */
  readonly noauth: number;
  /** It used up the login grace time. Default 10. */
  readonly graceExceeded: number;
  /** The handler of `connection` refused it. Default 10. */
  readonly refused: number;
  /** Penalties add up; from this sum on they are enforced. Default 15. */
  readonly min: number;
  /** The sum never exceeds this. Default 600. */
  readonly max: number;
  /** How many sources are remembered; the one longest without an offence is forgotten first. Default 65536. */
  readonly sources: number;
  /** Addresses or networks (`10.0.0.0/8`) that are never penalised. Default this machine: `127.0.0.0/8` and `::1`. */
  readonly exempt: readonly string[];
}

/** What the option `penalties` takes: any part of the table. */
export type PenaltyOptions = Partial<PenaltyTable>;

// sshd_config(5), PerSourcePenalties.
const DEFAULTS: PenaltyTable = {
  crash: 90,
  authfail: 5,
  invaliduser: 5,
  noauth: 1,
  graceExceeded: 10,
  refused: 10,
  min: 15,
  max: 600,
  sources: 65_536,
  exempt: ["127.0.0.0/8", "::1"],
};

/**
 * Completes the table; undefined when penalties are off.
 *
 * @throws ConfigError `BAD_OPTION` or `UNKNOWN_OPTION`.
 */
export function resolvePenalties(given: boolean | PenaltyOptions): PenaltyTable | undefined {
  if (given === false) return undefined;
  if (given === true) return DEFAULTS;
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new ConfigError(
        "UNKNOWN_OPTION",
        `There is no penalties.${name}; there are ${Object.keys(DEFAULTS).join(", ")}.`,
      );
    }
    if (name === "exempt" || value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0 && value <= 86_400)) {
      throw new ConfigError("BAD_OPTION", `penalties.${name} must be a number from 0 to 86400.`);
    }
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const table: PenaltyTable = { ...DEFAULTS, ...Object.fromEntries(set) };
  if (table.max < table.min) {
    throw new ConfigError(
      "BAD_OPTION",
      `penalties.max is ${table.max}, below the min of ${table.min}: nobody would have to wait.`,
    );
  }
  blockListOf(table.exempt);
  return table;
}

interface Debt {
  /** When the sum of the penalties is over, on the clock of the calls, in milliseconds. */
  until: number;
  /** The sum has reached the minimum: the source is kept out until then. */
  isEnforced: boolean;
}

/** Remembers which sources have to wait. The clock is handed in, in milliseconds; it must not go back. */
export class Penalties {
  readonly #table: PenaltyTable;
  readonly #block: NetBlock;
  readonly #exempt: BlockList;
  /** In the order of the last offence, so that the first is the one to forget. */
  readonly #records: Map<string, Debt> = new Map();

  constructor(table: PenaltyTable, block: NetBlock) {
    this.#table = table;
    this.#block = block;
    this.#exempt = blockListOf(table.exempt);
  }

  /** How many sources are remembered. */
  get size(): number {
    return this.#records.size;
  }

  /** Adds the penalty of an offence to its source; undefined when there is none for it. */
  add(address: string, offence: Offence, now: number): Penalty | undefined {
    const { [offence]: seconds, min, max, sources } = this.#table;
    if (seconds === 0 || this.#isExempt(address)) return undefined;
    const source = sourceOf(address, this.#block);
    const before = this.#records.get(source);
    const start = Math.max(now, before?.until ?? now);
    const until = Math.min(start + seconds * 1000, now + max * 1000);
    const isEnforced = (before !== undefined && before.isEnforced && before.until > now) || until - now >= min * 1000;
    this.#records.delete(source);
    this.#records.set(source, { until, isEnforced });
    const [oldest] = this.#records.keys();
    if (this.#records.size > sources && oldest !== undefined) this.#records.delete(oldest);
    return { source, seconds, total: (until - now) / 1000, isEnforced };
  }

  /** Whether connections from there are refused for now. */
  isPenalised(address: string, now: number): boolean {
    if (this.#records.size === 0) return false;
    const source = sourceOf(address, this.#block);
    const record = this.#records.get(source);
    if (record === undefined) return false;
    if (record.until <= now) this.#records.delete(source);
    return record.until > now && record.isEnforced;
  }

  #isExempt(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#exempt.check(address, family === 6 ? "ipv6" : "ipv4");
  }
}

function blockListOf(entries: unknown): BlockList {
  const list = new BlockList();
  if (!Array.isArray(entries))
    throw new ConfigError("BAD_OPTION", "penalties.exempt must be an array of addresses or networks.");
  for (const entry of entries as readonly unknown[]) {
    const [, address = "", prefix] = (typeof entry === "string" && /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry)) || [];
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    try {
      list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
    } catch (error) {
      throw new ConfigError("BAD_OPTION", "penalties.exempt must hold addresses or networks such as 10.0.0.0/8.", {
        cause: error,
      });
    }
  }
  return list;
}
