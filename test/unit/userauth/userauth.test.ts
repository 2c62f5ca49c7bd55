import assert from "node:assert/strict";
import { test } from "node:test";
import { signatureAlgorithms } from "../../../src/crypto/index.ts";
import { Userauth } from "../../../src/userauth/index.ts";
import type { AuthRequest, AuthVerdict } from "../../../src/userauth/index.ts";
import { DisconnectReason, messages, Msg, ProtocolError } from "../../../src/wire/index.ts";
import { clientKey } from "../../client/index.ts";
import * as fake from "./fake-login.ts";
import {
  failure,
  fakeLogin,
  infoResponse,
  keyboardInteractive,
  METHODS,
  none,
  password,
  prompts,
} from "./fake-login.ts";
import { publickeyRequest } from "./publickey-requests.ts";

const SUCCESS = Buffer.of(Msg.USERAUTH_SUCCESS);
const TOO_MANY = { name: "ProtocolError", reason: DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE };

test("a login starts with none, learns the methods and gets in with a password", () => {
  const login = fakeLogin();
  assert.deepEqual(login.ask(none()), { method: "none", user: "ada" });
  assert.equal(login.userauth.pending, true);
  assert.deepEqual(login.answer({ type: "failure" }), failure());
  assert.equal(login.userauth.pending, false);
  assert.deepEqual(login.ask(password("secret")), { method: "password", user: "ada", password: "secret" });
  assert.deepEqual(login.answer({ type: "success" }), SUCCESS);
  assert.deepEqual(login.authenticated, [["ada", "password"]]);
  assert.equal(login.userauth.state, "authenticated");
});

test("FAILURE lists the methods in the order of the options, and never none", () => {
  const login = fakeLogin({ methods: ["password", "publickey"] });
  assert.deepEqual(login.attempt(none()), Buffer.from("\x33\0\0\0\x12password,publickey\0", "latin1"));
});

test("only methods that exist can be offered", () => {
  for (const name of ["none", "hostbased", "constructor", "publickey-hostbound-v00@openssh.com", ""]) {
    assert.throws(() => fakeLogin({ methods: ["publickey", name] }), RangeError);
  }
});

test("SUCCESS is sent before anyone hears of it", () => {
  const events: string[] = [];
  const userauth: Userauth = new Userauth(
    { methods: METHODS },
    { send: ([number]) => events.push(`message ${number}`), sessionId: fake.SESSION_ID, hostKey: fake.HOST_KEY },
    {
      authenticate: (request) => userauth.answer(request, { type: "success" }),
      authenticated: (user) => events.push(`${user} is in, ${userauth.state}`),
    },
  );
  userauth.receive(none());
  assert.deepEqual(events, ["message 52", "ada is in, authenticated"]);
});

test("after success further requests are ignored, however many and however broken", () => {
  const login = fakeLogin();
  login.attempt(none(), { type: "success" });
  for (let i = 0; i < 40; i++) {
    login.userauth.receive(password("again", i % 2 ? "ada" : "eve"));
    login.userauth.receive(Uint8Array.of(Msg.USERAUTH_REQUEST, 0xff));
  }
  assert.deepEqual([login.sent.length, login.asked.length, login.authenticated.length], [1, 1, 1]);
});

const key = clientKey("ssh-ed25519");
const kinds: Readonly<Record<string, { requests: readonly Uint8Array[]; fits: Readonly<Record<string, number>> }>> = {
  none: { requests: [none()], fits: { success: 52 } },
  password: { requests: [password("x")], fits: { success: 52, partial: 51, "change-password": 60 } },
  query: { requests: [publickeyRequest(key, { proved: false })], fits: { success: 60, partial: 60, acceptable: 60 } },
  proof: { requests: [publickeyRequest(key)], fits: { success: 52, partial: 51 } },
  dialogue: { requests: [keyboardInteractive()], fits: { success: 52, partial: 51, prompt: 60 } },
  response: { requests: [keyboardInteractive(), infoResponse("1")], fits: { success: 52, partial: 51, prompt: 60 } },
  unusable: { requests: [fake.request("bogus", new Uint8Array())], fits: {} },
};
const verdicts: readonly AuthVerdict[] = [
  { type: "success" },
  { type: "failure" },
  { type: "partial", methods: ["keyboard-interactive"] },
  { type: "acceptable" },
  prompts("Code: "),
  { type: "change-password", prompt: "New password: " },
];

for (const [kind, { requests, fits }] of Object.entries(kinds)) {
  for (const verdict of verdicts) {
    const number = fits[verdict.type];
    test(`the verdict ${verdict.type} on ${kind} sends ${number ?? "FAILURE"}`, () => {
      const login = fakeLogin();
      for (const payload of requests.slice(0, -1)) login.attempt(payload, prompts("Code: "));
      const reply = login.attempt(requests.at(-1)!, verdict);
      if (number === undefined) assert.deepEqual(reply, failure());
      else assert.equal(reply[0], number);
      if (number === 51) assert.deepEqual(reply, failure(["keyboard-interactive"], true));
      assert.equal(login.userauth.state === "authenticated", number === 52);
      assert.equal(login.authenticated.length, number === 52 ? 1 : 0);
    });
  }
}

test("a verdict settles the request it was asked for, not the one that waits now", () => {
  const login = fakeLogin();
  const first = login.ask(password("wrong"));
  login.answer({ type: "failure" });
  const second = login.ask(password("wrong too"));
  assert.throws(() => login.userauth.answer(first, { type: "success" }), /does not await/);
  assert.equal(login.userauth.pending, true);
  assert.deepEqual(login.answer({ type: "failure" }), failure());
  assert.throws(() => login.userauth.answer(second, { type: "success" }), /does not await/);
  assert.deepEqual(login.authenticated, []);
});

test("an equal request is not the same request", () => {
  const login = fakeLogin();
  const request = login.ask(password("x"));
  assert.throws(() => login.userauth.answer({ ...request }, { type: "success" }), /does not await/);
});

test("after a partial success only the methods of the verdict go on, in every FAILURE", () => {
  const login = fakeLogin();
  const partial = login.attempt(password("x"), { type: "partial", methods: ["keyboard-interactive"] });
  assert.deepEqual(partial, failure(["keyboard-interactive"], true));
  assert.deepEqual(login.attempt(password("x"), { type: "success" }), failure(["keyboard-interactive"]));
  assert.equal(login.asked.at(-1)!.method, "unusable");
  assert.deepEqual(login.attempt(keyboardInteractive(), { type: "success" }), SUCCESS);
  assert.deepEqual(login.authenticated, [["ada", "keyboard-interactive"]]);
});

test("after a partial success none is no way around the second step", () => {
  const login = fakeLogin();
  login.attempt(none());
  login.attempt(password("x"), { type: "partial", methods: ["publickey"] });
  assert.deepEqual(login.attempt(none(), { type: "success" }), failure(["publickey"]));
});

test("the second step may be a method that was not offered for the first", () => {
  const login = fakeLogin({ methods: ["password"] });
  assert.equal(login.ask(keyboardInteractive()).method, "unusable");
  login.answer({ type: "success" });
  login.attempt(password("x"), { type: "partial", methods: ["keyboard-interactive"] });
  assert.deepEqual(login.attempt(keyboardInteractive(), { type: "success" }), SUCCESS);
});

test("a partial success that names no known method is a failure, and nothing is lost by it", () => {
  for (const methods of [[], ["none"], ["hostbased", "constructor"]]) {
    const login = fakeLogin();
    assert.deepEqual(login.attempt(password("x"), { type: "partial", methods }), failure());
  }
  const login = fakeLogin();
  const mixed = login.attempt(password("x"), { type: "partial", methods: ["none", "publickey", "hostbased"] });
  assert.deepEqual(mixed, failure(["publickey"], true));
});

test("another user or another service in a later request ends the connection", () => {
  const login = fakeLogin();
  login.attempt(none("ada"));
  assert.throws(() => login.userauth.receive(none("bob")), { reason: DisconnectReason.PROTOCOL_ERROR });
  assert.equal(login.userauth.state, "ended");
});

test("another user may not go on with a dialogue either", () => {
  const login = fake.loginIn("prompting");
  assert.throws(() => login.userauth.receive(none("bob")), ProtocolError);
});

test("a login for a service other than ssh-connection ends the connection with reason 7", () => {
  for (const service of ["ssh-userauth", "bogus", "", "ssh-connectionx", "constructor"]) {
    const login = fakeLogin();
    const payload = publickeyRequest(key, { service });
    assert.throws(() => login.userauth.receive(payload), { reason: DisconnectReason.SERVICE_NOT_AVAILABLE });
    assert.deepEqual([login.asked.length, login.sent.length], [0, 0]);
  }
});

test("an odd user name never reaches the policy as a name, and always fails", () => {
  const odd = [
    "",
    "\0",
    "root\0x",
    "-oProxyCommand=x",
    "a\nb",
    "\u001b]0;x\u0007",
    "\u202eadmin",
    "a\u200bb",
    "x".repeat(256),
  ];
  for (const user of odd) {
    for (const payload of [none(user), password("secret", user), publickeyRequest(key, { user })]) {
      const login = fakeLogin();
      const request = login.ask(payload);
      assert.deepEqual([request.method, request.user], ["unusable", ""]);
      assert.deepEqual(login.answer({ type: "success" }), failure());
      assert.deepEqual(login.authenticated, []);
    }
  }
});

test("two odd user names in one connection are still a change of the user", () => {
  const login = fakeLogin();
  login.attempt(none("-a"));
  assert.throws(() => login.userauth.receive(none("-b")), ProtocolError);
});

test("names of JavaScript's prototypes are ordinary names", () => {
  for (const user of ["constructor", "__proto__", "toString"]) {
    assert.deepEqual(fakeLogin().ask(none(user)), { method: "none", user });
  }
});

test("a method that is not known or not offered is unusable, by the same path", () => {
  const names = ["hostbased", "gssapi-with-mic", "bogus", "", "constructor", "__proto__", "PASSWORD"];
  for (const name of names) {
    const login = fakeLogin();
    const request = login.ask(fake.request(name, Uint8Array.of(0, 1, 2)));
    assert.deepEqual({ ...request, why: "" }, { method: "unusable", user: "ada", name, why: "" });
    assert.deepEqual(login.answer({ type: "success" }), failure());
  }
  const login = fakeLogin({ methods: ["publickey"] });
  assert.equal(login.ask(password("x")).method, "unusable");
});

test("the sixth failure is answered by the end of the connection", () => {
  const login = fakeLogin();
  for (let i = 1; i < 6; i++) assert.deepEqual(login.attempt(password(`wrong ${i}`)), failure());
  const last = login.ask(password("wrong 6"));
  assert.throws(() => login.userauth.answer(last, { type: "failure" }), TOO_MANY);
  assert.equal(login.sent.length, 5);
  assert.equal(login.userauth.state, "ended");
});

test("the sixth attempt may still succeed", () => {
  const login = fakeLogin();
  for (let i = 1; i < 6; i++) login.attempt(password(`wrong ${i}`));
  assert.deepEqual(login.attempt(password("right"), { type: "success" }), SUCCESS);
});

test("a first none is no failure, a later one is", () => {
  const login = fakeLogin({ maxAttempts: 2 });
  assert.deepEqual(login.attempt(none()), failure());
  assert.deepEqual(login.attempt(none()), failure());
  const last = login.ask(none());
  assert.throws(() => login.userauth.answer(last, { type: "failure" }), TOO_MANY);
});

test("unusable attempts and keys that would not do count as failures", () => {
  const payloads = [
    fake.request("bogus", new Uint8Array()),
    password("x", "-x"),
    publickeyRequest(key, { proved: false }),
  ];
  for (const payload of payloads) {
    const login = fakeLogin({ maxAttempts: 2 });
    login.attempt(payload);
    const last = login.ask(payload);
    assert.throws(() => login.userauth.answer(last, { type: "failure" }), TOO_MANY);
  }
});

test("keys that would do count in the total of 32 requests", () => {
  const login = fakeLogin();
  const query = publickeyRequest(key, { proved: false });
  for (let i = 1; i <= 32; i++) assert.equal(login.attempt(query, { type: "acceptable" })[0], Msg.USERAUTH_PK_OK);
  assert.throws(() => login.userauth.receive(query), TOO_MANY);
  assert.equal(login.asked.length, 32);
});

test("the last request of the total is still judged", () => {
  const login = fakeLogin({ maxRequests: 2 });
  login.attempt(none());
  assert.deepEqual(login.attempt(password("right"), { type: "success" }), SUCCESS);
});

test("rounds of a dialogue count in the total, so that a prompt cannot be tried without end", () => {
  const login = fakeLogin({ maxRequests: 4 });
  login.attempt(keyboardInteractive(), prompts("Code: "));
  for (let i = 1; i <= 3; i++) login.attempt(infoResponse("000000"), prompts("Again: "));
  assert.throws(() => login.userauth.receive(infoResponse("000000")), TOO_MANY);
});

test("a dialogue that the client walks away from is a failure without a FAILURE", () => {
  const login = fakeLogin({ maxAttempts: 2 });
  login.attempt(keyboardInteractive(), prompts("Code: "));
  login.attempt(keyboardInteractive(), prompts("Code: "));
  assert.deepEqual(
    login.sent.map(([number]) => number),
    [60, 60],
  );
  assert.throws(() => login.userauth.receive(keyboardInteractive()), TOO_MANY);
});

test("when the policy swallows the last failure's error, the connection is over all the same", () => {
  const userauth: Userauth = new Userauth(
    { methods: METHODS, maxAttempts: 1 },
    { send: () => assert.fail("nothing is sent"), sessionId: fake.SESSION_ID, hostKey: fake.HOST_KEY },
    {
      authenticate: (request) => assert.throws(() => userauth.answer(request, { type: "failure" })),
      authenticated: () => assert.fail("nobody gets in"),
    },
  );
  userauth.receive(password("wrong"));
  assert.equal(userauth.state, "ended");
  assert.throws(() => userauth.receive(password("right")), ProtocolError);
});

test("a banner goes out before the login is decided, also while a verdict is awaited, and not after", () => {
  const login = fakeLogin();
  login.userauth.banner("welcome\r\n");
  assert.deepEqual(login.sent.at(-1), messages.userauthBanner.encode({ text: "welcome\r\n", language: "" }));
  login.ask(none());
  login.userauth.banner("one moment");
  assert.equal(login.sent.length, 2);
  login.answer({ type: "success" });
  login.userauth.banner("too late");
  assert.equal(login.sent.length, 3);
});

test("a banner has 64 KiB at most, counted in bytes", () => {
  const login = fakeLogin();
  login.userauth.banner("é".repeat(32 * 1024));
  assert.throws(() => login.userauth.banner(`${"é".repeat(32 * 1024)}x`), RangeError);
  assert.equal(login.sent.length, 1);
});

test("no error holds what the client sent", () => {
  const secret = "hunter2-is-secret";
  for (const whole of [password(secret, secret), fake.passwordChange(secret, secret), infoResponse(secret)]) {
    for (let length = 1; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      const login = whole[0] === Msg.USERAUTH_INFO_RESPONSE ? fake.loginIn("prompting") : fakeLogin();
      assert.throws(
        () => login.userauth.receive(cut),
        (error: Error) => error instanceof ProtocolError && !String(error.stack).includes("hunter2"),
      );
    }
  }
});

test("what is unusable does not carry the secret on", () => {
  const login = fakeLogin();
  const long = "hunter2".repeat(200);
  const asked: readonly AuthRequest[] = [login.ask(password(long))];
  assert.equal(JSON.stringify(asked).includes("hunter2"), false);
});

test("the state that can be looked at is a name, without the request that waits", () => {
  const login = fakeLogin();
  login.ask(password("hunter2"));
  assert.equal(login.userauth.state, "judging");
});

test("all algorithms of server-sig-algs are taken unless told otherwise", () => {
  assert.ok(signatureAlgorithms.length > 0);
  assert.equal(fakeLogin().ask(publickeyRequest(key)).method, "publickey");
  assert.equal(fakeLogin({ signatureAlgorithms: ["rsa-sha2-512"] }).ask(publickeyRequest(key)).method, "unusable");
});
