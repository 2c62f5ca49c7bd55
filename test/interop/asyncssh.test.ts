import assert from "node:assert/strict";
import { test } from "node:test";
import {
  digestOfNoise,
  keyKinds,
  publicKey,
  pythonLibrary,
  startSubject,
  testCertificates,
  testLibrary,
  userKeyFile,
} from "./harness/index.ts";
import { requirePeer } from "./peers.ts";

const asyncssh = pythonLibrary({
  name: "asyncssh",
  keys: keyKinds,
  bulk: 32,
  // Version 2.10 goes on with channel data between its KEXINIT and its NEWKEYS, which RFC 4253 §7.1 forbids and we refuse.
  renewsWhileSending: false,
  signals: ["INT", "USR1", "TERM", "BREAK"],
});

testLibrary(asyncssh);
// Version 2.10 names the certificate of an RSA key ssh-rsa-cert-v01@openssh.com, which stands for SHA-1, and sshd refuses it too.
testCertificates(asyncssh, ["ed25519", "ecdsa-256", "ecdsa-521"]);

test("asyncssh takes 64 MiB while the server renews the keys for every MiB", async (t) => {
  if (requirePeer(t, "asyncssh") === undefined) return;
  const { port } = await startSubject(t, { limits: { rekeyLimit: { bytes: 1024 ** 2 } } });
  const seen = await asyncssh.play(port, [publicKey("host", "ed25519")], "down", userKeyFile("ed25519"), "64");
  assert.deepEqual(seen, { down: digestOfNoise(64) });
});

test("asyncssh interrupts a command by a signal", async (t) => {
  if (requirePeer(t, "asyncssh") === undefined) return;
  const { port } = await startSubject(t);
  const seen = await asyncssh.play(port, [publicKey("host", "ed25519")], "signals", userKeyFile("ed25519"));
  assert.deepEqual(seen, { status: 130 });
});
