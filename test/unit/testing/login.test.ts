import assert from "node:assert/strict";
import test from "node:test";
import { authorizedKeys, hashPassword, passwords } from "../../../src/auth/index.ts";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { exec, openPipe, openTerminal, unavailable } from "../../../src/testing/index.ts";
import { requirePeer } from "../../interop/peers.ts";
import type { By } from "../../ways.ts";
import { testBothWays } from "../../ways.ts";
import { isError, makeApp } from "./app.ts";

const key = generatePrivateKey("ed25519");
const line = parsePrivateKey(key).publicKey.toString();
const hash = await hashPassword('it\'s "sesame"', { cost: "least" } as never).catch(() =>
  hashPassword('it\'s "sesame"'),
);

/** Who the server takes a visitor for, or the code of the error. */
async function who(ssh: ReturnType<typeof makeApp>, by: By, login: object): Promise<unknown> {
  try {
    const { stdout } = await exec(ssh, "who", { ...by, ...login });
    return (JSON.parse(stdout.split("\n").at(-2) ?? "") as unknown[])[0];
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

testBothWays("a visitor with a password or a key goes through the real login", async (_, by) => {
  await using ssh = makeApp({
    allowAnyone: false,
    auth: [authorizedKeys({ text: line }), passwords((name) => (name === "alice" ? hash : undefined))],
    penalties: false,
  });
  assert.equal(await who(ssh, by, { password: 'it\'s "sesame"' }), "alice");
  assert.equal(await who(ssh, by, { key, username: "bob" }), "bob");
  assert.equal(await who(ssh, by, { password: "wrong" }), "LOGIN_REFUSED");
  assert.equal(await who(ssh, by, { key: generatePrivateKey("ed25519") }), "LOGIN_REFUSED");
  assert.equal(await who(ssh, by, { vouched: false }), "LOGIN_REFUSED");
  assert.equal(await who(ssh, by, { username: "root" }), "root");
});

testBothWays("several factors are passed one after the other, and all of them are needed", async (_, by) => {
  await using ssh = makeApp({
    allowAnyone: false,
    auth: [authorizedKeys({ text: line }), passwords(() => hash)],
    authenticationMethods: ["publickey,password"],
    penalties: false,
  });
  await using alice = await openTerminal(ssh, { ...by, key, password: 'it\'s "sesame"' });
  await alice.waitFor("> ");
  assert.deepEqual(alice.client.connection.methods, ["publickey", "password"]);
  await assert.rejects(openTerminal(ssh, { ...by, key }), isError("LOGIN_REFUSED", /did not let alice in/));
});

testBothWays("questions of the login are answered by what they contain", async (_, by) => {
  await using ssh = makeApp({ allowAnyone: false, useExternalAuth: true, penalties: false });
  ssh.onUser("authinteractive", async (_, prompt) => {
    const name = await prompt("Your dog's name? ");
    const [colour, animal] = await prompt([
      { prompt: "Colour: ", echo: true },
      { prompt: "Animal: ", echo: false },
    ]);
    return `${name} ${colour} ${animal}` === "Rex red fox";
  });
  const answers = { dog: "Rex", Colour: "red", Animal: "fox" };
  assert.equal(await who(ssh, by, { answers }), "alice");
  assert.equal(await who(ssh, by, { answers: { ...answers, Animal: "cat" } }), "LOGIN_REFUSED");
});

testBothWays("a connection, a session and a terminal that are refused are told apart", async (_, by) => {
  await using ssh = makeApp({
    allowAnyone: false,
    auth: [authorizedKeys({ text: `restrict ${line}` })],
    limits: { maxCommand: 10 },
    penalties: false,
  });
  ssh.onUser("connection", ({ remoteAddress }) => remoteAddress !== "192.0.2.66");
  await assert.rejects(openTerminal(ssh, { ...by, key }), isError("SESSION_REFUSED", /refused a terminal/));
  await assert.rejects(
    openPipe(ssh, { ...by, command: "a long command" }),
    isError("SESSION_REFUSED", /refused the exec/),
  );
  await assert.rejects(openPipe(ssh, { ...by, address: "192.0.2.66" }), isError("CONNECTION_REFUSED", /did not take/));
  assert.deepEqual([...ssh.connections], []);
  await ssh.close();
  await assert.rejects(openTerminal(ssh, by), { code: "WRONG_STATE" });
});

test("a server that listens is tested where it listens, and known by its key", async (t) => {
  if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
  await using ssh = makeApp({
    allowAnyone: false,
    auth: [passwords(() => hash)],
    hostKeys: [{ key: generatePrivateKey("ed25519") }],
    penalties: false,
  });
  const { host, port } = await ssh.run({ port: 0 });
  const hostKey = ssh.hostKeys.join();
  const login = { over: "ssh", password: 'it\'s "sesame"', timeout: 60_000 } as const;
  await using alice = await openTerminal({ host, port, hostKey }, login);
  assert.equal(await alice.run("hello"), "world!");
  assert.throws(() => alice.client, isError("NOT_POSSIBLE", /another process/));
  alice.type("exit\r");
  assert.equal(await alice.waitForExit(), 7);
  assert.equal((await exec({ host, port }, "hello", login)).status, 0);
  await assert.rejects(
    openTerminal({ host, port }, { ...login, password: "wrong" }),
    isError("LOGIN_REFUSED", /ssh says: .*Permission denied/),
  );
  await assert.rejects(
    exec({ host, port }, "hello", { ...login, password: "wrong" }),
    isError("LOGIN_REFUSED", /alice/),
  );
  const other = { host, port, hostKey: line };
  await assert.rejects(openTerminal(other, login), isError("CONNECTION_REFUSED", /Host key verification failed/));
  await assert.rejects(openTerminal({ host: "192.0.2.1", port }, login), isError("BAD_ARGUMENT", /say its hostKey/));
  await ssh.close();
  await assert.rejects(openTerminal({ host, port }, login), isError("CONNECTION_REFUSED", /Connection refused/));
});

test("what a machine lacks for a way in is the reason to skip a test", (t) => {
  assert.equal(unavailable("memory"), false);
  const { PATH } = process.env;
  t.after(() => (process.env["PATH"] = PATH));
  process.env["PATH"] = "/nowhere";
  assert.equal(unavailable("ssh"), "ssh and python3 are not installed");
});

test("without ssh the message says what is missing", async (t) => {
  await using ssh = makeApp();
  const { PATH } = process.env;
  t.after(() => (process.env["PATH"] = PATH));
  process.env["PATH"] = "/nowhere";
  await assert.rejects(exec(ssh, "hello", { over: "ssh" }), isError("MISSING_PROGRAM", /ssh is not installed/));
});
