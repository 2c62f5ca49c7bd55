import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateOf, judge, makeCa, makeKey, reasonOf, withAnswers, withKey } from "../../auth/attempt.ts";
import { app, failsWith, newKey, PASSWORD, world, visit } from "../world.ts";

test("nobody signs up and nobody is a guest, unless the app says so", async (t) => {
  const { accounts } = world();
  const { ssh } = app(t, accounts);
  for (const username of ["guest", "anonymous", "ada"]) {
    await assert.rejects(visit(ssh, { username, key: newKey().key }));
    await assert.rejects(visit(ssh, { username, password: "" }));
    await assert.rejects(visit(ssh, { username, answers: { Password: "", Enter: "" } }));
  }
  for await (const account of accounts.list()) assert.fail(account.name);
});

test("a name belongs to the first key that comes under it", async (t) => {
  const { accounts } = world({ signUp: { settings: { permissions: ["lobby.*"] } } });
  const { ssh, whys } = app(t, accounts);
  const [mine, yours] = [newKey(), newKey()];
  for (let time = 0; time < 2; time++) {
    await using ada = await visit(ssh, { username: "Ada", key: mine.key });
    await ada.waitFor("Hello, Ada.");
    assert.equal(await accounts.may(ada.client, "lobby.enter"), true);
  }
  await assert.rejects(visit(ssh, { username: "ada", key: yours.key }));
  assert.equal(whys().at(-1), "the key is none of the account's");
  await assert.rejects(visit(ssh, { username: "bob", key: mine.key }));
  assert.equal(whys().at(-1), "the key is another account's");
  assert.deepEqual(
    (await accounts.get("ada"))?.keys.map(({ fingerprint }) => fingerprint),
    [mine.fingerprint],
  );
  assert.equal(await accounts.get("bob"), undefined);
});

test("a key that is only offered, a certificate, and a key that nobody touched get no account", async () => {
  const { accounts } = world({ signUp: true });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  const { publicKey } = makeKey();
  assert.equal(await judge(byKey, withKey(publicKey, { proved: false })), "accept");
  assert.equal(await judge(byKey, withKey(certificateOf(publicKey, makeCa(), { principals: ["ada"] }))), "refuse");
  assert.equal(await judge(byKey, withKey(publicKey, { touch: { present: false, verified: false } })), "refuse");
  assert.equal(await accounts.get("ada"), undefined);
  assert.equal(await judge(byKey, withKey(publicKey)), "accept");
  assert.ok(await accounts.get("ada"));
});

test("of many who come first at once one is the first", async () => {
  const { accounts } = world({ signUp: { perHour: 100 } });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => judge(byKey, withKey(makeKey().publicKey))));
  assert.equal(outcomes.filter((outcome) => outcome === "accept").length, 1);
});

test("names that seem to be the server's own, and names that are none, are nobody's to get", async () => {
  const { accounts } = world({ signUp: { passwords: true } });
  const [byKey, , byDialogue] = accounts.authenticators();
  assert.ok(byKey && byDialogue);
  for (const username of ["root", "Admin", "a b", "x".repeat(33)]) {
    assert.equal(await judge(byKey, withKey(makeKey().publicKey, { username })), "refuse", username);
    const { data, asked } = withAnswers([PASSWORD], { username });
    assert.equal(await judge(byDialogue, data), "refuse");
    assert.deepEqual(asked, ["Password: "]);
  }
});

test("so many accounts come from one address in an hour, and the app has its say on each", async () => {
  const seen: string[] = [];
  const { accounts, clock } = world({
    signUp: {
      perHour: 2,
      accept: (name, peer) => {
        seen.push(`${name} from ${peer.address}`);
        return name !== "mallory";
      },
    },
  });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  const come = (username: string, address?: string) =>
    judge(byKey, withKey(makeKey().publicKey, { username, ...(address !== undefined && { address }) }));
  assert.equal(await come("mallory"), "refuse");
  assert.equal(await come("ada"), "accept");
  assert.equal(await come("bob"), "refuse");
  assert.equal(await come("bob", "192.0.2.99"), "accept");
  for (const [name, address, outcome] of [
    ["dan", "2001:db8:1:2::1", "accept"],
    ["dora", "2001:db8:1:2::2", "accept"],
    ["dirk", "2001:db8:1:2:3:4:5:6", "refuse"],
    ["dirk", "2001:db8:1:3::1", "accept"],
  ] as const) {
    assert.equal(await come(name, address), outcome, address);
  }
  clock.now += 3_600_000;
  assert.equal(await come("carol"), "accept");
  assert.deepEqual(seen.slice(0, 2), ["mallory from 192.0.2.1", "ada from 192.0.2.1"]);
});

test("only `true` of the app lets somebody sign up", async () => {
  const { accounts } = world({ signUp: { accept: () => 1 as never } });
  const [byKey] = accounts.authenticators();
  assert.ok(byKey);
  assert.equal(await judge(byKey, withKey(makeKey().publicKey)), "refuse");
});

test("a stranger chooses a password in the login's own dialogue, and comes back by it", async (t) => {
  const { accounts } = world({ signUp: { keys: false, passwords: true } });
  const { ssh, whys } = app(t, accounts);
  const key = newKey().key;
  {
    await using ada = await visit(ssh, { username: "ada", key, answers: { New: PASSWORD, again: PASSWORD } });
    await ada.waitFor("Hello, ada.");
  }
  await using ada = await visit(ssh, { username: "ada", answers: { Password: PASSWORD } });
  await ada.waitFor("Hello, ada.");
  await assert.rejects(visit(ssh, { username: "bob", answers: { New: PASSWORD, again: "another horse" } }));
  assert.equal(whys().at(-1), "the new password was not repeated");
  await assert.rejects(visit(ssh, { username: "bob", answers: { New: "short", again: "short" } }));
  assert.equal(whys().at(-1), "the new password is none");
  assert.equal(await accounts.get("bob"), undefined);
});

test("guests come in by Enter, under their name alone, with what the app gives them and with nothing that is kept", async (t) => {
  const guests = { name: "guest", permissions: ["lobby.read"], prompt: "guest> ", limits: { sessions: 1 } };
  const { accounts, store } = world({ guests });
  const { ssh } = app(t, accounts);
  await failsWith(accounts.add("Guest"), "EXISTS");
  await accounts.add("ada");
  await failsWith(accounts.rename("ada", "guest"), "EXISTS");
  await using guest = await visit(ssh, { username: "GUEST", answers: { Enter: "" }, prompt: "guest> " });
  await guest.waitFor("Hello, guest.");
  assert.equal(await guest.run("look"), "did look");
  const account = await accounts.accountOf(guest.client);
  assert.deepEqual([account?.guest, account?.name, account?.files.allowed], [true, "guest", false]);
  assert.equal(await accounts.may(guest.client, "lobby.read"), true);
  assert.equal(await accounts.may(guest.client, "lobby.write"), false);
  assert.equal(await accounts.sudo.verify(guest.client, ""), false);
  assert.deepEqual(await store.history("guest", 10), []);
  await assert.rejects(visit(ssh, { username: "guest", answers: { Enter: "" } }), /session/);
  await assert.rejects(visit(ssh, { username: "guests", answers: { Enter: "" } }));
});

test("a key of another machine is linked by a code that the account's holder has asked for", async (t) => {
  const { accounts, clock } = world();
  const [old, fresh, third] = [newKey(), newKey(), newKey()];
  await accounts.add("ada", { keys: old.line });
  const { ssh, whys } = app(t, accounts);
  await assert.rejects(visit(ssh, { username: "ada", key: fresh.key, answers: { link: "x" } }));
  const code = await accounts.newLinkCode("ada");
  await assert.rejects(visit(ssh, { username: "ada", key: fresh.key, answers: { link: "AAAA-AAAA-AAAA-AAAA" } }));
  assert.equal(whys().at(-1), "the code to link a key is wrong");
  {
    await using ada = await visit(ssh, {
      username: "ada",
      key: fresh.key,
      answers: { link: code.toLowerCase() },
    });
    await ada.waitFor("Hello, ada.");
  }
  await using ada = await visit(ssh, { username: "ada", key: fresh.key });
  await ada.waitFor("Hello, ada.");
  await assert.rejects(visit(ssh, { username: "ada", key: third.key, answers: { link: code } }), "it counts once");
  const late = await accounts.newLinkCode("ada");
  clock.now += 600_000;
  await assert.rejects(visit(ssh, { username: "ada", key: third.key, answers: { link: late } }));
  assert.equal((await accounts.get("ada"))?.keys.length, 2);
});

test("a key that is only offered is not linked, a key of another account neither, and who guesses waits", async () => {
  const { accounts } = world();
  await accounts.add("ada", { keys: newKey().line });
  const bobs = makeKey();
  await accounts.add("bob", { keys: bobs.publicKey.toString() });
  const code = await accounts.newLinkCode("ada");
  const [byKey, , byDialogue] = accounts.authenticators();
  assert.ok(byKey && byDialogue);
  const { publicKey } = makeKey();
  const link = async (key: typeof publicKey, proved: boolean, answer: string): Promise<string> => {
    const offered = withKey(key, { proved });
    const verdict = await byKey.judge(offered);
    if (typeof verdict === "object" && "accept" in verdict && !verdict.accept) return "refused at once";
    const { connection } = offered;
    return reasonOf(byDialogue, { ...withAnswers([answer]).data, connection, passed: ["publickey"] });
  };
  assert.equal(await link(publicKey, false, code), "the recovery code is wrong, or has been used");
  await failsWith(link(bobs.publicKey, true, code), "KEY_TAKEN");
  for (let guess = 0; guess < 5; guess++) await link(publicKey, true, "AAAA");
  assert.match(await link(publicKey, true, code), /too many wrong codes/);
  assert.equal((await accounts.get("ada"))?.keys.length, 1);
});
