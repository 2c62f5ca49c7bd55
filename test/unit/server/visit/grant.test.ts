import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";
import type { Client, Restrictions, ServerCore, ServerOptions } from "../../../../src/server/index.ts";
import type { FakeSession, Subject } from "../fake-door.ts";
import { PTY, serve, settle } from "../fake-door.ts";

interface Restricted {
  readonly seen: string[];
  readonly subject: Subject<Record<string, unknown>>;
  readonly visitor: () => Promise<FakeSession>;
}

/** A server whose every login has these restrictions; what comes to its handlers is written down. */
async function restrict(
  t: TestContext,
  restrictions: Restrictions,
  options: Partial<ServerOptions> = {},
  register: (server: ServerCore) => void = () => undefined,
): Promise<Restricted> {
  const seen: string[] = [];
  const tell = (name: string, { kind, interactive, request, env }: Client, text = ""): void => {
    const original = env["SSH_ORIGINAL_COMMAND"] ?? "nothing";
    seen.push(`${name} ${text}: ${kind} ${interactive} ${request}, asked for ${original}`);
  };
  const all = { allowAnyone: false, useExternalAuth: true, ...options };
  const subject = await serve(
    t,
    (server) => {
      server.onUser("auth", () => ({ accept: true, restrictions }));
      server.onUser("connect", (client) => tell("connect", client));
      server.onUser("preshell", (client) => tell("preshell", client));
      server.onUser("command", (client, command) => tell("command", client, command));
      server.onUser("subsystem", (client, name) => tell("subsystem", client, name));
      server.onUser("env", (_, name, value) => void seen.push(`env ${name}=${value}`));
      server.onUser("signal", (_, name) => void seen.push(`signal ${name}`));
      register(server);
    },
    all,
  );
  const visitor = async (): Promise<FakeSession> => {
    const fake = await subject.door.arrive();
    assert.deepEqual(await fake?.judge({ method: "password", username: "alice", password: "x" }), { type: "accept" });
    fake?.admit("alice", "password");
    const session = fake?.open();
    assert.ok(session !== undefined);
    return session;
  };
  return { seen, subject, visitor };
}

const requests: readonly (readonly [ask: (session: FakeSession) => boolean, original: string])[] = [
  [(session) => session.events.shell(), "nothing"],
  [(session) => session.events.exec("rm -rf /"), "rm -rf /"],
  [(session) => session.events.exec(""), ""],
  [(session) => session.events.subsystem("sftp"), "sftp"],
  [(session) => session.events.subsystem("no such"), "no such"],
];
for (const [ask, original] of requests) {
  test(`a forced command runs whatever is asked for, here ${ask.toString().slice(21)}`, async (t) => {
    const { seen, visitor } = await restrict(t, { forceCommand: "backup" }, {}, (server) =>
      server.subsystem("sftp", () => assert.fail("it is not the forced command")),
    );
    const session = await visitor();
    assert.equal(ask(session), true);
    await settle();
    assert.deepEqual(seen, [
      `connect : exec false backup, asked for ${original}`,
      `command backup: exec false backup, asked for ${original}`,
    ]);
    assert.deepEqual(session.calls, ["exit 0", "end", "close"]);
  });
}

test("an empty forced command is one, too", async (t) => {
  const { seen, visitor } = await restrict(t, { forceCommand: "" });
  (await visitor()).events.exec("ls");
  await settle();
  assert.equal(seen.at(-1), "command : exec false , asked for ls");
});

test("a forced command goes to exec handlers, where there are any", async (t) => {
  const ran: string[] = [];
  const { visitor } = await restrict(t, { forceCommand: "backup" }, {}, (server) =>
    server.onUser("exec", (_, command) => void ran.push(command)),
  );
  (await visitor()).events.shell();
  await settle();
  assert.deepEqual(ran, ["backup"]);
});

test("a forced command may have a terminal, and no second program follows it", async (t) => {
  const { seen, visitor } = await restrict(t, { forceCommand: "backup" }, {}, (server) =>
    server.onUser("command", () => new Promise(() => undefined)),
  );
  const session = await visitor();
  assert.equal(session.events.pty(PTY), true);
  assert.equal(session.events.shell(), true);
  assert.equal(session.events.exec("other"), false);
  assert.equal(session.events.subsystem("sftp"), false);
  await settle();
  session.type("ls\r");
  await settle();
  assert.equal(seen.at(-1), "command backup: exec false backup, asked for nothing");
});

test("a client cannot write what it has asked for itself", async (t) => {
  const { seen, visitor } = await restrict(t, { forceCommand: "backup" }, { acceptEnv: ["*"] });
  const session = await visitor();
  assert.equal(session.events.env("SSH_ORIGINAL_COMMAND", "harmless"), false);
  session.events.shell();
  await settle();
  assert.equal(seen.at(-1), "command backup: exec false backup, asked for nothing");
});

test("what is asked for in place of a forced command has the limit of every command", async (t) => {
  const { visitor } = await restrict(t, { forceCommand: "backup" }, { limits: { maxCommand: 10 } });
  const session = await visitor();
  assert.equal(session.events.exec("x".repeat(11)), false);
  assert.equal(session.events.exec("x".repeat(10)), true);
});

test("a forced command is refused where nothing serves commands", async (t) => {
  const subject = await serve(
    t,
    (server) => {
      server.onUser("auth", () => ({ accept: true, restrictions: { forceCommand: "backup" } }));
      server.onUser("connect", () => undefined);
    },
    { allowAnyone: false, useExternalAuth: true },
  );
  const fake = await subject.door.arrive();
  await fake?.judge({ method: "password", username: "alice", password: "x" });
  fake?.admit("alice", "password");
  assert.equal(fake?.open()?.events.shell(), false);
});

test("signals to a forced command are refused, and those to a subsystem (dropbear 2026.90)", async (t) => {
  const waiting = (server: ServerCore): void => {
    server.onUser("command", () => new Promise(() => undefined));
    server.subsystem("echo", () => new Promise(() => undefined));
  };
  const forced = await restrict(t, { forceCommand: "backup" }, {}, waiting);
  const session = await forced.visitor();
  session.events.exec("x");
  await settle();
  assert.equal(session.events.signal("TERM"), false);
  assert.equal(session.events.signal("INT"), false);
  assert.deepEqual(
    forced.seen.filter((entry) => entry.startsWith("signal")),
    [],
  );
  const free = await restrict(t, {}, {}, waiting);
  const subsystem = await free.visitor();
  subsystem.events.subsystem("echo");
  const command = await free.visitor();
  command.events.exec("x");
  await settle();
  assert.equal(subsystem.events.signal("TERM"), false);
  assert.equal(command.events.signal("TERM"), true);
  assert.deepEqual(
    free.seen.filter((entry) => entry.startsWith("signal")),
    ["signal TERM"],
  );
});

test("a login without a right to a terminal gets none, and a shell all the same", async (t) => {
  const { seen, visitor } = await restrict(t, { noPty: true });
  const session = await visitor();
  assert.equal(session.events.pty(PTY), false);
  assert.equal(session.events.shell(), true);
  await settle();
  session.type("ls\n");
  await settle();
  assert.equal(session.stdout, "");
  assert.equal(seen.at(-1), "command ls: shell true undefined, asked for nothing");
});

test("the variables of a login are there, cannot be changed by the client, and raise no env", async (t) => {
  const environment = { ROLE: "guest", PATH: "/bin" };
  const { seen, visitor, subject } = await restrict(t, { environment }, { acceptEnv: ["*"] });
  const session = await visitor();
  assert.equal(session.events.env("ROLE", "admin"), false);
  assert.equal(session.events.env("LANG", "C"), true);
  session.events.shell();
  await settle();
  const [client] = subject.server.clients;
  assert.deepEqual({ ...client?.env }, { ROLE: "guest", PATH: "/bin", LANG: "C" });
  assert.equal(client?.env["constructor"], undefined);
  assert.deepEqual(
    seen.filter((entry) => entry.startsWith("env")),
    ["env LANG=C"],
  );
});

test("the variables of one session are not those of the next", async (t) => {
  const { visitor, subject } = await restrict(t, { environment: { ROLE: "guest" } }, { acceptEnv: ["*"] });
  const first = await visitor();
  first.events.env("LANG", "C");
  first.events.shell();
  (await visitor()).events.shell();
  await settle();
  const [, second] = subject.server.clients;
  assert.deepEqual({ ...second?.env }, { ROLE: "guest" });
});

test("the grant is on the connection from the login on, for whatever else asks it", async (t) => {
  const { subject } = await restrict(t, { permitOpen: ["a:1"], noPortForwarding: true });
  const fake = await subject.door.arrive();
  assert.ok(fake !== undefined);
  const { connection } = fake;
  const grants = [connection.grant];
  await fake.judge({ method: "password", username: "alice", password: "x" });
  grants.push(connection.grant);
  assert.deepEqual(grants, [undefined, undefined]);
  fake.admit("alice", "password");
  assert.deepEqual(connection.grant?.permitOpen, [["a:1"]]);
  assert.equal(connection.grant.noPortForwarding, true);
});
