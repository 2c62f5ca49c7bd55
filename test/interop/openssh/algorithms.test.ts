import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cipherAlgorithms, kexAlgorithms, macAlgorithms } from "../../../src/crypto/index.ts";
import { publicKey, run, startSubject } from "../harness/index.ts";
import type { KeyKind } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { config, sshArguments } from "./client.ts";

const HOST_KEYS: Readonly<Record<string, KeyKind>> = {
  "ssh-ed25519": "ed25519",
  "ecdsa-sha2-nistp256": "ecdsa-256",
  "ecdsa-sha2-nistp384": "ecdsa-384",
  "ecdsa-sha2-nistp521": "ecdsa-521",
  "rsa-sha2-256": "rsa-2048",
  "rsa-sha2-512": "rsa-2048",
};

interface Choice {
  readonly cipher: string;
  readonly mac: string | undefined;
  readonly kex: string;
  readonly hostKey: string;
}

test("ssh and the server understand each other in every cipher, MAC, key exchange and host key that both have", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh !== undefined) await tryAll(t, ssh, await choicesOf(ssh, kexAlgorithms.keys()));
});

test("ssh with ML-KEM and the server understand each other in every cipher, MAC and host key", async (t) => {
  const ssh = requirePeer(t, "ssh-mlkem");
  if (ssh !== undefined) await tryAll(t, ssh, await choicesOf(ssh, ["mlkem768x25519-sha256"]));
});

/** Sends a line through the server and back by each choice, a few at once. */
async function tryAll(t: TestContext, ssh: string, choices: readonly Choice[]): Promise<void> {
  const kinds = [...new Set(Object.values(HOST_KEYS))];
  const subject = await startSubject(t, { hostKeys: kinds });
  const login = sshArguments(subject, { known: kinds.map((kind) => publicKey("host", kind)) });
  t.diagnostic(`${choices.length} combinations`);
  assert.ok(choices.length >= 84, `only ${choices.length} combinations`);

  const failed: string[] = [];
  const queue = choices.values();
  const work = async (): Promise<void> => {
    for (const { cipher, mac, kex, hostKey } of queue) {
      const names = { Ciphers: cipher, KexAlgorithms: kex, HostKeyAlgorithms: hostKey, ...(mac && { MACs: mac }) };
      const input = `${Object.values(names).join(" ")}\n`;
      const { status, stdout, stderr } = await run(ssh, [...config(names), ...login, "cat"], { input });
      if (status !== 0 || stdout !== input) failed.push(`${input.trim()}: ${stderr.trim()}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  assert.deepEqual(failed, []);
}

/** Everything that `ssh` and the tables of the engine have in common, each with each. */
async function choicesOf(ssh: string, kexNames: Iterable<string>): Promise<readonly Choice[]> {
  const ciphers = await common(ssh, "cipher", cipherAlgorithms.keys());
  const macs = await common(ssh, "mac", macAlgorithms.keys());
  const kexes = await common(ssh, "kex", kexNames);
  const hostKeys = await common(ssh, "HostKeyAlgorithms", Object.keys(HOST_KEYS));
  const protections = ciphers.flatMap((cipher) => {
    const needed: readonly (string | undefined)[] = cipherAlgorithms.get(cipher)?.aead ? [undefined] : macs;
    return needed.map((mac) => ({ cipher, mac }));
  });
  return protections.flatMap((protection) =>
    kexes.flatMap((kex) => hostKeys.map((hostKey) => ({ ...protection, kex, hostKey }))),
  );
}

async function common(ssh: string, what: string, ours: Iterable<string>): Promise<readonly string[]> {
  const theirs = (await run(ssh, ["-Q", what])).stdout.split("\n");
  return [...ours].filter((name) => theirs.includes(name));
}
