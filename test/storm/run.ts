/**
 * The storm in full, with its figures: `npm run storm`. It takes two minutes, and its status is 1 when something was not as it has
 * to be. `npm run storm -- --small` is what every `npm test` runs.
 */
import { parseArgs } from "node:util";
import { faultsOf, mib } from "./faults.ts";
import { DEFENCES, FULL, SMALL, storm } from "./storm.ts";
import type { Aftermath, Defence, Round } from "./storm.ts";

const { values } = parseArgs({ options: { small: { type: "boolean", default: false } } });
const size = values.small ? SMALL : FULL;

for (const defence of Object.keys(DEFENCES) as Defence[]) {
  const aftermath = await storm(size, defence);
  const faults = faultsOf(aftermath, size, defence);
  if (faults.length > 0) process.exitCode = 1;
  console.log(`\n${defence === "none" ? "Everybody is taken in" : "Limits and penalties as they come"}\n`);
  console.log(table(aftermath));
  for (const fault of faults) console.log(`\nFAULT: ${fault}`);
}

function table({ calm, before, rounds }: Aftermath): string {
  const inCalm = [at(calm.latencies, 0.5), at(calm.latencies, 0.99)] as const;
  const rows: (readonly [string, (round: Round) => string])[] = [
    ["echo p50, of the calm's", ({ typing }) => times(at(typing.latencies, 0.5), inCalm[0])],
    ["echo p99, of the calm's", ({ typing }) => times(at(typing.latencies, 0.99), inCalm[1])],
    ["keys without an echo", ({ typing }) => String(typing.lost)],
    ["connections without a login, at most", ({ sight }) => String(sight.startups)],
    ["of them from one source, at most", ({ sight }) => String(sight.ofOneSource)],
    ["connections refused, of all that came", ({ sight }) => `${sight.refused} of ${sight.refused + sight.arrived}`],
    ["sources penalised", ({ sight }) => String(sight.penalised)],
    ["passwords refused a second", ({ guesses, seconds }) => (guesses.refused / seconds).toFixed(0)],
    ["hashes computed / turned away", ({ sight }) => `${sight.verified} / ${sight.turnedAway}`],
    ["logins by key meanwhile", ({ cameIn }) => `${cameIn.worked} of ${cameIn.tried}`],
    ["processors kept busy", ({ sight }) => sight.cpus.toFixed(2)],
    ["event loop late by, p99", ({ sight }) => `${sight.lateP99.toFixed(0)} ms`],
    ["memory held, less that of before", ({ after }) => mib(after.held - before.held)],
    [
      "memory of the process at most, and after it",
      ({ sight, after }) => `${mib(sight.resident)}, ${mib(after.resident)}`,
    ],
  ];
  const head = ["", ...rounds.map((_, index) => `storm ${index + 1}`)];
  const lines = [head, head.map(() => "---"), ...rows.map(([name, show]) => [name, ...rounds.map(show)])];
  const calmly = `In the calm: echo p50 ${inCalm[0].toFixed(2)} ms, p99 ${inCalm[1].toFixed(2)} ms; the process has ${mib(before.resident)}.`;
  return `${calmly}\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;
}

/** The value below which this part of them lies. */
function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

function times(storm: number, calm: number): string {
  return `${(storm / calm).toFixed(1)}× (${storm.toFixed(1)} ms)`;
}
