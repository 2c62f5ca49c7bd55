import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey, hostKeyWithCertificate, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { HostKey } from "../../../src/crypto/index.ts";
import { offerOf } from "../../../src/protocol/index.ts";
import { messages, Reader, Writer } from "../../../src/wire/index.ts";
import { certify, Loopback } from "../../client/index.ts";

const ca = parsePrivateKey(generatePrivateKey("ed25519"));

function certified(key: HostKey): HostKey {
  const signer = { blob: ca.publicKey.blob, sign: (data: Uint8Array) => ca.sign("ssh-ed25519", data) };
  const blob = certify(key.publicKey.blob, signer, { type: 2 });
  return hostKeyWithCertificate(key, `${new Reader(blob).utf8()} ${Buffer.from(blob).toString("base64")}`);
}

for (const [type, algorithms] of [
  ["ed25519", ["ssh-ed25519"]],
  ["ecdsa", ["ecdsa-sha2-nistp256"]],
  ["rsa", ["rsa-sha2-512", "rsa-sha2-256"]],
] as const) {
  const key = parsePrivateKey(generatePrivateKey(type));
  const offer = offerOf([certified(key), key]);

  for (const algorithm of algorithms) {
    test(`a host proves itself by a certificate to who asks for ${algorithm} with one, and by the key to who does not`, () => {
      const name = `${algorithm}-cert-v01@openssh.com`;
      const trusting = new Loopback({ offer, client: { hostKey: [name, algorithm] } }).login();
      assert.equal(trusting.app.algorithms[0]?.names.hostKey, name);
      const other = new Loopback({ offer, client: { hostKey: [algorithm] } }).login();
      assert.equal(other.app.algorithms[0]?.names.hostKey, algorithm);
    });
  }
}

// OpenSSH PROTOCOL 3.1: the host key that the client has seen, which is the certificate.
test("a login that is bound to the host is bound to its certificate", () => {
  const key = parsePrivateKey(generatePrivateKey("ed25519"));
  const user = parsePrivateKey(generatePrivateKey("ed25519"));
  const host = certified(key);
  const attempt = (hostKey: Uint8Array): Loopback => {
    const client = { hostKey: ["ssh-ed25519-cert-v01@openssh.com"] };
    const link = new Loopback({ offer: offerOf([host, key]), client }).handshake();
    const fields = new Writer().boolean(true).utf8("ssh-ed25519").string(user.publicKey.blob).string(hostKey).finish();
    const method = "publickey-hostbound-v00@openssh.com";
    const request = messages.userauthRequest.encode({ user: "alice", service: "ssh-connection", method, data: fields });
    const signature = user.sign("ssh-ed25519", new Writer().string(link.client.sessionId!).bytes(request).finish());
    link.client.send(new Writer().bytes(request).string(signature).finish());
    return link.exchange();
  };
  assert.deepEqual(attempt(host.publicKey.blob).app.logins.length, 1);
  assert.deepEqual(attempt(key.publicKey.blob).app.logins, []);
});
