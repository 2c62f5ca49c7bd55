import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKeys } from "../../../src/auth/index.ts";
import type { KeyFinding } from "../../../src/auth/index.ts";
import { parsePublicKeyBlob } from "../../../src/crypto/index.ts";
import { Authenticator } from "../../client/index.ts";
import { certificateOf, fixtureKey, judge, makeCa, withKey, withNothing } from "./attempt.ts";

const ada = fixtureKey("ada");
const sk = parsePublicKeyBlob(new Authenticator("ed25519").blob);

test("the function decides, by the name and the key", async () => {
  const asked: string[] = [];
  const auth = publicKeys((username, key) => {
    asked.push(`${username} ${key.fingerprint}`);
    return username === "ada" && ada.equals(key);
  });
  assert.equal(await judge(auth, withKey(ada)), "accept");
  assert.equal(await judge(auth, withKey(ada, { username: "bob" })), "refuse");
  assert.deepEqual(asked, [`ada ${ada.fingerprint}`, `bob ${ada.fingerprint}`]);
  assert.equal(await judge(auth, withNothing()), "next");
});

test("what is found out comes with the verdict, and nothing is remembered from one key to the next", async () => {
  const auth = publicKeys((_name, key) =>
    ada.equals(key) ? { accept: true, user: { id: 1 }, restrictions: { noPty: true } } : undefined,
  );
  assert.deepEqual(await auth.judge(withKey(ada)), { accept: true, user: { id: 1 }, restrictions: { noPty: true } });
  assert.equal(await judge(auth, withKey(fixtureKey("bob"))), "next");
});

test("a certificate is not asked for: its key would pass, and its terms would not count", async () => {
  const auth = publicKeys(() => assert.fail("it was asked"));
  assert.equal(await judge(auth, withKey(certificateOf(ada, makeCa()))), "next");
});

test("a revoked key is refused although the function found it good", async () => {
  const auth = publicKeys(() => true, { revoked: { list: String(ada) } });
  assert.equal(await judge(auth, withKey(ada)), "refuse");
  assert.equal(await judge(auth, withKey(fixtureKey("bob"))), "accept");
});

test("a FIDO key needs a touch unless the options or the finding say otherwise", async () => {
  const untouched = withKey(sk, { touch: { present: false, verified: false } });
  const touched = withKey(sk, { touch: { present: true, verified: false } });
  const finding = (found: KeyFinding) => publicKeys(() => found);
  assert.equal(await judge(finding(true), untouched), "refuse");
  assert.equal(await judge(finding(true), touched), "accept");
  assert.equal(await judge(finding({ accept: true, touchRequired: false }), untouched), "accept");
  assert.equal(
    await judge(
      publicKeys(() => true, { touchRequired: false }),
      untouched,
    ),
    "accept",
  );
  assert.equal(
    await judge(
      publicKeys(() => ({ accept: true, touchRequired: true }), { touchRequired: false }),
      untouched,
    ),
    "refuse",
  );
  assert.equal(await judge(finding({ accept: true, verifyRequired: true }), touched), "refuse");
  assert.equal(await judge(finding({ accept: true, verifyRequired: true }), withKey(ada)), "refuse");
});

test("what is merely truthy lets nobody in", async () => {
  for (const found of ["yes", 1, {}, { accept: "yes" }, [], null]) {
    const auth = publicKeys(() => found as never);
    let verdict;
    try {
      verdict = await auth.judge(withKey(ada));
    } catch {
      continue;
    }
    assert.ok(typeof verdict === "object" && (!("accept" in verdict) || typeof verdict.accept !== "boolean"));
  }
});
