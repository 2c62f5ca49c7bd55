/** Accounts, each way in with a real `ssh`: keys, passwords, codes, sign-up, a second machine, limits, and being thrown out. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import * as otpauth from "otpauth";
import { Accounts, sqliteStore } from "../../../src/accounts/index.ts";
import type { AccountsOptions } from "../../../src/accounts/index.ts";
import { makeFolder, PASSWORD, publicKey, until } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { askpass, sshArguments } from "./client.ts";
import { startGate } from "./gate.ts";
import type { Entry, Gate } from "./gate.ts";

/** Clients that are not told otherwise try these, in this order. */
const USUAL = { PreferredAuthentications: "publickey,keyboard-interactive,password", NumberOfPasswordPrompts: "1" };

interface Subject {
  readonly accounts: Accounts;
  readonly gate: Gate;
  readonly ssh: string;
  /** Knocks as ssh does by default, with these answers. */
  readonly come: (
    user: string,
    key: "ed25519" | "ecdsa-256" | null,
    answers?: Record<string, string>,
  ) => Promise<Entry>;
}

async function start(t: TestContext, options: AccountsOptions = {}): Promise<Subject | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const accounts = new Accounts({ store: sqliteStore(join(makeFolder(), "accounts.sqlite")), ...options });
  t.after(() => accounts.close());
  const gate = await startGate(t, ssh, accounts.authenticators());
  accounts.serve(gate.server);
  const come: Subject["come"] = (user, key, answers = { assword: "none such" }) =>
    gate.knock({ user, key, options: USUAL, env: askpass(answers) });
  return { accounts, gate, ssh, come };
}

test("ssh logs in to an account by its key, and what the key may is held to", async (t) => {
  const subject = await start(t);
  if (subject === undefined) return;
  const { accounts, come } = subject;
  await accounts.add("Ada", { keys: `no-pty ${publicKey("user", "ed25519")} laptop` });
  const entry = await come("ada", "ed25519");
  assert.equal(entry.isIn, true, entry.stderr);
  assert.match(entry.stdout, /^hello for itself/);
  assert.match(entry.restrictions ?? "", /noPty/);
  assert.equal((await accounts.lastLogin("ada"))?.method, "publickey");
  assert.equal((await come("ada", "ecdsa-256")).isIn, false);
  assert.equal((await come("nobody", "ed25519")).isIn, false);
});

test("ssh logs in to an account by its password, whichever way it is asked for", async (t) => {
  const subject = await start(t);
  if (subject === undefined) return;
  const { accounts, gate, come } = subject;
  await accounts.add("ada", { password: PASSWORD });
  assert.equal((await come("ada", null, { assword: PASSWORD })).isIn, true);
  for (const method of ["password", "keyboard-interactive"]) {
    const options = { PreferredAuthentications: method, NumberOfPasswordPrompts: "1" };
    const right = await gate.knock({ user: "ada", key: null, options, env: askpass({ assword: PASSWORD }) });
    assert.equal(right.isIn, true, `${method}: ${right.stderr}`);
    const wrong = await gate.knock({ user: "ada", key: null, options, env: askpass({ assword: "wrong horse" }) });
    assert.equal(wrong.isIn, false);
  }
});

test("ssh needs a code behind the key, or behind the password, once codes are set up; recovery codes count once", async (t) => {
  const subject = await start(t);
  if (subject === undefined) return;
  const { accounts, come } = subject;
  await accounts.add("ada", { password: PASSWORD, keys: publicKey("user", "ed25519") });
  const { secret } = await accounts.newTotp("ada");
  const totp = new otpauth.TOTP({ secret: otpauth.Secret.fromBase32(secret) });
  // The code that sets it up is used up by that: the next one is good already, within the window.
  assert.equal(await accounts.setTotp("ada", secret, totp.generate({ timestamp: Date.now() - 30_000 })), true);
  const [first = "", second = ""] = await accounts.newRecoveryCodes("ada");
  assert.equal((await come("ada", "ed25519")).isIn, false);
  assert.equal((await come("ada", null, { assword: PASSWORD, erification: "000000" })).isIn, false);
  const code = totp.generate();
  const byKey = await come("ada", "ed25519", { erification: code });
  assert.equal(byKey.isIn, true, byKey.stderr);
  assert.match(byKey.stderr, /^(?!.*Permission denied)/s);
  assert.equal((await come("ada", "ed25519", { erification: code })).isIn, false);
  assert.equal((await come("ada", "ed25519", { erification: first })).isIn, true);
  assert.equal((await come("ada", "ed25519", { erification: first })).isIn, false);
  const byPassword = await come("ada", null, { assword: PASSWORD, erification: second });
  assert.equal(byPassword.isIn, true, byPassword.stderr);
});

test("ssh signs up by its first key, or by a password that it chooses, and comes back", async (t) => {
  const subject = await start(t, { signUp: { passwords: true, settings: { permissions: ["lobby"] } } });
  if (subject === undefined) return;
  const { accounts, come } = subject;
  assert.equal((await come("ada", "ed25519")).isIn, true);
  assert.equal((await come("ada", "ed25519")).isIn, true);
  assert.equal((await come("ada", "ecdsa-256")).isIn, false);
  const signedUp = await come("bob", null, { assword: PASSWORD, again: PASSWORD });
  assert.equal(signedUp.isIn, true, signedUp.stderr);
  assert.match(signedUp.stderr, /The name is free/);
  assert.equal((await come("bob", null, { assword: PASSWORD })).isIn, true);
  assert.deepEqual((await accounts.get("bob"))?.permissions, ["lobby"]);
  assert.equal((await come("root", null, { assword: PASSWORD })).isIn, false);
});

test("ssh comes in as a guest by Enter, and links the key of a second machine by a code", async (t) => {
  const subject = await start(t, { guests: { name: "guest" } });
  if (subject === undefined) return;
  const { accounts, come } = subject;
  assert.equal((await come("guest", null, { Enter: "" })).isIn, true);
  await accounts.add("ada", { keys: publicKey("user", "ed25519") });
  const code = await accounts.newLinkCode("ada");
  const linked = await come("ada", "ecdsa-256", { link: code });
  assert.equal(linked.isIn, true, linked.stderr);
  assert.equal((await come("ada", "ecdsa-256")).isIn, true);
  assert.equal((await come("ada", "ed25519")).isIn, true);
});

test("an ssh too many is told so, and one whose account is disabled is thrown out", async (t) => {
  const subject = await start(t);
  if (subject === undefined) return;
  const { accounts, gate, ssh, come } = subject;
  gate.server.onUser("connect", (client) => client.sendln("ready"));
  gate.server.onUser("command", () => undefined);
  await accounts.add("ada", { keys: publicKey("user", "ed25519"), limits: { connections: 1 } });
  const known = gate.server.hostKeys.map(String);
  const child = spawn(ssh, ["-T", ...sshArguments({ port: gate.port }, { user: "ada", known })], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  t.after(() => child.kill());
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (out += text));
  await until("ada's session", () => out.includes("ready"));
  const second = await come("ada", "ed25519");
  assert.notEqual(second.status, 0);
  assert.match(second.stderr, /as many connections of this user as there may be/);
  await accounts.disable("ada");
  assert.equal(await exited, 1);
  assert.match(out, /This account cannot be used any more\./);
  assert.equal((await come("ada", "ed25519")).isIn, false);
});
