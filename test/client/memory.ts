import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are kept after `act`, garbage left out: on the heap, and in buffers outside of it. */
export async function kept(act: () => unknown): Promise<number> {
  const before = await used();
  await act();
  return (await used()) - before;
}

async function used(): Promise<number> {
  collect();
  // Buffers outside of the heap are given back in a turn of their own.
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
