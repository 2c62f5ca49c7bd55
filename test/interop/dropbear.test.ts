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
  publicKey,
  run,
  startSubject,
  Terminal,
  userKeyFile,
} from "./harness/index.ts";
import type { KeyKind, Subject, SubjectOptions } from "./harness/index.ts";
import { requirePeer } from "./peers.ts";

const MIB = 1024 ** 2;

/** `dbclient` and what it needs to find the server: its arguments, and a home with the host key in it. */
interface Dbclient {
  readonly subject: Subject;
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

async function dbclient(
  t: TestContext,
  options: SubjectOptions & { user?: string } = {},
): Promise<Dbclient | undefined> {
  const path = requirePeer(t, "dbclient");
  if (path === undefined) return undefined;
  const { user = "alice", ...rest } = options;
  const subject = await startSubject(t, rest);
  const home = makeFolder();
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(home, ".ssh", "known_hosts"), `127.0.0.1 ${publicKey("host", "ed25519")}\n`);
  return { subject, path, args: ["-p", String(subject.port), `${user}@127.0.0.1`], env: { HOME: home } };
}

/** The user's key in dropbear's own format. */
async function convertedKey(t: TestContext, kind: KeyKind): Promise<string> {
  const convert = requirePeer(t, "dropbearconvert") ?? "";
  const file = join(makeFolder(), kind);
  const { status, stderr } = await run(convert, ["openssh", "dropbear", userKeyFile(kind), file]);
  assert.equal(status, 0, stderr);
  return file;
}

for (const kind of keyKinds) {
  test(`dbclient knows the host and logs in with a key of type ${kind}`, async (t) => {
    const client = await dbclient(t, { userKeys: [kind] });
    if (client === undefined) return;
    const key = await convertedKey(t, kind);
    const { status, stderr } = await run(client.path, ["-i", key, ...client.args, "exit 7"], client);
    assert.equal(status, 7, stderr);
    await assertSeen(client.subject, ["login alice by publickey", "left exit"]);
  });
}

test("dbclient is let in by the password, and not by another", async (t) => {
  const client = await dbclient(t, { authMethods: ["password"] });
  if (client === undefined) return;
  const login = (password: string) =>
    run(client.path, [...client.args, "exit 7"], { env: { ...client.env, DROPBEAR_PASSWORD: password } });
  const right = await login(PASSWORD);
  assert.equal(right.status, 7, right.stderr);
  const wrong = await login("wrong horse");
  assert.match(wrong.stderr, /Disconnect received/);
  await assertSeen(client.subject, ["login alice by password", "left exit"]);
});

test("dbclient answers two rounds of keyboard-interactive on a terminal", async (t) => {
  const client = await dbclient(t, { user: "carol", authMethods: ["keyboard-interactive"] });
  if (client === undefined || requirePeer(t, "python3") === undefined) return;
  const terminal = new Terminal(100, 30, client.path, [...client.args, "exit 7"], client.env);
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

test("dbclient runs commands: their input, both outputs and status", async (t) => {
  const client = await dbclient(t);
  if (client === undefined) return;
  const args = ["-i", await convertedKey(t, "ed25519"), ...client.args];
  const piped = await run(client.path, [...args, "cat"], { ...client, input: "pipe me\n" });
  assert.deepEqual([piped.status, piped.stdout], [0, "pipe me\n"]);
  const unknown = await run(client.path, [...args, "reboot"], client);
  assert.deepEqual([unknown.status, unknown.stdout, unknown.stderr], [127, "", "unknown command\n"]);
});

test("dbclient types at a prompt and tells that its terminal has another size", async (t) => {
  const client = await dbclient(t);
  if (client === undefined || requirePeer(t, "python3") === undefined) return;
  const args = ["-i", await convertedKey(t, "ed25519"), "-t", ...client.args];
  const terminal = new Terminal(100, 30, client.path, args, client.env);
  t.after(() => terminal.kill());
  await terminal.sees("> ");
  terminal.type("hallo\r");
  await terminal.sees("hallo\r\nhallo\r\n");
  terminal.resize(132, 43);
  await terminal.sees("now 132 by 43");
  terminal.type("\u0004");
  assert.equal(await terminal.ends(), 0);
  await assertSeen(client.subject, [
    "pty xterm-256color 100x30",
    "login alice by publickey",
    "resized 132x43",
    "left exit",
  ]);
});

test(`dbclient moves ${NOISE_MIB} MiB each way, while the server renews the keys for every MiB`, async (t) => {
  const client = await dbclient(t, { limits: { rekeyLimit: { bytes: MIB } } });
  if (client === undefined) return;
  const args = ["-i", await convertedKey(t, "ed25519"), ...client.args];
  const digest = digestOfNoise();
  const down = await run(client.path, [...args, `noise ${NOISE_MIB}`], client);
  assert.deepEqual([down.status, down.digest], [0, digest], down.stderr);
  const up = await run(client.path, [...args, "digest"], { ...client, input: noiseStream() });
  assert.deepEqual([up.status, up.stdout.trim()], [0, digest], up.stderr);
});
