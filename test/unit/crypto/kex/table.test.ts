import assert from "node:assert/strict";
import { test } from "node:test";
import { kexAlgorithms } from "../../../../src/crypto/index.ts";
import { hasMlkem } from "../../../../src/crypto/kex/mlkem.ts";

test("the methods are exactly these, in this order, with the hash of their RFC", () => {
  assert.deepEqual(
    [...kexAlgorithms.values()].map(({ name, hash }) => `${name} ${hash}`),
    [
      ...(hasMlkem ? ["mlkem768x25519-sha256 sha256"] : []),
      "curve25519-sha256 sha256",
      "curve25519-sha256@libssh.org sha256",
      "ecdh-sha2-nistp256 sha256",
      "ecdh-sha2-nistp384 sha384",
      "ecdh-sha2-nistp521 sha512",
    ],
  );
});

test("each is found by its own name, and nothing by the name of an object's property", () => {
  for (const [name, kex] of kexAlgorithms) assert.equal(kex.name, name);
  for (const name of ["constructor", "__proto__", "toString", "kex-strict-s-v00@openssh.com", "ext-info-s"]) {
    assert.equal(kexAlgorithms.get(name), undefined);
  }
});
