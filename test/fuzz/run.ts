/**
 * Fuzzes the engine: sessions that walk at random, sessions with faults, and every decoder.
 *
 *     npm run fuzz -- [--seconds 60] [--seed N] [--target NAME] [--case N] [--list]
 *
 * It ends with status 1 at the first finding, and says how to see it again.
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Report } from "./explore.ts";
import { targets } from "./targets.ts";
import type { Job, Outcome } from "./worker.ts";

/** A case that runs for so long never ends. */
const MAX_SECONDS = 30;
/** Memory of the whole process; what a run needs is a fifth of it. */
const MAX_RSS = 1536 * 2 ** 20;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    target: { type: "string" },
    case: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const index = values.case === undefined ? undefined : Number(values.case);
if (!(seconds > 0) || !Number.isInteger(seed) || (index !== undefined && !Number.isInteger(index))) {
  console.error("--seconds takes a number above 0, --seed and --case whole numbers");
  process.exit(2);
}
if (values.target !== undefined && !targets.some(({ name }) => name === values.target)) {
  console.error(`there is no target "${values.target}"; --list names them`);
  process.exit(2);
}
if (values.list) {
  for (const { name } of targets) console.log(name);
  process.exit(0);
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

// The counter may wrap in a run of days: all that is asked of it is that it moves.
const progress = new Int32Array(new SharedArrayBuffer(12));
const { target } = values;
const job: Job = { seed, milliseconds: seconds * 1000, target, index, progress };
const again = (report: Pick<Report, "target" | "index">): string =>
  `npm run fuzz -- --seed ${seed} --target ${report.target} --case ${report.index}`;

console.log(
  `fuzzing ${target ?? `${targets.length} targets`} ${index === undefined ? `for ${seconds} s` : `case ${index}`} with --seed ${seed}`,
);
const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: job });
let count = 0;
let still = 0;
let elapsed = 0;
const watch = setInterval(() => {
  const now = Atomics.load(progress, 2);
  still = now === count ? still + 1 : 0;
  count = now;
  const rss = process.memoryUsage.rss();
  if (++elapsed % 60 === 0) console.log(`${elapsed} s: ${now} cases, ${mebibytes(rss)} MiB`);
  if (still >= MAX_SECONDS) giveUp(`a case has been running for ${MAX_SECONDS} s`);
  if (rss > MAX_RSS) giveUp(`the process takes ${rss} bytes of memory`);
}, 1000);

worker.on("message", ({ passed, report }: Outcome) => {
  clearInterval(watch);
  if (report)
    console.error(
      `\n${report.target}: ${report.message}\n${report.stack}\ninput:\n${report.input}\nagain: ${again(report)}`,
    );
  finish(passed, report ? 1 : 0);
});
worker.on("error", (error) => giveUp(String(error)));

/** The worker cannot speak for itself any more: what it was doing stands in `progress`. */
function giveUp(message: string): void {
  const at = { target: targets[Atomics.load(progress, 0)]!.name, index: Atomics.load(progress, 1) };
  console.error(`\n${at.target}: ${message}\nagain: ${again(at)}`);
  finish(Math.max(0, Atomics.load(progress, 2) - 1), 1);
}

function finish(passed: number, failed: number): void {
  const what = target ?? `${targets.length} targets`;
  console.log(
    `${passed} passed, ${failed} failed (cases of ${what}; ${mebibytes(process.memoryUsage.rss())} MiB; seed ${seed})`,
  );
  process.exit(failed === 0 ? 0 : 1);
}
