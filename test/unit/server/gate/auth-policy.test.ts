import assert from "node:assert/strict";
import test from "node:test";
import { formatEntry } from "../../../../src/server/index.ts";
import type { AuthAttempt, AuthData } from "../../../../src/server/index.ts";
import { UNRESTRICTED } from "../../../../src/server/login/restrictions.ts";
import { settle } from "../fake-door.ts";
import { interactive, none, offered, password, setUp } from "./login.ts";

test("no handler, no verdict: a refusal", async () => {
  const { judge, events } = setUp();
  assert.equal(await judge(password("x")), "refuse");
  events.add("auth", () => undefined);
  assert.equal(await judge(password("x")), "refuse");
});

test("the first handler that gives a verdict decides, and a refusal is final", async () => {
  const { judge, events } = setUp();
  const asked: string[] = [];
  events.add("auth", () => void asked.push("first"));
  events.add("auth", async (data) => {
    asked.push("second");
    await settle();
    return data.password === "right";
  });
  events.add("auth", () => {
    asked.push("third");
    return true;
  });
  assert.equal(await judge(password("wrong")), "refuse");
  assert.equal(await judge(password("right")), "accept");
  assert.deepEqual(asked, ["first", "second", "first", "second"]);
});

for (const [name, handler] of Object.entries({
  throws: () => {
    throw new Error("database down");
  },
  rejects: () => Promise.reject(new Error("database down")),
})) {
  test(`an auth handler that ${name} refuses, and no later handler lets in`, async () => {
    const { judge, events, log } = setUp();
    events.add("auth", handler);
    events.add("auth", () => true);
    assert.equal(await judge(password("x")), "refuse");
    assert.equal(log[0]?.event, "auth handler failed");
  });
}

test("an auth handler that takes too long refuses, and what it says later is ignored", async (t) => {
  const { judge, events, log } = setUp({ useExternalAuth: true, limits: { authTime: 5 } });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  events.add("auth", () => promise);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = judge(password("x"));
  await settle();
  t.mock.timers.tick(5000);
  assert.equal(await answer, "refuse");
  resolve(true);
  await settle();
  assert.match(String(log[0]?.error), /5 s.*limits\.authTime/);
});

for (const verdict of [
  "yes",
  1,
  {},
  { accept: "yes" },
  { accept: 1 },
  [],
  null,
  { partial: [] },
  { prompt: { prompts: [] } },
  () => true,
]) {
  test(`a verdict that is none lets nobody in: ${JSON.stringify(verdict)}`, async () => {
    const { judge, events, log } = setUp();
    events.add("auth", (() => verdict) as unknown as () => boolean);
    assert.equal(await judge(password("x")), "refuse");
    assert.ok(log[0]?.error instanceof TypeError);
  });
}

test("none asks nobody and never lets in, unless it is in authMethods or anyone may come", async () => {
  const { judge, events, slept } = setUp();
  events.add("auth", () => true);
  assert.equal(await judge(none), "refuse");
  assert.deepEqual(slept, []);
  const open = setUp({ useExternalAuth: true, authMethods: ["none"] });
  open.events.add("auth", ({ method, username }) => method === "none" && username === "guest");
  assert.equal(await open.judge(none), "refuse");
  assert.equal(await open.judge({ method: "none", username: "guest" }), "accept");
  const anyone = setUp({ allowAnyone: true });
  assert.equal(await anyone.judge(none), "accept");
  assert.equal(await anyone.judge(password("")), "accept");
  assert.equal(await anyone.judge(offered(false)), "accept");
  assert.equal(
    await anyone.judge({ method: "unusable", username: "alice", name: "hostbased", why: "unknown" }),
    "refuse",
  );
});

test("methods that are not offered ask nobody", async () => {
  const { judge, events, policy } = setUp({ useExternalAuth: true, authMethods: ["publickey"] });
  events.add("auth", () => true);
  assert.deepEqual(policy.methods, ["publickey"]);
  assert.equal(await judge(password("x")), "refuse");
  assert.equal(await judge(interactive()), "refuse");
  assert.equal(await judge(offered(true)), "accept");
});

test("keyboard-interactive is offered as soon as somebody serves it", () => {
  const { policy, events } = setUp();
  assert.deepEqual(policy.methods, ["publickey", "password"]);
  events.add("authinteractive", () => true);
  assert.deepEqual(policy.methods, ["publickey", "password", "keyboard-interactive"]);
});

test("a handler sees whether a key is proved, and only a proof attaches an identity", async () => {
  const { judge, events, policy, connection } = setUp();
  const seen: unknown[] = [];
  events.add("auth", (data) => {
    if (data.method !== "publickey") return false;
    seen.push([data.proved, data.key.toString(), data.algorithm]);
    return { accept: true, user: { proved: data.proved } };
  });
  assert.equal(await judge(offered(false)), "accept");
  assert.throws(() => policy.admitted(connection, "alice", "publickey"), /nobody has accepted/);
  assert.equal(await judge(offered(true)), "accept");
  assert.deepEqual(policy.admitted(connection, "alice", "publickey"), {
    username: "alice",
    user: { proved: true },
    methods: ["publickey"],
    grant: UNRESTRICTED,
  });
  assert.deepEqual(seen, [
    [false, "ssh-ed25519 AAAA", "ssh-ed25519"],
    [true, "ssh-ed25519 AAAA", "ssh-ed25519"],
  ]);
});

test("after a partial success only the methods it names are asked, and identities add up", async () => {
  const { judge, events, policy, connection } = setUp();
  const passed: (readonly string[])[] = [];
  events.add("auth", (data) => {
    passed.push(data.passed);
    if (data.method === "publickey") return { partial: ["password"], user: { key: "k", level: 1 } };
    return { accept: true, user: { level: 2 } };
  });
  assert.equal(await judge(offered(false)), "accept");
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(offered(true)), "refuse");
  assert.equal(await judge(password("x")), "accept");
  assert.deepEqual(passed, [[], [], ["publickey"]]);
  assert.deepEqual(policy.admitted(connection, "alice", "password"), {
    username: "alice",
    user: { key: "k", level: 2 },
    methods: ["publickey", "password"],
    grant: UNRESTRICTED,
  });
});

test("what was passed under one name is worth nothing under another", async () => {
  const { judge, events, policy, connection } = setUp();
  events.add("auth", (data) =>
    data.method === "publickey" ? { partial: ["password"], user: { key: true } } : data.passed.length > 0,
  );
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("x", "bob")), "refuse");
  assert.throws(() => policy.admitted(connection, "bob", "password"), /nobody has accepted/);
});

test("an expired password is asked to be changed, with the new one in the next attempt", async () => {
  const { judge, events } = setUp();
  const seen: unknown[] = [];
  events.add("auth", (data) => {
    if (data.method !== "password") return false;
    seen.push(data.newPassword);
    return data.newPassword === undefined ? { changePassword: "Choose a new one" } : true;
  });
  assert.equal(await judge(password("old")), "change-password");
  assert.equal(await judge({ ...password("old"), newPassword: "new" } as AuthAttempt), "accept");
  assert.deepEqual(seen, [undefined, "new"]);
});

test("odd names are refused before any handler sees them", async () => {
  const { judge, events } = setUp();
  const asked: string[] = [];
  events.add("auth", ({ username }) => {
    asked.push(username);
    return true;
  });
  for (const name of ["", "-l", "a\nb", "a\0b", "\x1b]0;x", "a\u009bb", "x".repeat(256), "é".repeat(128)]) {
    assert.equal(await judge(password("x", name)), "refuse", JSON.stringify(name));
  }
  assert.deepEqual(asked, []);
  for (const name of ["x".repeat(255), "constructor", "__proto__", "../x", "a b"]) {
    assert.equal(await judge(password("x", name)), "accept", name);
  }
});

test("a password that is too long fails before any handler hashes it", async () => {
  const { judge, events, slept } = setUp();
  let asked = 0;
  events.add("auth", () => {
    asked++;
    return true;
  });
  assert.equal(await judge(password("x".repeat(1025))), "refuse");
  assert.equal(await judge({ ...password("x"), newPassword: "é".repeat(513) } as AuthAttempt), "refuse");
  assert.equal(asked, 0);
  assert.equal(slept.length, 2);
  assert.equal(await judge(password("x".repeat(1024))), "accept");
});

test("every refusal takes at least 5 ms and as long for one name as before; what took longer is stretched", async () => {
  const { judge, events, slept, time } = setUp();
  events.add("auth", ({ username }) => {
    if (username === "slow") time.now += 20;
    return false;
  });
  const attempts = [
    password("x"),
    offered(false),
    offered(true),
    { method: "unusable", username: "alice", name: "x", why: "y" },
  ] as const;
  for (const attempt of attempts) await judge(attempt);
  assert.equal(new Set(slept).size, 1);
  assert.ok(slept[0] !== undefined && slept[0] >= 5 && slept[0] <= 10);
  slept.length = 0;
  await judge(password("x", "slow"));
  const [stretched = 0] = slept;
  assert.ok(stretched + 20 > 20 && stretched + 20 <= 40);
  slept.length = 0;
  events.add("auth", () => true);
  for (let user = 0; user < 20; user++) await judge(password("x", `user${user}`));
  assert.ok(new Set(slept).size > 1);
});

test("the log tells of refusals without a secret, on one harmless line, the name last", async () => {
  const { judge, events, log } = setUp();
  events.add("auth", () => false);
  const name = "x from 1.2.3.4 port 22\u202e";
  await judge(password("hunter2", name));
  await judge(interactive(1, ["hunter2"], name));
  await judge({ method: "unusable", username: "a\nAccepted", name: "hostbased", why: "unknown method" });
  assert.equal(log.length, 3);
  for (const entry of log) {
    const line = formatEntry(entry);
    assert.doesNotMatch(line, /hunter2|\n|\u202e/);
    assert.match(line, /"username":"[^"]*"\}$/);
  }
});

test("refused attempts are counted for penalties; the first none is not one", async () => {
  const { judge, policy, connection } = setUp();
  assert.deepEqual(policy.tally(connection), { failures: 0, excused: 0, attempts: 0, isUnknownUser: false });
  await judge(none);
  assert.deepEqual(policy.tally(connection), { failures: 0, excused: 0, attempts: 0, isUnknownUser: false });
  await judge(password("x"));
  await judge(password("x", "bob"));
  assert.deepEqual(policy.tally(connection), { failures: 2, excused: 0, attempts: 2, isUnknownUser: false });
});

test("data has what a handler needs to judge", async () => {
  const { judge, events, connection } = setUp();
  const seen: AuthData[] = [];
  events.add("auth", (data) => void seen.push(data));
  await judge(password("secret"));
  const [data] = seen;
  assert.equal(data?.method, "password");
  assert.equal(data.username, "alice");
  assert.equal(data.password, "secret");
  assert.deepEqual(data.peer, { address: "192.0.2.1", port: 1 });
  assert.equal(data.connection, connection);
  assert.deepEqual(data.passed, []);
});
