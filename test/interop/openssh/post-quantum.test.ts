import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOfNoise, NOISE_MIB, noiseStream, run, startSubject } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

const HYBRID = "mlkem768x25519-sha256";

test(`ssh that is left to its own preferences agrees on ${HYBRID}, and has nothing to warn of`, async (t) => {
  const ssh = requirePeer(t, "ssh-mlkem");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const loud = await run(ssh, ["-v", ...sshArguments(subject), "exit", "3"]);
  assert.equal(loud.status, 3, loud.stderr);
  assert.match(loud.stderr, new RegExp(`kex: algorithm: ${HYBRID}`));
  const quiet = await run(ssh, [...sshArguments(subject), "exit", "3"]);
  assert.deepEqual([quiet.status, quiet.stderr], [3, ""]);
});

test(`ssh moves ${NOISE_MIB} MiB each way while it renews the keys by ${HYBRID} for every MiB`, async (t) => {
  const ssh = requirePeer(t, "ssh-mlkem");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const options = config({ RekeyLimit: "1M", KexAlgorithms: HYBRID });
  const digest = digestOfNoise();
  const down = await run(ssh, [...options, ...sshArguments(subject), "noise", String(NOISE_MIB)]);
  assert.deepEqual([down.status, down.digest], [0, digest], down.stderr);
  const up = await run(ssh, [...options, ...sshArguments(subject), "digest"], { input: noiseStream() });
  assert.deepEqual([up.status, up.stdout.trim()], [0, digest], up.stderr);
});
