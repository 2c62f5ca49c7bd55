import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Accounts, memoryStore } from "../../../src/accounts/index.ts";
import type { AccountsOptions, AccountStore } from "../../../src/accounts/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { failsWith, newKey, PASSWORD, world } from "./world.ts";

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function namesOf(accounts: Accounts): Promise<string[]> {
  return (await all(accounts.list())).map(({ name }) => name);
}

/** A store that others change between each reading and writing. */
function contested(store: AccountStore, times: number): AccountStore {
  let left = times;
  return {
    ...Object.fromEntries(
      (["prepare", "get", "findByKey", "insert", "remove", "list", "history", "lastLogin", "close"] as const).map(
        (name) => [name, (...args: never[]) => (store[name] as (...all: never[]) => unknown)(...args)],
      ),
    ),
    replace: (key: string, row: never, expected: number) =>
      left-- > 0 ? Promise.resolve(false) : store.replace(key, row, expected),
  } as unknown as AccountStore;
}

test("an account has what it was added with, and defaults for the rest", async () => {
  const { accounts, clock } = world();
  const key = newKey("laptop");
  const account = await accounts.add("Ada", {
    password: PASSWORD,
    keys: [key.line],
    roles: ["admin"],
    prompt: undefined,
  });
  assert.deepEqual(account, {
    name: "Ada",
    revision: 1,
    created: clock.now,
    keys: account.keys,
    hasPassword: true,
    hasTotp: false,
    recoveryCodes: 0,
    guest: false,
    permissions: [],
    roles: ["admin"],
    sudo: false,
    environment: {},
    limits: {},
    files: { allowed: false, readOnly: false },
    disabled: false,
  });
  assert.deepEqual(
    account.keys.map(({ comment, fingerprint }) => [comment, fingerprint]),
    [["laptop", key.fingerprint]],
  );
  assert.deepEqual(await accounts.get("aDA"), account);
  assert.deepEqual(await accounts.findByKey(key.fingerprint), account);
  assert.equal(await accounts.get("bob"), undefined);
  assert.equal(await accounts.get("no such name!"), undefined);
});

test("nothing that proves who somebody is shows in an account, nor in what is printed of all of them", async () => {
  const { accounts } = world();
  const account = await accounts.add("ada", { password: PASSWORD });
  const { secret } = await accounts.newTotp("ada");
  for (const text of [
    inspect(account, { depth: 9, showHidden: true }),
    JSON.stringify(account),
    inspect(accounts, { depth: 9, showHidden: true }),
  ]) {
    assert.doesNotMatch(text, /argon2|scrypt|correct horse/);
    assert.ok(!text.includes(secret));
  }
});

test("names, passwords, keys and settings that cannot be are refused, and nothing is kept", async () => {
  const { accounts } = world();
  for (const name of ["", "a".repeat(33), "a b", "аda", "../etc", "a\n"])
    await failsWith(accounts.add(name), "BAD_NAME");
  for (const password of ["", "tiny", "x".repeat(1025), "pass\nword1"]) {
    const message = await failsWith(accounts.add("ada", { password }), "BAD_VALUE");
    assert.ok(password === "" || !message.includes(password));
  }
  await failsWith(accounts.add("ada", { keys: "no key" }), "BAD_VALUE");
  await failsWith(accounts.add("ada", { permissions: ["a b"] }), "BAD_VALUE");
  await failsWith(accounts.add("ada", { surname: "Lovelace" } as never), "BAD_VALUE");
  assert.deepEqual(await namesOf(accounts), []);
});

test("a name is there once, however it is written, and a key is one account's", async () => {
  const { accounts } = world();
  const key = newKey();
  await accounts.add("Ada", { keys: key.line });
  await failsWith(accounts.add("ADA"), "EXISTS");
  await failsWith(accounts.add("bob", { keys: key.line }), "KEY_TAKEN");
  await accounts.add("ca-user", { keys: `cert-authority ${newKey().line}` });
  assert.deepEqual(await namesOf(accounts), ["Ada", "ca-user"]);
});

test("accounts are listed over many pages, by their names", async () => {
  const { accounts } = world();
  const names = Array.from({ length: 450 }, (_, n) => `user${String(n).padStart(3, "0")}`);
  for (const name of names.toReversed()) await accounts.add(name);
  assert.deepEqual(await namesOf(accounts), names);
});

test("settings are changed, taken back, and left alone", async () => {
  const { accounts } = world();
  await accounts.add("ada", { prompt: "> ", sudo: true, password: PASSWORD });
  const account = await accounts.update("ADA", { prompt: undefined, idleTimeout: 60 });
  assert.deepEqual([account.prompt, account.idleTimeout, account.sudo, account.revision], [undefined, 60, true, 2]);
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
  await failsWith(accounts.update("bob", {}), "NO_ACCOUNT");
  await failsWith(accounts.update("ada", { idleTimeout: -1 }), "BAD_VALUE");
  await failsWith(
    accounts.update("ada", () => undefined as never),
    "BAD_VALUE",
  );
  assert.equal((await accounts.get("ada"))?.revision, 2);
});

test("what throws in a change changes nothing", async () => {
  const { accounts } = world();
  await accounts.add("ada");
  await assert.rejects(
    accounts.update("ada", () => {
      throw new Error("no");
    }),
    /no/,
  );
  assert.equal((await accounts.get("ada"))?.revision, 1);
});

test("permissions are given and taken back, each once", async () => {
  const { accounts } = world({ roles: { cashier: ["till.*"] } });
  await accounts.add("ada", { roles: ["cashier"] });
  await accounts.grant("ada", "orders.read", "orders.write");
  const account = await accounts.grant("ada", "orders.read");
  assert.deepEqual(account.permissions, ["orders.read", "orders.write"]);
  assert.deepEqual(accounts.permissionsOf(account), ["orders.read", "orders.write", "till.*"]);
  assert.deepEqual((await accounts.revoke("ada", "orders.read", "till.open")).permissions, ["orders.write"]);
  await failsWith(accounts.grant("ada", "a b"), "BAD_VALUE");
  await failsWith(accounts.revoke("ada", "a b"), "BAD_VALUE");
});

test("of two writers of one account neither loses a change, in one process and in two", async () => {
  const store = memoryStore();
  const [one, other] = [world({ store }).accounts, world({ store }).accounts];
  await one.add("ada");
  const grants = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).grant("ada", `p${n}`));
  await Promise.all(grants);
  assert.equal((await one.get("ada"))?.permissions.length, 20);
});

test("who is overtaken a few times goes on, and who is overtaken always is told so", async () => {
  const { accounts } = world({ store: contested(memoryStore(), 3) });
  await accounts.add("ada");
  let calls = 0;
  const change = (): { sudo: boolean } => {
    calls++;
    return { sudo: true };
  };
  assert.equal((await accounts.update("ada", change)).sudo, true);
  assert.equal(calls, 4);
  const never = world({ store: contested(memoryStore(), Infinity) }).accounts;
  await never.add("ada");
  await failsWith(never.update("ada", { sudo: true }), "CONFLICT");
});

test("a renamed account is the same by another name", async () => {
  const { accounts } = world();
  const key = newKey();
  await accounts.add("ada", { keys: key.line, sudo: true });
  await accounts.add("bob");
  assert.equal((await accounts.rename("ada", "Countess")).name, "Countess");
  assert.equal(await accounts.get("ada"), undefined);
  assert.equal((await accounts.findByKey(key.fingerprint))?.name, "Countess");
  assert.equal((await accounts.rename("countess", "COUNTESS")).name, "COUNTESS");
  await failsWith(accounts.rename("countess", "Bob"), "EXISTS");
  await failsWith(accounts.rename("countess", "a b"), "BAD_NAME");
  await failsWith(accounts.rename("nobody", "carol"), "NO_ACCOUNT");
});

test("a removed account is gone, and removing one that is not there does nothing", async () => {
  const { accounts } = world();
  await accounts.add("ada");
  assert.equal(await accounts.remove("ADA"), true);
  assert.equal(await accounts.remove("ada"), false);
  assert.equal(await accounts.remove("no name!"), false);
});

test("an account that is damaged in the store is told, and can be removed", async () => {
  const { accounts, store } = world();
  await accounts.prepare();
  await store.insert({ key: "ada", revision: 1, document: "{", fingerprints: [] });
  await failsWith(accounts.get("ada"), "STORE_CORRUPT");
  await failsWith(namesOf(accounts), "STORE_CORRUPT");
  assert.equal(await accounts.remove("ada"), true);
});

test("what is exported is JSON, and is imported as it was", async () => {
  const { accounts } = world();
  const key = newKey("laptop");
  await accounts.add("ada", { password: PASSWORD, keys: key.line, permissions: ["a.b"] });
  await accounts.newRecoveryCodes("ada");
  await accounts.newLinkCode("ada");
  await accounts.add("bob");
  const json = JSON.parse(JSON.stringify(await all(accounts.export()))) as unknown[];
  assert.doesNotMatch(JSON.stringify(json), /"link"/);
  const { accounts: others } = world();
  assert.deepEqual(await others.import(json), { added: ["ada", "bob"], replaced: [], left: [] });
  assert.equal(await others.verifyPassword("ada", PASSWORD), true);
  assert.deepEqual({ ...(await others.get("ada")), revision: 0 }, { ...(await accounts.get("ada")), revision: 0 });
  await others.update("bob", { sudo: true });
  assert.deepEqual(await others.import(json), { added: [], replaced: [], left: ["ada", "bob"] });
  assert.equal((await others.get("bob"))?.sudo, true);
  assert.deepEqual(await others.import(json, { replace: true }), { added: [], replaced: ["ada", "bob"], left: [] });
  assert.equal((await others.get("bob"))?.sudo, false);
});

test("an import that is broken anywhere changes nothing", async () => {
  const { accounts } = world();
  await accounts.add("ada");
  const [good] = await all(accounts.export());
  const { accounts: others } = world();
  for (const bad of [
    null,
    {},
    { ...good, name: 5 },
    { ...good, permissions: "all" },
    { ...good, password: "$2b$10$abc" },
    "ada",
  ]) {
    await failsWith(others.import([good, bad]), "BAD_VALUE");
  }
  await failsWith(others.import([good, { ...good, name: "a b" }]), "BAD_NAME");
  const key = {
    line: newKey().line,
    type: "x",
    fingerprint: "SHA256:made-up",
    comment: "",
    options: "",
    certAuthority: false,
  };
  await others.import([{ ...good, keys: [key] }]);
  assert.notEqual((await others.get("ada"))?.keys[0]?.fingerprint, "SHA256:made-up");
});

const BAD_OPTIONS: readonly AccountsOptions[] = [
  { names: "emoji" as never },
  { roles: { "a b": [] } },
  { roles: { admin: ["a b"] } },
  { guests: { name: "a b" } },
  { guests: { name: "guest", permissions: ["a b"] } },
  { guests: { name: "guest", password: "x" } as never },
  { signUp: { passwords: "yes" as never } },
  { signUp: { settings: { sudo: 1 as never } } },
  { signUp: { reserved: ["a b"] } },
  { signUp: { perHour: 0 } },
  { certificates: {} as never },
  { minPassword: 0 },
  { historyLimit: -1 },
  { issuer: "a:b" },
  { recheck: 0 },
  { now: 5 as never },
  { store: "accounts.db" as never },
];
for (const options of BAD_OPTIONS) {
  test(`accounts cannot be made with ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => new Accounts(options),
      (error) => error instanceof ConfigError && error.code === "BAD_OPTION",
    );
  });
}

test("an option that is misspelt is no option", () => {
  assert.throws(
    () => new Accounts({ guest: {} } as never),
    (error) => error instanceof ConfigError && error.code === "UNKNOWN_OPTION",
  );
});

test("an import that does not go with itself or with what is there changes nothing, and says why", async () => {
  const { accounts } = world();
  const [one, other] = [newKey(), newKey()];
  await accounts.add("ada", { keys: one.line });
  await accounts.add("bob", { keys: other.line });
  const [ada, bob] = await all(accounts.export());
  assert.ok(ada && bob);
  const eve = { ...ada, name: "eve", id: "another", keys: [] };
  for (const [list, code, why] of [
    [[eve, ada, { ...ada, name: "ADA" }], "BAD_VALUE", /the name ADA is in it twice/],
    [[eve, { ...eve, name: "zoe", id: "1", keys: bob["keys"] }, bob], "KEY_TAKEN", /the key SHA256:.* of bob is zoe's/],
    [[eve, { ...eve, name: "zoe" }], "BAD_VALUE", /zoe has the id of eve/],
  ] as const) {
    const { accounts: others } = world();
    assert.match(await failsWith(others.import(list), code), why);
    assert.deepEqual(await all(others.list()), []);
  }
  // Beside those that are there.
  const before = await all(accounts.export());
  for (const [list, code, why] of [
    [[eve, { ...eve, name: "zoe", id: "1", keys: ada["keys"] }], "KEY_TAKEN", /of zoe is ada's/],
    [[eve, { ...ada, name: "countess", keys: [] }], "BAD_VALUE", /countess has the id of ada/],
  ] as const) {
    for (const replace of [false, true]) assert.match(await failsWith(accounts.import(list, { replace }), code), why);
  }
  assert.deepEqual(await all(accounts.export()), before);
});

test("a backup comes back, also where keys and names have gone from one to the other since", async () => {
  const { accounts } = world();
  const [one, other] = [newKey(), newKey()];
  await accounts.add("ada", { keys: one.line });
  await accounts.add("bob", { keys: other.line });
  const backup = await all(accounts.export());
  await accounts.removeKey("ada", one.fingerprint);
  await accounts.removeKey("bob", other.fingerprint);
  await accounts.addKey("ada", other.line);
  await accounts.addKey("bob", one.line);
  assert.deepEqual(await accounts.import(backup, { replace: true }), { added: [], replaced: ["ada", "bob"], left: [] });
  const keysOf = async (name: string): Promise<unknown> =>
    (await accounts.get(name))?.keys.map((key) => key.fingerprint);
  assert.deepEqual([await keysOf("ada"), await keysOf("bob")], [[one.fingerprint], [other.fingerprint]]);
  await accounts.rename("ada", "first");
  await accounts.rename("bob", "ada");
  await accounts.rename("first", "bob");
  await accounts.import(backup, { replace: true });
  assert.deepEqual([await keysOf("ada"), await keysOf("bob")], [[one.fingerprint], [other.fingerprint]]);
});
