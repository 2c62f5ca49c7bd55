import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { certificates } from "../../../src/auth/index.ts";
import { Server } from "../../../src/index.ts";
import { makeFolder, run, userKeyFile } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

test("ssh logs in with a certificate of a trusted CA, under its principals, bound to its command, until it is revoked", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return;
  const folder = makeFolder();
  const at = (name: string): string => join(folder, name);
  const made = async (...args: readonly string[]): Promise<void> => {
    const { status, stderr } = await run(keygen, args);
    assert.equal(status, 0, stderr);
  };
  await made("-q", "-t", "ed25519", "-N", "", "-f", at("ca"));
  copyFileSync(userKeyFile("ed25519"), at("key"));
  copyFileSync(`${userKeyFile("ed25519")}.pub`, at("key.pub"));
  await made(
    "-q",
    "-s",
    at("ca"),
    "-I",
    "alice's",
    "-z",
    "7",
    "-n",
    "alice",
    "-O",
    "force-command=inventory",
    at("key.pub"),
  );
  await made("-q", "-k", "-f", at("none.krl"));
  await made("-q", "-k", "-f", at("seven.krl"), at("key-cert.pub"));

  const login = async (user: string, krl: string): Promise<{ status: number | null; stdout: string }> => {
    const server = new Server({
      port: 0,
      log: false,
      hostKeys: userKeyFile("ecdsa-256"),
      auth: [certificates({ trusted: { file: at("ca.pub") }, revoked: { file: at(krl) } })],
    });
    server.onUser("exec", (client, command) => client.sendln(`${command} for ${client.env["SSH_ORIGINAL_COMMAND"]}`));
    const { port } = await server.run();
    try {
      const known = server.hostKeys.map((key) => key.toString());
      const options = config({ CertificateFile: at("key-cert.pub"), PreferredAuthentications: "publickey" });
      return await run(ssh, [...options, ...sshArguments({ port }, { user, known }), "rm", "-rf"]);
    } finally {
      await server.close();
    }
  };

  const good = await login("alice", "none.krl");
  assert.deepEqual([good.status, good.stdout], [0, "inventory for rm -rf\n"]);
  assert.equal((await login("bob", "none.krl")).status, 255);
  assert.equal((await login("alice", "seven.krl")).status, 255);
});
