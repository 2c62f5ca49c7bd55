import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { parsePrivateKey } from "../../../../src/crypto/index.ts";
import { reasonOf, withAnswers, withKey, withPassword } from "../../auth/attempt.ts";
import type { AuthVerdict } from "../../../../src/index.ts";
import type { World } from "../world.ts";
import { app, newKey, PASSWORD, world, visit } from "../world.ts";

/** Sets up codes for ada; gives what makes them, half a minute later each. */
async function withCodes({ accounts, clock }: World): Promise<() => string> {
  const { secret } = await accounts.newTotp("ada");
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  assert.equal(await accounts.setTotp("ada", secret, totp.generate({ timestamp: clock.now })), true);
  return () => {
    clock.now += 30_000;
    return totp.generate({ timestamp: clock.now });
  };
}

test("a password that is asked for in a dialogue lets in as any other", async (t) => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD });
  const { ssh } = app(t, accounts);
  await using ada = await visit(ssh, { username: "ada", answers: { Password: PASSWORD } });
  await ada.waitFor("Hello, ada.");
  await assert.rejects(visit(ssh, { username: "ada", answers: { Password: "wrong horse" } }));
});

test("once codes are set up, a password alone is not enough, and neither is a key", async (t) => {
  const given = world();
  const { accounts } = given;
  const key = newKey();
  await accounts.add("ada", { password: PASSWORD, keys: key.line });
  const code = await withCodes(given);
  const { ssh } = app(t, accounts);
  await assert.rejects(visit(ssh, { username: "ada", key: key.key }));
  await assert.rejects(visit(ssh, { username: "ada", password: PASSWORD }));
  await assert.rejects(visit(ssh, { username: "ada", answers: { Password: PASSWORD, Verification: "000000" } }));
  for (const way of [{ key: key.key }, {}] as const) {
    await using ada = await visit(ssh, {
      username: "ada",
      ...way,
      answers: { Password: PASSWORD, Verification: code() },
    });
    await ada.waitFor("Hello, ada.");
  }
});

test("a code counts once, whoever is asked", async () => {
  const given = world();
  const { accounts, store, clock } = given;
  await accounts.add("ada", { password: PASSWORD });
  const next = await withCodes(given);
  const code = next();
  const [, , here] = accounts.authenticators();
  const [, , elsewhere] = world({ store, now: () => clock.now }).accounts.authenticators();
  assert.ok(here && elsewhere);
  const enter = async (at: typeof here): Promise<string> => {
    const verdict = await at.judge(withAnswers([PASSWORD, code]).data);
    return typeof verdict === "object" && "accept" in verdict ? (verdict.why ?? "in") : "?";
  };
  const outcomes = await Promise.all([enter(here), enter(elsewhere), enter(here)]);
  assert.deepEqual(outcomes.toSorted(), ["in", "the code has been used", "the code has been used"]);
  assert.equal(await enter(here), "the code has been used");
});

test("a recovery code takes the place of a code, once, however it is typed", async (t) => {
  const given = world();
  const { accounts } = given;
  await accounts.add("ada", { password: PASSWORD });
  await withCodes(given);
  const [first = "", second = ""] = await accounts.newRecoveryCodes("ada");
  const { ssh, whys } = app(t, accounts);
  for (const typed of [first, second.toLowerCase().replaceAll("-", " ")]) {
    await using ada = await visit(ssh, {
      username: "ada",
      answers: { Password: PASSWORD, Verification: typed },
    });
    await ada.waitFor("Hello, ada.");
  }
  assert.equal((await accounts.get("ada"))?.recoveryCodes, 8);
  await assert.rejects(visit(ssh, { username: "ada", answers: { Password: PASSWORD, Verification: first } }));
  assert.equal(whys().at(-1), "the recovery code is wrong, or has been used");
});

test("who guesses codes waits, and the right one does not help then", async () => {
  const given = world();
  const { accounts, clock } = given;
  await accounts.add("ada", { password: PASSWORD });
  const next = await withCodes(given);
  const [, , byDialogue] = accounts.authenticators();
  assert.ok(byDialogue);
  for (let guess = 0; guess < 10; guess++) await byDialogue.judge(withAnswers([PASSWORD, "000000"]).data);
  assert.match(await reasonOf(byDialogue, withAnswers([PASSWORD, next()]).data), /too many wrong codes/);
  clock.now += 600_000;
  const verdict = await byDialogue.judge(withAnswers([PASSWORD, next()]).data);
  assert.ok(typeof verdict === "object" && "accept" in verdict && verdict.accept);
});

test("a wrong password, and nobody, are asked for a password and for nothing else", async () => {
  const given = world();
  const { accounts } = given;
  await accounts.add("ada", { password: PASSWORD });
  await withCodes(given);
  await accounts.add("disabled", { password: PASSWORD, disabled: true });
  const [, , byDialogue] = accounts.authenticators();
  assert.ok(byDialogue);
  for (const username of ["ada", "disabled", "nobody", "no name!"]) {
    const { data, asked } = withAnswers(["wrong horse", "000000"], { username });
    await reasonOf(byDialogue, data);
    assert.deepEqual(asked, ["Password: "], username);
  }
});

test("an account without codes has no second factor to give", async () => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD, methods: ["publickey,keyboard-interactive"] });
  const [, , byDialogue] = accounts.authenticators();
  assert.ok(byDialogue);
  assert.match(await reasonOf(byDialogue, withAnswers([PASSWORD]).data), /by this method/);
  const second = { ...withAnswers(["000000"]).data, passed: ["publickey"] };
  assert.equal(await reasonOf(byDialogue, second), "the code is wrong");
  const stranger = { ...withAnswers(["000000"], { username: "bob" }).data, passed: ["publickey"] };
  assert.equal(await reasonOf(byDialogue, stranger), "there is no such account");
});

test("a password that has to be followed by a key cannot be given in a dialogue", async () => {
  const { accounts } = world();
  await accounts.add("ada", { password: PASSWORD, methods: ["password,publickey"] });
  const [, , byDialogue] = accounts.authenticators();
  assert.ok(byDialogue);
  assert.match(await reasonOf(byDialogue, withAnswers([PASSWORD]).data), /needs another method/);
});

test("behind a password that was given as one, a code is all that is asked for", async () => {
  const given = world();
  const { accounts } = given;
  await accounts.add("ada", { password: PASSWORD });
  const next = await withCodes(given);
  const [, byPassword, byDialogue] = accounts.authenticators();
  assert.ok(byPassword && byDialogue);
  const partial = await byPassword.judge(withPassword(PASSWORD));
  assert.ok(typeof partial === "object" && "partial" in partial);
  assert.deepEqual(partial.partial, ["keyboard-interactive"]);
  const { data, asked } = withAnswers([next()]);
  const verdict = await byDialogue.judge({ ...data, passed: ["password"] });
  assert.ok(typeof verdict === "object" && "accept" in verdict && verdict.accept);
  assert.deepEqual(asked, ["Verification code: "]);
});

test("an account that is disabled between its password and its code does not get in", async () => {
  const given = world();
  const { accounts } = given;
  await accounts.add("ada", { password: PASSWORD });
  const next = await withCodes(given);
  const [, , byDialogue] = accounts.authenticators();
  assert.ok(byDialogue);
  const { data } = withAnswers([]);
  const prompt = (async (question: string) => {
    if (question.startsWith("Password")) return PASSWORD;
    await accounts.disable("ada");
    return next();
  }) as typeof data.prompt;
  assert.equal(await reasonOf(byDialogue, { ...data, prompt }), "the account is disabled");
});

for (const [what, change] of Object.entries({
  "password is changed": async ({ accounts }: World) => accounts.setPassword("ada", "another horse"),
  "account is signed out": async ({ accounts }: World) => accounts.endSessions("ada"),
  "account is another's by then": async ({ accounts }: World) => {
    await accounts.remove("ada");
    await accounts.add("ada", { password: PASSWORD });
  },
})) {
  test(`whoever waits at the question for a code while the ${what} does not come in`, async () => {
    const given = world();
    const { accounts } = given;
    await accounts.add("ada", { password: PASSWORD });
    const code = await withCodes(given);
    const [, , dialogue] = accounts.authenticators();
    const { data, asked } = withAnswers([PASSWORD, code()]);
    const prompt = (async (question: string) => {
      if (asked.length === 1) await change(given);
      return data.prompt(question);
    }) as typeof data.prompt;
    const verdict = await dialogue?.judge({ ...data, prompt });
    assert.equal(asked.length, 2);
    assert.equal(typeof verdict === "object" && "accept" in verdict && verdict.accept, false);
  });
}

test("a key or a password that is taken away while the code is asked for lets nobody in", async () => {
  const given = world();
  const { accounts } = given;
  const key = newKey();
  await accounts.add("ada", { password: PASSWORD, keys: key.line });
  const code = await withCodes(given);
  const changes = {
    key: () => accounts.removeKey("ada", key.fingerprint),
    password: () => accounts.setPassword("ada", "another horse"),
  };
  const [byKey, byPassword, byDialogue] = accounts.authenticators();
  assert.ok(byKey && byPassword && byDialogue);
  for (const [what, first] of [
    ["key", withKey(parsePrivateKey(key.key).publicKey)],
    ["password", withPassword(PASSWORD)],
  ] as const) {
    const begun: AuthVerdict | undefined = await (what === "key" ? byKey : byPassword).judge(first);
    assert.deepEqual(typeof begun === "object" && "partial" in begun && begun.partial, ["keyboard-interactive"], what);
    await changes[what]();
    const { data } = withAnswers([code()]);
    const passed = [what === "key" ? "publickey" : "password"];
    const verdict: AuthVerdict | undefined = await byDialogue.judge({ ...data, passed, connection: first.connection });
    assert.equal(
      typeof verdict === "object" && "why" in verdict && verdict.why,
      "the account was changed since the login began",
    );
  }
});
