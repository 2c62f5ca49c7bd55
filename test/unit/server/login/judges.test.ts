import assert from "node:assert/strict";
import { test } from "node:test";
import { Dispatcher } from "../../../../src/server/dispatcher.ts";
import type { AuthData } from "../../../../src/server/index.ts";
import { Judges } from "../../../../src/server/login/judges.ts";

const attempt = (present: boolean | undefined): AuthData =>
  ({
    method: "publickey",
    username: "ada",
    proved: true,
    ...(present !== undefined && { touch: { present, verified: false } }),
  }) as AuthData;

test("a handler is not asked about a FIDO key that nobody touched; it is refused", async () => {
  const events = new Dispatcher();
  let asked = 0;
  events.add("auth", () => ++asked > 0);
  const judges = new Judges([], events);
  assert.equal((await judges.rule(attempt(false)))?.verdict, false);
  assert.equal(asked, 0);
  assert.equal((await judges.rule(attempt(true)))?.verdict, true);
  assert.equal((await judges.rule(attempt(undefined)))?.verdict, true);
  assert.equal(asked, 2);
});

test("an authenticator may let a key in that nobody touched", async () => {
  const judges = new Judges([{ methods: ["publickey"], judge: () => true }], new Dispatcher());
  assert.equal((await judges.rule(attempt(false)))?.verdict, true);
});
