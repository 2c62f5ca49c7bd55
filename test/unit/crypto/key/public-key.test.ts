import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { KeyError, parsePublicKey, parsePublicKeyBlob, signatureAlgorithms } from "../../../../src/crypto/index.ts";
import { blob, fixture, fixtures, hostKey } from "./blobs.ts";

const data = Buffer.from("data");
const listed = fixture("fingerprints.txt").split("\n");

for (const name of fixtures) {
  const line = fixture(`${name}.pub`);
  const key = parsePublicKey(line);

  test(`${name}: size and fingerprint are those that ssh-keygen -l shows`, () => {
    assert.ok(listed.some((text) => text.startsWith(`${key.bits} ${key.fingerprint} ${name}@example`)));
  });

  test(`${name}: its line is that of ssh-keygen but for the comment, and reads back as the same key`, () => {
    assert.equal(String(key), line.split(" ").slice(0, 2).join(" "));
    const again = parsePublicKey(String(key));
    assert.ok(again.equals(key) && key.equals(again));
    for (const other of fixtures) {
      if (other !== name) assert.equal(key.equals(parsePublicKey(fixture(`${other}.pub`))), false);
    }
  });

  test(`${name}: a key keeps no view into the bytes it was read from`, () => {
    const bytes = Buffer.from(key.blob);
    const parsed = parsePublicKeyBlob(bytes);
    const signature = hostKey(name).sign(key.algorithms[0]!, data);
    bytes.fill(0);
    assert.ok(parsed.equals(key));
    assert.equal(parsed.fingerprint, key.fingerprint);
    assert.equal(parsed.verify(key.algorithms[0]!, signature, data), true);
  });

  test(`${name}: each cut of a blob, and each byte behind it, is refused as malformed`, () => {
    for (let length = 0; length < key.blob.length; length++) {
      assert.throws(() => parsePublicKeyBlob(key.blob.subarray(0, length)), KeyError, `${length} bytes`);
    }
    assert.throws(() => parsePublicKeyBlob(Buffer.concat([key.blob, Uint8Array.of(0)])), { code: "KEY_MALFORMED" });
  });

  test(`${name}: each cut of a signature, each byte behind it and each wrong name in it gives false`, () => {
    for (const algorithm of key.algorithms) {
      const signature = hostKey(name).sign(algorithm, data);
      assert.equal(key.verify(algorithm, signature, data), true);
      for (let length = 0; length < signature.length; length++) {
        assert.equal(key.verify(algorithm, signature.subarray(0, length), data), false);
      }
      assert.equal(key.verify(algorithm, Buffer.concat([signature, Uint8Array.of(0)]), data), false);
      for (const wrong of [...signatureAlgorithms, "ssh-rsa", "", "constructor", "__proto__", "none"]) {
        if (wrong !== algorithm) assert.equal(key.verify(wrong, signature, data), false, wrong);
      }
    }
  });

  test(`${name}: a bit flipped anywhere in the signature or the data gives false`, () => {
    const [algorithm] = key.algorithms;
    const signature = Buffer.from(hostKey(name).sign(algorithm!, data));
    for (let at = 0; at < signature.length; at++) {
      signature[at]! ^= 1 << (at % 8);
      assert.equal(key.verify(algorithm!, signature, data), false, `byte ${at}`);
      signature[at]! ^= 1 << (at % 8);
    }
    assert.equal(key.verify(algorithm!, signature, Buffer.from("datb")), false);
    assert.equal(key.verify(algorithm!, signature, data), true);
  });

  test(`${name}: any bytes as a signature give false, never an error`, () => {
    const inner = fc.uint8Array({ maxLength: 300, size: "max" });
    const signatures = fc.oneof(
      inner,
      inner.map((bytes) => blob(key.algorithms[0]!, bytes)),
    );
    fc.assert(
      fc.property(signatures, (signature) => {
        for (const algorithm of key.algorithms) assert.equal(key.verify(algorithm, signature, data), false);
      }),
    );
  });

  test(`${name}: a changed blob is a key or a KeyError, and its signatures are still answered`, () => {
    const signature = hostKey(name).sign(key.algorithms[0]!, data);
    fc.assert(
      fc.property(fc.nat(key.blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(key.blob);
        bytes[at]! ^= change;
        try {
          assert.equal(parsePublicKeyBlob(bytes).verify(key.algorithms[0]!, signature, data), false);
        } catch (error) {
          assert.ok(error instanceof KeyError);
        }
      }),
    );
  });
}

test("any bytes as a blob are a KeyError, behind the name of a type too", () => {
  const fields = fc.uint8Array({ maxLength: 600, size: "max" });
  const types = fc.constantFrom("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "ssh-rsa");
  const named = fc.tuple(types, fields).map(([type, bytes]) => Buffer.concat([blob(type), bytes]));
  fc.assert(
    fc.property(fc.oneof(fields, named), (bytes) => {
      assert.throws(() => parsePublicKeyBlob(bytes), KeyError);
    }),
  );
});

test("types that are not supported are told apart from malformed keys", () => {
  for (const type of [
    "ssh-dss",
    "ssh-ed448",
    "ssh-ed25519-cert-v00@openssh.com",
    "sk-ssh-ed25519",
    "sk-ecdsa-sha2-nistp384@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-512-cert-v01@openssh.com",
    "",
    "constructor",
  ]) {
    assert.throws(() => parsePublicKeyBlob(blob(type, new Uint8Array(32))), { code: "KEY_TYPE_UNKNOWN" }, type);
  }
});

test("the error for a peer's key holds none of the peer's bytes", () => {
  assert.throws(
    () => parsePublicKeyBlob(blob("evil-type-name", new Uint8Array(32))),
    (error: unknown) => error instanceof KeyError && !error.message.includes("evil"),
  );
});

test("the text of a .pub file is read with its line end, comments around it, and tabs", () => {
  const line = fixture("ed25519.pub").trim();
  const key = parsePublicKey(line);
  for (const text of [`${line}\r\n`, `# mine\n\n${line}\n`, line.replaceAll(" ", "\t"), `  ${line} and more words`]) {
    assert.ok(parsePublicKey(text).equals(key));
  }
});

test("a line that is no public key says what one looks like", () => {
  const line = fixture("ed25519.pub").trim();
  const [type, base64] = line.split(" ") as [string, string];
  for (const text of [
    "",
    "\n\n",
    "# only a comment",
    type,
    base64,
    `${line}\n${line}`,
    `${type} ${base64}!`,
    `${type} !${base64}`,
    `${type} ${base64.slice(0, -1)}`,
    `${type} "${base64}"`,
    fixture("ed25519.key"),
  ]) {
    assert.throws(() => parsePublicKey(text), { name: "KeyError", code: "KEY_MALFORMED" }, text);
  }
  assert.throws(() => parsePublicKey(`ssh-rsa ${base64}`), { code: "KEY_MISMATCH" });
});

test("any text as a line is a KeyError", () => {
  const words = fc.tuple(fc.constantFrom("ssh-ed25519", "ssh-rsa"), fc.base64String({ maxLength: 200 }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((parts) => parts.join(" ")),
      ),
      (text) => {
        assert.throws(() => parsePublicKey(text), KeyError);
      },
    ),
  );
});

test("server-sig-algs gets exactly these, and never ssh-rsa", () => {
  assert.deepEqual(signatureAlgorithms, [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-ed25519-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "rsa-sha2-512-cert-v01@openssh.com",
    "rsa-sha2-256-cert-v01@openssh.com",
    "sk-ssh-ed25519-cert-v01@openssh.com",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
  ]);
});
