/**
 * Runs the test suite on the Node that runs this file.
 *
 *     node scripts/test.ts [unit|interop] [flags and files for `node --test`]
 *
 * Without a name it runs everything under `test/`, with coverage. Tests that use decorators are compiled first, because
 * Node strips types but cannot lower decorators.
 */
import { spawnSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, dirname } from "node:path";

/** Files at once. Most tests wait for a peer or a timer; Node would leave one processor of two idle. */
const CONCURRENCY = availableParallelism() + 1;

/** A folder for this run alone: others may be under way. */
const COMPILED = `.cache/decorators-${process.pid}`;
const DECORATED = `${COMPILED}/test/decorators/**/*.test.js`;

const SUITES: Readonly<Record<string, readonly string[]>> = {
  all: ["test/*.test.ts", "test/!(decorators)/**/*.test.ts", DECORATED],
  unit: ["test/*.test.ts", "test/!(decorators|interop)/**/*.test.ts", DECORATED],
  interop: ["test/interop/**/*.test.ts"],
};

const [first = "all", ...others] = process.argv.slice(2);
const suite = SUITES[first];
const rest = suite === undefined ? process.argv.slice(2) : others;
const files = rest.filter((argument) => !argument.startsWith("-"));
const patterns = files.length > 0 ? files : (suite ?? SUITES["all"] ?? []);

compileDecorators();
if (globSync(patterns).length === 0) {
  console.error(`No test file matches ${patterns.join(" ")}`);
  process.exit(1);
}
const isWhole = patterns === SUITES["all"];
run([
  "--test",
  // Examples are run as they stand: "sallyport" is this source.
  "--conditions=sallyport-source",
  "--test-reporter=spec",
  "--test-timeout=120000",
  `--test-concurrency=${CONCURRENCY}`,
  ...(isWhole ? ["--experimental-test-coverage", "--test-coverage-include=src/**/*.ts"] : []),
  ...rest.filter((argument) => argument.startsWith("-")),
  ...patterns,
]);

function compileDecorators(): void {
  if (!patterns.includes(DECORATED) || globSync("test/decorators/**/*.test.ts").length === 0) return;
  process.on("exit", () => rmSync(COMPILED, { recursive: true, force: true }));
  run(["node_modules/typescript/bin/tsc", "-p", "test/decorators/tsconfig.json", "--outDir", COMPILED]);
}

/** Runs this very Node, and puts it first on the path for what the tests start; ends with its status unless that is 0. */
function run(args: readonly string[]): void {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const { status, error } = spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
