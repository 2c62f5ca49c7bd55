import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertSeen, keyKinds, makeFolder, run, startSubject, until, userKeyFile } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { askpass, config, sshArguments } from "./client.ts";

for (const key of keyKinds) {
  const algorithms = key.startsWith("rsa") ? ["rsa-sha2-512", "rsa-sha2-256"] : [undefined];
  for (const algorithm of algorithms) {
    test(`ssh logs in with a key of type ${key}${algorithm ? ` by ${algorithm}` : ""}`, async (t) => {
      const ssh = requirePeer(t, "ssh");
      if (ssh === undefined) return;
      const subject = await startSubject(t, { userKeys: [key] });
      const options = config({
        BatchMode: "yes",
        PreferredAuthentications: "publickey",
        ...(algorithm && { PubkeyAcceptedAlgorithms: algorithm }),
      });
      const { status, stderr } = await run(ssh, [...options, ...sshArguments(subject, { key }), "exit", "3"]);
      assert.equal(status, 3, stderr);
      await assertSeen(subject, ["login alice by publickey", "left exit"]);
    });
  }
}

test("ssh is let in by the password", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const args = [...config({ PreferredAuthentications: "password" }), ...sshArguments(subject, { key: null })];
  const { status, stderr } = await run(ssh, [...args, "exit", "4"], { env: askpass() });
  assert.equal(status, 4, stderr);
  await assertSeen(subject, ["login alice by password", "left exit"]);
});

test("ssh with a wrong password, a foreign key or an ssh-rsa signature is kept out", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t, { userKeys: ["ed25519", "rsa-2048"] });
  const attempts = [
    { args: config({ PreferredAuthentications: "password", NumberOfPasswordPrompts: "2" }), key: null },
    { args: config({ PreferredAuthentications: "publickey" }), key: "ecdsa-256" },
    { args: config({ PreferredAuthentications: "publickey", PubkeyAcceptedAlgorithms: "ssh-rsa" }), key: "rsa-2048" },
  ] as const;
  for (const { args, key } of attempts) {
    const wrong = askpass({ assword: "wrong horse" });
    const { status, stderr } = await run(ssh, [...args, ...sshArguments(subject, { key }), "exit", "0"], {
      env: wrong,
    });
    assert.equal(status, 255);
    assert.match(stderr, /Permission denied \(publickey,password,keyboard-interactive\)/);
  }
  assert.deepEqual(subject.seen, []);
});

test("ssh answers two rounds of keyboard-interactive", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const args = config({ PreferredAuthentications: "keyboard-interactive" });
  const login = sshArguments(subject, { user: "carol", key: null });
  const env = askpass({ assword: "correct horse", Colour: "red", Animal: "fox" });
  const { status, stderr } = await run(ssh, [...args, ...login, "exit", "5"], { env });
  assert.equal(status, 5, stderr);
  assert.match(stderr, /Two more questions\./);
  await assertSeen(subject, ["login carol by keyboard-interactive", "left exit"]);
});

test("ssh gives a key and then answers questions where both are asked for", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const env = askpass({ assword: "correct horse", Colour: "red", Animal: "fox" });
  const { status, stderr } = await run(ssh, ["-v", ...sshArguments(subject, { user: "bob" }), "exit", "6"], { env });
  assert.equal(status, 6, stderr);
  assert.match(stderr, /Authenticated using "publickey" with partial success/);
  await assertSeen(subject, ["login bob by publickey+keyboard-interactive", "left exit"]);
});

test("ssh logs in with a key that an agent holds", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const agent = requirePeer(t, "ssh-agent");
  const add = requirePeer(t, "ssh-add");
  if (ssh === undefined || agent === undefined || add === undefined) return;
  const subject = await startSubject(t, { userKeys: ["ecdsa-384"] });
  const env = { SSH_AUTH_SOCK: join(makeFolder(), "agent") };
  const daemon = spawn(agent, ["-D", "-a", env.SSH_AUTH_SOCK], { stdio: "ignore" });
  t.after(() => daemon.kill());
  await until("the agent's socket", () => existsSync(env.SSH_AUTH_SOCK));
  assert.equal((await run(add, [userKeyFile("ecdsa-384")], { env })).status, 0);
  const args = [...config({ IdentitiesOnly: "no", BatchMode: "yes" }), ...sshArguments(subject, { key: null })];
  const { status, stderr } = await run(ssh, [...args, "exit", "7"], { env });
  assert.equal(status, 7, stderr);
});

test("ssh shows the banner before it asks for the password", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t, { banner: "Authorized use only.\nBe kind. \u00e9\n" });
  const args = [...config({ PreferredAuthentications: "password" }), ...sshArguments(subject, { key: null })];
  const { status, stderr } = await run(ssh, [...args, "exit", "0"], { env: askpass() });
  assert.equal(status, 0, stderr);
  assert.match(Buffer.from(stderr, "latin1").toString(), /Authorized use only\.\r?\nBe kind\. é\r?\n/);
});
