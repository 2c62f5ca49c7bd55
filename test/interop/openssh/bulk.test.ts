import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOfNoise, NOISE_MIB, noiseStream, run, startSubject } from "../harness/index.ts";
import type { SubjectOptions } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

const MIB = 1024 ** 2;

interface Case {
  readonly who: string;
  readonly server: SubjectOptions;
  readonly client: readonly string[];
}

const CASES: readonly Case[] = [
  { who: "ssh", server: {}, client: config({ RekeyLimit: "1M" }) },
  { who: "the server", server: { limits: { rekeyLimit: { bytes: MIB } } }, client: [] },
  {
    who: "both",
    server: { limits: { rekeyLimit: { bytes: MIB } } },
    client: config({ RekeyLimit: "1M", Ciphers: "aes256-ctr" }),
  },
];

for (const { who, server, client } of CASES) {
  test(`ssh moves ${NOISE_MIB} MiB each way and back while ${who} renews the keys for every MiB`, async (t) => {
    const ssh = requirePeer(t, "ssh");
    if (ssh === undefined) return;
    const subject = await startSubject(t, server);
    const digest = digestOfNoise();
    const args = ["-v", ...client, ...sshArguments(subject)];

    const down = await run(ssh, [...args, "noise", String(NOISE_MIB)]);
    assert.equal(down.status, 0, down.stderr);
    assert.equal(down.digest, digest);
    assert.ok(renewals(down.stderr) >= NOISE_MIB / 2, `${renewals(down.stderr)} renewals on the way down`);

    const up = await run(ssh, [...args, "digest"], { input: noiseStream() });
    assert.equal(up.status, 0, up.stderr);
    assert.equal(up.stdout.trim(), digest);
    assert.ok(renewals(up.stderr) >= NOISE_MIB / 2, `${renewals(up.stderr)} renewals on the way up`);

    const both = await run(ssh, [...args, "cat"], { input: noiseStream() });
    assert.equal(both.status, 0, both.stderr);
    assert.equal(both.digest, digest);
    assert.ok(renewals(both.stderr) >= NOISE_MIB / 2, `${renewals(both.stderr)} renewals on the way there and back`);
  });
}

/** How often `ssh -v` says that new keys are in use, after the first time. */
function renewals(log: string): number {
  return log.split("SSH2_MSG_NEWKEYS received").length - 2;
}
