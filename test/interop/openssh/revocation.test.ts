/** Revocation lists that `ssh-keygen -k` makes, and plain lists of keys, against a real `ssh` with certificates and keys. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { authorizedKeys, certificates } from "../../../src/auth/index.ts";
import { Authority, makeFolder, publicKey, userKeyFile } from "../harness/index.ts";
import { peer, requirePeer } from "../peers.ts";
import { startGate } from "./gate.ts";
import type { Gate } from "./gate.ts";

/** Alice has two keys, each with a certificate of the same CA: it is the laptop's that is to be revoked. */
interface Keys {
  readonly authority: Authority;
  readonly laptop: string;
  readonly desktop: string;
}

const LAPTOP = publicKey("user", "ed25519");

let made: Promise<Keys> | undefined;

async function makeKeys(keygen: string): Promise<Keys> {
  const authority = await Authority.make(keygen);
  const certify = (kind: "ed25519" | "ecdsa-256", id: string, serial: string): Promise<string> =>
    authority.certify(`${userKeyFile(kind)}.pub`, ["-n", "alice", "-I", id, "-z", serial]);
  const laptop = await certify("ed25519", "alice's laptop", "7");
  return { authority, laptop, desktop: await certify("ecdsa-256", "alice's desktop", "8") };
}

interface Scene extends Keys {
  readonly gate: Gate;
  readonly list: string;
  /** Which of the certificates are let in. */
  readonly letIn: () => Promise<string>;
}

/** @param prepare makes the list. */
async function scene(t: TestContext, prepare: (keys: Keys, list: string) => unknown): Promise<Scene | undefined> {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return undefined;
  const keys = await (made ??= makeKeys(keygen));
  const list = join(makeFolder(), "revoked");
  await prepare(keys, list);
  const { authority, laptop, desktop } = keys;
  const gate = await startGate(t, ssh, [
    certificates({ trusted: { file: authority.publicFile }, revoked: { file: list } }),
  ]);
  return {
    ...keys,
    gate,
    list,
    async letIn() {
      const first = await gate.knock({ certificate: laptop });
      const second = await gate.knock({ key: "ecdsa-256", certificate: desktop });
      for (const { isIn, whys } of [first, second]) {
        assert.equal((whys[0] ?? "").endsWith("it has been revoked"), !isIn, whys.join());
      }
      if (first.isIn) return second.isIn ? "both certificates" : "the laptop's";
      return second.isIn ? "the desktop's" : "neither certificate";
    },
  };
}

/** Lists, and who is let in under them. */
const LISTS: readonly (readonly [what: string, make: (keys: Keys, list: string) => unknown, letIn: string])[] = [
  ["a KRL with nothing in it", ({ authority }, list) => authority.revoke(list, ""), "both certificates"],
  ["a KRL with a certificate", ({ authority, laptop }, list) => authority.revoke(list, "", [laptop]), "the desktop's"],
  ["a KRL with a serial number", ({ authority }, list) => authority.revoke(list, "serial: 7\n"), "the desktop's"],
  [
    "a KRL with a range of serial numbers",
    ({ authority }, list) => authority.revoke(list, "serial: 1-7\n"),
    "the desktop's",
  ],
  [
    "a KRL with many single serial numbers",
    ({ authority }, list) => authority.revoke(list, "serial: 1\nserial: 3\nserial: 5\nserial: 7\nserial: 9\n"),
    "the desktop's",
  ],
  [
    "a KRL with serial numbers to the last",
    ({ authority }, list) => authority.revoke(list, "serial: 8-18446744073709551615\n"),
    "the laptop's",
  ],
  ["a KRL with a key id", ({ authority }, list) => authority.revoke(list, "id: alice's laptop\n"), "the desktop's"],
  [
    "a KRL with a part of a key id",
    ({ authority }, list) => authority.revoke(list, "id: alice\n"),
    "both certificates",
  ],
  ["a KRL with a key", ({ authority }, list) => authority.revoke(list, `key: ${LAPTOP}\n`), "the desktop's"],
  ["a KRL with a key's SHA-1", ({ authority }, list) => authority.revoke(list, `sha1: ${LAPTOP}\n`), "the desktop's"],
  [
    "a KRL with a key's SHA-256",
    ({ authority }, list) => authority.revoke(list, `sha256: ${LAPTOP}\n`),
    "the desktop's",
  ],
  [
    "a KRL with the CA",
    ({ authority }, list) => authority.revoke(list, "", [authority.publicFile]),
    "neither certificate",
  ],
  [
    "a KRL that was added to",
    async ({ authority }, list) => {
      await authority.revoke(list, "serial: 7\n");
      await authority.revoke(list, "id: alice's desktop\n", [], true);
    },
    "neither certificate",
  ],
  [
    "a KRL about the same serial number of another CA",
    async (_, list) => (await Authority.make(peer("ssh-keygen")!)).revoke(list, "serial: 7\nid: alice's desktop\n"),
    "both certificates",
  ],
  ["a list with the key", (_, list) => writeFileSync(list, `# stolen\n\n${LAPTOP} alice's laptop\n`), "the desktop's"],
  ["a list with the certificate", ({ laptop }, list) => writeFileSync(list, readFileSync(laptop)), "the desktop's"],
  ["a list with the CA", ({ authority }, list) => writeFileSync(list, authority.line), "neither certificate"],
  ["a list with nothing but a remark", (_, list) => writeFileSync(list, "# nobody yet\n"), "both certificates"],
];

for (const [what, make, expected] of LISTS) {
  test(`under ${what} ssh gets in with ${expected}`, async (t) => {
    const { letIn } = (await scene(t, make)) ?? {};
    if (letIn !== undefined) assert.equal(await letIn(), expected);
  });
}

test("a list that changes counts from the next login on; when it breaks, the last one holds on and the log names it", async (t) => {
  const { letIn, authority, list, gate } =
    (await scene(t, ({ authority }, list) => authority.revoke(list, "serial: 7\n"))) ?? {};
  if (letIn === undefined || authority === undefined || list === undefined) return;
  assert.equal(await letIn(), "the desktop's");
  await authority.revoke(list, "serial: 8\n", [], true);
  assert.equal(await letIn(), "neither certificate");
  writeFileSync(list, `${LAPTOP}\nssh-ed25519 broken\n`);
  assert.equal(await letIn(), "neither certificate");
  const told = gate?.log.flatMap((entry) => (entry.event === "revocation list not read" ? [entry.detail] : []));
  assert.equal(told?.length, 1);
  assert.equal(told[0]?.file, list);
  assert.match(told[0]?.why ?? "", /line 2/);
});

test("a key in a file of authorized keys is refused once it has been revoked", async (t) => {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return;
  const list = join(makeFolder(), "revoked");
  const { authority } = await (made ??= makeKeys(keygen));
  await authority.revoke(list, `sha256: ${LAPTOP}\n`);
  const text = `${LAPTOP}\n${publicKey("user", "ecdsa-256")}\n`;
  const gate = await startGate(t, ssh, [authorizedKeys({ text }, { revoked: { file: list } })]);
  const { isIn, whys } = await gate.knock();
  assert.deepEqual([isIn, whys], [false, ["the key has been revoked"]]);
  assert.equal((await gate.knock({ key: "ecdsa-256" })).isIn, true);
});
