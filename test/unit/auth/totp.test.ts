import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { newTotp, totp } from "../../../src/auth/index.ts";
import type { TotpOptions } from "../../../src/auth/index.ts";
import { loadOtpauth } from "../../../src/auth/totp/load-otpauth.ts";
import { judge, prepared, reasonOf, withAnswers, withNothing, withPassword } from "./attempt.ts";

/** That of RFC 6238's appendix B: "12345678901234567890". */
const SECRET = Secret.fromUTF8("12345678901234567890").base32;
const app = new TOTP({ secret: SECRET });

function setUp(options: Partial<TotpOptions> = {}) {
  const clock = { now: Date.UTC(2026, 5, 1, 12, 0, 10) };
  const secret = (username: string) => (username === "nobody" ? undefined : SECRET);
  const auth = totp({ secret, now: () => clock.now, ...options });
  const enter = async (code: string, username = "ada") => judge(auth, withAnswers([code], { username }).data);
  const code = (later = 0) => app.generate({ timestamp: clock.now + later * 1000 });
  return { auth, clock, enter, code };
}

test("the codes of RFC 6238 are taken at their times", async () => {
  for (const [seconds, code] of [
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [20_000_000_000, "65353130"],
  ] as const) {
    const { enter } = setUp({ digits: 8, now: () => seconds * 1000 });
    assert.equal(await enter("00000000"), "refuse");
    assert.equal(await enter(code), "accept");
  }
});

test("the user is asked without an echo, and a code may be typed in groups", async () => {
  const { auth, code } = setUp();
  const { data, asked } = withAnswers([`${code().slice(0, 3)} ${code().slice(3)}`]);
  assert.equal(await judge(auth, data), "accept");
  assert.deepEqual(asked, ["Verification code: "]);
});

test("codes one period before and after are taken, those beyond are not", async () => {
  for (const [later, outcome] of [
    [-60, "refuse"],
    [-30, "accept"],
    [30, "accept"],
    [60, "refuse"],
  ] as const) {
    const { enter, code } = setUp();
    assert.equal(await enter(code(later)), outcome, String(later));
  }
  const { enter, code } = setUp({ window: 0 });
  assert.equal(await enter(code(-30)), "refuse");
});

test("a code counts once, and so do those before it; another user's is another", async () => {
  const { auth, enter, code, clock } = setUp();
  assert.equal(await enter(code()), "accept");
  assert.equal(await enter(code()), "refuse");
  assert.equal(await enter(code(-30)), "refuse");
  assert.match(await reasonOf(auth, withAnswers([code()]).data), /has been used/);
  assert.equal(await enter(code(), "bob"), "accept");
  clock.now += 30_000;
  assert.equal(await enter(code()), "accept");
});

test("of a code that is entered many times at once one counts", async () => {
  const { enter, code } = setUp({ maxFailures: 100 });
  const outcomes = await Promise.all(Array.from({ length: 20 }, async () => enter(code())));
  assert.equal(outcomes.filter((outcome) => outcome === "accept").length, 1);
});

test("several machines can share what has been used", async () => {
  const claimed: [string, number][] = [];
  const { enter, code, clock } = setUp({
    claim: (username, step) => {
      claimed.push([username, step]);
      return Promise.resolve(claimed.length === 1);
    },
  });
  assert.equal(await enter("000000"), "refuse");
  assert.deepEqual(claimed, []);
  assert.equal(await enter(code()), "accept");
  assert.equal(await enter(code()), "refuse");
  assert.deepEqual(claimed[0], ["ada", Math.floor(clock.now / 30_000)]);
});

test("only `true` of a claim lets in", async () => {
  const { enter, code } = setUp({ claim: () => 1 as never });
  assert.equal(await enter(code()), "refuse");
});

test("after ten wrong codes all are refused, the right one too, until ten minutes have passed", async () => {
  const { auth, enter, code, clock } = setUp();
  for (let guess = 0; guess < 10; guess++) assert.equal(await enter(String(guess).padStart(6, "x")), "refuse");
  assert.match(await reasonOf(auth, withAnswers([code()]).data), /too many/);
  assert.equal(await enter(code(), "bob"), "accept");
  clock.now += 600_000;
  assert.equal(await enter(code()), "accept");
});

test("guesses that come all at once are counted all the same", async () => {
  const { auth, code } = setUp({
    maxFailures: 3,
    secret: async () => new Promise((resolve) => setImmediate(resolve, SECRET)),
  });
  const guesses = ["000001", "000002", "000003", code()];
  const outcomes = await Promise.all(guesses.map(async (guess) => judge(auth, withAnswers([guess]).data)));
  assert.deepEqual(outcomes, ["refuse", "refuse", "refuse", "refuse"]);
});

test("a right code in between makes the wrong ones forgotten", async () => {
  const { enter, code, clock } = setUp({ maxFailures: 3 });
  for (let round = 0; round < 5; round++) {
    await enter("000000");
    await enter("000001");
    assert.equal(await enter(code()), "accept");
    clock.now += 30_000;
  }
});

test("a user without a secret is asked as everybody is, and refused", async () => {
  const { auth } = await prepared(setUp().auth);
  const { data, asked } = withAnswers(["000000"], { username: "nobody" });
  assert.equal(await judge(auth, data), "refuse");
  assert.deepEqual(asked, ["Verification code: "]);
});

test("what is no code is refused", async () => {
  const { enter, code } = setUp({ maxFailures: 100 });
  for (const answer of [
    "",
    " ",
    "-",
    code().slice(1),
    `${code()}0`,
    `${code()}\0`,
    "１２３４５６",
    "1e5",
    "x".repeat(4096),
  ]) {
    assert.equal(await enter(answer), "refuse", JSON.stringify(answer));
  }
  assert.equal(await enter(code()), "accept");
});

test("a secret that is broken or too short lets nobody in, and no character of it gets into the log", async () => {
  for (const secret of ["!?", "GEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQO!Q", ""]) {
    const { auth, entries } = await prepared(totp({ secret: () => secret }));
    assert.equal(await judge(auth, withAnswers(["000000"]).data), "refuse");
    assert.equal(entries.length, 1);
    assert.match(String(entries[0]?.error), /secret of a user is not Base32/);
    assert.ok(!String(entries[0]?.error).includes("!"));
  }
});

test("a user who goes away instead of answering is the server's to see", async () => {
  const { auth } = setUp();
  await assert.rejects(async () => auth.judge(withAnswers([]).data), /nobody answers/);
});

test("other methods are left to others", async () => {
  const { auth } = setUp();
  assert.equal(await judge(auth, withPassword("x")), "next");
  assert.equal(await judge(auth, withNothing()), "next");
});

test("a new secret is one that an app can be set up with, and is another each time", async () => {
  const made = await newTotp({ issuer: "Sallyport & co", username: "ada" });
  assert.match(made.secret, /^[A-Z2-7]{32}$/);
  assert.notEqual(made.secret, (await newTotp({ issuer: "x", username: "ada" })).secret);
  assert.match(made.uri, /^otpauth:\/\/totp\/Sallyport%20%26%20co:ada\?issuer=Sallyport%20%26%20co&secret=/);
  const auth = totp({ secret: () => made.secret });
  const code = new TOTP({ secret: made.secret }).generate();
  assert.equal(await judge(auth, withAnswers([code]).data), "accept");
});

test("without the package the start ends with the command that installs it", async () => {
  const missing = () =>
    Promise.reject(Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }));
  await assert.rejects(loadOtpauth(missing), {
    name: "ConfigError",
    code: "MISSING_PACKAGE",
    message: /npm install otpauth/,
  });
  assert.equal((await prepared(setUp().auth)).entries.length, 0);
});

test("options out of range are refused", () => {
  for (const options of [{ period: 0 }, { window: 11 }, { window: -1 }, { maxFailures: 0 }]) {
    assert.throws(() => setUp(options), { name: "ConfigError", code: "BAD_OPTION" });
  }
});
