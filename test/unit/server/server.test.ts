import assert from "node:assert/strict";
import test from "node:test";
import { ConfigError, ServerCore } from "../../../src/server/index.ts";
import type { Client } from "../../../src/server/index.ts";
import { FakeDoor, PTY, serve, settle } from "./fake-door.ts";
import { screenOf } from "./screen.ts";

/** Checks the code of a ConfigError, and that its message says what to do. */
function isConfigError(code: string, remedy: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, code);
    assert.match(error.message, remedy);
    return true;
  };
}

test("a server that nobody may log in to refuses to start and says what to do", async () => {
  const remedy = /useExternalAuth: true.*onUser\("auth".*allowAnyone: true/;
  await assert.rejects(new ServerCore().run(), isConfigError("NO_AUTH", remedy));
  await assert.rejects(new ServerCore({ useExternalAuth: true }).run(), isConfigError("NO_AUTH", remedy));
  const server = new ServerCore();
  server.onUser("auth", () => true);
  await assert.rejects(server.run(), isConfigError("NO_AUTH", /useExternalAuth: true/));
});

test("a server runs once", async () => {
  const server = new ServerCore({ allowAnyone: true, log: false });
  assert.deepEqual(await server.run({ port: 99, host: "::1" }), { host: "::1", port: 99 });
  await assert.rejects(server.run(), isConfigError("WRONG_STATE", /new Server/));
  assert.throws(() => server.addDoor(new FakeDoor()), isConfigError("WRONG_STATE", /before run/));
  await server.close();
  await assert.rejects(new ServerCore({ allowAnyone: true }).run({ port: -1 }), isConfigError("BAD_OPTION", /port/));
});

test("a door that cannot be opened closes those that were, and run says why", async () => {
  const open = new FakeDoor();
  const stuck = new FakeDoor();
  stuck.open = () => Promise.reject(new ConfigError("CANNOT_LISTEN", "The port is in use: take another."));
  const server = new ServerCore({ allowAnyone: true, log: false }).addDoor(open).addDoor(stuck);
  await assert.rejects(server.run(), isConfigError("CANNOT_LISTEN", /take another/));
  assert.equal(open.isOpen, false);
});

test("a handler can be taken away, by calling what onUser gave or by using", async (t) => {
  const seen: string[] = [];
  const { server, exec } = await serve(t, (server) => server.onUser("command", () => undefined));
  const handler = (_: Client, command: string): void => void seen.push(command);
  const off = server.onUser("command", handler);
  server.onUser("command", handler);
  await exec("two");
  off();
  off();
  await exec("one");
  {
    using _ = server.onUser("command", () => void seen.push("using"));
    await exec("three");
  }
  await exec("four");
  assert.deepEqual(seen, ["two", "two", "one", "three", "using", "four"]);
});

test("a wrong event name or handler is told at run time too", () => {
  const server = new ServerCore();
  assert.throws(
    () => server.onUser("constructor" as "connect", () => undefined),
    isConfigError("UNKNOWN_EVENT", /connect, /),
  );
  assert.throws(() => server.onUser("conect" as "connect"), isConfigError("UNKNOWN_EVENT", /connect, /));
  assert.throws(() => server.onUser("connect", "greet" as never), isConfigError("BAD_OPTION", /must be a function/));
  assert.throws(() => server.use("x" as never), isConfigError("BAD_OPTION", /middleware/));
  assert.throws(() => server.subsystem("", () => undefined), isConfigError("BAD_OPTION", /subsystem/));
  assert.throws(() => server.program("two words", () => undefined), isConfigError("BAD_OPTION", /program/));
});

test("clients holds who is between connect and disconnected", async (t) => {
  const sizes: number[] = [];
  const { server, visitor, terminal } = await serve(t, (server) => {
    server.onUser("connect", (client) => void sizes.push(server.clients.has(client) ? server.clients.size : -1));
  });
  await visitor();
  assert.equal(server.clients.size, 0);
  const session = await terminal();
  await terminal();
  session.hangUp();
  assert.equal(server.clients.size, 1);
  assert.deepEqual(sizes, [1, 2]);
});

test("several shells of one connection are several clients that share it", async (t) => {
  const { server, door } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const fake = await door.arrive();
  fake?.admit("alice");
  for (let shell = 0; shell < 3; shell++) fake?.open()?.events.shell();
  await settle();
  const [first, second, third] = server.clients;
  assert.ok(first && second && third && first !== second);
  assert.equal(first.connection, third.connection);
  assert.equal(first.username, "alice");
  assert.deepEqual(first.peer, { address: "192.0.2.1", port: 50_000 });
  assert.notEqual(first.state, second.state);
});

test("kick raises kicked, says why, and ends that session alone", async (t) => {
  const seen: string[] = [];
  const { server, door } = await serve(t, (server) => {
    server.onUser("connect", () => undefined);
    server.onUser("kicked", (client, reason) => {
      seen.push(`${client.username}: ${reason}`);
      return new Promise(() => undefined);
    });
  });
  const fake = await door.arrive();
  fake?.admit("alice");
  const [first, second] = [fake?.open(), fake?.open()];
  first?.events.pty(PTY);
  first?.events.shell();
  second?.events.shell();
  await settle();
  const [client] = server.clients;
  assert.ok(client && first && second);
  assert.equal(server.kick(client, "Too loud."), true);
  assert.equal(server.kick(client), false);
  await settle();
  assert.deepEqual(seen, ["alice: Too loud."]);
  assert.deepEqual(await screenOf(first), ["Too loud."]);
  assert.deepEqual(first.calls, ["exit 1", "end", "close"]);
  assert.deepEqual(second.calls, []);
  assert.deepEqual(fake?.disconnects, []);
});

test("kick of a connection ends its sessions, then itself, and no other of the same user", async (t) => {
  const { server, door } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const [one, other] = [await door.arrive(), await door.arrive()];
  one?.admit("alice");
  other?.admit("alice");
  const sessions = [one?.open(), one?.open(), other?.open()];
  for (const session of sessions) session?.events.shell();
  await settle();
  assert.ok(one && other);
  assert.equal(server.kick(one.connection, "Out!"), true);
  await settle();
  assert.deepEqual(
    sessions.map((session) => session?.calls.length),
    [3, 3, 0],
  );
  assert.equal(one.disconnects.length, 1);
  assert.deepEqual(other.disconnects, []);
  assert.equal(server.kick(one.connection), false);
});

test("kickUser ends all sessions of the name, and their connections with the last of them", async (t) => {
  const { server, door } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const [alice, idle, bob] = await Promise.all([door.arrive(), door.arrive(), door.arrive()]);
  alice?.admit("alice");
  idle?.admit("alice");
  bob?.admit("bob");
  for (const fake of [alice, alice, bob]) fake?.open()?.events.shell();
  await settle();
  assert.equal(server.kickUser("alice", "Out!"), 2);
  assert.equal(alice?.open(), undefined);
  await settle();
  assert.equal(alice?.disconnects.length, 1);
  assert.deepEqual(idle?.disconnects, ["Out!"]);
  assert.deepEqual(bob?.disconnects, []);
  assert.equal(server.clients.size, 1);
  assert.equal(server.kickAll(), 1);
  await settle();
  assert.equal(bob?.disconnects.length, 1);
});

test("broadcast and sendTo reach whom they name, and tell how many", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const [alice, bob, other] = [await terminal("alice"), await terminal("bob"), await terminal("bob")];
  const [client] = server.clients;
  assert.ok(client);
  assert.equal(server.broadcast("to all"), 3);
  assert.equal(server.broadcast("to others", { except: client }), 2);
  assert.equal(server.broadcast("to none", { except: server.clients }), 0);
  assert.equal(server.sendTo("bob", "to bob"), 2);
  assert.equal(server.sendTo(client, "to alice"), 1);
  assert.equal(server.sendTo("nobody", "x"), 0);
  await settle();
  assert.deepEqual(await screenOf(alice), ["to all", "to alice", ">"]);
  assert.deepEqual(await screenOf(bob), ["to all", "to others", "to bob", ">"]);
  assert.deepEqual(await screenOf(other), await screenOf(bob));
});

test("a broadcast leaves out a client who does not read, whose memory stays bounded", async (t) => {
  const { server, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.isStuck = true;
  const line = "x".repeat(1000);
  let reached = 0;
  for (let message = 0; message < 10_000; message++) reached += server.broadcast(line);
  await settle();
  assert.ok(reached < 100, `${reached} were kept`);
  session.read();
  await settle();
  assert.equal(server.broadcast("and again"), 1);
});

test("close ends those at their prompt with a line, and lets nobody in", async (t) => {
  const { server, door, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.type("half");
  const waiting = await door.arrive();
  const closed = server.close({ message: "Back at noon." });
  assert.equal(await door.arrive(), undefined);
  waiting?.admit("bob");
  assert.equal(waiting?.open(), undefined);
  await closed;
  assert.equal(door.isOpen, false);
  assert.deepEqual(await screenOf(session), ["Back at noon."]);
  assert.deepEqual(waiting?.disconnects, ["Back at noon."]);
  assert.equal(server.close(), closed);
  assert.deepEqual([...server.connections], []);
});

test("close({ drain }) lets running commands come to their end, and begins no more", async (t) => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const seen: string[] = [];
  const { server, terminal, exec } = await serve(t, (server) => {
    server.onUser("command", (_, command) => {
      seen.push(command);
      return promise;
    });
    server.onUser("disconnected", (client) => void seen.push(`${client.username} ${client.endReason}`));
  });
  const shell = await terminal("shell");
  shell.type("slow\rnext\r");
  const command = await exec("slow", "exec");
  const closed = server.close({ drain: 1000 });
  await settle();
  assert.deepEqual(shell.calls, []);
  resolve(3);
  await closed;
  assert.deepEqual(seen.toSorted(), ["exec exit", "shell shutdown", "slow", "slow"]);
  assert.deepEqual(command.calls, ["exit 3", "end", "close"]);
  assert.match(shell.stdout, /shutting down/);
});

test("close({ drain }) waits no longer than it was told", async (t) => {
  const { server, exec } = await serve(t, (server) => server.onUser("command", () => new Promise(() => undefined)));
  const session = await exec("hang");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const closed = server.close({ drain: 10 });
  await settle();
  t.mock.timers.tick(9999);
  await settle();
  assert.deepEqual(session.calls, []);
  t.mock.timers.tick(1);
  await closed;
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
});

test("close resolves although a session is never closed", async (t) => {
  const { server, door, terminal } = await serve(t, (server) => server.onUser("connect", () => undefined));
  const session = await terminal();
  session.answersClose = false;
  session.abort = () => undefined;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const closed = server.close();
  await settle();
  t.mock.timers.tick(6000);
  await closed;
  assert.equal(door.isOpen, false);
});

test("close takes a wrong drain as a mistake", () => {
  assert.throws(() => void new ServerCore().close({ drain: -1 }), isConfigError("BAD_OPTION", /drain/));
});

test("a user who is idle at the prompt gets timeout, once, and is sent away with a line", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"] });
  const seen: string[] = [];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("connect", () => undefined);
      server.onUser("timeout", async () => {
        seen.push("timeout");
        await settle();
      });
    },
    { idleTimeout: 10 },
  );
  const session = await terminal();
  t.mock.timers.tick(9000);
  session.type("x");
  t.mock.timers.tick(9000);
  await settle();
  assert.deepEqual(seen, []);
  t.mock.timers.tick(1000);
  t.mock.timers.tick(5000);
  await settle();
  await settle();
  assert.deepEqual(seen, ["timeout"]);
  assert.deepEqual(await screenOf(session), ["Closed after 10 seconds without input."]);
  assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
});

test("a timeout handler keeps the user until the next idle time; so does a key that comes meanwhile", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"] });
  let raised = 0;
  const answers: boolean[] = [true, false];
  const { terminal } = await serve(
    t,
    (server) => {
      server.onUser("connect", () => undefined);
      server.onUser("timeout", async () => {
        raised++;
        await settle();
        return answers.shift();
      });
    },
    { idleTimeout: 10 },
  );
  const session = await terminal();
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(raised, 1);
  session.type("x");
  t.mock.timers.tick(10_000);
  session.type("y");
  await settle();
  await settle();
  assert.equal(raised, 2);
  assert.deepEqual(session.calls, []);
});

test("who runs a command, or has no prompt, is not idle", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"] });
  let raised = 0;
  const { terminal, pipe, exec } = await serve(
    t,
    (server) => {
      server.onUser("command", () => new Promise(() => undefined));
      server.onUser("timeout", () => void raised++);
    },
    { idleTimeout: 10 },
  );
  (await terminal()).type("hang\r");
  await pipe();
  await exec("hang");
  await settle();
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(raised, 0);
});

test("the state of a client is its own, as the option made it", async (t) => {
  const { server, terminal } = await serve<{ cart: string[]; owner: string }>(
    t,
    (server) => server.onUser("command", (client, command) => void client.state.cart.push(command)),
    { state: (client) => ({ cart: [], owner: client.username }) },
  );
  (await terminal("alice")).type("apple\r");
  (await terminal("bob")).type("bread\r");
  await settle();
  assert.deepEqual(
    [...server.clients].map(({ state }) => state),
    [
      { cart: ["apple"], owner: "alice" },
      { cart: ["bread"], owner: "bob" },
    ],
  );
});
