import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { AuthenticatedSSHClient, getSupportedKexAlgorithms, KeyPair, SSHClient, SshTransport } from "russh";
import type { Channel, Config } from "russh";
import { kexAlgorithms } from "../../src/crypto/index.ts";
import { noise } from "../target/programs.ts";
import {
  assertSeen,
  digestOfNoise,
  keyKinds,
  NOISE_MIB,
  PASSWORD,
  privateKey,
  startSubject,
  until,
} from "./harness/index.ts";
import type { KeyKind, Subject } from "./harness/index.ts";
import { requirePeer } from "./peers.ts";

const MIB = 1024 ** 2;
const HYBRID = "mlkem768x25519-sha256";

for (const kex of kexAlgorithms.keys()) {
  const what = kex === HYBRID ? "the post-quantum key exchange " : "";
  test(`russh agrees on ${what}${kex}, and the keys are right`, async (t) => {
    if (requirePeer(t, "russh") === undefined) return;
    const subject = await startSubject(t);
    const client = await connect(t, subject, { preferred: { kex: [kex] } });
    const user = await loginByKey(client, "ed25519");
    const channel = await exec(user, "cat");
    await channel.channel.write(Buffer.from(kex));
    await channel.channel.eof();
    await until("the echo", () => channel.output().toString() === kex);
    assert.equal(agreed(subject, "kex"), kex);
  });
}

test("russh chooses the post-quantum key exchange when both sides are left to their own preferences", async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  assert.ok(getSupportedKexAlgorithms().includes(HYBRID));
  const subject = await startSubject(t);
  await loginByKey(await connect(t, subject), "ed25519");
  assert.equal(agreed(subject, "kex"), HYBRID);
});

test("russh sees the host key by the fingerprint that the server gives", async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  const subject = await startSubject(t);
  let fingerprint = "";
  const client = await connect(t, subject, {}, (seen) => (fingerprint = seen));
  await client.disconnect();
  assert.equal(fingerprint, subject.server.hostKeys[0]?.fingerprint);
});

test("russh is let in by the password, and not by another", async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  const subject = await startSubject(t);
  const refused = await (await connect(t, subject)).authenticateWithPassword("alice", "wrong horse");
  assert.ok(!(refused instanceof AuthenticatedSSHClient));
  assert.deepEqual(refused.remainingMethods.toSorted(), ["keyboard-interactive", "password", "publickey"]);
  const user = await (await connect(t, subject)).authenticateWithPassword("alice", PASSWORD);
  assert.ok(user instanceof AuthenticatedSSHClient);
});

for (const kind of keyKinds) {
  test(`russh logs in with a key of type ${kind}`, async (t) => {
    if (requirePeer(t, "russh") === undefined) return;
    const subject = await startSubject(t, { userKeys: [kind] });
    const user = await loginByKey(await connect(t, subject), kind);
    const { closed } = await exec(user, "exit 7");
    await until("the end of the command", closed);
    await assertSeen(subject, ["login alice by publickey", "left exit"]);
  });
}

test("russh answers two rounds of keyboard-interactive", async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  const subject = await startSubject(t);
  const client = await connect(t, subject);
  const first = await client.startKeyboardInteractiveAuthentication("carol");
  assert.equal(first.state, "infoRequest");
  const second = await client.continueKeyboardInteractiveAuthentication([PASSWORD]);
  assert.ok(!(second instanceof AuthenticatedSSHClient) && second.state === "infoRequest");
  assert.deepEqual(
    second.prompts().map(({ prompt, echo }) => [prompt, echo]),
    [
      ["Colour: ", true],
      ["Animal: ", false],
    ],
  );
  assert.ok((await client.continueKeyboardInteractiveAuthentication(["red", "fox"])) instanceof AuthenticatedSSHClient);
});

test("russh types at a prompt and tells of its terminal's size", async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  const subject = await startSubject(t);
  const user = await loginByKey(await connect(t, subject), "ed25519");
  const { channel, output, closed } = await open(user);
  await channel.requestPTY("xterm", { columns: 100, rows: 30, pixWidth: 0, pixHeight: 0 });
  await channel.requestShell();
  await until("the prompt", () => output().includes("> "));
  await channel.write(Buffer.from("hallo\r"));
  await until("the answer", () => output().includes("hallo\r\nhallo\r\n"));
  await channel.resizePTY({ columns: 132, rows: 43, pixWidth: 0, pixHeight: 0 });
  await until("the size", () => output().includes("now 132 by 43"));
  await channel.write(Buffer.from("\u0004"));
  await until("the end", closed);
  await assertSeen(subject, ["pty xterm 100x30", "login alice by publickey", "resized 132x43", "left exit"]);
});

test(`russh moves ${NOISE_MIB} MiB down and up, while the server renews the keys for every MiB by ${HYBRID}`, async (t) => {
  if (requirePeer(t, "russh") === undefined) return;
  const subject = await startSubject(t, { limits: { rekeyLimit: { bytes: MIB } } });
  const user = await loginByKey(await connect(t, subject, { preferred: { kex: [HYBRID] } }), "ed25519");
  const digest = digestOfNoise();

  const down = await exec(user, `noise ${NOISE_MIB}`);
  await until("the end of the noise", down.closed);
  assert.equal(createHash("sha256").update(down.output()).digest("hex"), digest);

  const up = await exec(user, "digest");
  for (const bytes of noise(NOISE_MIB)) await up.channel.write(bytes);
  await up.channel.eof();
  await until("the digest", up.closed);
  assert.equal(up.output().toString().trim(), digest);
});

async function connect(
  t: TestContext,
  { port }: Subject,
  config: Config = {},
  see: (fingerprint: string) => void = () => undefined,
): Promise<SSHClient> {
  const transport = await SshTransport.newSocket(`127.0.0.1:${port}`);
  const client = await SSHClient.connect(
    transport,
    async (key) => {
      see(key.fingerprint());
      return true;
    },
    { connectionTimeoutSeconds: 60, ...config },
  );
  t.after(() => client.disconnect().catch(() => undefined));
  return client;
}

async function loginByKey(client: SSHClient, kind: KeyKind): Promise<AuthenticatedSSHClient> {
  const pair = await KeyPair.parse(privateKey("user", kind));
  const user = await client.authenticateWithKeyPair("alice", pair, kind.startsWith("rsa") ? "sha512" : null);
  assert.ok(user instanceof AuthenticatedSSHClient);
  return user;
}

/** A session with what it has brought so far. */
interface Session {
  readonly channel: Channel;
  readonly output: () => Buffer;
  readonly closed: () => boolean;
}

async function open(user: AuthenticatedSSHClient): Promise<Session> {
  const channel = await user.activateChannel(await user.openSessionChannel());
  const output: Uint8Array[] = [];
  let isClosed = false;
  channel.data$.subscribe((bytes) => output.push(bytes));
  channel.closed$.subscribe(() => (isClosed = true));
  return { channel, output: () => Buffer.concat(output), closed: () => isClosed };
}

async function exec(user: AuthenticatedSSHClient, command: string): Promise<Session> {
  const session = await open(user);
  await session.channel.requestExec(command);
  return session;
}

/** What the server and its only connection have agreed on. */
function agreed({ server }: Subject, what: string): string | undefined {
  const [connection] = server.connections;
  return connection?.algorithms?.[what];
}
