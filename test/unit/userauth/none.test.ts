import assert from "node:assert/strict";
import { test } from "node:test";
import { Msg, ProtocolError } from "../../../src/wire/index.ts";
import { failure, fakeLogin, none, request } from "./fake-login.ts";

test("none asks the policy, and fails unless it says otherwise", () => {
  const login = fakeLogin();
  assert.deepEqual(login.ask(none()), { method: "none", user: "ada" });
  assert.deepEqual(login.answer({ type: "failure" }), failure());
});

test("none lets in where the policy lets anyone in", () => {
  const login = fakeLogin();
  assert.deepEqual(login.attempt(none(), { type: "success" }), Buffer.of(Msg.USERAUTH_SUCCESS));
  assert.deepEqual(login.authenticated, [["ada", "none"]]);
});

test("none has no fields of its own", () => {
  assert.throws(() => fakeLogin().userauth.receive(request("none", Uint8Array.of(0))), ProtocolError);
});
