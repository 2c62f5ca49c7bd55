import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { exec, logIn, openShell, startExample } from "./example.ts";

test("hello: the ten lines of the README greet and answer", async (t) => {
  const { port } = await startExample(t, "hello");
  const alice = await logIn(t, port);
  const shell = await openShell(alice);
  await shell.sees("Welcome, alice!");
  shell.type("hello\r");
  await shell.sees("world!");
  const { status, stdout } = await exec(alice, "hello");
  assert.equal(status, 0);
  assert.match(stdout.toString(), /^world!$/m);
});

test("passwords-and-keys: alice comes in by either, bob by both, and nobody else", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-keys-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const privateKey = generatePrivateKey("ed25519");
  writeFileSync(join(folder, "id.pub"), `${parsePrivateKey(privateKey).publicKey.toString()} alice\n`);
  const { port } = await startExample(t, "passwords-and-keys", join(folder, "id.pub"));
  const who = async (login: object): Promise<string> => {
    const { stdout } = await exec(await logIn(t, port, login), "whoami");
    return stdout.toString().trim();
  };

  assert.equal(await who({ privateKey }), "alice, cook, by publickey");
  assert.equal(await who({ password: "open sesame" }), "alice, cook, by password");
  assert.equal(
    await who({ username: "bob", privateKey, password: "two locks" }),
    "bob, chef, by password then publickey",
  );
  for (const login of [
    {},
    { password: "open" },
    { username: "mallory", password: "open sesame" },
    { privateKey: generatePrivateKey("ed25519") },
    { username: "bob", privateKey },
    { username: "bob", password: "two locks" },
  ]) {
    await assert.rejects(logIn(t, port, login), /authentication methods failed/, JSON.stringify(login));
  }
});

test("coffee: an order is a conversation, and Ctrl-C calls it off", async (t) => {
  const { port } = await startExample(t, "coffee");
  const alice = await logIn(t, port);
  const shell = await openShell(alice);
  await shell.sees("Good morning!");
  await shell.sees("café>");
  shell.type("order\r");
  await shell.sees("2) filter coffee");
  shell.type("esp\r");
  await shell.sees("A name for the cup:");
  shell.type("\r");
  await shell.sees("One espresso for alice?");
  shell.type("\r");
  await shell.sees("espresso for alice!");
  await shell.sees("café>");
  shell.type("order\r");
  await shell.sees("What may it be?");
  shell.type("\x03");
  await shell.sees("café>");
  const { status, stderr } = await exec(alice, "tea");
  assert.equal(status, 127);
  assert.match(stderr, /order and exit/);
});

test("order: a pizza is chosen, topped, sent and baked, on a terminal and on lines", async (t) => {
  const { port } = await startExample(t, "order");
  const alice = await logIn(t, port);
  const shell = await openShell(alice);
  await shell.sees("pizza>");
  shell.type("menu\r");
  await shell.sees("│ Tartufo    │    19 │ in autumn again");
  shell.type("order\r");
  await shell.sees("❯ 1) Margherita  tomato");
  shell.type("dia\r");
  await shell.sees("Which pizza? Diavola");
  await shell.sees("❯ ○ olives");
  shell.type(" \x1b[B \r");
  await shell.sees("On it? olives, capers");
  await shell.sees("❯ Name    alice");
  shell.resize(40, 20);
  shell.type("\r\r");
  await shell.sees("Where do you live?");
  shell.type("Via Roma 1\r\x1b[C\r\r");
  await shell.sees("Diavola for 11, at eight? [Y/n]");
  shell.type("y");
  await shell.sees("The oven is getting hot");
  await shell.sees("capers goes on");
  await shell.sees("✔ Diavola is on its way to Via Roma 1,");
  await shell.seesNoMore("The oven is getting hot");
  shell.type("story\r");
  await shell.sees("The story of this oven  lines 1-10");
  shell.type("/1989\r");
  await shell.sees("In 1989");
  shell.type("q");
  await shell.sees("pizza>");
  await shell.seesNoMore("In 1989");
  shell.type("order\r");
  await shell.sees("Which pizza?");
  shell.type("\x03");
  await shell.sees("Which pizza? ^C");

  const { status, stdout, stderr } = await exec(alice, "order", Buffer.from("Marg\nnone\n\nVia Po 2\nat nine\ny\n"));
  assert.equal(status, 0);
  assert.match(stdout.toString(), /Which pizza\?\n {2}1\) Margherita .*Name \[alice\]: Street: When\n/s);
  assert.match(stderr, /The oven is getting hot\nMargherita {2}25%\n.*Margherita is on its way to Via Po 2, alice!\n/s);
});

test("library: the prompt completes, colours, suggests, and remembers from one session to the next", async (t) => {
  const { port } = await startExample(t, "library");
  const alice = await logIn(t, port);
  const shell = await openShell(alice);
  await shell.sees("library>");
  shell.type("o\t");
  await shell.sees("library> open");
  shell.type("\t");
  await shell.sees("moby-dick  Call me Ishmael.");
  shell.type("mo\t\r");
  await shell.sees("library> open moby-dick");
  shell.type("\r");
  await shell.sees("Call me Ishmael.");
  await shell.seesNoMore("Three of May");
  shell.type("\x1b[200~write two\nrows\n\x1b[201~\r");
  await shell.sees("2 rows, 2 words.");
  const again = await openShell(alice);
  await again.sees("library>");
  again.type("\x12moby\r");
  await again.sees("Call me Ishmael.");
  again.type("ope");
  await again.sees("library> open moby-dick");
  again.type("x\r");
  await again.sees("Try open, shelf, write, exit.");
});

test("pipes: what goes in comes out, hashed or packed, byte for byte", async (t) => {
  const { port } = await startExample(t, "pipes");
  const alice = await logIn(t, port);
  const input = randomBytes(3_000_000);
  const hashed = await exec(alice, "sha256", input);
  assert.equal(hashed.stdout.toString(), `${createHash("sha256").update(input).digest("hex")}\n`);
  const packed = await exec(alice, "gzip", input);
  assert.equal(packed.status, 0);
  assert.ok(gunzipSync(packed.stdout).equals(input));
  assert.equal((await exec(alice, "rm -rf /")).status, 127);
});
