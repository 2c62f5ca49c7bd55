/** The ways in of `sallyport/auth`, each with a real `ssh`: options of lines, two factors, and public apps. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import * as otpauth from "otpauth";
import {
  anyone,
  authorizedKeys,
  firstKeyWins,
  hashPassword,
  newTotp,
  passwords,
  totp,
} from "../../../src/auth/index.ts";
import { makeFolder, PASSWORD, publicKey } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { askpass } from "./client.ts";
import { startGate } from "./gate.ts";
import type { Entry, Gate, Knock } from "./gate.ts";

const KEY = publicKey("user", "ed25519");

/** What a line says in front of alice's key, and what comes of it: why not, or what the login may do. */
const LINES: readonly (readonly [options: string, why: RegExp | undefined, restrictions?: string])[] = [
  ["", undefined],
  ['from="127.0.0.1"', undefined, "sourceAddress"],
  ['from="127.0.0.0/8,!127.0.0.2"', undefined, "sourceAddress"],
  ['from="127.*"', undefined, "sourceAddress"],
  ['from="10.0.0.0/8"', /line 1: it is not for this address/],
  ['from="*,!127.0.0.1"', /line 1: it is not for this address/],
  ['expiry-time="20991231Z"', undefined, "expires"],
  ['expiry-time="20200101Z"', /line 1: it has expired/],
  ['command="inventory"', undefined, "forceCommand"],
  ['environment="SSH_ORIGINAL_COMMAND=planted"', undefined, "environment"],
  ["restrict", undefined, "noPty,noPortForwarding,noAgentForwarding,noX11Forwarding"],
  ["restrict,pty", undefined, "noPortForwarding,noAgentForwarding,noX11Forwarding"],
  ["no-pty,no-user-rc", undefined, "noPty"],
  ['permitopen="db:5432",permitlisten="8080"', undefined, "permitOpen,permitListen"],
  ["cert-authority", /nobody gave a verdict/],
  ["verify-required", /nobody gave a verdict/],
  ["unheard-of", /nobody gave a verdict/],
  ["restrict,", /nobody gave a verdict/],
];

for (const [options, why, restrictions] of LINES) {
  test(`ssh is ${why ? "refused" : "let in"} by the line "${options && `${options} `}KEY"`, async (t) => {
    const ssh = requirePeer(t, "ssh");
    if (ssh === undefined) return;
    const file = join(makeFolder(), "authorized_keys");
    writeFileSync(file, `${options === "" ? "" : `${options} `}${KEY} alice\n`, { mode: 0o600 });
    const gate = await startGate(t, ssh, [authorizedKeys({ file }, { strictModes: false })]);
    const entry = await gate.knock({ flags: ["-tt"] });
    if (why !== undefined) {
      assert.equal(entry.isIn, false);
      assert.match(entry.whys.join(), why);
      return;
    }
    assert.equal(entry.isIn, true, entry.stderr);
    assert.equal(entry.restrictions, restrictions);
    const isWithoutTerminal = /PTY allocation request failed/.test(entry.stderr);
    assert.equal(isWithoutTerminal, restrictions?.includes("noPty") ?? false);
    // An ssh that was told to have a terminal goes away without one.
    if (isWithoutTerminal) return;
    const forced = options.startsWith("command");
    assert.match(entry.stdout, forced ? /^inventory for hello\r?\n$/ : /^hello for (itself|planted)\r?\n$/);
    assert.equal(entry.stdout.includes("planted"), options.startsWith("environment"));
  });
}

/** A key, and then a password or a code. */
async function secondFactor(
  t: TestContext,
): Promise<{ gate: Gate; knock: (...answers: string[]) => Promise<Entry> } | undefined> {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return undefined;
  const { secret } = await newTotp({ issuer: "here", username: "alice" });
  const hash = await hashPassword(PASSWORD, { scheme: "scrypt" });
  const auth = [
    authorizedKeys({ text: `command="inventory" ${KEY}\n` }),
    passwords((username) => (username === "alice" ? { hash, restrictions: { noPty: true } } : undefined)),
    totp({ secret: (username) => (username === "alice" ? secret : undefined) }),
  ];
  const gate = await startGate(t, ssh, auth, {
    authenticationMethods: ["publickey,password", "publickey,keyboard-interactive"],
  });
  const code = (): string => new otpauth.TOTP({ secret: otpauth.Secret.fromBase32(secret) }).generate();
  const knock = (method: string, answer = code()): Promise<Entry> => {
    const options: Knock["options"] = {
      PreferredAuthentications: method,
      NumberOfPasswordPrompts: "1",
    };
    return gate.knock({ options, env: askpass({ assword: answer, ode: answer }) });
  };
  return { gate, knock };
}

test("ssh needs the key and the password, and what each of them restricts holds", async (t) => {
  const { knock } = (await secondFactor(t)) ?? {};
  if (knock === undefined) return;
  const entry = await knock("publickey,password", PASSWORD);
  assert.equal(entry.isIn, true, entry.stderr);
  assert.equal(entry.restrictions, "forceCommand,noPty");
  assert.match(entry.stdout, /^inventory for hello/);
  for (const [methods, answer] of [
    ["publickey,password", "wrong horse"],
    ["password", PASSWORD],
    ["publickey", PASSWORD],
  ] as const) {
    assert.equal((await knock(methods, answer)).isIn, false, methods);
  }
});

test("ssh needs the key and a code of the user's authenticator app, which counts once", async (t) => {
  const { gate, knock } = (await secondFactor(t)) ?? {};
  if (gate === undefined || knock === undefined) return;
  assert.equal((await knock("publickey,keyboard-interactive", "000000")).isIn, false);
  const entry = await knock("publickey,keyboard-interactive");
  assert.equal(entry.isIn, true, entry.stderr);
  assert.equal(entry.restrictions, "forceCommand");
  assert.equal((await knock("keyboard-interactive")).isIn, false);
  // A code of the same half minute, or one that began since: only that would do.
  const again = await knock("publickey,keyboard-interactive");
  const isUsed = gate.log.some((one) => one.event === "attempt" && one.detail.why === "the code has been used");
  assert.notEqual(again.isIn, isUsed);
});

test("a public app knows visitors of ssh again by their keys, and a name belongs to the first", async (t) => {
  const ssh = requirePeer(t, "ssh");
  if (ssh === undefined) return;
  const store = new Map<string, string>();
  const gate = await startGate(t, ssh, [anyone({ remember: firstKeyWins(store) })]);
  assert.equal((await gate.knock({ user: "ada" })).isIn, true);
  assert.equal((await gate.knock({ user: "ada", key: "ecdsa-256" })).isIn, false);
  assert.equal((await gate.knock({ user: "bob", key: "ecdsa-256" })).isIn, true);
  assert.equal((await gate.knock({ user: "ada" })).isIn, true);
  assert.deepEqual([...store.keys()], ["ada", "bob"]);
});
