import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import {
  assertSeen,
  digestOfNoise,
  keyKinds,
  makeFolder,
  NOISE_MIB,
  noiseStream,
  PASSWORD,
  run,
  startSubject,
  Terminal,
  userKeyFile,
} from "./harness/index.ts";
import type { KeyKind, Subject, SubjectOptions } from "./harness/index.ts";
import { requirePeer } from "./peers.ts";

const MIB = 1024 ** 2;

/** `plink`, which knows the server by its fingerprint. */
interface Plink {
  readonly subject: Subject;
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** @param settings of a saved session, as PuTTY's configuration files name them. */
async function plink(t: TestContext, options: SubjectOptions = {}, settings = ""): Promise<Plink | undefined> {
  const path = requirePeer(t, "plink");
  if (path === undefined) return undefined;
  const subject = await startSubject(t, options);
  const home = makeFolder();
  mkdirSync(join(home, ".putty", "sessions"), { recursive: true });
  writeFileSync(join(home, ".putty", "sessions", "test"), `HostName=127.0.0.1\nProtocol=ssh\n${settings}`);
  const fingerprint = subject.server.hostKeys[0]?.fingerprint ?? "";
  const args = ["-load", "test", "-P", String(subject.port), "-hostkey", fingerprint];
  return { subject, path, args, env: { HOME: home } };
}

/** The user's key in PuTTY's own format. */
async function convertedKey(t: TestContext, kind: KeyKind): Promise<string> {
  const puttygen = requirePeer(t, "puttygen") ?? "";
  const file = join(makeFolder(), `${kind}.ppk`);
  const { status, stderr } = await run(puttygen, [userKeyFile(kind), "-O", "private", "-o", file]);
  assert.equal(status, 0, stderr);
  return file;
}

for (const kind of keyKinds) {
  test(`plink knows the host by its fingerprint and logs in with a key of type ${kind}`, async (t) => {
    const client = await plink(t, { userKeys: [kind] });
    if (client === undefined) return;
    const args = ["-batch", "-l", "alice", "-i", await convertedKey(t, kind), ...client.args, "exit 7"];
    const { status, stderr } = await run(client.path, args, client);
    assert.equal(status, 7, stderr);
    await assertSeen(client.subject, ["login alice by publickey", "left exit"]);
  });
}

test("plink is let in by the password, and not by another", async (t) => {
  const client = await plink(t, { authMethods: ["password"] });
  if (client === undefined) return;
  const login = (password: string) =>
    run(client.path, ["-batch", "-l", "alice", "-pw", password, ...client.args, "exit 7"], client);
  const right = await login(PASSWORD);
  assert.equal(right.status, 7, right.stderr);
  const wrong = await login("wrong horse");
  assert.equal(wrong.status, 1, wrong.stderr);
  assert.match(wrong.stderr, /Configured password was not accepted/);
  await assertSeen(client.subject, ["login alice by password", "left exit"]);
});

test("plink answers two rounds of keyboard-interactive on a terminal", async (t) => {
  const client = await plink(t);
  if (client === undefined || requirePeer(t, "python3") === undefined) return;
  const terminal = new Terminal(
    100,
    30,
    client.path,
    ["-no-antispoof", "-l", "carol", ...client.args, "exit 7"],
    client.env,
  );
  t.after(() => terminal.kill());
  for (const [question, answer] of [
    ["Password: ", PASSWORD],
    ["Colour: ", "red"],
    ["Animal: ", "fox"],
  ] as const) {
    await terminal.sees(question);
    terminal.type(`${answer}\r`);
  }
  assert.equal(await terminal.ends(), 7);
  await assertSeen(client.subject, ["login carol by keyboard-interactive", "left exit"]);
});

test("plink does not go on with another host key", async (t) => {
  const client = await plink(t, { hostKeys: ["ecdsa-256"] });
  if (client === undefined) return;
  const other = [...client.args.slice(0, -1), `SHA256:${"A".repeat(43)}`];
  const { status, stderr } = await run(
    client.path,
    ["-batch", "-l", "alice", "-pw", PASSWORD, ...other, "exit 7"],
    client,
  );
  assert.equal(status, 1);
  assert.match(stderr, /host key/i);
});

test("plink runs commands: their input, both outputs and status", async (t) => {
  const client = await plink(t);
  if (client === undefined) return;
  const args = ["-batch", "-l", "alice", "-i", await convertedKey(t, "ed25519"), ...client.args];
  const piped = await run(client.path, [...args, "cat"], { ...client, input: "pipe me\n" });
  assert.deepEqual([piped.status, piped.stdout], [0, "pipe me\n"], piped.stderr);
  const unknown = await run(client.path, [...args, "reboot"], client);
  assert.deepEqual([unknown.status, unknown.stdout, unknown.stderr], [127, "", "unknown command\n"]);
});

test("plink types at a prompt and tells that its terminal has another size", async (t) => {
  const client = await plink(t);
  if (client === undefined || requirePeer(t, "python3") === undefined) return;
  const args = ["-t", "-no-antispoof", "-l", "alice", "-i", await convertedKey(t, "ed25519"), ...client.args];
  const terminal = new Terminal(100, 30, client.path, args, client.env);
  t.after(() => terminal.kill());
  await terminal.sees("> ");
  terminal.type("hallo\r");
  await terminal.sees("hallo\r\nhallo\r\n");
  terminal.resize(132, 43);
  await terminal.sees("now 132 by 43");
  terminal.type("\u0004");
  assert.equal(await terminal.ends(), 0);
  await assertSeen(client.subject, ["pty xterm 100x30", "login alice by publickey", "resized 132x43", "left exit"]);
});

test(`plink moves ${NOISE_MIB} MiB each way, while both sides renew the keys for every MiB`, async (t) => {
  const client = await plink(t, { limits: { rekeyLimit: { bytes: MIB } } }, "RekeyBytes=1M\n");
  if (client === undefined) return;
  const args = ["-batch", "-l", "alice", "-i", await convertedKey(t, "ed25519"), ...client.args];
  const digest = digestOfNoise();
  const down = await run(client.path, [...args, `noise ${NOISE_MIB}`], client);
  assert.deepEqual([down.status, down.digest], [0, digest], down.stderr);
  const up = await run(client.path, [...args, "digest"], { ...client, input: noiseStream() });
  assert.deepEqual([up.status, up.stdout.trim()], [0, digest], up.stderr);
});
