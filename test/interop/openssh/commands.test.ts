import assert from "node:assert/strict";
import { test } from "node:test";
import { run, startSubject } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

test("ssh ends with the exit status of its command", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  for (const wanted of [0, 1, 42, 254]) {
    const { status, stdout, stderr } = await run(ssh, [...sshArguments(subject), "exit", String(wanted)]);
    assert.deepEqual({ status, stdout, stderr }, { status: wanted, stdout: "", stderr: "" });
  }
});

test("ssh keeps stdout and stderr of a command apart", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const { status, stdout, stderr } = await run(ssh, [...sshArguments(subject), "reboot"]);
  assert.deepEqual({ status, stdout, stderr }, { status: 127, stdout: "", stderr: "unknown command\n" });
});

test("ssh gets status 1 and one line without details when a handler throws", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const { status, stdout, stderr } = await run(ssh, [...sshArguments(subject), "fail"]);
  assert.equal(status, 1);
  assert.match(stdout + stderr, /^[^\n]+\n$/);
  assert.doesNotMatch(stdout + stderr, /asked to fail|programs\.ts/);
  assert.ok(subject.seen.some((line) => line.includes("It was asked to fail.")));
});

test("ssh pipes its input through a command", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const input = "line one\nline two\r\n\u0000\u0001 and no newline at the end";
  const { status, stdout, stderr } = await run(ssh, [...sshArguments(subject), "cat"], { input });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: input, stderr: "" });
});

test("ssh without a terminal gives lines to the shell, and gets neither a prompt nor an echo", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const { status, stdout, stderr } = await run(ssh, ["-T", ...sshArguments(subject)], { input: "one\ntwo\n\nthree" });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "one\ntwo\nthree\n", stderr: "" });
});

test("ssh sets the environment variables that the server takes, and no others", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const options = config({ SetEnv: "TEST_COLOUR=rot LD_PRELOAD=/tmp/x.so NODE_OPTIONS=--inspect", SendEnv: "LC_*" });
  const env = { LC_TIME: "de_CH.UTF-8" };
  const { stdout } = await run(ssh, [...options, ...sshArguments(subject), "env", "TEST_COLOUR"], { env });
  assert.equal(stdout, "rot\n");
  const { stdout: preload } = await run(ssh, [...options, ...sshArguments(subject), "env", "LD_PRELOAD"], { env });
  assert.equal(preload, "\n");
  const taken = subject.seen.filter((line) => line.startsWith("env "));
  assert.deepEqual([...new Set(taken)].toSorted(), ["env LC_TIME=de_CH.UTF-8", "env TEST_COLOUR=rot"]);
});

test("ssh is told in order that there is no such subsystem, and that nothing is forwarded", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const subsystem = await run(ssh, [...sshArguments(subject), "-s", "sftp"]);
  assert.notEqual(subsystem.status, 0);
  assert.match(subsystem.stderr, /subsystem request failed/);
  const forward = await run(ssh, [
    "-R",
    "0:127.0.0.1:9",
    ...config({ ExitOnForwardFailure: "yes" }),
    ...sshArguments(subject),
    "exit",
  ]);
  assert.equal(forward.status, 255);
  assert.match(forward.stderr, /remote port forwarding failed/);
  const direct = await run(ssh, ["-W", "127.0.0.1:9", ...sshArguments(subject)]);
  assert.match(direct.stderr, /administratively prohibited/);
});
