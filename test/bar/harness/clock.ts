/** The clock that a server's deadlines go by: tests put it forward and do not wait. */
import { setTimeout as sleep } from "node:timers/promises";

/** Longer than two of a door's looks at the clock are apart. */
const TWO_SWEEPS = 600;

const now = performance.now.bind(performance);
let ahead = 0;
performance.now = () => now() + ahead;

/** Lets so many seconds pass for every server of this process; when it resolves, they have seen it. */
export async function pass(seconds: number): Promise<void> {
  ahead += seconds * 1000;
  await sleep(TWO_SWEEPS);
}
