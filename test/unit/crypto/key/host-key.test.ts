import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { hostKeyWithCertificate, parsePublicKey } from "../../../../src/crypto/index.ts";
import { hostKeyOf } from "../../../../src/crypto/key/host-key.ts";
import { Reader } from "../../../../src/wire/index.ts";
import { fixture, fixtures, hostKey } from "./blobs.ts";

for (const name of fixtures) {
  test(`${name}: a signature is the blob of the algorithm's name and the signature`, () => {
    const key = hostKey(name);
    for (const algorithm of key.algorithms) {
      const from = new Reader(key.sign(algorithm, Buffer.from("data")));
      assert.equal(from.name(), algorithm);
      assert.ok(from.string().length > 0);
      from.end();
    }
  });

  test(`${name}: another key's algorithm is refused`, () => {
    const key = hostKey(name);
    for (const algorithm of [
      "ssh-rsa",
      "",
      "constructor",
      ...["ssh-ed25519", "rsa-sha2-256"].filter((other) => !key.algorithms.includes(other)),
    ]) {
      assert.throws(() => key.sign(algorithm, Buffer.from("data")), TypeError);
    }
  });
}

test("a private key whose public half is another's is refused", () => {
  const [mine, other] = [1, 2].map(() =>
    generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey.export({ format: "der", type: "sec1" }),
  );
  // RFC 5915 §3: the point is at the end.
  const key = Buffer.concat([mine!.subarray(0, -64), other!.subarray(-64)]);
  const mixed = createPrivateKey({ key, format: "der", type: "sec1" });
  assert.throws(() => hostKeyOf(mixed), { name: "KeyError", code: "KEY_MISMATCH" });
});

for (const name of fixtures) {
  const text = fixture(`certificates/host-${name}-cert.pub`);

  test(`${name}: with a certificate it shows the certificate and signs by the names for certificates`, () => {
    const plain = hostKey(name);
    const key = hostKeyWithCertificate(plain, text);
    const certificate = parsePublicKey(text);
    assert.ok(key.publicKey.equals(certificate));
    assert.equal(key.type, certificate.type);
    assert.deepEqual(key.algorithms, certificate.algorithms);
    const data = Buffer.from("data");
    for (const [at, algorithm] of key.algorithms.entries()) {
      const signature = key.sign(algorithm, data);
      assert.equal(new Reader(signature).name(), plain.algorithms[at], "the signature has the plain name");
      assert.equal(certificate.verify(algorithm, signature, data), true);
    }
    for (const algorithm of [...plain.algorithms, "ssh-rsa", "", "constructor"]) {
      assert.throws(() => key.sign(algorithm, data), TypeError, algorithm);
    }
  });

  test(`${name}: a user's certificate, another key's, or none is refused`, () => {
    const other = name === "ed25519" ? "rsa-2048" : "ed25519";
    const key = hostKey(name);
    const attach = (file: string) => () => hostKeyWithCertificate(key, fixture(file));
    assert.throws(attach(`certificates/user-${name}-cert.pub`), { code: "KEY_REFUSED", message: /user's certificate/ });
    assert.throws(attach(`${name}.pub`), { code: "KEY_REFUSED", message: /without a certificate.*ssh-keygen -s/ });
    assert.throws(attach(`certificates/host-${other}-cert.pub`), { code: "KEY_MISMATCH" });
    assert.throws(attach(`${name}.key`), { code: "KEY_MALFORMED" });
  });
}
