import assert from "node:assert/strict";
import { test } from "node:test";
import { run, startSubject } from "./harness/index.ts";
import { requirePeer } from "./peers.ts";
import { FINDINGS, WITHOUT_FINDINGS } from "./ssh-audit-findings.ts";

interface Finding {
  readonly name: string;
  readonly level: string;
  readonly text: string;
}

test("ssh-audit finds nothing with the default options but what docs/peers.md explains", async (t) => {
  const audit = requirePeer(t, "ssh-audit");
  if (audit === undefined) return;
  const { port } = await startSubject(t);
  const findings = await findingsOf(audit, port);
  // In docs/peers.md each of these is explained; a new word about the same algorithm would have to be explained, too.
  assert.deepEqual(
    findings.filter(({ name, text }) => FINDINGS[name]?.says.test(text) !== true),
    [],
  );
});

test("ssh-audit finds nothing broken or weak when NIST's curves and plain MACs are left out", async (t) => {
  const audit = requirePeer(t, "ssh-audit");
  if (audit === undefined) return;
  const { port } = await startSubject(t, { algorithms: WITHOUT_FINDINGS });
  const findings = await findingsOf(audit, port);
  assert.deepEqual(
    findings.filter(({ text }) => !/unknown algorithm|post-quantum/.test(text)),
    [],
  );
});

/** The lines with [fail] and [warn], and the algorithms that they are about. */
async function findingsOf(audit: string, port: number): Promise<readonly Finding[]> {
  const { stdout } = await run(audit, ["-n", `127.0.0.1:${port}`]);
  assert.match(stdout, /\(kex\) curve25519-sha256 /);
  let name = "";
  return stdout.split("\n").flatMap((line) => {
    name = /^\((?:kex|key|enc|mac)\) (\S+)/.exec(line)?.[1] ?? name;
    const [, level, text] = /\[(fail|warn)\] (.*)$/.exec(line) ?? [];
    return level === undefined || text === undefined ? [] : [{ name, level, text }];
  });
}
