import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import test from "node:test";
import { exec, openPipe } from "../../../src/testing/index.ts";
import { until } from "../../interop/harness/index.ts";
import { testBothWays } from "../../ways.ts";
import { isError, makeApp } from "./app.ts";

testBothWays("a command is run to its end: its outputs apart, its status, its input", async (_, by) => {
  await using ssh = makeApp();
  ssh.onUser("exec", async (client, command) => {
    if (command === "sha256") {
      const hash = createHash("sha256");
      for await (const chunk of client.stdin) hash.update(chunk as Uint8Array);
      client.send(hash.digest());
      return 0;
    }
    client.send("out\n");
    client.stderr.write("err\n");
    return 9;
  });
  const { status, stdout, stderr } = await exec(ssh, "other", by);
  assert.deepEqual([status, stdout, stderr], [9, "Welcome, alice!\nout\n", "err\n"]);
  const input = randomBytes(3_000_000);
  const hashed = await exec(ssh, "sha256", { ...by, input });
  assert.deepEqual(hashed.bytes.subarray(-32), createHash("sha256").update(input).digest());
  assert.deepEqual([hashed.status, hashed.stderr], [0, ""]);
});

testBothWays("without a terminal each line is a command, and the end of the input is the end", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openPipe(ssh, by);
  alice.write("hello\nsilent\n");
  assert.equal(await alice.waitFor("world!"), "world!");
  alice.write("who\n");
  const [, user] = await alice.waitFor(/\["(\w+)"/);
  assert.equal(user, "alice");
  assert.equal(alice.client.pty, undefined);
  alice.end("nothing of the kind\n");
  assert.equal(await alice.waitForExit(), 127);
  assert.match(alice.stderr, /no nothing of the kind/);
  await assert.rejects(alice.waitFor("more"), isError("ENDED", /without "more".*alice got:.*world!.*on stderr:/s));
});

testBothWays("a subsystem is spoken to step by step, and one that is not served is refused", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openPipe(ssh, { ...by, subsystem: "upper" });
  alice.write("ab");
  await alice.waitFor("AB");
  alice.write(Uint8Array.of(0x63));
  await alice.waitFor((output) => output.endsWith("C"));
  alice.end();
  assert.equal(await alice.waitForExit(), 3);
  await assert.rejects(openPipe(ssh, { ...by, subsystem: "sftp" }), isError("SESSION_REFUSED", /the subsystem/));
});

testBothWays("a visitor who hangs up ends the command, and there is no status", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openPipe(ssh, { ...by, command: "wait" });
  await alice.waitFor("Welcome");
  const { client } = alice;
  alice.hangUp();
  assert.equal(await alice.waitForExit(), undefined);
  assert.equal(client.endReason, "disconnected");
});

testBothWays("nothing may be piped into a session that is over", async (_, by) => {
  await using ssh = makeApp();
  await using alice = await openPipe(ssh, { ...by, command: "exit" });
  assert.equal(await alice.waitForExit(), 7);
  assert.throws(() => alice.write("x"), isError("ENDED", /more input reaches nobody/));
});

test("a command that does not end is told with what it has written", async () => {
  await using ssh = makeApp();
  await assert.rejects(
    exec(ssh, "wait", { timeout: 20 }),
    isError("TIMEOUT", /20 ms in vain for the end of the session\.\nalice got:\nWelcome, alice!/),
  );
  assert.equal(ssh.clients.size, 0);
  await assert.rejects(openPipe(ssh, { command: "a", subsystem: "b" }), isError("BAD_ARGUMENT", /one program/));
});

testBothWays("signals reach the server in memory, and over SSH it is said that they cannot", async (_, by) => {
  await using ssh = makeApp();
  if (by.over === "ssh") {
    await using alice = await openPipe(ssh, by);
    assert.throws(() => alice.signal("INT"), isError("NOT_POSSIBLE", /OpenSSH's client sends no signals/));
    return;
  }
  await using alice = await openPipe(ssh);
  alice.signal("USR1");
  await alice.waitFor("signal USR1");
  await using bob = await openPipe(ssh, { command: "wait" });
  await bob.waitFor("Welcome");
  bob.signal("INT");
  assert.equal(await bob.waitForExit(), 130);
});

test("an app that does not read gets so much and no more, until it reads", async () => {
  await using ssh = makeApp({ limits: { window: 32_768 } });
  const { promise, resolve } = Promise.withResolvers<void>();
  let got = 0;
  ssh.onUser("exec", async (client) => {
    await promise;
    for await (const chunk of client.stdin) got += (chunk as Uint8Array).length;
  });
  let arrived = 0;
  ssh.onUser("rawtype", (_, bytes) => void (arrived += bytes.length));
  await using alice = await openPipe(ssh, { command: "count" });
  alice.end(new Uint8Array(200_000));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!alice.isOver);
  resolve();
  assert.equal(await alice.waitForExit(), 0);
  assert.equal(got, 200_000);
  assert.equal(arrived, 0);
});

test("a visitor who does not read costs the app its session in the end, as over a network", async () => {
  await using ssh = makeApp({ limits: { maxUnsent: 1024 ** 2 } });
  const reasons: unknown[] = [];
  ssh.onUser("disconnected", (client) => void reasons.push(client.endReason));
  ssh.onUser("exec", async (client, _, { signal }) => {
    for (let block = 0; block < 64 && !signal.aborted; block++) {
      client.send("x".repeat(65_536));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await using alice = await openPipe(ssh, { command: "flood" });
  alice.stopReading();
  await until("the end", () => reasons.length > 0);
  assert.deepEqual(reasons, ["overflow"]);
});
