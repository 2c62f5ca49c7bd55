/** Security bar, part C: certificates and what they and the keys' options restrict (OpenSSH PROTOCOL.certkeys, PROTOCOL.u2f). */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { authorizedKeys, certificates } from "../../src/auth/index.ts";
import { messages, Writer } from "../../src/wire/index.ts";
import { Authenticator, certify, clientKey, keyRequest } from "../client/index.ts";
import type { CertificateFields, ClientKey, Signer, TouchOptions } from "../client/index.ts";
import { Bar, exec, keyLine, shell } from "./harness/index.ts";

const CERTIFIED = "ssh-ed25519-cert-v01@openssh.com";
const NOW = 1_800_000_000;

const ca = clientKey("ssh-ed25519");
const user = clientKey("ssh-ed25519");

/** A server that trusts the CA, and a password; its judge of certificates lives at {@link NOW}. */
function open(t: TestContext, algorithms?: readonly string[], trusted: Pick<ClientKey, "blob"> = ca): Promise<Bar> {
  const text = keyLine(trusted);
  return Bar.open(t, {
    auth: [certificates({ trusted: { text }, now: () => NOW * 1000, ...(algorithms && { algorithms }) })],
    judge: ({ method }) => method === "password",
  });
}

function withCertificate(fields: CertificateFields, key = user, signer: Signer = ca): ClientKey {
  return { algorithm: CERTIFIED, blob: certify(key.blob, signer, fields), sign: (data) => key.sign(data) };
}

/** What comes of a login as ada, with a proof, and whether the key alone would have been found good. */
async function login(bar: Bar, key: ClientKey, name = "ada"): Promise<string> {
  const asking = await bar.peer("handshake done");
  const wouldDo = await asking.attempt(keyRequest(key, undefined, { user: name }));
  const proving = await bar.peer("handshake done");
  const verdict = await proving.tryKey(name, key);
  assert.equal(wouldDo, verdict === "success" ? "question" : "failure");
  return verdict;
}

const seconds = BigInt(NOW);

test("C53: a certificate is good for a principal of its list, from its first second until just before its last", async (t) => {
  const bar = await open(t);
  const cases: readonly (readonly [what: string, fields: CertificateFields, expected: "success" | "failure"])[] = [
    ["for the user", { principals: ["ada"] }, "success"],
    ["for the user and others", { principals: ["root", "ada"] }, "success"],
    ["for nobody", { principals: [] }, "failure"],
    ["for another", { principals: ["bob"] }, "failure"],
    ["for a name with a comma", { principals: ["ada,root"] }, "failure"],
    ["for a pattern", { principals: ["*"] }, "failure"],
    ["a host's", { type: 2 }, "failure"],
    ["of a type that is none", { type: 3 }, "failure"],
    ["from now on", { validAfter: seconds }, "success"],
    ["from the next second on", { validAfter: seconds + 1n }, "failure"],
    ["until the next second", { validBefore: seconds + 1n }, "success"],
    ["until now", { validBefore: seconds }, "failure"],
    ["for no time", { validAfter: seconds, validBefore: seconds }, "failure"],
    ["with an option that is unknown", { criticalOptions: { "no-sleep@example.com": "" } }, "failure"],
    ["with an option that is malformed", { criticalOptions: { "verify-required": "yes" } }, "failure"],
    ["with an extension that is unknown", { extensions: { "permit-all@example.com": "" } }, "success"],
    ["with a word in the reserved field", { reserved: Buffer.from("later") }, "success"],
  ];
  for (const [what, fields, expected] of cases) {
    assert.equal(await login(bar, withCertificate(fields)), expected, what);
  }
});

test("C53: its type, serial number and key id are told in the log", async (t) => {
  const bar = await open(t);
  assert.equal(await login(bar, withCertificate({ serial: 2n ** 63n, keyId: "ada's laptop" })), "success");
  const attempt = bar.log.findLast(({ event }) => event === "attempt");
  assert.ok(attempt?.event === "attempt");
  assert.deepEqual(
    [attempt.detail.algorithm, attempt.detail.serial, attempt.detail.certificate],
    [CERTIFIED, String(2n ** 63n), "ada's laptop"],
  );
});

test("C53: its CA is a plain key that is trusted, signs by an algorithm that is allowed, and over all before the signature", async (t) => {
  const bar = await open(t);
  assert.equal(await login(bar, withCertificate({}, user, clientKey("ssh-ed25519"))), "failure");
  const nested = certify(ca.blob, ca);
  const chain = { blob: nested, sign: (data: Uint8Array) => ca.sign(data) };
  assert.equal(await login(bar, withCertificate({}, user, chain)), "failure");

  const good = withCertificate({});
  const end = good.blob.length - (4 + 4 + 11 + 4 + 64);
  assert.ok(end > 200);
  for (let at = 4 + CERTIFIED.length + 4; at < end; at += 7) {
    const blob = Buffer.from(good.blob);
    blob[at]! ^= 1;
    const peer = await bar.peer("handshake done");
    // A field that is no longer whole is an ordinary failure too.
    assert.equal(await peer.tryKey("ada", { ...good, blob }), "failure", `byte ${at}`);
  }

  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e, n } = privateKey.export({ format: "jwk" });
  const [exponent, modulus] = [e, n].map((number) => Buffer.from(number!, "base64url"));
  const rsa = new Writer().utf8("ssh-rsa").mpint(exponent!).mpint(modulus!).finish();
  for (const [allowed, name, hash, expected] of [
    [undefined, "rsa-sha2-512", "sha512", "success"],
    [["ssh-ed25519", "rsa-sha2-256"], "rsa-sha2-256", "sha256", "success"],
    [["ssh-ed25519", "rsa-sha2-256"], "rsa-sha2-512", "sha512", "failure"],
    [undefined, "ssh-rsa", "sha1", "failure"],
  ] as const) {
    const server = await open(t, allowed, { blob: rsa });
    const signature = (data: Uint8Array) =>
      new Writer()
        .utf8(name)
        .string(sign(hash, data, privateKey))
        .finish();
    assert.equal(await login(server, withCertificate({}, user, { blob: rsa, sign: signature })), expected, name);
  }
});

test("C54: force-command takes the place of whatever is asked for", async (t) => {
  const bar = await open(t);
  const forced = withCertificate({ criticalOptions: { "force-command": "exit 7" } });
  for (const type of ["exec", "shell"]) {
    const peer = await bar.peer("handshake done");
    assert.equal(await peer.tryKey("ada", forced), "success");
    const channel = await peer.openSession();
    peer.send(type === "exec" ? exec(channel, "digest") : shell(channel));
    const { data } = await peer.next(messages.channelRequest);
    assert.equal(messages.exitStatusRequest.decode(data).status, 7);
  }
  assert.deepEqual(
    bar.seen.filter((line) => line.startsWith("exec") || line.startsWith("shell")),
    ["exec exit 7", "exec exit 7"],
  );
});

test("C54: source-address lets in from its addresses alone", async (t) => {
  const bar = await open(t);
  for (const [list, expected] of [
    ["127.0.0.1", "success"],
    ["10.0.0.0/8,127.0.0.0/8", "success"],
    ["10.0.0.0/8", "failure"],
    ["", "failure"],
    ["*", "failure"],
  ] as const) {
    const value = new Writer().utf8(list).finish();
    const criticalOptions = new Writer().utf8("source-address").string(value).finish();
    assert.equal(await login(bar, withCertificate({ criticalOptions })), expected, list);
  }
});

test("C54: a FIDO key has to be touched, unless no-touch-required is there, and to know its owner for verify-required", async (t) => {
  for (const kind of ["ed25519", "ecdsa"] as const) {
    const keys = new Map<string, Authenticator>();
    const bar = await Bar.open(t, {
      auth: [
        certificates({ trusted: { text: keyLine(ca) }, now: () => NOW * 1000 }),
        authorizedKeys((username) => {
          const key = keys.get(username);
          return key && keyLine(key, username === "plain" ? "" : username);
        }),
      ],
      judge: ({ method }) => method === "password",
    });
    for (const [options, flags, expected] of [
      ["plain", 0x01, "success"],
      ["plain", 0x00, "failure"],
      ["no-touch-required", 0x00, "success"],
      ["verify-required", 0x01, "failure"],
      ["verify-required", 0x05, "success"],
      ["verify-required", 0x04, "failure"],
    ] as const) {
      const key = new Authenticator(kind);
      keys.set(options, key);
      const touched = (touch: TouchOptions): ClientKey => ({
        algorithm: key.algorithm,
        blob: key.blob,
        sign: (data) => key.sign(data, touch),
      });
      const bare = await bar.peer("handshake done");
      assert.equal(await bare.tryKey(options, touched({ flags })), expected, `${options}, flags ${flags}`);

      // The same by a certificate, whose option is critical and whose permission is an extension.
      const fields: CertificateFields = {
        principals: [options],
        ...(options === "verify-required" && { criticalOptions: { [options]: "" } }),
        ...(options === "no-touch-required" && { extensions: { [options]: "" } }),
      };
      const algorithm = `${key.algorithm.replace("@openssh.com", "")}-cert-v01@openssh.com`;
      const certified = { ...touched({ flags }), algorithm, blob: certify(key.blob, ca, fields) };
      const peer = await bar.peer("handshake done");
      assert.equal(await peer.tryKey(options, certified), expected, `${options} in a certificate, flags ${flags}`);
    }
  }
});
