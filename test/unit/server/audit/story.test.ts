import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { formatEntry } from "../../../../src/server/index.ts";
import type { LogEntry, OfferedKey, ServerCore } from "../../../../src/server/index.ts";
import { PTY, serve, settle } from "../fake-door.ts";

/** Entries as `event field=value …`, without what differs from run to run. */
function told(log: readonly LogEntry[]): string[] {
  return log.map(({ event, detail = {} }) => {
    const fields = Object.entries(detail).filter(
      ([name, value]) => value !== undefined && name !== "seconds" && name !== "session",
    );
    return [event, ...fields.map(([name, value]) => `${name}=${String(value)}`)].join(" ");
  });
}

const key: OfferedKey = {
  type: "ssh-ed25519",
  fingerprint: "SHA256:abc",
  blob: new Uint8Array(4),
  toString: () => "ssh-ed25519 AAAA",
};
const keyAttempt = { method: "publickey", username: "alice", key, algorithm: "ssh-ed25519" } as const;
const judged = { allowAnyone: false, useExternalAuth: true };

test("a visit is told from its arrival to its end", async (t) => {
  const { door, log } = await serve(
    t,
    (server) => {
      server.onUser("auth", (data) =>
        data.method === "publickey" ? { partial: ["password"] } : data.password === "right",
      );
      server.onUser("command", (_, command) => (command === "fail" ? 3 : undefined));
    },
    judged,
  );
  const fake = await door.arrive();
  assert.ok(fake !== undefined);
  await fake.judge({ method: "none", username: "alice" });
  await fake.judge({ ...keyAttempt, proved: false });
  await fake.judge({ ...keyAttempt, proved: true });
  await fake.judge({ method: "password", username: "alice", password: "wrong" });
  await fake.judge({ method: "password", username: "alice", password: "right" });
  fake.connection.clientVersion = "SSH-2.0-Test";
  fake.admit("alice", "password");
  const shell = fake.open();
  shell?.events.pty(PTY);
  shell?.events.shell();
  await settle();
  shell?.type("look\r");
  await settle();
  const exec = fake.open();
  exec?.events.exec("fail");
  await settle();
  shell?.hangUp();
  fake.leave("closed");
  assert.deepEqual(told(log), [
    "arrived door=fake port=50000",
    "attempt method=none verdict=refuse why=the method is not asked for",
    "attempt method=publickey verdict=accept key=SHA256:abc algorithm=ssh-ed25519 proved=false",
    "attempt method=publickey verdict=partial next=password key=SHA256:abc algorithm=ssh-ed25519 proved=true",
    "attempt method=password verdict=refuse",
    "attempt method=password verdict=accept",
    "login methods=publickey,password client=SSH-2.0-Test",
    "session opened kind=shell pty=true",
    "command command=look",
    "session opened kind=exec pty=false",
    "command command=fail",
    "session ended kind=exec pty=false reason=exit status=3",
    "session ended kind=shell pty=true reason=disconnected status=0",
    "left departure=closed detail=",
  ]);
  assert.deepEqual(new Set(log.map(({ connection }) => connection)), new Set([fake.connection.id]));
  assert.deepEqual(new Set(log.map(({ peer }) => peer)), new Set(["192.0.2.1"]));
  assert.deepEqual(
    log.filter(({ level }) => level === "debug").map(({ event }) => event),
    ["attempt", "attempt"],
  );
  const sessions = log.flatMap((entry) => (entry.event === "session opened" ? [entry.detail.session] : []));
  assert.equal(new Set(sessions).size, 2);
  const ended = log.flatMap((entry) => (entry.event === "session ended" ? [entry.detail.session] : []));
  assert.deepEqual(ended, sessions.toReversed());
});

test("a forced command is told with what was asked for", async (t) => {
  const { door, log } = await serve(
    t,
    (server) => {
      server.onUser("auth", () => ({ accept: true, restrictions: { forceCommand: "backup", noPty: true } }));
      server.onUser("command", () => undefined);
    },
    judged,
  );
  const fake = await door.arrive();
  await fake?.judge({ method: "password", username: "alice", password: "x" });
  fake?.admit("alice", "password");
  fake?.open()?.events.exec("ls");
  await settle();
  const story = told(log);
  assert.ok(story.includes("login methods=password restrictions=forceCommand,noPty"));
  assert.ok(story.includes("command command=backup forced=true original=ls"));
});

test("kicks are told once for each session, and for a connection without one", async (t) => {
  const { server, door, terminal, log } = await serve(t, (server) => server.onUser("command", () => undefined));
  await terminal("mallory");
  (await door.arrive())?.admit("mallory");
  log.length = 0;
  assert.equal(server.kickUser("mallory", "Enough."), 1);
  await settle();
  const kicks = log.filter(({ event }) => event === "kick");
  assert.deepEqual(told(kicks), ["kick reason=Enough.", "kick reason=Enough."]);
  const sessions = kicks.map((entry) => entry.event === "kick" && typeof entry.detail.session);
  assert.deepEqual(sessions, ["string", "undefined"]);
  assert.ok(told(log).includes("session ended kind=shell pty=true reason=kicked status=1"));
});

test("penalties are told with their source, and louder once they keep it out", async (t) => {
  const { door, log } = await serve(
    t,
    (server) => server.onUser("auth", () => ({ accept: false, unknownUser: true })),
    {
      ...judged,
      penalties: { min: 6, noauth: 2 },
    },
  );
  (await door.arrive())?.leave("lost");
  const fake = await door.arrive();
  await fake?.judge({ method: "password", username: "nobody", password: "x" });
  fake?.leave("closed");
  assert.equal(await door.arrive(), undefined);
  const penalties = log.flatMap((entry) => (entry.event === "penalty" ? [entry] : []));
  assert.deepEqual(
    penalties.map(({ level, peer, detail: { offence, source, seconds, enforced } }) => [
      level,
      peer,
      offence,
      source,
      seconds,
      enforced,
    ]),
    [
      ["debug", "192.0.2.1", "noauth", "192.0.2.1", 2, false],
      ["info", "192.0.2.1", "invaliduser", "192.0.2.1", 5, true],
    ],
  );
  assert.deepEqual(told(log.slice(-1)), ["connection refused why=penalised refusals=1"]);
});

test("a fault of our own that ends a connection is told with its stack", async (t) => {
  const { door, log } = await serve(t, () => undefined);
  const fake = await door.arrive();
  assert.ok(fake !== undefined);
  door.reception.left(fake.connection, "fault", "planted", { received: 10, sent: 20 }, new Error("planted"));
  const entry = log.find(({ event }) => event === "left");
  assert.equal(entry?.level, "error");
  assert.deepEqual(told(log.filter(({ event }) => event === "left")), [
    "left departure=fault detail=planted received=10 sent=20",
  ]);
  assert.match(formatEntry(entry), /"error":"Error: planted\\n +at /);
});

test("no entry of any level holds a secret that passed through the server", async (t) => {
  const SECRET = "hunter2-S3CRET";
  const register = (server: ServerCore): void => {
    server.onUser("auth", (data) => {
      if (data.password === `${SECRET}-1`) return { changePassword: "Choose another." };
      if (data.password === `${SECRET}-2`) return { partial: ["keyboard-interactive"], user: { token: SECRET } };
      return false;
    });
    server.onUser("authinteractive", async (_, prompt) => {
      const answer = await prompt("Code: ");
      return { accept: answer === SECRET, restrictions: { environment: { TOKEN: SECRET } } };
    });
    server.onUser("command", async (client) => void (await client.password("Password: ")));
    server.onUser("env", () => undefined);
  };
  const { door, log, server } = await serve(t, register, { ...judged, acceptEnv: ["*"] });
  const fake = await door.arrive();
  assert.ok(fake !== undefined);
  const user = { username: "alice" };
  await fake.judge({ method: "password", ...user, password: SECRET });
  await fake.judge({ method: "password", ...user, password: `${SECRET}-1` });
  await fake.judge({ method: "password", ...user, password: `${SECRET}-2`, newPassword: `${SECRET}-3` });
  await fake.judge({ method: "keyboard-interactive", ...user, round: 0, responses: [] });
  await fake.judge({ method: "keyboard-interactive", ...user, round: 1, responses: [`${SECRET}-no`] });
  await fake.judge({ method: "keyboard-interactive", ...user, round: 0, responses: [] });
  const last = await fake.judge({ method: "keyboard-interactive", ...user, round: 1, responses: [SECRET] });
  assert.deepEqual(last, { type: "accept" });
  fake.admit("alice", "keyboard-interactive");
  const session = fake.open();
  session?.events.env("API_KEY", SECRET);
  session?.events.pty(PTY);
  session?.events.shell();
  await settle();
  session?.type("login\r");
  await settle();
  session?.type(`${SECRET}\r`);
  await settle();
  const shown = inspect([...server.clients, fake.connection, server], { depth: 9, showHidden: true });
  assert.doesNotMatch(shown, /S3CRET/);
  fake.leave("lost");
  assert.ok(log.length > 10);
  for (const entry of log) {
    assert.doesNotMatch(inspect(entry, { depth: 9, maxStringLength: Infinity }), /S3CRET/);
    assert.doesNotMatch(formatEntry(entry), /S3CRET/);
  }
});
