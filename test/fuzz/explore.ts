import { Random } from "./random.ts";
import { Finding } from "./target.ts";
import type { Target } from "./target.ts";

/** What went wrong, and how to see it again. */
export interface Report {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly message: string;
  readonly input: string;
  readonly stack: string;
}

/** Runs case `index` of a target; what it finds comes back, whatever it is. */
export function runCase(target: Target, seed: number, index: number): Report | undefined {
  try {
    target.run(new Random(Random.seedOf(seed, target.name, index)));
    return undefined;
  } catch (error) {
    const cause = error instanceof Finding ? (error.cause ?? error) : error;
    return {
      target: target.name,
      seed,
      index,
      message: error instanceof Error ? error.message : String(error),
      input: error instanceof Finding ? error.input : "",
      stack: cause instanceof Error ? (cause.stack ?? "") : "",
    };
  }
}

/**
 * Runs cases of all targets in turn until `goOn` says no or one finds something.
 *
 * @param before is told of each case before it runs, for whoever watches over it.
 */
export function explore(
  targets: readonly Target[],
  seed: number,
  goOn: () => boolean,
  before: (target: number, index: number) => void,
): { passed: number; report: Report | undefined } {
  let passed = 0;
  for (let index = 0; goOn(); index++) {
    for (const [number, target] of targets.entries()) {
      before(number, index);
      const report = runCase(target, seed, index);
      if (report) return { passed, report };
      passed++;
    }
  }
  return { passed, report: undefined };
}
