// Starts Sallyport and the peers that are installed, gives each the same work, prints medians and ratios. See README.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Generator } from "./generator.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { findPeers } from "./peers.ts";
import { topFunctions } from "./figures/profile.ts";
import { report } from "./figures/report.ts";
import { Results } from "./figures/results.ts";
import { peersFor, tasks } from "./tasks/index.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  let options: Options;
  try {
    options = readOptions(argv);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(usage);
    return;
  }
  const workspace = makeWorkspace();
  try {
    await measure(options, workspace);
  } finally {
    workspace.remove();
  }
}

async function measure(options: Options, workspace: Workspace): Promise<void> {
  const { peers, leftOut } = findPeers(options, workspace);
  const results = new Results();
  const bench = { peers, options, workspace, generator: new Generator(workspace), results };
  for (const name of options.tasks) {
    console.error(`${name} …`);
    if (options.profile) {
      workspace.profiles = join(workspace.folder, `profile-${name}`);
      mkdirSync(workspace.profiles);
    }
    await tasks[name]({ ...bench, peers: peersFor(name, peers) });
    if (workspace.profiles !== undefined) console.log(`\nProfile of ${name}\n\n${topFunctions(workspace.profiles)}`);
  }
  console.log(report(peers, leftOut, options.rounds, results));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ options, peers, leftOut, results }, null, 2)}\n`);
}
