import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { peerNames, requirePeer, versionOf } from "./peers.ts";

for (const name of peerNames) {
  test(`${name} is here to talk to`, (t) => {
    if (requirePeer(t, name) === undefined) return;
    const version = versionOf(name);
    t.diagnostic(`${name}: ${version}`);
    assert.notEqual(version, "unknown");
  });
}

test("docs/peers.md has a section for every file of interop tests; node scripts/peers-table.ts writes it", () => {
  const page = readFileSync(new URL("../../docs/peers.md", import.meta.url), "utf8");
  const files = globSync("**/*.test.ts", { cwd: import.meta.dirname }).filter((file) => file !== "peers.test.ts");
  const missing = files.filter((file) => !page.includes(`\n## ${file.replace(".test.ts", "")}\n`));
  assert.deepEqual(missing, []);
});

/** Runs a test that asks for `ssh` where no program is on the path, and returns what the runner says. */
function askWithoutPath(strict: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-peers-"));
  const file = join(folder, "ask.test.mjs");
  const peers = new URL("peers.ts", import.meta.url).href;
  writeFileSync(
    file,
    `import { test } from "node:test"; import { requirePeer } from "${peers}";
test("ask", (t) => { requirePeer(t, "ssh"); });`,
  );
  const env = { PATH: folder, SALLYPORT_REQUIRE_PEERS: strict };
  const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], { env, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return stdout;
}

test("a missing peer skips the test and says which package has it", () => {
  assert.match(askWithoutPath(""), /ok 1 - ask # SKIP ssh is not installed \(Debian: apt-get install openssh-client\)/);
});

test("a missing peer fails the test when SALLYPORT_REQUIRE_PEERS is 1", () => {
  assert.match(askWithoutPath("1"), /not ok 1 - ask\n[^]*ssh is not installed/);
});
