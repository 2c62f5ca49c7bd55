import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Accounts, postgresStore, sqliteStore } from "../../../../src/accounts/index.ts";
import type { AccountStore } from "../../../../src/accounts/index.ts";
import { openTerminal } from "../../../../src/testing/index.ts";
import { run, Terminal } from "../../../interop/harness/index.ts";
import { requirePeer } from "../../../interop/peers.ts";
import { LOCKED, requirePostgres } from "../../../postgres/index.ts";
import { app } from "../../accounts/world.ts";
import { folder, KEY } from "./store.ts";

const MAIN = new URL("../../../../src/cli/main.ts", import.meta.url).pathname;
const PASSWORD = "correct horse";
let count = 0;
const newStore = (): string => join(folder, `process-${count++}.sqlite`);

/** Runs the command as a shell does, on a store that the environment names. */
async function sallyport(store: string, args: readonly string[], input = "", env: Record<string, string> = {}) {
  const options = { input, env: { SALLYPORT_STORE: store, ...env } };
  const { status, stdout, stderr } = await run(process.execPath, [MAIN, "user", ...args], options);
  return { status, stdout, stderr };
}

test("the command takes the store from the environment, and a password from a pipe", async () => {
  const store = newStore();
  assert.deepEqual(await sallyport(store, ["add", "ada"], `${PASSWORD}\n`), {
    status: 0,
    stdout: "ada was added.\n",
    stderr: "",
  });
  const added = await sallyport(store, ["key", "add", "ada"], `# keys\n${readFileSync(KEY.file, "utf8")}\n`);
  assert.ok(added.stdout.startsWith(KEY.fingerprint), added.stderr);
  const { stdout } = await sallyport(store, ["list", "--json"]);
  assert.deepEqual(
    (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name),
    ["ada"],
  );
});

test("a wrong call, what cannot be done, and a store that is away have their statuses and one line each", async () => {
  const store = newStore();
  const wrong = await sallyport(store, ["passwd"]);
  assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
  assert.match(wrong.stderr, /^sallyport user: NAME is missing\.\n\nsallyport user VERB[^]*passwd NAME/);
  assert.doesNotMatch(wrong.stderr, /rename/);
  await sallyport(store, ["add", "ada", "--no-password"]);
  assert.deepEqual(await sallyport(store, ["show", "bob\x1b[2J"]), {
    status: 1,
    stdout: "",
    stderr: "sallyport user: There is no account bob\\x1b[2J.\n",
  });
  const away = await sallyport("postgres://ada:s3cret@127.0.0.1:1/app", ["list"]);
  assert.deepEqual([away.status, away.stdout], [75, ""]);
  assert.match(away.stderr, /^sallyport user: The account store in PostgreSQL at 127\.0\.0\.1:1, .*ECONNREFUSED.*\n$/);
  assert.doesNotMatch(away.stderr, /s3cret/);
});

test("whoever reads but the beginning is no fault of the command's", async () => {
  const store = newStore();
  await sallyport(store, ["add", "ada", "--no-password"]);
  const child = spawn(process.execPath, [MAIN, "user", "show", "ada"], {
    env: { ...process.env, SALLYPORT_STORE: store },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  const complaints: string[] = [];
  child.stderr.on("data", (data: Buffer) => complaints.push(String(data)));
  await once(child, "close");
  assert.deepEqual(complaints, []);
});

test("the command ends when it has what it needs, although its input stays open", async () => {
  const child = spawn(process.execPath, [MAIN, "user", "add", "ada"], {
    env: { ...process.env, SALLYPORT_STORE: newStore() },
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.write(`${PASSWORD}\n`);
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("on a terminal a password is typed twice, and is not seen", async (t) => {
  if (requirePeer(t, "python3") === undefined) return;
  const store = newStore();
  const terminal = new Terminal(80, 24, process.execPath, [MAIN, "user", "add", "ada"], { SALLYPORT_STORE: store });
  t.after(() => terminal.kill());
  for (const question of ["New password: ", "Once more: "]) {
    await terminal.sees(question);
    terminal.type(`${PASSWORD}\r`);
  }
  await terminal.sees("ada was added.");
  assert.equal(await terminal.ends(), 0);
  assert.doesNotMatch(terminal.output, /correct|horse|\*/);
  const accounts = new Accounts({ store: sqliteStore(store) });
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
  await accounts.close();
});

test("on a terminal Ctrl-C at the password changes nothing", async (t) => {
  if (requirePeer(t, "python3") === undefined) return;
  const store = newStore();
  await sallyport(store, ["add", "ada"], `${PASSWORD}\n`);
  const terminal = new Terminal(80, 24, process.execPath, [MAIN, "user", "passwd", "ada"], { SALLYPORT_STORE: store });
  t.after(() => terminal.kill());
  await terminal.sees("New password: ");
  terminal.type("something\x03");
  await terminal.sees("interrupted: nothing was done.");
  assert.equal(await terminal.ends(), 1);
  assert.doesNotMatch(terminal.output, /something/);
  const accounts = new Accounts({ store: sqliteStore(store) });
  assert.equal(await accounts.verifyPassword("ada", PASSWORD), true);
  await accounts.close();
});

/** What an operator does while the server of an app runs on the same store. */
async function manage(t: TestContext, place: string, store: AccountStore, env: Record<string, string>): Promise<void> {
  const cli = async (args: readonly string[], input = ""): Promise<void> => {
    const { status, stderr } = await sallyport(place, args, input, env);
    assert.equal(status, 0, stderr);
  };
  const accounts = new Accounts({ store, recheck: 0.1 });
  t.after(() => accounts.close());
  await accounts.prepare();
  const { ssh } = app(t, accounts);
  ssh.onUser("command", async (client, command) => {
    if (command === "may") client.sendln(String(await accounts.may(client, "orders.read")));
  });
  await cli(["add", "ada"], `${PASSWORD}\n`);
  await using ada = await openTerminal(ssh, { username: "ada", password: PASSWORD });
  assert.match(await ada.run("may"), /false/);
  await cli(["grant", "ada", "orders.*"]);
  while (!(await accounts.may(ada.client, "orders.read"))) await new Promise(setImmediate);
  assert.match(await ada.run("may"), /true/);
  // What the server writes meanwhile stays: the history, the login.
  const shown = await sallyport(place, ["show", "ada"], "", env);
  assert.match(shown.stdout, /^last login +20\S+ \S+ UTC from \S+ by password$/m);
  await cli(["key", "add", "ada", KEY.file]);
  await cli(["passwd", "ada"], "battery staple\n");
  await ada.waitFor("signed out");
  await assert.rejects(openTerminal(ssh, { username: "ada", password: PASSWORD }), { code: "LOGIN_REFUSED" });
  await using again = await openTerminal(ssh, { username: "ada", password: "battery staple" });
  await again.waitFor("> ");
  await cli(["disable", "ada"]);
  await again.waitFor("cannot be used any more");
  assert.deepEqual(
    (await accounts.historyOf("ada")).map(({ line }) => line),
    ["may"],
  );
}

test("accounts are managed while a server runs on the same SQLite file", async (t) => {
  const place = newStore();
  await manage(t, place, sqliteStore(place), {});
});

test("accounts are managed while a server runs on the same PostgreSQL, with a password in no argument", async (t) => {
  const cluster = await requirePostgres(t);
  if (cluster === undefined) return;
  const owners = await cluster.database();
  const { user, password } = LOCKED;
  await cluster.query(owners, `create schema sallyport authorization ${user}`);
  const url = owners.replace("owner@", `${user}@`);
  const whole = url.replace("@", `:${encodeURIComponent(password)}@`);
  await manage(t, url, postgresStore({ url, password }), { PGPASSWORD: password });
  const { stdout } = await sallyport(whole, ["list"]);
  assert.match(stdout, /^ada +disabled +1 key, password +orders\.\*$/m);
  const refused = await sallyport("", ["list", "--store", whole]);
  assert.deepEqual([refused.status, refused.stdout], [1, ""]);
  assert.doesNotMatch(refused.stderr, new RegExp(encodeURIComponent(password)));
});
