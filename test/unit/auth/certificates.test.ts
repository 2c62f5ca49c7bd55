import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { certificates } from "../../../src/auth/index.ts";
import type { CertificateOptions } from "../../../src/auth/index.ts";
import { parsePrivateKey, generatePrivateKey, parsePublicKeyBlob } from "../../../src/crypto/index.ts";
import { Writer } from "../../../src/wire/index.ts";
import { Authenticator } from "../../client/index.ts";
import type { CertificateFields } from "../../client/index.ts";
import {
  certificateOf,
  faultsIn,
  fixture,
  fixtureKey,
  fixturePath,
  judge,
  makeCa,
  prepared,
  reasonOf,
  restrictionsOf,
  withKey,
  withNothing,
} from "./attempt.ts";
import { makeFolder, put } from "./folder.ts";

const folder = makeFolder();
const ada = fixtureKey("ada");
const sk = parsePublicKeyBlob(new Authenticator("ed25519").blob);
const ca = makeCa();
const NOW = Date.UTC(2026, 5, 1);
const seconds = BigInt(NOW / 1000);

const auth = (options: Partial<CertificateOptions> = {}) =>
  certificates({ trusted: { text: String(ca.publicKey) }, now: () => NOW, ...options });
const with_ = (fields: CertificateFields = {}, touch?: { present: boolean; verified: boolean }) =>
  withKey(certificateOf(touch === undefined ? ada : sk, ca, fields), touch === undefined ? {} : { touch });

test("a certificate of a trusted CA for the user is accepted, and the verdict names it", async () => {
  const data = withKey(certificateOf(ada, ca, { serial: 2n ** 63n, keyId: "ada's laptop" }));
  const verdict = await auth().judge(data);
  assert.ok(typeof verdict === "object" && "accept" in verdict && verdict.accept);
  assert.deepEqual(verdict.user, { key: ada.fingerprint, keyId: "ada's laptop", serial: "9223372036854775808" });
  assert.equal(await judge(auth(), { ...data, proved: false }), "accept");
});

test("plain keys, also a CA's own, other CAs and other methods are left to the next", async () => {
  assert.equal(await judge(auth(), withKey(ada)), "next");
  assert.equal(await judge(auth(), withKey(ca.publicKey)), "next");
  assert.equal(await judge(auth(), withKey(certificateOf(ada, makeCa()))), "next");
  assert.equal(await judge(auth(), withNothing()), "next");
});

test("a certificate without principals is for nobody (CVE-2024-7594)", async () => {
  assert.equal(await judge(auth(), with_({ principals: [] })), "refuse");
});

test("principals are compared whole: a comma in one makes no two of it (CVE-2026-35414)", async () => {
  for (const principal of ["ada,root", "root,ada", "ada ", " ada", "ADA", "*", "a*", "adah", "ad"]) {
    assert.equal(await judge(auth(), with_({ principals: [principal] })), "refuse", principal);
  }
  assert.equal(await judge(auth(), with_({ principals: ["root,ada", "ada"] })), "accept");
});

test("a function says by which principals a user may log in, and none is none", async () => {
  const principals = (username: string) => Promise.resolve(username === "ada" ? ["ops"] : undefined);
  assert.equal(await judge(auth({ principals }), with_({ principals: ["ops"] })), "accept");
  assert.equal(await judge(auth({ principals }), with_({ principals: ["ada"] })), "refuse");
  assert.equal(await judge(auth({ principals: () => [] }), with_({ principals: ["ada"] })), "refuse");
  const bob = withKey(certificateOf(ada, ca, { principals: ["bob"] }), { username: "bob" });
  assert.equal(await judge(auth({ principals }), bob), "refuse");
});

test("a certificate is in force from its first second until just before its last", async () => {
  const valid = (validAfter: bigint, validBefore: bigint) => judge(auth(), with_({ validAfter, validBefore }));
  assert.equal(await valid(seconds, seconds + 1n), "accept");
  assert.equal(await valid(seconds + 1n, seconds + 2n), "refuse");
  assert.equal(await valid(seconds - 1n, seconds), "refuse");
  assert.equal(await valid(seconds + 1n, seconds), "refuse");
  assert.equal(await valid(2n ** 63n, 2n ** 64n - 1n), "refuse");
  assert.equal(await valid(0n, 0n), "refuse");
});

test("the end of a certificate is the end of the login", async () => {
  const { expires } = await restrictionsOf(auth(), with_({ validBefore: seconds + 60n }));
  assert.equal(expires, NOW + 60_000);
  assert.equal((await restrictionsOf(auth(), with_())).expires, undefined);
});

test("a host's certificate logs nobody in", async () => {
  assert.equal(await judge(auth(), with_({ type: 2 })), "refuse");
});

test("force-command and source-address are kept to", async () => {
  const criticalOptions = { "force-command": "backup --all", "source-address": "192.0.2.0/24,2001:db8::/32" };
  assert.deepEqual(await restrictionsOf(auth(), with_({ criticalOptions })), {
    forceCommand: "backup --all",
    sourceAddress: ["192.0.2.0/24", "2001:db8::/32"],
    noPty: true,
    noPortForwarding: true,
    noAgentForwarding: true,
    noX11Forwarding: true,
  });
  const elsewhere = withKey(certificateOf(ada, ca, { criticalOptions }), { address: "198.51.100.1" });
  assert.equal(await judge(auth(), elsewhere), "refuse");
});

test("a source-address that is empty, a pattern, negated or no address makes a certificate worthless", async () => {
  const text = (value: string) =>
    new Writer().utf8("source-address").string(new Writer().utf8(value).finish()).finish();
  for (const value of [
    "",
    ",",
    "192.0.2.*",
    "!10.0.0.0/8,192.0.2.0/24",
    "192.0.2.1,",
    "example.org",
    "192.0.2.1/24",
    "0.0.0.0/33",
  ]) {
    assert.equal(await judge(auth(), with_({ criticalOptions: text(value) })), "refuse", value);
  }
});

test("a critical option that is unknown, or malformed, makes a certificate worthless", async () => {
  for (const name of [
    "unknown",
    "no-pty",
    "permit-pty",
    "Force-Command",
    "constructor",
    "__proto__",
    "force-command ",
  ]) {
    const reason = await reasonOf(auth(), with_({ criticalOptions: { [name]: "" } }));
    if (name !== "__proto__") assert.match(reason, /critical option that is unknown/, name);
  }
  const raw = (name: string, data: Uint8Array) => new Writer().utf8(name).string(data).finish();
  for (const name of ["force-command", "source-address"]) {
    for (const data of [
      new Uint8Array(0),
      Uint8Array.of(0, 0, 0, 9, 1),
      Buffer.from("\0\0\0\x01\xff", "latin1"),
      Buffer.from("\0\0\0\x01aa"),
    ]) {
      assert.match(await reasonOf(auth(), with_({ criticalOptions: raw(name, data) })), /malformed/);
    }
  }
  assert.match(
    await reasonOf(auth(), with_({ criticalOptions: { "verify-required": "x" } }, { present: true, verified: true })),
    /malformed/,
  );
});

test("what extensions permit is permitted, and what is unknown permits nothing", async () => {
  const all = ["permit-X11-forwarding", "permit-agent-forwarding", "permit-port-forwarding", "permit-pty"];
  const flags = ["noX11Forwarding", "noAgentForwarding", "noPortForwarding", "noPty"];
  for (const [index, name] of all.entries()) {
    const expected = Object.fromEntries(flags.filter((_, at) => at !== index).map((flag) => [flag, true]));
    assert.deepEqual(await restrictionsOf(auth(), with_({ extensions: { [name]: "" } })), expected);
  }
  const unknown = { "login@example.org": "x", "permit-PTY": "", "permit-user-rc": "" };
  assert.equal(Object.keys(await restrictionsOf(auth(), with_({ extensions: unknown }))).length, 4);
});

test("a FIDO certificate needs a touch, or no-touch-required, and a verified owner for verify-required", async () => {
  const none = { present: false, verified: false };
  const touched = { present: true, verified: false };
  const verified = { present: true, verified: true };
  assert.equal(await judge(auth(), with_({}, none)), "refuse");
  assert.equal(await judge(auth(), with_({}, touched)), "accept");
  assert.equal(await judge(auth(), with_({ extensions: { "no-touch-required": "" } }, none)), "accept");
  const criticalOptions = { "verify-required": "" };
  assert.equal(await judge(auth(), with_({ criticalOptions }, touched)), "refuse");
  assert.equal(await judge(auth(), with_({ criticalOptions }, verified)), "accept");
  assert.equal(await judge(auth(), with_({ criticalOptions })), "refuse");
});

test("a CA signs only by the algorithms that are allowed", async () => {
  const rsa = parsePrivateKey(generatePrivateKey("rsa", { bits: 2048 }));
  const by = (algorithm: string) => withKey(certificateOf(ada, makeCa(rsa, algorithm)));
  const trusted = { text: String(rsa.publicKey) };
  assert.equal(await judge(auth({ trusted }), by("rsa-sha2-256")), "accept");
  const algorithms = ["rsa-sha2-512", "ssh-ed25519"];
  assert.equal(await judge(auth({ trusted, algorithms }), by("rsa-sha2-512")), "accept");
  assert.equal(await judge(auth({ trusted, algorithms }), by("rsa-sha2-256")), "refuse");
  assert.throws(() => auth({ algorithms: ["ssh-rsa"] }), {
    code: "BAD_OPTION",
    message: /There is no signature algorithm ssh-rsa/,
  });
});

test("certificates that ssh-keygen made are judged under lists that it made", async () => {
  const options = { trusted: { file: fixturePath("ca.pub") }, revoked: { file: fixturePath("mixed.krl") } };
  const { auth } = await prepared(certificates(options));
  assert.equal(await judge(auth, withKey(fixtureKey("serial-5-cert"))), "accept");
  assert.equal(await judge(auth, withKey(fixtureKey("serial-15-cert"))), "refuse");
  assert.equal(await judge(auth, withKey(fixtureKey("laptop-cert"))), "refuse");
  assert.equal(await judge(auth, withKey(fixtureKey("laptop-other-cert"))), "next");
  assert.deepEqual(await restrictionsOf(auth, withKey(fixtureKey("serial-5-cert"), { username: "admins" })), {});
});

test("a CA file that is missing, empty, too long or without a key stops the start", async () => {
  const files = [
    join(folder, "missing"),
    put(join(folder, "empty"), ""),
    put(join(folder, "none"), "nothing\n"),
    put(join(folder, "long"), "#".repeat(65_537)),
    folder,
  ];
  for (const file of files) {
    await assert.rejects(
      prepared(certificates({ trusted: { file } })),
      { name: "ConfigError", code: "BAD_KEY_FILE" },
      file,
    );
    await assert.rejects(prepared(certificates({ trusted: { file } })), new RegExp(`${file}\\b`));
  }
  await assert.rejects(prepared(auth({ trusted: { text: "# none" } })), { code: "BAD_KEY_FILE" });
});

test("a revocation list that is missing or broken stops the start, be it a KRL or lines", async () => {
  const krl = Buffer.from(fixture("keys.krl"), "latin1");
  const files = [
    join(folder, "missing"),
    put(join(folder, "cut.krl"), krl.subarray(0, -1)),
    put(join(folder, "lines"), `${String(ada)}\nssh-ed25519 AAAA\n`),
    put(join(folder, "empty"), ""),
  ];
  for (const file of files) {
    await assert.rejects(prepared(auth({ revoked: { file } })), (error: Error) => {
      assert.deepEqual([error.name, "code" in error && error.code], ["ConfigError", "BAD_KEY_FILE"]);
      assert.ok(error.message.startsWith(`The list of revoked keys ${file} cannot be used: `), error.message);
      return true;
    });
  }
  await assert.rejects(prepared(auth({ revoked: { file: files[2]! } })), /line 2: .* it is no public key/);
  assert.throws(() => auth({ revoked: { list: "what is this" } }), {
    code: "BAD_KEY_FILE",
    message: /line 1: .* it is no public key/,
  });
});

test("CAs are taken anew when their file changes; when it breaks the last ones stay, and the log says so", async () => {
  const other = makeCa();
  const file = put(join(folder, "cas"), `# ours\n${String(ca.publicKey)}\n`);
  const { auth, entries } = await prepared(certificates({ trusted: { file } }));
  const old = withKey(certificateOf(ada, ca));
  const young = withKey(certificateOf(ada, other));
  assert.deepEqual([await judge(auth, old), await judge(auth, young)], ["accept", "next"]);
  put(file, `${String(other.publicKey)}\n`);
  assert.deepEqual([await judge(auth, old), await judge(auth, young)], ["next", "accept"]);
  rmSync(file);
  assert.deepEqual([await judge(auth, old), await judge(auth, young)], ["next", "accept"]);
  put(file, "rubbish\n");
  assert.deepEqual([await judge(auth, old), await judge(auth, young)], ["next", "accept"]);
  assert.deepEqual(
    entries.map(({ event }) => event),
    ["trusted CAs not read", "trusted CA not used", "trusted CAs not read"],
  );
});

test("a revocation list is taken anew when its file changes; when it breaks the last one holds on", async () => {
  const file = put(join(folder, "revoked"), `${String(fixtureKey("bob"))}\n`);
  const { auth: made, entries } = await prepared(auth({ revoked: { file } }));
  assert.equal(await judge(made, with_()), "accept");
  put(file, `${String(ada)}\n`);
  assert.equal(await judge(made, with_()), "refuse");
  // A full disk, or somebody who is just writing it, leaves nothing of it.
  for (const content of ["broken\n", ""]) {
    put(file, content);
    assert.equal(await judge(made, with_()), "refuse");
  }
  rmSync(file);
  assert.equal(await judge(made, with_()), "refuse");
  assert.deepEqual(
    entries.map(({ event }) => event),
    ["revocation list not read", "revocation list not read", "revocation list not read"],
  );
  put(file, "# nothing\n");
  assert.equal(await judge(made, with_()), "accept");
});

test("nobody gets in by a list that was never read", async () => {
  assert.equal(await judge(auth({ revoked: { file: join(folder, "missing") } }), with_()), "refuse");
});

test("a line of the CA file with options, or a certificate, trusts nobody", async () => {
  const other = makeCa();
  const text = `${String(ca.publicKey)}\ncert-authority ${String(other.publicKey)}\nno-pty ${String(other.publicKey)}\n${String(certificateOf(ada, other))}\n`;
  const { auth: made, entries } = await prepared(auth({ trusted: { text } }));
  assert.equal(await judge(made, withKey(certificateOf(ada, other))), "next");
  assert.equal(await judge(made, with_()), "accept");
  assert.deepEqual(
    faultsIn(entries).map(({ line }) => line),
    [4, 2, 3],
  );
});
