import { keyTaken, nameTaken } from "./refusals.ts";
import type { AccountPage, AccountRow, AccountStore, HistoryLine, LoginRecord } from "./store.ts";

/** Keeps accounts in the memory of the process, for tests and demonstrations: they end with it. */
export function memoryStore(): AccountStore {
  return new MemoryStore();
}

interface Entry {
  row: AccountRow;
  history: readonly HistoryLine[];
  login: LoginRecord | undefined;
}

class MemoryStore implements AccountStore {
  readonly #entries: Map<string, Entry> = new Map();
  /** The key of the account that each public key belongs to. */
  readonly #owners: Map<string, string> = new Map();

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  get(key: string): Promise<AccountRow | undefined> {
    return Promise.resolve(this.#entries.get(key)?.row);
  }

  findByKey(fingerprint: string): Promise<AccountRow | undefined> {
    const owner = this.#owners.get(fingerprint);
    return Promise.resolve(owner === undefined ? undefined : this.#entries.get(owner)?.row);
  }

  async insert(row: AccountRow): Promise<void> {
    this.#assertFree(row, undefined);
    this.#put({ row, history: [], login: undefined });
  }

  async replace(key: string, row: AccountRow, expected: number): Promise<boolean> {
    const entry = this.#entries.get(key);
    if (entry?.row.revision !== expected) return false;
    this.#assertFree(row, key);
    this.#take(entry);
    this.#put({ ...entry, row });
    return true;
  }

  remove(key: string, expected?: number): Promise<boolean> {
    const entry = this.#entries.get(key);
    const isMeant = entry !== undefined && (expected === undefined || entry.row.revision === expected);
    if (isMeant) this.#take(entry);
    return Promise.resolve(isMeant);
  }

  list({ after, limit }: AccountPage): Promise<readonly AccountRow[]> {
    const keys = [...this.#entries.keys()].filter((key) => after === undefined || compare(key, after) > 0);
    const page = keys.toSorted(compare).slice(0, limit);
    return Promise.resolve(page.map((key) => this.#entries.get(key)!.row));
  }

  appendHistory(key: string, line: HistoryLine, keep: number): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.history = newest([...entry.history, line], keep);
    return Promise.resolve();
  }

  history(key: string, limit: number): Promise<readonly HistoryLine[]> {
    return Promise.resolve(newest(this.#entries.get(key)?.history ?? [], limit));
  }

  clearHistory(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.history = [];
    return Promise.resolve();
  }

  recordLogin(key: string, login: LoginRecord): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.login = login;
    return Promise.resolve();
  }

  lastLogin(key: string): Promise<LoginRecord | undefined> {
    return Promise.resolve(this.#entries.get(key)?.login);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** @param mine the key of the account that is about to be replaced. */
  #assertFree({ key, fingerprints }: AccountRow, mine: string | undefined): void {
    if (key !== mine && this.#entries.has(key)) throw nameTaken(key);
    const taken = fingerprints.find((fingerprint) => (this.#owners.get(fingerprint) ?? mine) !== mine);
    if (taken !== undefined) throw keyTaken(taken);
  }

  #put(entry: Entry): void {
    const { key, fingerprints } = entry.row;
    this.#entries.set(key, entry);
    for (const fingerprint of fingerprints) this.#owners.set(fingerprint, key);
  }

  #take({ row }: Entry): void {
    this.#entries.delete(row.key);
    for (const fingerprint of row.fingerprints) this.#owners.delete(fingerprint);
  }
}

/** In the order of code points, which is that of the bytes in UTF-8 and not that of JavaScript's strings. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function newest(lines: readonly HistoryLine[], count: number): readonly HistoryLine[] {
  return count === 0 ? [] : lines.slice(-count);
}
