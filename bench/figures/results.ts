/** One line of a table: what is measured, in which unit, and which way is better. */
export interface Row {
  readonly title: string;
  readonly unit: "ms" | "µs" | "s" | "MiB/s" | "s/GiB" | "KiB" | "/s";
  readonly better: "less" | "more";
}

/** Every value of every round, by row and column. */
export class Results {
  readonly #values = new Map<Row, Map<string, number[]>>();
  readonly #bounded = new Map<Row, Set<string>>();
  /** Peers that could not do a task, with the reason. */
  readonly failures: { task: string; peer: string; reason: string }[] = [];

  add(row: Row, peer: string, value: number): void {
    const columns = this.#values.get(row) ?? new Map<string, number[]>();
    this.#values.set(row, columns);
    const values = columns.get(peer) ?? [];
    columns.set(peer, values);
    values.push(value);
  }

  /** Notes that the server was not busy all the time, so that this value says more of the client than of the server. */
  boundByClient(row: Row, peer: string): void {
    const peers = this.#bounded.get(row) ?? new Set();
    this.#bounded.set(row, peers.add(peer));
  }

  isBoundByClient(row: Row, peer: string): boolean {
    return this.#bounded.get(row)?.has(peer) ?? false;
  }

  rows(): readonly Row[] {
    return [...this.#values.keys()];
  }

  /** The values of all rounds; empty where there are none. */
  values(row: Row, peer: string): readonly number[] {
    return this.#values.get(row)?.get(peer) ?? [];
  }

  /** The middle of the rounds; undefined where nothing was measured. */
  median(row: Row, peer: string): number | undefined {
    return median(this.values(row, peer));
  }

  /** `peer` ÷ `base`: the median of the rounds' own ratios, as the machine's mood changes less within a round. */
  ratio(row: Row, peer: string, base: string): number | undefined {
    const theirs = this.values(row, peer);
    const ours = this.values(row, base);
    const rounds = Math.min(theirs.length, ours.length);
    return median(Array.from({ length: rounds }, (_, round) => (theirs[round] ?? 0) / (ours[round] ?? 0)));
  }

  toJSON(): unknown {
    const rows = this.rows().map((row) => ({ ...row, values: Object.fromEntries(this.#values.get(row) ?? []) }));
    return { rows, failures: this.failures };
  }
}

/** The middle value; the mean of the two middle ones of an even number; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
