import { parentPort, workerData } from "node:worker_threads";
import { explore, runCase } from "./explore.ts";
import type { Report } from "./explore.ts";
import { targets } from "./targets.ts";

/** What `run.ts` asks for. */
export interface Job {
  readonly seed: number;
  readonly milliseconds: number;
  /** The only target, or all. */
  readonly target: string | undefined;
  /** The only case, or all that there is time for. */
  readonly index: number | undefined;
  /** Where the case that is running is written: the target's number, the case, and how many there have been. */
  readonly progress: Int32Array;
}

/** What came of it. */
export interface Outcome {
  readonly passed: number;
  readonly report: Report | undefined;
}

const { seed, milliseconds, target, index, progress } = workerData as Job;
const chosen = targets.filter(({ name }) => target === undefined || name === target);
const end = performance.now() + milliseconds;

function before(number: number, at: number): void {
  Atomics.store(progress, 0, targets.indexOf(chosen[number]!));
  Atomics.store(progress, 1, at);
  Atomics.add(progress, 2, 1);
}

function work(): Outcome {
  if (index === undefined) return explore(chosen, seed, () => performance.now() < end, before);
  for (const [number, one] of chosen.entries()) {
    before(number, index);
    const report = runCase(one, seed, index);
    if (report) return { passed: number, report };
  }
  return { passed: chosen.length, report: undefined };
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
parentPort!.postMessage(work());
