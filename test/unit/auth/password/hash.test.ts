import assert from "node:assert/strict";
import { argon2Sync, scryptSync } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { AuthError, hashPassword, verifyPassword } from "../../../../src/auth/index.ts";
import { impossibleHash } from "../../../../src/auth/password/hash.ts";
import { formatPhc, parsePhc } from "../../../../src/auth/password/phc.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replaceAll("=", "");
const salt = Buffer.from("0123456789abcdef");

test("a hash is a PHC string with the costs of today and a salt of its own", async () => {
  const [one, other] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, other);
  const scrypt = await hashPassword("secret", { scheme: "scrypt" });
  assert.match(scrypt, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  for (const hash of [one, other, scrypt]) {
    assert.equal((await verifyPassword("secret", hash)).ok, true);
    assert.equal((await verifyPassword("Secret", hash)).ok, false);
  }
});

test("hashes that others made are verified", async () => {
  const argon2 = argon2Sync("argon2id", {
    message: "påss",
    nonce: salt,
    parallelism: 2,
    tagLength: 24,
    memory: 64,
    passes: 3,
  });
  const scrypt = scryptSync("påss", salt, 64, { N: 1024, r: 4, p: 2 });
  for (const hash of [
    `$argon2id$v=19$m=64,t=3,p=2$${base64(salt)}$${base64(argon2)}`,
    `$scrypt$ln=10,r=4,p=2$${base64(salt)}$${base64(scrypt)}`,
  ]) {
    assert.deepEqual(await verifyPassword("påss", hash), { ok: true, rehash: true });
    assert.deepEqual(await verifyPassword("pass", hash), { ok: false, rehash: false });
  }
});

test("a hash by today's costs need not be made anew, a cheaper one should be, a dearer one need not", async () => {
  assert.equal((await verifyPassword("x", await hashPassword("x"))).rehash, false);
  const dearer = argon2Sync("argon2id", {
    message: "x",
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 3,
  });
  const hash = `$argon2id$v=19$m=19456,t=3,p=1$${base64(salt)}$${base64(dearer)}`;
  assert.deepEqual(await verifyPassword("x", hash), { ok: true, rehash: false });
});

const tail = `${base64(salt)}$${base64(new Uint8Array(32))}`;
const broken = [
  "",
  "secret",
  "$1$salt$5f4dcc3b5aa765d61d8327deb882cf99",
  "5f4dcc3b5aa765d61d8327deb882cf99",
  "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
  `$argon2i$v=19$m=64,t=3,p=1$${tail}`,
  `$argon2d$v=19$m=64,t=3,p=1$${tail}`,
  `$argon2id$v=16$m=64,t=3,p=1$${tail}`,
  `$argon2id$m=64,t=3,p=1$${tail}`,
  `$argon2id$v=19$t=3,m=64,p=1$${tail}`,
  `$argon2id$v=19$m=64,t=3$${tail}`,
  `$argon2id$v=19$m=64,t=3,p=1,x=1$${tail}`,
  `$argon2id$v=19$m=64,t=3,p=1,$${tail}`,
  `$argon2id$v=19$m=64,t=0,p=1$${tail}`,
  `$argon2id$v=19$m=4,t=3,p=1$${tail}`,
  `$argon2id$v=19$m=4294967295,t=3,p=1$${tail}`,
  `$argon2id$v=19$m=64,t=1000,p=1$${tail}`,
  `$argon2id$v=19$m=64,t=3,p=1$${base64(salt)}$${base64(new Uint8Array(8))}`,
  `$argon2id$v=19$m=64,t=3,p=1$c2FsdA$${base64(new Uint8Array(32))}`,
  `$argon2id$v=19$m=64,t=3,p=1$${tail}=`,
  `$argon2id$v=19$m=64,t=3,p=1$${tail}$`,
  `$argon2id$v=19$m=64,t=3,p=1$${base64(salt)}`,
  `$scrypt$ln=64,r=8,p=1$${tail}`,
  `$scrypt$ln=20,r=32,p=1$${tail}`,
  `$constructor$a=1$${tail}`,
  "x".repeat(10_000),
];

for (const hash of broken) {
  test(`${hash.slice(0, 60)} is no hash, and is not quoted`, async () => {
    await assert.rejects(verifyPassword("x", hash), (error) => {
      assert.ok(error instanceof AuthError && error.code === "BAD_HASH");
      assert.ok(hash === "" || !error.message.includes(hash.slice(-12)));
      return true;
    });
  });
}

test("what is written reads back as it was", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const parameters = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.nat(999_999_999)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(bytes, bytes, parameters, fc.option(fc.nat(99), { nil: undefined }), (salt, hash, list, version) => {
      const phc = { id: "x-y", version, parameters: new Map(list), salt, hash };
      const read = parsePhc(formatPhc(phc));
      assert.deepEqual(
        { ...read, salt: [...read.salt], hash: [...read.hash] },
        { ...phc, salt: [...salt], hash: [...hash] },
      );
    }),
  );
});

test("any text is a hash or the typed error", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.throws(() => parsePhc(text), AuthError);
    }),
  );
});

test("an impossible hash costs what another does, and is another each time", () => {
  const like = `$scrypt$ln=10,r=4,p=2$${tail}`;
  assert.match(impossibleHash(like), /^\$scrypt\$ln=10,r=4,p=2\$/);
  assert.notEqual(impossibleHash(like), impossibleHash(like));
  assert.match(impossibleHash(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.throws(() => impossibleHash("nothing"), AuthError);
});
