import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { exec, openTerminal } from "../../../src/testing/index.ts";
import { until } from "../../interop/harness/index.ts";
import { testBothWays } from "../../ways.ts";
import { loadExample } from "./example.ts";

testBothWays("hello: the ten lines of the README greet and answer", async (t, by) => {
  const ssh = await loadExample(t, "hello");
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("Welcome, alice!");
  assert.equal(await alice.run("hello"), "world!");
  const { status, stdout } = await exec(ssh, "hello", by);
  assert.equal(status, 0);
  assert.match(stdout, /^world!$/m);
});

testBothWays("passwords-and-keys: alice comes in by either, bob by both, and nobody else", async (t, by) => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-keys-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const key = generatePrivateKey("ed25519");
  writeFileSync(join(folder, "id.pub"), `${parsePrivateKey(key).publicKey.toString()} alice\n`);
  const ssh = await loadExample(t, "passwords-and-keys", join(folder, "id.pub"));
  const who = async (login: object): Promise<string> => (await exec(ssh, "whoami", { ...by, ...login })).stdout.trim();

  assert.equal(await who({ key }), "alice, cook, by publickey");
  assert.equal(await who({ password: "open sesame" }), "alice, cook, by password");
  assert.equal(await who({ username: "bob", key, password: "two locks" }), "bob, chef, by publickey then password");
  for (const [index, login] of [
    { vouched: false },
    { password: "open" },
    { username: "mallory", password: "open sesame" },
    { key: generatePrivateKey("ed25519") },
    { username: "bob", key },
    { username: "bob", password: "two locks" },
  ].entries()) {
    // Each from another address: whoever fails too often is not listened to for a while.
    const address = `192.0.2.${index + 1}`;
    await assert.rejects(who({ ...login, address }), { code: "LOGIN_REFUSED" }, JSON.stringify(login));
  }
});

testBothWays("coffee: an order is a conversation, and Ctrl-C calls it off", async (t, by) => {
  const ssh = await loadExample(t, "coffee");
  await using alice = await openTerminal(ssh, by);
  await alice.waitFor("Good morning!");
  await alice.waitFor("café> ");
  alice.type("order\r");
  await alice.waitFor("2) filter coffee");
  alice.type("esp\r");
  await alice.waitFor("A name for the cup:");
  alice.press("enter");
  await alice.waitFor("One espresso for alice?");
  alice.press("enter");
  await alice.waitFor("espresso for alice!");
  await alice.waitFor(/café> $/);
  alice.press("ctrl+l");
  alice.type("order\r");
  await alice.waitFor("What may it be?");
  alice.press("ctrl+c");
  await alice.waitFor(/café> $/);
  const { status, stderr } = await exec(ssh, "tea", by);
  assert.equal(status, 127);
  assert.match(stderr, /order and exit/);
});

testBothWays("order: a pizza is chosen, topped, sent and baked, on a terminal and on lines", async (t, by) => {
  const ssh = await loadExample(t, "order");
  await using alice = await openTerminal(ssh, { ...by, prompt: "pizza> " });
  assert.match(await alice.run("menu"), /│ Tartufo {4}│ {4}19 │ in autumn again/);
  alice.type("order\r");
  await alice.waitFor("❯ 1) Margherita  tomato");
  alice.type("dia\r");
  await alice.waitFor("Which pizza? Diavola");
  await alice.waitFor("❯ ○ olives");
  alice.press("space", "down", "space", "enter");
  await alice.waitFor("On it? olives, capers");
  await alice.waitFor("❯ Name    alice");
  alice.resize(40, 20);
  alice.press("enter", "enter");
  await alice.waitFor("Where do you live?");
  alice.type("Via Roma 1\r");
  alice.press("right", "enter", "enter");
  await alice.waitFor("Diavola for 11, at eight? [Y/n]");
  alice.press("y");
  await alice.waitFor("The oven is getting hot");
  await alice.waitFor("capers goes on");
  await alice.waitFor("✔ Diavola is on its way to Via Roma 1,");
  await alice.waitUntilGone("The oven is getting hot");
  alice.type("story\r");
  await alice.waitFor("The story of this oven  lines 1-10");
  alice.type("/1989\r");
  await alice.waitFor("In 1989");
  alice.press("q");
  await alice.waitFor("pizza>");
  await alice.waitUntilGone("In 1989");
  alice.type("order\r");
  await alice.waitFor("Which pizza?");
  alice.press("ctrl+c");
  await alice.waitFor("Which pizza? ^C");

  const input = "Marg\nnone\n\nVia Po 2\nat nine\ny\n";
  const { status, stdout, stderr } = await exec(ssh, "order", { ...by, input });
  assert.equal(status, 0);
  assert.match(stdout, /Which pizza\?\n {2}1\) Margherita .*Name \[alice\]: Street: When\n/s);
  assert.match(stderr, /The oven is getting hot\nMargherita {2}25%\n.*Margherita is on its way to Via Po 2, alice!\n/s);
});

testBothWays(
  "library: the prompt completes, colours, suggests, and remembers from one session to the next",
  async (t, by) => {
    const ssh = await loadExample(t, "library");
    await using alice = await openTerminal(ssh, by);
    await alice.waitFor("library>");
    alice.type("o\t");
    await alice.waitFor("library> open");
    alice.press("tab");
    await alice.waitFor("moby-dick  Call me Ishmael.");
    alice.type("mo\t\r");
    await alice.waitFor("library> open moby-dick");
    alice.press("enter");
    await alice.waitFor("Call me Ishmael.");
    await alice.waitUntilGone("Three of May");
    alice.paste("write two\nrows\n");
    alice.press("enter");
    await alice.waitFor("2 rows, 2 words.");
    await using again = await openTerminal(ssh, by);
    await again.waitFor("library>");
    // It is read from its file while the prompt is there already.
    await until("the history to be read", () => [...again.client.history].includes("open moby-dick"));
    again.press("ctrl+r");
    again.type("moby\r");
    await again.waitFor("Call me Ishmael.");
    again.type("ope");
    await again.waitFor("library> open moby-dick");
    again.type("x\r");
    await again.waitFor("Try open, shelf, write, exit.");
  },
);

testBothWays("pipes: what goes in comes out, hashed or packed, byte for byte", async (t, by) => {
  const ssh = await loadExample(t, "pipes");
  const input = randomBytes(3_000_000);
  const hashed = await exec(ssh, "sha256", { ...by, input });
  assert.equal(hashed.stdout, `${createHash("sha256").update(input).digest("hex")}\n`);
  const packed = await exec(ssh, "gzip", { ...by, input });
  assert.equal(packed.status, 0);
  assert.ok(gunzipSync(packed.bytes).equals(input));
  assert.equal((await exec(ssh, "rm -rf /", by)).status, 127);
});

testBothWays("dice: each visitor rolls dice of their own, in Ink", async (t, by) => {
  const ssh = await loadExample(t, "dice");
  await using alice = await openTerminal(ssh, by);
  await using bob = await openTerminal(ssh, { ...by, username: "bob", columns: 40, rows: 10 });
  await alice.waitFor("alice has 0");
  await bob.waitFor("bob has 0");
  alice.press("space");
  await alice.waitFor(/alice has [1-6] .*\n│ [⚀-⚅] /);
  assert.equal(bob.screen.has("no dice yet"), true);
  alice.press("space");
  await alice.waitFor(/│ [⚀-⚅] [⚀-⚅] /);
  alice.press("q");
  assert.equal(await alice.waitForExit(), 0);
  bob.press("ctrl+c");
  assert.equal(await bob.waitForExit(), 0);
});

testBothWays("paint: two visitors paint one picture, and have their mouse back when they leave", async (t, by) => {
  const ssh = await loadExample(t, "paint");
  await using alice = await openTerminal(ssh, by);
  await using bob = await openTerminal(ssh, { ...by, username: "bob" });
  for (const visitor of [alice, bob]) await visitor.waitFor(() => visitor.output.includes("\x1b[?1006h"));
  alice.drag({ row: 0, column: 0 }, { row: 0, column: 8 });
  await bob.waitFor("█████████");
  bob.wheel("down");
  bob.click({ row: 0, column: 4 }, "right");
  await alice.waitFor("████ ████");
  alice.resize(60, 20);
  await alice.waitFor("████ ████");
  alice.press("q");
  await alice.waitForExit();
  assert.match(alice.output, /\x1b\[\?1006l.*\x1b\[\?1049l/s);
  bob.press("ctrl+c");
  await bob.waitForExit();
});

testBothWays("shop: beans are bought by typed commands, and the clerk does more", async (t, by) => {
  const ssh = await loadExample(t, "shop");
  const there = { ...by, prompt: "shop> " };
  await using alice = await openTerminal(ssh, there);
  await alice.waitFor("Type help");
  alice.type("bu\tea\t2 --gi\t-n 'For Ada'\r");
  await alice.waitFor('2 × earl grey, wrapped, "For Ada"');
  assert.match(await alice.run("buy 'earl grey' 2"), /^buy: Only 3 bags of earl grey are left\.\nUsage: buy /);
  assert.match(await alice.run("cart"), /14 € in all/);
  assert.match(await alice.run("hlep"), /Did you mean help\?/);
  assert.equal(await alice.run("cart drop 'earl grey'"), "");
  assert.match(await alice.run("fill arabica 3"), /^There is no command "fill"/);
  alice.type("story\r");
  await alice.waitFor("In 1683");
  alice.press("q");
  await alice.waitUntilGone("In 1683");
  alice.type("buy robusta\rroast\r");
  await alice.waitFor("roasting");
  alice.press("ctrl+c");
  await alice.waitUntilGone("roasting ");

  await using clerk = await openTerminal(ssh, { ...there, username: "clerk" });
  await clerk.waitFor("Type help");
  assert.equal(await clerk.run("fill arabica 3"), "15 bags of arabica.");
  assert.equal(await clerk.run("price arabica 9"), "price: not allowed. Try sudo price");
  clerk.type("sudo price arabica 9\rbeans\r");
  await clerk.waitFor(/password for clerk:\s+shop> $/);
  assert.match(await clerk.run("shelf"), /arabica +9 +15/);
  clerk.type("tell al\tgood morning\r");
  await alice.waitFor("clerk says: good morning");
  const bought = await exec(ssh, "buy arabica", by);
  assert.deepEqual([bought.status, bought.stdout], [0, "1 × arabica\n"]);
  assert.equal((await exec(ssh, "buy tea", by)).status, 2);
});
