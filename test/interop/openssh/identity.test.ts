import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Server } from "../../../src/index.ts";
import type { ServerOptions } from "../../../src/index.ts";
import { makeFolder, privateKey, publicKey, run } from "../harness/index.ts";
import type { KeyKind } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

async function startHost(
  t: TestContext,
  options: Omit<ServerOptions, "port">,
): Promise<{ server: Server; port: number }> {
  const server = new Server({ port: 0, allowAnyone: true, log: false, ...options });
  server.onUser("exec", () => 3);
  const { port } = await server.run();
  t.after(() => server.close());
  return { server, port };
}

/** The lines of the known_hosts file that `ssh` is told to use by these arguments, without the host names. */
function knownBy(args: readonly string[]): string[] {
  const option = args.find((arg) => arg.startsWith("UserKnownHostsFile="))!;
  const lines = readFileSync(option.slice(option.indexOf("=") + 1), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => line.split(" ").slice(1, 3).join(" "));
}

test("ssh learns of a new host key after the login, and trusts it once the keys are swapped", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const old = { text: privateKey("host", "ed25519"), line: publicKey("host", "ed25519") };
  // The user's key takes the part of the host's next one, which is of the same type.
  const next = { text: privateKey("user", "ed25519"), line: publicKey("user", "ed25519") };
  const rsa = { text: privateKey("host", "rsa-2048"), line: publicKey("host", "rsa-2048") };
  const folder = makeFolder();
  const files = ["first", "second", "third"].map((name) => join(folder, name));
  const keep = (...texts: readonly string[]): void =>
    files.forEach((file, at) => writeFileSync(file, texts[at]!, { mode: 0o600 }));
  keep(old.text, next.text, rsa.text);
  const { server, port } = await startHost(t, { hostKeys: files });
  assert.deepEqual(
    server.hostKeys.map((key) => key.toString()),
    [old.line, next.line, rsa.line],
  );

  const login = sshArguments({ port }, { known: [old.line] });
  const learn = config({ UpdateHostKeys: "yes" });
  const first = await run(ssh, ["-v", ...learn, ...login, "anything"]);
  assert.equal(first.status, 3, first.stderr);
  assert.match(first.stderr, /Learned new hostkey: ED25519/);
  assert.match(first.stderr, /Learned new hostkey: RSA/);
  assert.deepEqual(knownBy(login).toSorted(), [old.line, next.line, rsa.line].toSorted());

  keep(next.text, rsa.text, rsa.text);
  await server.reloadHostKeys();
  assert.deepEqual(
    server.hostKeys.map((key) => key.toString()),
    [next.line, rsa.line],
  );
  const second = await run(ssh, ["-v", ...learn, ...login, "anything"]);
  assert.equal(second.status, 3, second.stderr);
  assert.match(second.stderr, /Deprecating obsolete hostkey: ED25519/);
  assert.deepEqual(knownBy(login).toSorted(), [next.line, rsa.line].toSorted());
});

test("ssh learns of a second RSA key, by either algorithm of the key exchange", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const { port } = await startHost(t, { hostKeys: [privateKey("host", "rsa-2048"), privateKey("user", "rsa-2048")] });
  for (const algorithm of ["rsa-sha2-256", "rsa-sha2-512"]) {
    const login = sshArguments({ port }, { known: [publicKey("host", "rsa-2048")] });
    const options = config({ UpdateHostKeys: "yes", HostKeyAlgorithms: algorithm });
    const { status, stderr } = await run(ssh, [...options, ...login, "anything"]);
    assert.equal(status, 3, stderr);
    assert.ok(knownBy(login).includes(publicKey("user", "rsa-2048")), stderr);
  }
});

test("a reload that fails leaves the keys that are in use", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const file = join(makeFolder(), "key");
  writeFileSync(file, privateKey("host", "ed25519"), { mode: 0o600 });
  const { server, port } = await startHost(t, { hostKeys: file });
  writeFileSync(file, "damaged");
  await assert.rejects(server.reloadHostKeys(), { code: "BAD_HOST_KEY" });
  assert.equal((await run(ssh, [...sshArguments({ port }), "anything"])).status, 3);
});

/** Makes a CA and has the host's keys of these kinds certified for `name`; gives the CA's line and the certificates. */
async function certified(keygen: string, kinds: readonly KeyKind[], name: string, ...options: readonly string[]) {
  const ca = join(makeFolder(), "ca");
  assert.equal((await run(keygen, ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", ca])).status, 0);
  const certificates: string[] = [];
  for (const kind of kinds) {
    const file = join(makeFolder(), "key");
    writeFileSync(`${file}.pub`, `${publicKey("host", kind)}\n`);
    const made = await run(keygen, ["-q", "-s", ca, "-I", kind, "-h", "-n", name, ...options, `${file}.pub`]);
    assert.equal(made.status, 0, made.stderr);
    certificates.push(`${file}-cert.pub`);
  }
  return { authority: readFileSync(`${ca}.pub`, "utf8").trim(), certificates };
}

/** Arguments for an `ssh` that knows no key of the host, but a CA. */
function trusting(authority: string, port: number): readonly string[] {
  const known = join(makeFolder(), "known_hosts");
  writeFileSync(known, `@cert-authority [127.0.0.1]:${port} ${authority}\n`);
  return [...config({ UserKnownHostsFile: known }), ...sshArguments({ port }, { known: [] })];
}

test("ssh that trusts a CA knows a host by its certificates, one of each type", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return;
  const kinds = ["ed25519", "ecdsa-256", "ecdsa-521", "rsa-2048"] as const;
  const { authority, certificates } = await certified(keygen, kinds, "127.0.0.1", "-V", "-1h:+1h");
  const { port } = await startHost(t, {
    hostKeys: kinds.map((kind) => privateKey("host", kind)),
    hostCertificates: certificates,
  });
  for (const algorithm of [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-256",
    "rsa-sha2-512",
  ]) {
    const options = config({ HostKeyAlgorithms: `${algorithm}-cert-v01@openssh.com` });
    const { status, stderr } = await run(ssh, ["-v", ...options, ...trusting(authority, port), "anything"]);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /matches the \S+ host certificate/);
  }
  // Who knows no CA is shown the keys themselves.
  assert.equal((await run(ssh, [...sshArguments({ port }), "anything"])).status, 3);
});

test("ssh refuses a host whose certificate is for another name", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return;
  const { authority, certificates } = await certified(keygen, ["ed25519"], "elsewhere.example.org");
  const { port } = await startHost(t, { hostKeys: privateKey("host", "ed25519"), hostCertificates: certificates });
  const { status, stderr } = await run(ssh, [...trusting(authority, port), "anything"]);
  assert.equal(status, 255);
  assert.match(stderr, /name is not a listed principal/);
});

test("a certificate that has run out keeps the server from its start", async (t) => {
  const keygen = requirePeer(t, "ssh-keygen");
  if (keygen === undefined) return;
  const { certificates } = await certified(keygen, ["ed25519"], "127.0.0.1", "-V", "20200101:20210101");
  const server = new Server({
    port: 0,
    allowAnyone: true,
    log: false,
    hostKeys: privateKey("host", "ed25519"),
    hostCertificates: certificates,
  });
  await assert.rejects(server.run(), { code: "BAD_HOST_KEY", message: /until 2021-01-01\S+, which is not now/ });
});

for (const [format, ...args] of [
  ["OpenSSH's format", "-t", "ed25519"],
  ["PEM", "-t", "rsa", "-b", "2048", "-m", "PEM"],
  ["PKCS8", "-t", "ecdsa", "-b", "256", "-m", "PKCS8"],
] as const) {
  test(`ssh knows a host by a key that ssh-keygen has locked (${format})`, async (t) => {
    const ssh = requirePeer(t, "ssh");
    const keygen = requirePeer(t, "ssh-keygen");
    if (ssh === undefined || keygen === undefined) return;
    const file = join(makeFolder(), "key");
    assert.equal((await run(keygen, ["-q", "-N", "open sesame", "-f", file, ...args])).status, 0);
    const { port } = await startHost(t, { hostKeys: { file, passphrase: () => "open sesame" } });
    const known = [readFileSync(`${file}.pub`, "utf8").trim()];
    assert.equal((await run(ssh, [...sshArguments({ port }, { known }), "anything"])).status, 3);
  });
}
