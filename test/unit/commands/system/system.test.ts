import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Commands, Modules, systemCommands } from "../../../../src/commands/index.ts";
import { Server } from "../../../../src/index.ts";
import { exec } from "../../../../src/testing/index.ts";
import { dateOf, durationOf, fullMomentOf, momentOf } from "../../../../src/commands/system/times.ts";
import { makeSystem } from "./stage.ts";

describe("a user's own session", () => {
  test("whoami, hostname, echo, date and uptime answer on a terminal and over exec", async (t) => {
    const { server, visit } = await makeSystem(t);
    await using alice = await visit();
    assert.equal(await alice.run("whoami"), "alice");
    assert.equal(await alice.run("hostname"), "castle");
    assert.equal(await alice.run("echo one 'two  three'"), "one two  three");
    assert.match(await alice.run("date"), /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d .+ 20\d\d$/);
    assert.match(await alice.run("date -I"), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.match(await alice.run("date -u"), / UTC 20\d\d$/);
    assert.match(await alice.run("uptime"), /^up \d+\w, 1 session$/);
    const { stdout, status } = await exec(server, "echo -n x", { username: "bob" });
    assert.deepEqual([stdout, status], ["x", 0]);
  });

  test("history lists what was entered, the last ones if asked, with control characters spelled out", async (t) => {
    const { visit } = await makeSystem(t);
    await using alice = await visit();
    await alice.run("echo a");
    alice.paste("echo 'b\nc'");
    alice.press("enter");
    await alice.waitFor(/\nb\nc\n/);
    assert.match(await alice.run("history"), /1 {2}echo a\n2 {2}echo 'b\\nc'\n3 {2}history/);
    assert.match(await alice.run("history 1"), /^4 {2}history 1$/);
    assert.equal(await alice.run("history -c"), "");
    assert.match(await alice.run("history"), /^1 {2}history$/);
  });

  test("clear empties the screen, exit leaves with a status", async (t) => {
    const { server, visit } = await makeSystem(t);
    await using alice = await visit();
    await alice.run("echo something");
    alice.type("clear\r");
    await alice.waitUntilGone("something");
    alice.type("exit 3\r");
    assert.equal(await alice.waitForExit(), 3);
    assert.equal((await exec(server, "exit")).status, 0);
    assert.equal((await exec(server, "exit 256")).status, 2);
  });

  test("help lists them under their heading, and help for one tells how it is used", async (t) => {
    const { visit } = await makeSystem(t, { category: "Castle" });
    await using alice = await visit("alice", { rows: 60 });
    const help = await alice.run("help");
    assert.match(help, /^Castle\n(?: {2}.*\n)* {2}whoami +Tells who you are/m);
    assert.doesNotMatch(help, /kick|account|modules/);
    assert.match(await alice.run("help history"), /^Usage: history \[options\] \[count\]/);
    await using root = await visit("root", { rows: 60 });
    assert.match(await root.run("help"), /account … +Administers accounts\n/);
  });
});

describe("others", () => {
  test("who shows names to all, and addresses to those who may see them", async (t) => {
    const { visit, granted } = await makeSystem(t);
    await using alice = await visit("alice", { address: "192.0.2.1" });
    await alice.waitFor("> ");
    await using bob = await visit("bob", { address: "192.0.2.2" });
    await bob.waitFor("> ");
    const who = await alice.run("who");
    assert.match(who, /^user +session +since *\n.*\nalice +#1 +\d\d:\d\d\nbob +#2 +\d\d:\d\d$/);
    assert.doesNotMatch(who, /192\.0\.2/);
    granted.set("alice", ["system.sessions"]);
    assert.match(await alice.run("who"), /\nbob +#2 +\d\d:\d\d +192\.0\.2\.2$/);
  });

  test("w shows idle times, addresses and commands of one's own, and those of others to who may see them", async (t) => {
    const { visit, commands } = await makeSystem(t);
    commands.add({ name: "brew", run: (client) => client.key().then(() => 0) });
    await using alice = await visit("alice", { address: "192.0.2.1" });
    alice.type("brew \t\r");
    await alice.waitFor("brew");
    await using bob = await visit("bob", { address: "192.0.2.2" });
    const w = await bob.run("w");
    assert.match(w, /\nalice +#1 +\d\d:\d\d +- +- +-\n/);
    assert.match(w, /\nbob +#2 +\d\d:\d\d +\d+s +192\.0\.2\.2 +w$/);
    await using root = await visit("root");
    assert.match(await root.run("w"), /\nalice +#1 +\d\d:\d\d +\d+s +192\.0\.2\.1 +brew\n/);
    assert.match(await root.run("w"), /\nbob +#2 +\d\d:\d\d +\d+s +192\.0\.2\.2\n/);
    alice.press("x");
  });

  test("lists fit a narrow terminal, and what others typed acts on nobody's", async (t) => {
    const { visit } = await makeSystem(t, { nameOf: ({ username }) => (username === "eve" ? "\x1b[2Jeve" : username) });
    await using eve = await visit("eve");
    eve.type(`echo ${"x".repeat(300)}\r`);
    await eve.waitFor("> ");
    await using root = await visit("root", { columns: 40 });
    const w = await root.run("w");
    for (const line of w.split("\n")) assert.ok(line.length <= 40, line);
    assert.match(await root.run("who"), /\\x1b\[2Jeve +#1/);
    assert.doesNotMatch(root.output, /\x1b\[2Jeve/);
  });

  test("kick throws out a user or one session, with a reason that acts on no terminal", async (t) => {
    const { visit, server } = await makeSystem(t);
    await using root = await visit("root");
    await root.waitFor("> ");
    await using alice = await visit("alice");
    await alice.waitFor("> ");
    await using again = await visit("alice");
    await again.waitFor("> ");
    assert.equal(await root.run("kick #3"), "Thrown out: 1 session.");
    await again.waitFor("root has thrown you out.");
    await again.waitForExit();
    assert.equal(alice.isOver, false);
    const { stdout } = await exec(server, "kick alice it's too \x1b[2J loud", { username: "root" });
    assert.equal(stdout, "Thrown out: 1 session.\n");
    await alice.waitFor("root has thrown you out: it's too \\x1b[2J loud");
    await alice.waitForExit();
    assert.equal(server.clients.size, 1);
    assert.equal(await root.run("kick nobody"), "Nobody here is nobody.");
    const { status, stderr } = await exec(server, "kick root", { username: "mallory" });
    assert.equal(status, 127);
    assert.match(stderr, /There is no command "kick"/);
  });

  test("kick goes by what users are called now, and lets nobody open another session", async (t) => {
    const names = new Map<object, string>();
    const { visit } = await makeSystem(t, { nameOf: (client) => names.get(client) ?? client.username });
    await using root = await visit("root");
    await using ada = await visit("guest");
    await using guest = await visit("guest");
    for (const one of [root, ada, guest]) await one.waitFor("> ");
    names.set(ada.client, "ada");
    assert.equal(await root.run("kick guest"), "Thrown out: 1 session.");
    await guest.waitForExit();
    assert.equal(ada.isOver, false);
    assert.equal(guest.client.connection.isOver, true);
    assert.equal(await root.run("kick ada"), "Thrown out: 1 session.");
    await ada.waitForExit();
  });

  test("wall reaches everybody else, and says who wrote it", async (t) => {
    const { visit, server } = await makeSystem(t);
    await using root = await visit("root");
    await root.waitFor("> ");
    await using alice = await visit("alice");
    alice.type("half a li");
    await alice.waitFor("half a li");
    assert.equal(await root.run("wall Lunch's ready"), "Sent to 1 session.");
    await alice.waitFor(/Message from root: Lunch's ready\n> half a li$/);
    assert.equal((await exec(server, "wall x", { username: "bob" })).status, 127);
    assert.equal((await exec(server, "wall", { username: "root" })).status, 2);
  });
});

test("each may have another name, or be left out, with those below it", async (t) => {
  const { visit } = await makeSystem(t, {
    names: { exit: "logout", who: false, account: "users", w: "sessions list" },
  });
  await using root = await visit("root", { rows: 60 });
  assert.match(await root.run("who"), /There is no command/);
  assert.match(await root.run("account list"), /There is no command/);
  assert.match(await root.run("users list"), /There are no accounts/);
  assert.match(await root.run("sessions list"), /root +#1/);
  root.type("logout\r");
  await root.waitForExit();
});

test("without accounts and modules there are no commands for them", async (t) => {
  const server = new Server({ allowAnyone: true, log: false });
  const commands = new Commands();
  const modules = new Modules({ server, commands });
  t.after(() => server.close());
  await modules.add(systemCommands());
  assert.deepEqual(
    commands.list().map(({ name }) => name),
    ["help", "whoami", "who", "w", "uptime", "date", "hostname", "history", "echo", "clear", "exit", "kick", "wall"],
  );
});

test("wrong options are named", () => {
  for (const [options, message] of [
    [{ extra: 1 }, /no option extra/],
    [{ may: true }, /may .* a function/],
    [{ accounts: {} }, /accounts .* an Accounts/],
    [{ modules: [] }, /modules .* a Modules/],
    [{ names: { whom: "x" } }, /names .* by the names of the commands/],
    [{ names: { who: "-x" } }, /names/],
    [{ names: { who: true } }, /names/],
    [{ nameOf: "x" }, /nameOf/],
    [{ hostname: 1 }, /hostname/],
    [{ category: 1 }, /category/],
  ] as const) {
    assert.throws(() => systemCommands(options as never), { name: "ConfigError", message });
  }
});

test("times are told in few characters", () => {
  assert.deepEqual([-5, 0, 59_999, 60_000, 3_599_000, 3_600_000, 11_520_000, 86_400_000, 187_200_000].map(durationOf), [
    "0s",
    "0s",
    "59s",
    "1m",
    "59m",
    "1h 0m",
    "3h 12m",
    "1d 0h",
    "2d 4h",
  ]);
  const now = new Date(2026, 10, 26, 4, 53).getTime();
  assert.equal(momentOf(now - 60_000, now), "04:52");
  assert.equal(momentOf(now - 86_400_000, now), "2026-11-25");
  assert.equal(fullMomentOf(now), "2026-11-26 04:53");
  assert.equal(dateOf(0, "UTC"), "Thu Jan 01 00:00:00 UTC 1970");
});
