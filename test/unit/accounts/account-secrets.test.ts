import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { hashPassword } from "../../../src/auth/index.ts";
import { failsWith, newKey, PASSWORD, world } from "./world.ts";

test("a password is set, changed and taken away, and kept as a hash", async () => {
  const { accounts, store } = world();
  await accounts.add("ada");
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), false);
  await accounts.setPassword("ada", PASSWORD);
  assert.match((await store.get("ada"))?.document ?? "", /\$argon2id\$|\$scrypt\$/);
  assert.doesNotMatch((await store.get("ada"))?.document ?? "", /correct/);
  assert.equal(await accounts.verifyPassword("ADA", PASSWORD), true);
  assert.equal(await accounts.verifyPassword("ada", "wrong horse"), false);
  await accounts.setPassword("ada", "another horse");
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), false);
  await accounts.setPassword("ada", undefined);
  assert.equal((await accounts.get("ada"))?.hasPassword, false);
  assert.equal(await accounts.verifyPassword("ada", "another horse"), false);
  await failsWith(accounts.setPassword("bob", PASSWORD), "NO_ACCOUNT");
  await failsWith(accounts.setPassword("ada", "short"), "BAD_VALUE");
  for (const nothing of ["", "x".repeat(2000)]) assert.equal(await accounts.verifyPassword("ada", nothing), false);
  assert.equal(await accounts.verifyPassword("nobody", PASSWORD), false);
});

test("a hash that is cheaper than those of today is made anew, once the password is at hand", async () => {
  const { accounts, store } = world();
  await accounts.add("ada");
  const old = await hashPassword(PASSWORD, { scheme: "scrypt" });
  const row = await store.get("ada");
  assert.ok(row);
  await store.replace(
    "ada",
    { ...row, revision: 2, document: JSON.stringify({ ...JSON.parse(row.document), password: old }) },
    1,
  );
  assert.equal(await accounts.verifyPassword("ada", "wrong horse"), false);
  assert.match((await store.get("ada"))?.document ?? "", /\$scrypt\$/);
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
  assert.match((await store.get("ada"))?.document ?? "", /\$argon2id\$/);
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
});

test("an account has several keys, with comments and options", async () => {
  const { accounts } = world();
  const [laptop, phone] = [newKey("laptop"), newKey("phone")];
  await accounts.add("ada", { keys: laptop.line });
  await accounts.addKey("ada", `from="10.0.0.0/8" ${phone.line}`);
  assert.deepEqual(
    (await accounts.get("ada"))?.keys.map(({ comment, options }) => [comment, options]),
    [
      ["laptop", ""],
      ["phone", 'from="10.0.0.0/8"'],
    ],
  );
  await accounts.add("bob");
  await failsWith(accounts.addKey("bob", phone.line), "KEY_TAKEN");
  assert.equal(await accounts.removeKey("ada", phone.fingerprint), true);
  assert.equal(await accounts.removeKey("ada", phone.line), false);
  await accounts.addKey("bob", phone.line);
  assert.equal((await accounts.findByKey(phone.fingerprint))?.name, "bob");
  await failsWith(accounts.addKey("ada", "no key"), "BAD_VALUE");
  await failsWith(accounts.removeKey("ada", "no key"), "BAD_VALUE");
  await failsWith(accounts.addKey("nobody", laptop.line), "NO_ACCOUNT");
});

test("a list of keys is imported: those that are new, and what is wrong with the rest", async () => {
  const { accounts } = world();
  const [one, two, three] = [newKey("one"), newKey("two"), newKey("three")];
  await accounts.add("ada", { keys: one.line });
  const result = await accounts.importKeys("ada", [one.line, two.line, "nonsense", two.line, three.line].join("\n"));
  assert.deepEqual(
    result.added.map(({ comment }) => comment),
    ["two", "three"],
  );
  assert.deepEqual([result.known, result.faults.map(({ line }) => line)], [2, [3]]);
  assert.equal((await accounts.get("ada"))?.keys.length, 3);
  await accounts.add("bob");
  await failsWith(accounts.importKeys("bob", [newKey().line, one.line].join("\n")), "KEY_TAKEN");
  assert.deepEqual((await accounts.get("bob"))?.keys, []);
});

test("codes of an app are set up by one of them, and taken away with the recovery codes", async () => {
  const { accounts, clock } = world();
  await accounts.add("ada");
  const { secret, uri } = await accounts.newTotp("ada");
  assert.match(uri, /^otpauth:\/\/totp\/Sallyport:ada\?/);
  assert.equal((await accounts.get("ada"))?.hasTotp, false);
  assert.equal(await accounts.setTotp("ada", secret, "000000"), false);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now });
  assert.equal(await accounts.setTotp("ada", secret, `${code.slice(0, 3)} ${code.slice(3)}`), true);
  const message = await failsWith(accounts.setTotp("ada", "not base 32 !", code), "BAD_VALUE");
  assert.doesNotMatch(message, /not base 32/);
  const codes = await accounts.newRecoveryCodes("ada");
  assert.equal(new Set(codes).size, 10);
  for (const one of codes) assert.match(one, /^[A-Z2-9]{4}(-[A-Z2-9]{4}){3}$/);
  const account = await accounts.get("ada");
  assert.deepEqual([account?.hasTotp, account?.recoveryCodes], [true, 10]);
  await accounts.removeTotp("ada");
  const after = await accounts.get("ada");
  assert.deepEqual([after?.hasTotp, after?.recoveryCodes], [false, 0]);
  await failsWith(accounts.newTotp("nobody"), "NO_ACCOUNT");
});

test("however many passwords are judged at once, a thread is left for files", async () => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  let judged = 0;
  const all = Array.from({ length: 12 }, () => accounts.verifyPassword("ada", PASSWORD).then(() => judged++));
  await readFile(new URL(import.meta.url));
  assert.ok(judged < all.length / 2, `${judged} of ${all.length} were judged before a file could be read`);
  await Promise.all(all);
});
