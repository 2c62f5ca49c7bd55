import type { Limits } from "../limits.ts";
import { sourceOf } from "./source.ts";

/** Why a new connection is not taken. */
export type StartupRefusal = "too many connections" | "too many without a login" | "too many from this source";

/** A place among the connections; {@link admitted} and {@link left} may each be called more than once. */
export interface Place {
  /** The login is complete: the connection counts as a startup no more. */
  admitted(): void;
  /** The connection is gone. */
  left(): void;
}

/** Counts connections and those that have not logged in yet, and refuses new ones as sshd's MaxStartups does. */
export class Startups {
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #bySource: Map<string, number> = new Map();
  #startups = 0;
  #connections = 0;

  /** @param random gives numbers from 0 to below 1. */
  constructor(limits: Limits, random: () => number = Math.random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Connections that have a place. */
  get connections(): number {
    return this.#connections;
  }

  /** Connections without a login. */
  get startups(): number {
    return this.#startups;
  }

  /** Takes a new connection in, or says why not. A refusal costs nothing and leaves no trace. */
  arrive(address: string): Place | StartupRefusal {
    if (this.#connections >= this.#limits.maxConnections) return "too many connections";
    if (this.#isDropped()) return "too many without a login";
    const source = sourceOf(address, this.#limits.perSourceNetBlock);
    const fromSource = this.#bySource.get(source) ?? 0;
    if (fromSource >= this.#limits.perSourceMaxStartups) return "too many from this source";

    this.#bySource.set(source, fromSource + 1);
    this.#startups++;
    this.#connections++;
    let isStartup = true;
    let isIn = true;
    const admitted = (): void => {
      if (!isStartup) return;
      isStartup = false;
      this.#startups--;
      const rest = (this.#bySource.get(source) ?? 1) - 1;
      if (rest === 0) this.#bySource.delete(source);
      else this.#bySource.set(source, rest);
    };
    const left = (): void => {
      if (!isIn) return;
      isIn = false;
      this.#connections--;
      admitted();
    };
    return { admitted, left };
  }

  // sshd_config(5), MaxStartups start:rate:full: the chance rises linearly from rate at start to 100 % at full.
  #isDropped(): boolean {
    const { start, rate, full } = this.#limits.maxStartups;
    if (this.#startups < start) return false;
    if (this.#startups >= full) return true;
    const chance = rate + ((100 - rate) * (this.#startups - start)) / (full - start);
    return this.#random() * 100 < chance;
  }
}
