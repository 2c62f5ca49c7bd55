import assert from "node:assert/strict";
import { test } from "node:test";
import {
  certificateOf,
  fixtureKey,
  judge,
  makeCa,
  makeKey,
  reasonOf,
  restrictionsOf,
  withKey,
} from "../../auth/attempt.ts";
import { app, newKey, PASSWORD, world, visit } from "../world.ts";

test("each of an account's keys lets in, with what its options say, and no other", async () => {
  const { accounts } = world();
  const [laptop, phone, other] = [makeKey(), makeKey(), makeKey()];
  await accounts.add("ada", {
    keys: [`${laptop.publicKey.toString()} laptop`, `no-pty,from="192.0.2.0/24" ${phone.publicKey.toString()}`],
    environment: { LANG: "en" },
    limits: { sessions: 3, connections: 2 },
  });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  assert.deepEqual(await restrictionsOf(byKey, withKey(laptop.publicKey)), {
    environment: { LANG: "en" },
    maxSessions: 3,
    maxConnections: 2,
  });
  const ofPhone = await restrictionsOf(byKey, withKey(phone.publicKey));
  assert.equal(ofPhone.noPty, true);
  assert.match(await reasonOf(byKey, withKey(phone.publicKey, { address: "198.51.100.1" })), /not for this address/);
  assert.equal(await reasonOf(byKey, withKey(other.publicKey)), "the key is none of the account's");
  assert.equal(await reasonOf(byKey, withKey(laptop.publicKey, { username: "bob" })), "there is no such account");
  assert.equal(await judge(byKey, withKey(laptop.publicKey, { proved: false })), "accept");
  await accounts.removeKey("ada", laptop.publicKey.fingerprint);
  assert.equal(await judge(byKey, withKey(laptop.publicKey)), "refuse");
});

test("an account that may not log in is refused for a key that is only offered, too", async () => {
  const { accounts, clock } = world();
  const key = makeKey();
  await accounts.add("ada", { keys: key.publicKey.toString() });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  for (const [change, why] of [
    [{ disabled: true }, /disabled/],
    [{ disabled: false, expires: clock.now }, /expired/],
    [{ expires: undefined, methods: ["password"] }, /by this method/],
  ] as const) {
    await accounts.update("ada", change);
    for (const proved of [false, true]) assert.match(await reasonOf(byKey, withKey(key.publicKey, { proved })), why);
  }
});

test("a variable that a key and the account set to two values lets nobody in", async () => {
  const { accounts } = world();
  const key = makeKey();
  await accounts.add("ada", {
    keys: `environment="LANG=de",environment="A=1" ${key.publicKey.toString()}`,
    environment: { LANG: "en" },
  });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  assert.match(await reasonOf(byKey, withKey(key.publicKey)), /two values/);
  await accounts.update("ada", { environment: { LANG: "de", B: "2" } });
  assert.deepEqual((await restrictionsOf(byKey, withKey(key.publicKey))).environment, { LANG: "de", A: "1", B: "2" });
});

test("certificates of the app's CAs let in whoever has an account, by its principals", async () => {
  const ca = makeCa();
  const { accounts } = world({ certificates: { trusted: { text: ca.publicKey.toString() } } });
  await accounts.add("ada");
  await accounts.add("bob", { principals: ["staff"] });
  await accounts.add("eve", { principals: [] });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  const certified = (...principals: string[]) => certificateOf(makeKey().publicKey, ca, { principals });
  assert.equal(await judge(byKey, withKey(certified("ada"))), "accept");
  assert.equal(await judge(byKey, withKey(certified("staff"), { username: "bob" })), "accept");
  for (const [username, principal] of [
    ["ada", "bob"],
    ["bob", "bob"],
    ["eve", "eve"],
    ["carol", "carol"],
  ] as const) {
    assert.equal(await judge(byKey, withKey(certified(principal), { username })), "refuse", username);
  }
  const others = certificateOf(makeKey().publicKey, makeCa(), { principals: ["ada"] });
  assert.equal(await judge(byKey, withKey(others)), "refuse");
});

test("a line with cert-authority trusts a CA for one account, and several accounts may have the same", async () => {
  const { accounts } = world();
  const ca = makeCa();
  const line = `cert-authority,principals="ada" ${ca.publicKey.toString()}`;
  await accounts.add("ada", { keys: line });
  await accounts.add("bob", { keys: line });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  const certificate = certificateOf(makeKey().publicKey, ca, { principals: ["ada"] });
  assert.equal(await judge(byKey, withKey(certificate)), "accept");
  assert.equal(await judge(byKey, withKey(certificate, { username: "bob" })), "accept");
  assert.equal(await judge(byKey, withKey(ca.publicKey)), "refuse");
});

test("keys that ssh-keygen made are known again", async () => {
  const { accounts } = world();
  const key = fixtureKey("ada-ecdsa");
  await accounts.add("ada", { keys: key.toString() });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  assert.equal(await judge(byKey, withKey(key)), "accept");
});

test("what a key may is held to: a login by it has no terminal, by the password it has", async (t) => {
  const { accounts } = world();
  const key = newKey();
  await accounts.add("ada", { keys: `no-pty ${key.line}`, password: PASSWORD });
  const { ssh } = app(t, accounts);
  await assert.rejects(visit(ssh, { username: "ada", key: key.key }));
  await using ada = await visit(ssh, { username: "ada", password: PASSWORD });
  await ada.waitFor("Hello, ada.");
});

test("an account may need a key and a password, in this order", async (t) => {
  const { accounts } = world();
  const key = newKey();
  await accounts.add("ada", { keys: key.line, password: PASSWORD, methods: ["publickey,password"] });
  const { ssh, whys } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada", key: key.key, password: PASSWORD });
  await ada.waitFor("Hello, ada.");
  assert.deepEqual(ada.client.connection.methods, ["publickey", "password"]);
  await assert.rejects(visit(ssh, { username: "ada", password: PASSWORD }));
  assert.match(whys().at(-1) ?? "", /not by it first/);
  await assert.rejects(visit(ssh, { username: "ada", key: key.key }));
});

test("what the server asks of all comes on top of what an account asks", async (t) => {
  const { accounts } = world();
  const key = newKey();
  await accounts.add("ada", { keys: key.line, password: PASSWORD, methods: ["publickey"] });
  const { ssh } = app(t, accounts, { authenticationMethods: ["publickey,password"] });
  await assert.rejects(visit(ssh, { username: "ada", key: key.key }));
  await using ada = await visit(ssh, { username: "ada", key: key.key, password: PASSWORD });
  await ada.waitFor("Hello, ada.");
});
