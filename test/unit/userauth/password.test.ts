import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { messages, Msg, ProtocolError, Writer } from "../../../src/wire/index.ts";
import { failure, fakeLogin, none, password, passwordChange, request } from "./fake-login.ts";

const CHANGE = { type: "change-password", prompt: "New password: " } as const;

test("a password reaches the policy as it was typed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 256 }), (text) => {
      assert.deepEqual(fakeLogin().ask(password(text)), { method: "password", user: "ada", password: text });
    }),
  );
});

test("an empty password is a password: refusing it is the policy's", () => {
  assert.deepEqual(fakeLogin().ask(password("")), { method: "password", user: "ada", password: "" });
});

test("a password has 1024 bytes at most, counted in bytes; a longer one is unusable", () => {
  assert.equal(fakeLogin().ask(password("x".repeat(1024))).method, "password");
  assert.equal(fakeLogin().ask(password("é".repeat(512))).method, "password");
  for (const long of ["x".repeat(1025), `${"é".repeat(512)}x`, "A".repeat(30_000)]) {
    const login = fakeLogin();
    assert.equal(login.ask(password(long)).method, "unusable");
    assert.deepEqual(login.answer({ type: "success" }), failure());
  }
});

test("a password that is not UTF-8 is unusable and does not cost the connection", () => {
  const data = new Writer()
    .boolean(false)
    .string(Uint8Array.of(0xe9, 0x74, 0xe9))
    .finish();
  assert.equal(fakeLogin().ask(request("password", data)).method, "unusable");
});

test("an expired password is answered by PASSWD_CHANGEREQ, and the change comes with both", () => {
  const login = fakeLogin();
  const reply = login.attempt(password("old"), CHANGE);
  assert.deepEqual(reply, messages.userauthPasswdChangereq.encode({ prompt: "New password: ", language: "" }));
  const question = login.ask(passwordChange("old", "new"));
  assert.deepEqual(question, { method: "password", user: "ada", password: "old", newPassword: "new" });
  assert.deepEqual(login.answer({ type: "success" }), Buffer.of(Msg.USERAUTH_SUCCESS));
});

test("a new password that will not do can be asked for again", () => {
  const login = fakeLogin();
  login.attempt(password("old"), CHANGE);
  assert.equal(login.attempt(passwordChange("old", "1234"), CHANGE)[0], Msg.USERAUTH_PASSWD_CHANGEREQ);
  assert.equal(login.ask(passwordChange("old", "better")).method, "password");
});

test("a change that nobody asked for is unusable, so that a policy without changes never grants one", () => {
  const fresh = fakeLogin();
  assert.equal(fresh.ask(passwordChange("old", "new")).method, "unusable");
  assert.deepEqual(fresh.answer({ type: "success" }), failure());

  const late = fakeLogin();
  late.attempt(password("old"), CHANGE);
  late.attempt(none());
  assert.equal(late.ask(passwordChange("old", "new")).method, "unusable");
});

test("a new password keeps to the same limits", () => {
  for (const [text, method] of [
    ["x".repeat(1024), "password"],
    ["x".repeat(1025), "unusable"],
  ] as const) {
    const login = fakeLogin();
    login.attempt(password("old"), CHANGE);
    assert.equal(login.ask(passwordChange("old", text)).method, method);
  }
});

test("asking for a change is no failure", () => {
  const login = fakeLogin({ maxAttempts: 1 });
  for (let i = 0; i < 10; i++) assert.equal(login.attempt(password("old"), CHANGE)[0], Msg.USERAUTH_PASSWD_CHANGEREQ);
});

test("a request that is cut short or too long ends the connection", () => {
  const whole = new Writer().boolean(true).utf8("old").utf8("new").finish();
  const broken = [...whole.keys()].map((length) => whole.subarray(0, length));
  broken.push(Buffer.from([...whole, 0]), new Writer().boolean(false).utf8("old").utf8("new").finish());
  for (const data of broken) {
    const payload = request("password", data);
    assert.throws(() => fakeLogin().userauth.receive(payload), { name: "ProtocolError", message: /^password: / });
  }
});

test("whatever the bytes, there is a password, an unusable attempt, or a broken protocol", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
      try {
        assert.match(fakeLogin().ask(request("password", data)).method, /^password$|^unusable$/);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
  );
});
