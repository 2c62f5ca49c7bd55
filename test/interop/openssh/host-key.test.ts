import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Server } from "../../../src/index.ts";
import { keyKinds, makeFolder, publicKey, run, startSubject, userKeyFile } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { sshArguments } from "./client.ts";

const KEYGEN_TYPES: readonly (readonly [name: string, ...args: string[]])[] = [
  ["ed25519", "-t", "ed25519"],
  ["ecdsa-256", "-t", "ecdsa", "-b", "256"],
  ["ecdsa-384", "-t", "ecdsa", "-b", "384"],
  ["ecdsa-521", "-t", "ecdsa", "-b", "521"],
  ["rsa", "-t", "rsa", "-b", "3072"],
  ["rsa in PEM", "-t", "rsa", "-b", "2048", "-m", "PEM"],
  ["ecdsa in PKCS8", "-t", "ecdsa", "-b", "256", "-m", "PKCS8"],
];

for (const [name, ...args] of KEYGEN_TYPES) {
  test(`ssh sees a host key that ssh-keygen made (${name}) by the fingerprint of ssh-keygen -l`, async (t) => {
    const ssh = requirePeer(t, "ssh");
    const keygen = requirePeer(t, "ssh-keygen");
    if (ssh === undefined || keygen === undefined) return;
    const file = join(makeFolder(), "key");
    assert.equal((await run(keygen, ["-q", "-N", "", "-f", file, ...args])).status, 0);
    const [, fingerprint] = (await run(keygen, ["-lf", `${file}.pub`])).stdout.split(" ");
    const server = new Server({ port: 0, hostKeys: file, allowAnyone: true, log: false });
    server.onUser("exec", () => 3);
    const { port } = await server.run();
    t.after(() => server.close());
    const known = [readFileSync(`${file}.pub`, "utf8").trim()];
    const { status, stderr } = await run(ssh, ["-v", ...sshArguments({ port }, { known }), "anything"]);
    assert.equal(status, 3, stderr);
    assert.equal(/Server host key: \S+ (\S+)/.exec(stderr)?.[1], fingerprint);
  });
}

test("ssh-keygen reads every kind of key that the library makes", async (t) => {
  const keygen = requirePeer(t, "ssh-keygen");
  if (keygen === undefined) return;
  for (const kind of keyKinds) {
    const { status, stdout, stderr } = await run(keygen, ["-y", "-f", userKeyFile(kind)]);
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), `${publicKey("user", kind)} user-${kind}`);
  }
});

test("ssh-keyscan finds every host key", async (t) => {
  const keyscan = requirePeer(t, "ssh-keyscan");
  if (keyscan === undefined) return;
  const hostKeys = ["ed25519", "ecdsa-256", "ecdsa-521", "rsa-2048"] as const;
  const { port } = await startSubject(t, { hostKeys });
  const { stdout } = await run(keyscan, ["-p", String(port), "-T", "30", "-t", "ed25519,ecdsa,rsa", "127.0.0.1"]);
  const found = stdout
    .split("\n")
    .filter((line) => line.startsWith("["))
    .map((line) => line.split(" ").slice(1).join(" "));
  // It asks for one algorithm a type, and the one of ecdsa that both know best.
  const expected = (["ed25519", "ecdsa-256", "rsa-2048"] as const).map((kind) => publicKey("host", kind));
  assert.deepEqual(found.toSorted(), expected.toSorted());
});

test("ssh refuses to talk on when the host key is not the one that it knows", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const subject = await startSubject(t);
  const unknown = await run(ssh, [...sshArguments(subject, { known: [] }), "exit", "0"]);
  assert.equal(unknown.status, 255);
  assert.match(unknown.stderr, /Host key verification failed/);
  // The user's key takes the part of an older host key.
  const changed = sshArguments(subject, { known: [publicKey("user", "ed25519")] });
  const { status, stderr } = await run(ssh, [...changed, "exit", "0"]);
  assert.equal(status, 255);
  assert.match(stderr, /REMOTE HOST IDENTIFICATION HAS CHANGED/);
  assert.deepEqual(subject.seen, []);
});

test("the host key of a first run is made with mode 0600, and known by ssh after a restart", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return;
  const file = join(makeFolder(), "new", "host_key");
  const lines: string[] = [];
  for (const status of [1, 2]) {
    const server = new Server({ port: 0, hostKeys: file, allowAnyone: true, log: false });
    server.onUser("exec", () => status);
    const { port } = await server.run();
    t.after(() => server.close());
    lines.push((await run(keygen, ["-y", "-f", file])).stdout.trim());
    const login = sshArguments({ port }, { known: lines.slice(0, 1) });
    assert.equal((await run(ssh, [...login, "anything"])).status, status);
  }
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(lines[0], lines[1]);
});
