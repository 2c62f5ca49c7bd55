import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { hostKeyOf } from "../../../../src/crypto/key/host-key.ts";
import { Reader } from "../../../../src/wire/index.ts";
import { fixtures, hostKey } from "./blobs.ts";

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
