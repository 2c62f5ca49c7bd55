import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { HostKey } from "../../../src/crypto/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { certifyHostKeys, validity } from "../../../src/ssh/host-certificates.ts";
import { Reader } from "../../../src/wire/index.ts";
import { certify } from "../../client/index.ts";
import type { CertificateFields } from "../../client/index.ts";
import { makeFolder } from "./folder.ts";

const NOW = 1_800_000_000;
const ca = parsePrivateKey(generatePrivateKey("ed25519"));
const ed25519 = parsePrivateKey(generatePrivateKey("ed25519"));
const ecdsa = parsePrivateKey(generatePrivateKey("ecdsa"));

/** The line of a host certificate, as `ssh-keygen -h -s` makes it. */
function certificate(key: HostKey, fields: CertificateFields = {}): string {
  const signer = { blob: ca.publicKey.blob, sign: (data: Uint8Array) => ca.sign("ssh-ed25519", data) };
  const blob = certify(key.publicKey.blob, signer, { type: 2, principals: ["ssh.example.org"], ...fields });
  return `${new Reader(blob).utf8()} ${Buffer.from(blob).toString("base64")} a comment\n`;
}

function file(content: string): string {
  const path = join(makeFolder(), "key-cert.pub");
  writeFileSync(path, content);
  return path;
}

function assertRefused(sources: readonly string[], message: RegExp): void {
  assert.throws(
    () => certifyHostKeys(sources, [ed25519, ecdsa], NOW),
    (error) => error instanceof ConfigError && error.code === "BAD_HOST_KEY" && message.test(error.message),
  );
}

test("certificates come from paths and texts, and find their keys", () => {
  const certified = certifyHostKeys([certificate(ecdsa), file(certificate(ed25519))], [ed25519, ecdsa], NOW);
  assert.deepEqual(
    certified.map(({ type }) => type),
    ["ecdsa-sha2-nistp256-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"],
  );
  assert.ok(certified[0]?.publicKey.certificate?.publicKey.equals(ecdsa.publicKey));
});

test("a certificate is good from its first second on, and up to its last", () => {
  const limited = certificate(ed25519, { validAfter: BigInt(NOW), validBefore: BigInt(NOW) + 1n });
  assert.equal(certifyHostKeys([limited], [ed25519], NOW).length, 1);
  for (const time of [NOW - 1, NOW + 1]) assert.throws(() => certifyHostKeys([limited], [ed25519], time), ConfigError);
});

test("a certificate that clients would refuse keeps the server from its start, with a remedy", () => {
  const old = file(certificate(ed25519, { validAfter: 1_700_000_000n, validBefore: 1_710_000_000n }));
  assertRefused(
    [old],
    new RegExp(`${old} is in force from 2023-11-14\\S+ until 2024-03-09\\S+, which is not now.*ssh-keygen -s`),
  );
  assertRefused(
    [certificate(ed25519, { validAfter: 1_900_000_000n })],
    /from 2030-\S+ until the end of time, which is not now/,
  );
  assertRefused([certificate(ed25519, { criticalOptions: { "force-command": "ls" } })], /critical options/);
  assertRefused([certificate(ed25519, { type: 1 })], /a user's certificate stands where a host certificate/);
  assertRefused([certificate(ca)], /certifies SHA256:\S+, which is none of the host keys. Add its key to hostKeys/);
  assertRefused([certificate(ed25519), certificate(ed25519)], /two host certificates of type ssh-ed25519-cert/);
  assertRefused([file(ed25519.publicKey.toString())], /a key without a certificate/);
  assertRefused([file("nothing")], /not usable/);
  assertRefused([`${certificate(ed25519).slice(0, 300)}\n`], /the host certificate given as text is not usable/);
  assertRefused([join(makeFolder(), "none")], /does not exist. Make it with: ssh-keygen -s/);
});

test("the time of a certificate is told in words where no date says it", () => {
  const [ever] = certifyHostKeys([certificate(ed25519)], [ed25519], NOW);
  assert.equal(validity(ever!.publicKey.certificate!), "until the end of time");
  const far = certificate(ed25519, { validAfter: 1n, validBefore: 0xffff_ffff_ffff_fff0n });
  const [late] = certifyHostKeys([far], [ed25519], NOW);
  assert.equal(validity(late!.publicKey.certificate!), "from 1970-01-01T00:00:01.000Z until the end of time");
});
