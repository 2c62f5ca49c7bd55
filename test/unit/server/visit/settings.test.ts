import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import type { Connection, ServerCore, SessionSettings } from "../../../../src/server/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import { Server } from "../../../../src/index.ts";
import { serve, settle } from "../fake-door.ts";

/** A server on which ada has settings of her own. */
function server(t: TestContext, settings: SessionSettings, register: (ssh: ServerCore) => void = () => undefined) {
  const ssh = new Server({ allowAnyone: true, log: false, prompt: "theirs> " });
  ssh.onUser("login", (connection) => {
    if (connection.username === "ada") connection.settings = settings;
  });
  ssh.onUser("command", (client, command) => client.sendln(`did ${command}`));
  register(ssh);
  t.after(() => ssh.close());
  return ssh;
}

test("a login has an event of its own, before any session, and a fault in it harms nobody", async (t) => {
  const seen: (string | undefined)[] = [];
  const { door, log } = await serve(t, (ssh) => {
    ssh.onUser("login", ({ username, methods }) => {
      seen.push(`${username} by ${methods.join()}`);
      throw new Error("oh");
    });
    ssh.onUser("login", () => Promise.reject(new Error("no")));
    ssh.onUser("connect", ({ username }) => void seen.push(`connect ${username}`));
  });
  const fake = await door.arrive();
  fake?.admit("alice", "password");
  assert.deepEqual(seen, ["alice by password"]);
  assert.equal(fake?.open()?.events.shell(), true);
  await settle();
  assert.deepEqual(seen, ["alice by password", "connect alice"]);
  const faults = log.filter(({ event }) => event === "handler failed");
  assert.deepEqual(
    faults.map(({ detail }) => detail),
    [{ handler: "login" }, { handler: "login" }],
  );
});

test("a connection's settings take the place of the server's options, for that connection alone", async (t) => {
  const ssh = server(t, { prompt: "mine> ", greeting: "Welcome back, Countess." });
  await using ada = await openTerminal(ssh, { username: "ada", prompt: "mine> " });
  await ada.waitFor(/^Welcome back, Countess\.\nmine> $/m);
  assert.equal(await ada.run("it"), "did it");
  await using bob = await openTerminal(ssh, { username: "bob" });
  await bob.waitFor("theirs> ");
  assert.doesNotMatch(bob.screen.text(), /Countess/);
});

test("a line that is not echoed is not seen, and is a command all the same", async (t) => {
  const ssh = server(t, { echo: false });
  await using ada = await openTerminal(ssh, { username: "ada" });
  await ada.waitFor("theirs> ");
  ada.type("tiptoe\r");
  await ada.waitFor("did tiptoe");
  assert.deepEqual(ada.screen.text().trim().split("\n"), ["theirs>", "did tiptoe", "theirs>"]);
});

test("without the input system there is no prompt for this connection", async (t) => {
  const ssh = server(t, { inputSystem: false }, (on) =>
    on.onUser("preshell", async (client) => {
      if (client.username === "ada") client.sendln(`You pressed ${(await client.key()).name}.`);
    }),
  );
  await using ada = await openTerminal(ssh, { username: "ada" });
  ada.press("up");
  await ada.waitFor("You pressed up.");
  assert.doesNotMatch(ada.screen.text(), /theirs/);
});

test("the idle time of a connection counts also where the server has none", async (t) => {
  const ssh = server(t, { idleTimeout: 0.5 });
  await using ada = await openTerminal(ssh, { username: "ada" });
  await using bob = await openTerminal(ssh, { username: "bob" });
  await ada.waitFor("Closed after 0.5 seconds without input.");
  await ada.waitForExit();
  assert.equal(bob.isOver, false);
});

/** A server whose logins are limited, and a way to come in. */
async function limited(t: TestContext, restrictions: { maxSessions?: number; maxConnections?: number }) {
  const logins: Connection[] = [];
  const subject = await serve(
    t,
    (ssh) => {
      ssh.onUser("auth", () => ({ accept: true, restrictions }));
      ssh.onUser("login", (connection) => void logins.push(connection));
      ssh.onUser("connect", () => undefined);
    },
    { allowAnyone: false, useExternalAuth: true },
  );
  const comeIn = async (username = "ada") => {
    const fake = await subject.door.arrive();
    assert.ok(fake);
    await fake.judge({ method: "password", username, password: "x" });
    fake.admit(username, "password");
    return fake;
  };
  return { ...subject, comeIn, logins };
}

test("a user has as many sessions as a restriction says, over all connections", async (t) => {
  const { comeIn, log } = await limited(t, { maxSessions: 2 });
  const [one, other, bob] = [await comeIn(), await comeIn(), await comeIn("bob")];
  const first = one.open();
  assert.ok(first && other.open());
  assert.equal(one.open(), undefined);
  assert.ok(bob.open());
  assert.match(JSON.stringify(log.at(-1)), /session refused.*as many sessions as there may be.*ada/);
  first.hangUp();
  assert.ok(other.open());
});

test("a user has as many connections as a restriction says; one more is ended before its login is told", async (t) => {
  const { comeIn, logins } = await limited(t, { maxConnections: 2 });
  const one = await comeIn();
  await comeIn();
  const third = await comeIn();
  assert.deepEqual(third.disconnects, ["There are as many connections of this user as there may be."]);
  assert.equal(logins.length, 2);
  one.leave();
  assert.deepEqual((await comeIn()).disconnects, []);
  assert.deepEqual((await comeIn("bob")).disconnects, []);
});
