import assert from "node:assert/strict";
import test from "node:test";
import type {
  AuthAttempt,
  Authenticator,
  AuthVerdict,
  OfferedKey,
  Restrictions,
} from "../../../../src/server/index.ts";
import { UNRESTRICTED } from "../../../../src/server/login/restrictions.ts";
import { interactive, none, offered, password, setUp } from "./login.ts";

type Judge = Authenticator["judge"];
type Methods = Authenticator["methods"];

function authenticator(methods: Methods, judge: Judge): Authenticator {
  return { methods, judge };
}

/** Lets in with this verdict whoever proves a key, or knows the password or the code "right". */
function accepting(method: Methods[number], verdict: AuthVerdict = true): Authenticator {
  return authenticator([method], (data) => {
    switch (data.method) {
      case "publickey":
        return verdict;
      case "password":
        return data.password === "right" ? verdict : false;
      case "keyboard-interactive":
        if (data.round === 0) return { prompt: { prompts: [{ prompt: "Code: ", echo: false }] } };
        return data.responses[0] === "right" ? verdict : false;
      default:
        return undefined;
    }
  });
}

function key(name: string, certificate?: string): OfferedKey {
  const plain: OfferedKey = {
    type: "ssh-ed25519",
    fingerprint: `SHA256:${name}`,
    blob: Buffer.from(name),
    toString: () => name,
  };
  if (certificate === undefined) return plain;
  const certified = {
    type: "user" as const,
    serial: 7n,
    keyId: certificate,
    principals: ["alice"],
    validAfter: 0,
    validBefore: Infinity,
    criticalOptions: new Map<string, Uint8Array>(),
    extensions: new Map<string, Uint8Array>(),
    signatureKey: key("ca"),
    signatureAlgorithm: "ssh-ed25519",
    publicKey: plain,
  };
  return { ...plain, blob: Buffer.from(`${name} ${certificate}`), fingerprint: "SHA256:cert", certificate: certified };
}

function proving(offer: OfferedKey, proved = true): AuthAttempt {
  return { method: "publickey", username: "alice", key: offer, algorithm: "ssh-ed25519", proved };
}

test("authenticators are asked in the order of the list about their methods, then the handlers", async () => {
  const asked: string[] = [];
  const listed = (name: string, methods: Methods): Authenticator => authenticator(methods, () => void asked.push(name));
  const auth = [
    listed("keys", ["publickey"]),
    listed("first", ["password"]),
    listed("second", ["password", "publickey"]),
  ];
  const { judge, events } = setUp({ auth, useExternalAuth: true });
  events.add("auth", () => {
    asked.push("handler");
    return true;
  });
  assert.equal(await judge(password("x")), "accept");
  assert.deepEqual(asked, ["first", "second", "handler"]);
  asked.length = 0;
  assert.equal(await judge(offered(false)), "accept");
  assert.deepEqual(asked, ["keys", "second", "handler"]);
});

test("the first verdict decides, and a refusal is final", async () => {
  const auth = [authenticator(["password"], () => false), authenticator(["password"], () => true)];
  const { judge, events } = setUp({ auth, useExternalAuth: true });
  events.add("auth", () => true);
  assert.equal(await judge(password("x")), "refuse");
});

test("what no authenticator decides is refused, and without handlers nothing more is asked", async () => {
  const { judge, log } = setUp({ auth: [authenticator(["password"], () => undefined)] });
  assert.equal(await judge(password("x")), "refuse");
  assert.equal(await judge(offered(true)), "refuse");
  assert.deepEqual(
    log.map((entry) => entry.event === "attempt" && entry.detail.why),
    ["nobody gave a verdict", "the method is not asked for"],
  );
});

test("an authenticator that throws refuses, and no later one lets in", async () => {
  const failing = authenticator(["password"], () => Promise.reject(new Error("no database")));
  const { judge, log } = setUp({ auth: [failing, authenticator(["password"], () => true)] });
  assert.equal(await judge(password("x")), "refuse");
  assert.equal(log[0]?.event, "auth handler failed");
});

test("the methods of the authenticators are offered, and those of handlers where there are any", () => {
  assert.deepEqual(setUp({ auth: [accepting("publickey")] }).policy.methods, ["publickey"]);
  const both = setUp({ auth: [accepting("keyboard-interactive"), accepting("publickey")] });
  assert.deepEqual(both.policy.methods, ["publickey", "keyboard-interactive"]);
  const mixed = setUp({ auth: [accepting("keyboard-interactive")], useExternalAuth: true });
  assert.deepEqual(mixed.policy.methods, ["publickey", "password", "keyboard-interactive"]);
  const narrowed = setUp({ auth: [accepting("publickey"), accepting("password")], authMethods: ["password"] });
  assert.deepEqual(narrowed.policy.methods, ["password"]);
});

test("none is judged by an authenticator that takes it, and by no other", async () => {
  const { judge } = setUp({ auth: [accepting("password")] });
  assert.equal(await judge(none), "refuse");
  const open = setUp({ auth: [authenticator(["none"], () => true)] });
  assert.equal(await open.judge(none), "accept");
});

test("authenticationMethods asks for one factor after the other", async () => {
  const auth = [accepting("publickey"), accepting("keyboard-interactive"), accepting("password")];
  const { judge, policy, connection } = setUp({
    auth,
    authenticationMethods: ["publickey,keyboard-interactive", "publickey,password"],
  });
  assert.deepEqual(policy.methods, ["publickey"]);
  assert.equal(await judge(password("right")), "refuse");
  assert.equal(await judge(offered(false)), "accept");
  assert.equal(await judge(password("right")), "refuse");
  assert.equal(await judge(offered(true)), "partial keyboard-interactive,password");
  assert.equal(await judge(offered(true)), "refuse");
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["wrong"])), "refuse");
  assert.equal(await judge(password("right")), "accept");
  assert.deepEqual(policy.admitted(connection, "alice", "password").methods, ["publickey", "password"]);
});

test("a partial verdict asks for more than authenticationMethods does, and for no less", async () => {
  const auth = [
    accepting("publickey", { partial: ["password"] }),
    accepting("password"),
    accepting("keyboard-interactive"),
  ];
  const { judge } = setUp({ auth, authenticationMethods: ["publickey,keyboard-interactive"] });
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(interactive()), "refuse");
  assert.equal(await judge(password("right")), "partial keyboard-interactive");
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["right"])), "accept");
});

test("the handlers' verdicts are steps like any other", async () => {
  const { judge, events } = setUp({
    auth: [accepting("publickey")],
    useExternalAuth: true,
    authenticationMethods: ["publickey,password"],
  });
  events.add("auth", (data) => data.password === "right");
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("right")), "accept");
});

for (const [name, second] of Object.entries({
  "the same key": key("one"),
  "the same key in a certificate": key("one", "cert"),
})) {
  test(`publickey,publickey asks for two keys: ${name} does not do`, async () => {
    const auth = [accepting("publickey")];
    const { judge } = setUp({ auth, authenticationMethods: ["publickey,publickey"] });
    assert.equal(await judge(proving(key("one"))), "partial publickey");
    assert.equal(await judge(proving(second, false)), "refuse");
    assert.equal(await judge(proving(second)), "refuse");
    assert.equal(await judge(proving(key("two"))), "accept");
  });
}

test("two certificates of one key are one key", async () => {
  const { judge } = setUp({ auth: [accepting("publickey")], authenticationMethods: ["publickey,publickey"] });
  assert.equal(await judge(proving(key("one", "a"))), "partial publickey");
  assert.equal(await judge(proving(key("one", "b"))), "refuse");
});

test("a key that was only offered is no step and no used key", async () => {
  const { judge } = setUp({ auth: [accepting("publickey")], authenticationMethods: ["publickey,publickey"] });
  assert.equal(await judge(proving(key("one"), false)), "accept");
  assert.equal(await judge(proving(key("two"), false)), "accept");
  assert.equal(await judge(proving(key("one"))), "partial publickey");
  assert.equal(await judge(proving(key("two"))), "accept");
});

test("steps, restrictions and identity of one name are gone under another", async () => {
  const auth = [
    accepting("publickey", { accept: true, user: { key: 1 }, restrictions: { noPty: true } }),
    accepting("password"),
  ];
  const { judge, policy, connection } = setUp({ auth, authenticationMethods: ["publickey,password", "password"] });
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("right", "bob")), "accept");
  const login = policy.admitted(connection, "bob", "password");
  assert.deepEqual([login.user, login.methods, login.grant], [undefined, ["password"], UNRESTRICTED]);
});

test("the restrictions of every factor are in the grant (CVE-2026-39828)", async () => {
  const auth = [
    accepting("publickey", { accept: true, restrictions: { forceCommand: "backup", sourceAddress: ["192.0.2.0/24"] } }),
    accepting("password", { accept: true, restrictions: { noPty: true } }),
    accepting("keyboard-interactive"),
  ];
  const { judge, policy, connection } = setUp({
    auth,
    authenticationMethods: ["publickey,password,keyboard-interactive"],
  });
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("right")), "partial keyboard-interactive");
  await judge(interactive());
  assert.equal(await judge(interactive(1, ["right"])), "accept");
  const { grant } = policy.admitted(connection, "alice", "password");
  assert.equal(grant.forceCommand, "backup");
  assert.equal(grant.noPty, true);
  assert.deepEqual(grant.sourceAddress, [["192.0.2.0/24"]]);
});

test("the restrictions of a partial verdict of a handler count too", async () => {
  const { judge, events, policy, connection } = setUp();
  events.add("auth", (data) =>
    data.method === "publickey" ? { partial: ["password"], restrictions: { forceCommand: "backup" } } : true,
  );
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("x")), "accept");
  assert.equal(policy.admitted(connection, "alice", "password").grant.forceCommand, "backup");
});

const refused: Readonly<Record<string, readonly [Restrictions, why: RegExp]>> = {
  "that may not come from there": [{ sourceAddress: ["10.0.0.0/8"] }, /address/],
  "whose list of addresses is empty": [{ sourceAddress: [] }, /address/],
  "that has expired": [{ expires: 1 }, /expired/],
};
for (const [name, [restrictions, why]] of Object.entries(refused)) {
  for (const attempt of [offered(false), offered(true), password("right")]) {
    const { method } = attempt;
    const how = method === "publickey" ? `an ${attempt.proved ? "proved" : "offered"} key` : method;
    test(`${how} ${name} is refused, and the reason is logged`, async () => {
      const verdict = { accept: true, restrictions };
      const { judge, log, slept } = setUp({ auth: [accepting("publickey", verdict), accepting("password", verdict)] });
      assert.equal(await judge(attempt), "refuse");
      assert.equal(slept.length, 1);
      const [entry] = log;
      assert.ok(entry?.event === "attempt");
      assert.match(entry.detail.why ?? "", why);
    });
  }
}

test("factors whose restrictions contradict each other let nobody in", async () => {
  const forcing = (method: Methods[number], forceCommand: string): Authenticator =>
    accepting(method, { accept: true, restrictions: { forceCommand } });
  const auth = [forcing("publickey", "a"), forcing("password", "b")];
  const { judge, log } = setUp({ auth, authenticationMethods: ["publickey,password"] });
  assert.equal(await judge(offered(true)), "partial password");
  assert.equal(await judge(password("right")), "refuse");
  const entry = log.at(-1);
  assert.match(String(entry?.event === "attempt" && entry.detail.why), /contradict/);
});

test("a misspelt restriction lets nobody in", async () => {
  const verdict = { accept: true, restrictions: { noPTY: true } } as unknown as AuthVerdict;
  const { judge, log } = setUp({ auth: [accepting("password", verdict)] });
  assert.equal(await judge(password("right")), "refuse");
  assert.match(String(log[0]?.error), /restrictions of a verdict are forceCommand/);
});

test("an authenticator that accepts a dialogue in which it asked nothing is mistaken", async () => {
  const everyRight = authenticator(["keyboard-interactive"], (data) => {
    if (data.method !== "keyboard-interactive") return undefined;
    return data.responses.every((response) => response === "right");
  });
  const { judge, log } = setUp({ auth: [everyRight] });
  assert.equal(await judge(interactive()), "refuse");
  assert.match(String(log[0]?.error), /without an answer to any question/);
  const empty = authenticator(["keyboard-interactive"], (data) => {
    if (data.method !== "keyboard-interactive") return undefined;
    return data.round === 0 ? { prompt: { prompts: [] } } : true;
  });
  const none = setUp({ auth: [empty] });
  assert.equal(await none.judge(interactive()), "prompt");
  assert.equal(await none.judge(interactive(1, [])), "refuse");
});

test("an answer in an earlier dialogue is none in a new one", async () => {
  const lax = authenticator(["keyboard-interactive"], (data) => {
    if (data.method !== "keyboard-interactive") return undefined;
    const isFirst = data.round === 0 && asked++ === 0;
    return isFirst ? { prompt: { prompts: [{ prompt: "? ", echo: false }] } } : data.round === 0;
  });
  let asked = 0;
  const { judge } = setUp({ auth: [lax] });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["x"])), "refuse");
  assert.equal(await judge(interactive()), "refuse");
});

test("an authenticator can ask by data.prompt, and accept once it has an answer", async () => {
  const asking = authenticator(["keyboard-interactive"], async (data) => {
    if (data.method !== "keyboard-interactive") return undefined;
    return (await data.prompt("Code: ")) === "right";
  });
  const { judge } = setUp({ auth: [asking] });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["right"])), "accept");
});

test("an answer goes to the authenticator that asked, and to nobody else", async () => {
  const seen: string[] = [];
  const asker = (name: string, isAsking: boolean): Authenticator =>
    authenticator(["keyboard-interactive"], (data) => {
      if (data.method !== "keyboard-interactive") return undefined;
      seen.push(`${name} ${data.round}`);
      if (data.round > 0) return name === "second" ? data.responses[0] === "right" : undefined;
      return isAsking ? { prompt: { prompts: [{ prompt: `${name}? `, echo: false }] } } : undefined;
    });
  const auth = [asker("first", false), asker("second", true), asker("third", true)];
  const { judge } = setUp({ auth });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["right"])), "accept");
  assert.deepEqual(seen, ["first 0", "second 0", "second 1"]);
});

test("an asker that gives no verdict on the answer has refused it", async () => {
  const forgetful = authenticator(["keyboard-interactive"], (data) =>
    data.method === "keyboard-interactive" && data.round === 0
      ? { prompt: { prompts: [{ prompt: "? ", echo: false }] } }
      : undefined,
  );
  const { judge } = setUp({ auth: [forgetful, authenticator(["keyboard-interactive"], () => true)] });
  assert.equal(await judge(interactive()), "prompt");
  assert.equal(await judge(interactive(1, ["x"])), "refuse");
});

test("a partial verdict names methods that prove something", async () => {
  for (const partial of [["none"], ["hostbased"], ["password", "none"], "password"]) {
    const { judge, log } = setUp({ auth: [accepting("publickey", { partial } as unknown as AuthVerdict)] });
    assert.equal(await judge(offered(true)), "refuse");
    assert.match(String(log[0]?.error), /partial of a verdict names some of/);
  }
});

test("what a verdict says of its refusal is logged, counted, and not told", async () => {
  const auth = [authenticator(["password"], () => ({ accept: false, why: "locked", unknownUser: true }))];
  const { policy, connection, log } = setUp({ auth });
  assert.deepEqual(await policy.judge(connection, password("x")), { type: "refuse" });
  assert.deepEqual(policy.tally(connection), { failures: 1, excused: 0, attempts: 1, isUnknownUser: true });
  const [entry] = log;
  assert.ok(entry?.event === "attempt");
  assert.deepEqual([entry.detail.why, entry.detail.unknownUser], ["locked", true]);
});
