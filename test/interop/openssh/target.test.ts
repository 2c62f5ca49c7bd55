/** The target of outside suites (`npm run target`), with each of the options that say who gets in, and a real `ssh`. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Authority, makeFolder, PASSWORD, publicKey, run, userKeyFile } from "../harness/index.ts";
import type { Finished } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { askpass, config, sshArguments } from "./client.ts";

const TARGET = new URL("../../target/target.ts", import.meta.url).pathname;
const HOST_KEY = userKeyFile("ecdsa-256");

interface Scene {
  readonly authority: Authority;
  /** A certificate for alice over her Ed25519 key. */
  readonly certificate: string;
  /** Runs `ssh … exit 7` against the target. */
  readonly login: (options?: Readonly<Record<string, string>>, user?: string) => Promise<Finished>;
}

/** Starts the target as its own process. @param options more of its options; `authorized` are the keys that let in. */
async function scene(
  t: TestContext,
  options: (made: { authority: Authority; certificate: string; folder: string }) => Promise<readonly string[]>,
  authorized = "",
): Promise<Scene | undefined> {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return undefined;
  const authority = await Authority.make(keygen);
  const certificate = await authority.certify(`${userKeyFile("ed25519")}.pub`, ["-I", "a", "-n", "alice", "-z", "7"]);
  const folder = makeFolder();
  const keys = join(folder, "authorized_keys");
  writeFileSync(keys, authorized);
  const more = await options({ authority, certificate, folder });
  const args = [TARGET, "--port", "0", "--host-key", HOST_KEY, "--authorized-keys", keys, ...more];
  const target = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => target.kill());
  const [line] = (await once(target.stdout, "data")) as [Buffer];
  const port = Number(/^listening on 127\.0\.0\.1 port (\d+)\n$/.exec(line.toString())?.[1]);
  const known = [readFileSync(`${HOST_KEY}.pub`, "utf8").trim()];
  return {
    authority,
    certificate,
    login: (more = {}, user = "alice") =>
      run(ssh, ["-v", ...config(more), ...sshArguments({ port }, { user, known }), "exit", "7"], { env: askpass() }),
  };
}

test("--trusted-ca lets in whoever has a certificate of that CA, and is the user that it names", async (t) => {
  const { login, certificate } =
    (await scene(t, async ({ authority }) => ["--trusted-ca", authority.publicFile])) ?? {};
  if (login === undefined || certificate === undefined) return;
  assert.equal((await login({ CertificateFile: certificate })).status, 7);
  assert.equal((await login({ CertificateFile: certificate }, "bob")).status, 255);
  assert.equal((await login()).status, 255);
});

test("--user goes for certificates too", async (t) => {
  const { login, certificate } =
    (await scene(t, async ({ authority }) => ["--trusted-ca", authority.publicFile, "--user", "carol"])) ?? {};
  if (login === undefined || certificate === undefined) return;
  assert.equal((await login({ CertificateFile: certificate })).status, 255);
});

test("--krl keeps certificates and keys out that have been revoked", async (t) => {
  const text = `${publicKey("user", "ed25519")}\n${publicKey("user", "ecdsa-384")}\n`;
  const { login, certificate } =
    (await scene(
      t,
      async ({ authority, folder }) => {
        const krl = join(folder, "krl");
        await authority.revoke(krl, `serial: 7\nkey: ${publicKey("user", "ed25519")}\n`);
        return ["--trusted-ca", authority.publicFile, "--krl", krl];
      },
      text,
    )) ?? {};
  if (login === undefined || certificate === undefined) return;
  assert.equal((await login({ CertificateFile: certificate })).status, 255);
  assert.equal((await login()).status, 255);
  assert.equal((await login({ IdentityFile: userKeyFile("ecdsa-384") })).status, 7);
});

test("--methods asks for the methods of one of its lists, in their order", async (t) => {
  const lists = "publickey,password keyboard-interactive";
  const { login } =
    (await scene(t, async () => ["--password", PASSWORD, "--methods", lists], `${publicKey("user", "ed25519")}\n`)) ??
    {};
  if (login === undefined) return;
  const both = await login({ PreferredAuthentications: "publickey,password" });
  assert.equal(both.status, 7, both.stderr);
  assert.match(both.stderr, /Authenticated using "publickey" with partial success/);
  assert.equal((await login({ PreferredAuthentications: "keyboard-interactive" })).status, 7);
  for (const alone of ["publickey", "password"]) {
    assert.equal((await login({ PreferredAuthentications: alone })).status, 255, alone);
  }
});
