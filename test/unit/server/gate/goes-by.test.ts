import assert from "node:assert/strict";
import test from "node:test";
import { serve } from "../fake-door.ts";
import { offered, password, setUp } from "./login.ts";

test("a verdict can say what the user goes by, and that is the name from then on", async () => {
  const { judge, events, policy, connection } = setUp();
  events.add("auth", ({ username }) => ({ accept: true, username: username.toLowerCase() }));
  assert.equal(await judge(password("x", "ALICE")), "accept");
  assert.equal(policy.admitted(connection, "ALICE", "password").username, "alice");
});

test("what a first factor said of the name holds for the login, and none may say another", async () => {
  const { judge, events, policy, connection } = setUp();
  let second: string | undefined;
  events.add("auth", ({ method }) => {
    if (method === "publickey") return { partial: ["password"], username: "alice" };
    return { accept: true, ...(second !== undefined && { username: second }) };
  });
  assert.equal(await judge(offered(true, "ALICE")), "partial password");
  second = "mallory";
  assert.equal(await judge(password("x", "ALICE")), "refuse");
  second = undefined;
  assert.equal(await judge(password("x", "ALICE")), "accept");
  assert.equal(policy.admitted(connection, "ALICE", "password").username, "alice");
});

test("a verdict cannot give a name that nobody can have", async () => {
  for (const username of ["", "a\nb", "x".repeat(256)]) {
    const { judge, events } = setUp();
    events.add("auth", () => ({ accept: true, username }));
    assert.equal(await judge(password("x")), "refuse");
  }
});

test("what could not be judged is no failure, and costs no penalty", async (t) => {
  const { door, server } = await serve(
    t,
    (server) =>
      server.onUser("auth", ({ username }) =>
        username === "bob" ? false : { accept: false, why: "the database is away", unavailable: true },
      ),
    { allowAnyone: false, useExternalAuth: true, penalties: { authfail: 100, min: 50 } },
  );
  for (let visit = 0; visit < 3; visit++) {
    const fake = await door.arrive();
    assert.deepEqual(await fake?.judge({ method: "password", username: "alice", password: "x" }), { type: "refuse" });
    fake?.leave();
  }
  const both = await door.arrive();
  await both?.judge({ method: "password", username: "alice", password: "x" });
  await both?.judge({ method: "password", username: "bob", password: "x" });
  both?.leave();
  assert.equal(await door.arrive(), undefined, "what failed beside it counts");
  assert.equal([...server.connections].length, 0);
});
