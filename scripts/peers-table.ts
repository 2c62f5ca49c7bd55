/**
 * Runs the interop tests and writes docs/peers.md: which programs were talked to, in which version, about what.
 *
 *     node scripts/peers-table.ts
 *
 * It writes nothing and ends with status 1 when a test fails.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { run } from "node:test";
import { peerNames, versionOf } from "../test/interop/peers.ts";
import { FINDINGS, WITHOUT_FINDINGS } from "../test/interop/ssh-audit-findings.ts";

/** What the runner tells of a test. */
interface Report {
  readonly type: string;
  readonly data: { readonly name: string; readonly skip?: string | boolean };
}

/** What became of the tests of one file. */
interface Results {
  readonly file: string;
  readonly passed: readonly string[];
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
}

const PAGE = "docs/peers.md";

const files = globSync("test/interop/**/*.test.ts").filter((file) => basename(file) !== "peers.test.ts");
const results: Results[] = [];
for (const file of files.toSorted()) results.push(await resultsOf(file));

const failed = results.flatMap((result) => result.failed);
if (failed.length > 0) {
  console.error(`${PAGE} is left as it was. Failed:\n${failed.join("\n")}`);
  process.exit(1);
}
writeFileSync(PAGE, page());
spawnSync("node_modules/.bin/oxfmt", [PAGE], { stdio: "inherit" });

async function resultsOf(file: string): Promise<Results> {
  const passed: string[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  for await (const { type, data } of run({ files: [file], timeout: 120_000 }) as AsyncIterable<Report>) {
    // The runner reports the file itself as a test, too.
    if (data.name === file) continue;
    if (type === "test:fail") failed.push(data.name);
    else if (type === "test:pass") (data.skip === undefined ? passed : skipped).push(data.name);
  }
  return { file, passed, skipped, failed };
}

function page(): string {
  return `# Peers

The programs and libraries of others that the server is tested against: real ones, over TCP on one machine. Each test
below ran against the version that stands above it. A program that is not installed is skipped by name;
with \`SALLYPORT_REQUIRE_PEERS=1\`, as in CI, it is a failure.

This page is written by \`node scripts/peers-table.ts\`, which runs the tests first.

${results.map(section).join("\n")}
## What ssh-audit says

With the default options it finds nothing but some of these; each version knows other names:

${Object.entries(FINDINGS)
  .map(([name, { why }]) => `- \`${name}\`: ${why}`)
  .join("\n")}

It finds nothing that it calls broken or weak with

\`\`\`ts
new Server({ algorithms: ${JSON.stringify(WITHOUT_FINDINGS, undefined, 2)} });
\`\`\`
`;
}

function section({ file, passed, skipped }: Results): string {
  const source = readFileSync(file, "utf8");
  const peers = peerNames.filter((name) => source.includes(`"${name}"`) && name !== "python3");
  const versions = new Set(
    peers.map((name) =>
      versionOf(name)
        .replace(/^# |[,(].*/g, "")
        .trim(),
    ),
  );
  const count = skipped.length === 0 ? `${passed.length} passed` : `${passed.length} passed, ${skipped.length} skipped`;
  return `## ${file.replace("test/interop/", "").replace(".test.ts", "")}

${[...versions].map((version) => `- ${version}`).join("\n")}

${count}:

${[...passed, ...skipped.map((name) => `(skipped) ${name}`)].map((name) => `- ${name}`).join("\n")}
`;
}
