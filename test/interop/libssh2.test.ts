import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keyKinds,
  PASSWORD,
  publicKey,
  pythonLibrary,
  run,
  startSubject,
  testLibrary,
  userKeyFile,
} from "./harness/index.ts";
import type { Finished } from "./harness/index.ts";
import { requirePeer, versionOf } from "./peers.ts";

// Version 1.10 signs with RSA keys by SHA-1 alone, which the server does not take.
const isOld = versionOf("libssh2").startsWith("libssh2 1.10.");
const keys = keyKinds.filter((kind) => !isOld || !kind.startsWith("rsa"));

testLibrary(pythonLibrary({ name: "libssh2", keys, bulk: 32, renewsWhileSending: true, signals: [] }));

test("libssh2 is refused an RSA signature with SHA-1", async (t) => {
  if (requirePeer(t, "libssh2") === undefined) return;
  if (!isOld) return t.skip("newer versions sign with SHA-2");
  const { port, seen } = await startSubject(t, { userKeys: ["rsa-2048"] });
  const old = pythonLibrary({ name: "libssh2", keys, bulk: 0, renewsWhileSending: true, signals: [] });
  const login = old.play(port, [publicKey("host", "ed25519")], "key", userKeyFile("rsa-2048"));
  await assert.rejects(login, /combination invalid|Callback returned error|unable/i);
  assert.deepEqual(seen, []);
});

test("curl knows the host key, logs in by libssh2 and is told that there is no SFTP", async (t) => {
  const curl = requirePeer(t, "curl");
  if (curl === undefined) return;
  const { server, port } = await startSubject(t);
  const fingerprint = server.hostKeys[0]?.fingerprint.replace("SHA256:", "") ?? "";
  const get = (password: string): Promise<Finished> =>
    run(curl, ["-sS", "--hostpubsha256", fingerprint, "--user", `alice:${password}`, `sftp://127.0.0.1:${port}/file`]);
  assert.match((await get(PASSWORD)).stderr, /Unable to request SFTP subsystem/);
  // CURLE_LOGIN_DENIED
  assert.equal((await get("wrong horse")).status, 67);
});
