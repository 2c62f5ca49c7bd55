/**
 * A local attacker who swaps what stands under a name as fast as the system lets it, in a thread of its own, until it is told to stop:
 * a directory for a link to one outside, a file for a link to one outside, a directory for the one outside itself, and back.
 */
import { renameSync } from "node:fs";
import { workerData } from "node:worker_threads";

/** What is swapped: each of `names` in turn takes the place of `name`. */
export interface Swap {
  readonly name: string;
  readonly others: readonly string[];
}

export interface Orders {
  readonly swaps: readonly Swap[];
  /** One number: not 0 to stop. Then one more: how many swaps there were. */
  readonly state: SharedArrayBuffer;
}

const { swaps, state } = workerData as Orders;
const numbers = new Int32Array(state);

while (Atomics.load(numbers, 0) === 0) {
  for (const { name, others } of swaps) {
    for (const other of others) {
      // What is under the name steps aside, the other comes, and they change back: each name is away for a moment only.
      rename(name, `${other}.aside`);
      rename(other, name);
      rename(name, other);
      rename(`${other}.aside`, name);
      Atomics.add(numbers, 1, 1);
    }
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // The one who is attacked may have moved or removed it: the next turn finds its way.
  }
}
