/**
 * Runs the whole test suite on Node 26, the other line that the package supports.
 *
 *     node scripts/node26.ts [flags and files for `node --test`]
 *
 * Node 26 comes from the npm package `node` into an ignored folder, once.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";

const VERSION = "26.10.0";
const FOLDER = `.cache/node-${VERSION}`;
const NODE = `${FOLDER}/node_modules/node/bin/node`;

if (!existsSync(NODE)) {
  mkdirSync(FOLDER, { recursive: true });
  const manifest = { private: true, dependencies: { node: VERSION }, allowScripts: { node: true } };
  writeFileSync(`${FOLDER}/package.json`, JSON.stringify(manifest));
  run("npm", ["install", "--prefix", FOLDER, "--no-audit", "--no-fund"]);
}
run(NODE, ["scripts/test.ts", ...process.argv.slice(2)]);

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
