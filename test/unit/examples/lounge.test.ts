import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Secret, TOTP } from "otpauth";
import { exec, openTerminal } from "../../../src/testing/index.ts";
import type { Terminal } from "../../../src/testing/index.ts";
import { requirePeer } from "../../interop/peers.ts";
import type { By } from "../../ways.ts";
import { testBothWays } from "../../ways.ts";
import { makeDevApp } from "../cli/dev/app.ts";
import { ROOT } from "../docs/pages.ts";
import { loadExample, startExample } from "./example.ts";

type Lounge = Awaited<ReturnType<typeof loadExample>>;

const ADMIN = "the admin's password";

async function openLounge(t: TestContext): Promise<Lounge> {
  process.env["LOUNGE_PASSWORD"] = ADMIN;
  try {
    return await loadExample(t, "lounge/app");
  } finally {
    delete process.env["LOUNGE_PASSWORD"];
  }
}

/** A guest at the reception. */
async function guest(lounge: Lounge, by: By): Promise<Terminal<Record<string, unknown>>> {
  const login = { username: "guest", answers: { "Press Enter": "" }, prompt: ":~$ " };
  const terminal = await openTerminal(lounge, { ...by, ...login });
  await terminal.waitFor("4) Leave");
  return terminal;
}

/** A guest who signs up from inside. */
async function newcomer(
  lounge: Lounge,
  by: By,
  name: string,
  password: string,
): Promise<Terminal<Record<string, unknown>>> {
  const terminal = await guest(lounge, by);
  terminal.type("2\r");
  await terminal.waitFor("Choose a name:");
  terminal.type(`${name}\r${password}\r${password}\r`);
  await terminal.waitFor(`Hello ${name}!`);
  await terminal.waitFor(`${name}@lounge:~$`);
  return terminal;
}

const admin = (lounge: Lounge, by: By): Promise<Terminal<Record<string, unknown>>> =>
  openTerminal(lounge, { ...by, username: "admin", password: ADMIN, prompt: ":~$ ", columns: 100 });

testBothWays("lounge: a guest signs up from inside, talks, and comes back by the front door", async (t, by) => {
  const lounge = await openLounge(t);
  await using ada = await newcomer(lounge, by, "ada", "correct horse");
  assert.match(ada.banner ?? "Welcome to the lounge!", /Welcome to the lounge!/);
  assert.equal(await ada.run("whoami"), "ada");
  assert.doesNotMatch(ada.output, /correct horse/);

  await using bob = await guest(lounge, by);
  bob.type("2\r");
  await bob.waitFor("Choose a name:");
  bob.type("ADA\rcorrect horse\rcorrect horse\r");
  await bob.waitFor(/There is .*account/i);
  await bob.waitFor(/4\) Leave(?![^]*account)/i);
  bob.type("1\r");
  await bob.waitFor("Name:");
  bob.type("ada\rwrong horse\r\r");
  await bob.waitFor("That does not open any account.");
  bob.press("up");
  bob.type("look\r");
  await bob.waitFor("guest@lounge:~$");
  assert.match(await bob.run("say hello"), /There is no command/);
  await ada.run("say good evening, everybody");
  await bob.waitFor("ada: good evening, everybody");
  assert.equal(await bob.run("heard"), "ada: good evening, everybody");
  bob.type("exit\r");
  await bob.waitForExit();
  await ada.waitFor("* guest leaves");

  await using back = await openTerminal(lounge, { ...by, username: "ada", password: "correct horse", prompt: ":~$ " });
  await back.waitFor("ada@lounge:~$");
  await assert.rejects(openTerminal(lounge, { ...by, username: "ada", password: "wrong horse" }), {
    code: "LOGIN_REFUSED",
  });
});

testBothWays("lounge: a name that is free is signed up in the dialogue of the login", async (t, by) => {
  const lounge = await openLounge(t);
  const answers = { "hoose a password": "correct horse", assword: "correct horse", gain: "correct horse" };
  await using eve = await openTerminal(lounge, { ...by, username: "eve", answers, prompt: ":~$ " });
  await eve.waitFor("eve@lounge:~$");
  assert.equal(await eve.run("whoami"), "eve");
});

testBothWays(
  "lounge: codes are set up at the prompt, and asked for at the next login, from outside and inside",
  async (t, by) => {
    const lounge = await openLounge(t);
    await using ada = await newcomer(lounge, by, "ada", "correct horse");
    ada.type("otp\r");
    const [, secret = ""] = await ada.waitFor(/secret to your app: ([A-Z2-7]+)/);
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    await ada.waitFor("The code that it shows:");
    ada.type("000000\r");
    await ada.waitFor("nothing was changed");
    ada.type("otp\r");
    const [, again = ""] = await ada.waitFor(/nothing was changed[^]*secret to your app: ([A-Z2-7]+)/);
    const next = new TOTP({ secret: Secret.fromBase32(again) });
    assert.notEqual(totp.secret.base32, next.secret.base32);
    ada.type(`${next.generate()}\r`);
    await ada.waitFor("Recovery codes");
    const [recovery = "", other = ""] = ada.screen.text().match(/[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}/gi) ?? [];
    ada.press("enter");
    await ada.waitFor("From now on a login asks for a code.");

    const login = { ...by, username: "ada", prompt: ":~$ " };
    await assert.rejects(openTerminal(lounge, { ...login, password: "correct horse" }), { code: "LOGIN_REFUSED" });
    const answers = { assword: "correct horse", erification: recovery };
    await using back = await openTerminal(lounge, { ...login, answers });
    await back.waitFor("ada@lounge:~$");
    await using inside = await guest(lounge, by);
    inside.type("1\r");
    await inside.waitFor("Name:");
    inside.type(`ada\rcorrect horse\r${other}\r`);
    await inside.waitFor("ada@lounge:~$");
    assert.equal(await inside.run("whoami"), "ada");
  },
);

testBothWays("lounge: dialogs, progress, questions and colours, and an error that harms nobody", async (t, by) => {
  const lounge = await openLounge(t);
  await using ada = await newcomer(lounge, by, "ada", "correct horse");
  ada.type("dialogtest\r");
  await ada.waitFor("Hello dialog!");
  ada.press("enter");
  await ada.waitUntilGone("Hello dialog!");
  ada.type("dialogtest2\r");
  await ada.waitFor("Hello world");
  ada.press("right", "enter");
  await ada.waitFor("You pressed H2.");
  ada.type("dialogtest3\r");
  await ada.waitFor("Drink");
  ada.type("tea");
  ada.press("enter", "right", "enter", "enter");
  await ada.waitFor(/tea, with some sugar\./);
  ada.type("inloadtest\r");
  await ada.waitFor("Mixing …");
  await ada.waitFor("Here you are.");
  ada.type("loadtest\r");
  await ada.waitFor(/filling .*\d+%/);
  await ada.waitFor(/:~\$ $/);
  assert.equal(await ada.run("typing 'letter by letter' 0.001"), "letter by letter");
  ada.type("passtest\r");
  await ada.waitFor("username:");
  ada.type("joe\rsecret\r");
  await ada.waitFor("joe has a password of 6 characters.");
  ada.type("choosetest\r");
  await ada.waitFor("3) H3");
  ada.type("3\r");
  await ada.waitFor("You chose H3.");
  ada.type("keytest\r");
  ada.press("up", "q");
  await ada.waitFor(/up\nq\n/);
  ada.type("mouseinput\r");
  await ada.waitFor("Click somewhere.");
  await ada.waitFor(() => ada.output.lastIndexOf("\x1b[?1000h") > ada.output.lastIndexOf("Click somewhere."));
  ada.click({ row: 2, column: 5 });
  await ada.waitFor(/press left at column 5, row 2\nrelease left at column 5, row 2/);
  await ada.run("colortest");
  assert.match(ada.output, /\x1b\[48;5;\d+m|\x1b\[48;2;/);
  assert.equal(await ada.run("errortest"), "Something went wrong.");
  await using root = await admin(lounge, by);
  assert.match(await root.run("errortest"), /Something went wrong\.\nError: hello error\n +at .*colours\.ts/);
});

testBothWays("lounge: who runs it sees who is here, throws out, administers, and closes it", async (t, by) => {
  const lounge = await openLounge(t);
  await using root = await admin(lounge, by);
  await root.waitFor("admin@lounge:~$");
  await using ada = await newcomer(lounge, by, "ada", "correct horse");
  assert.match(await ada.run("kick admin"), /There is no command/);
  assert.match(await root.run("who"), /\nadmin +#1 .*127\.0\.0\.1\nada +#2 /);
  assert.match(await root.run("account list"), /\nada +member +password +active\nadmin +admin +password +active/);
  assert.equal(await root.run("account grant ada system.wall"), "ada may system.wall.");
  assert.equal(await root.run("account roles ada member"), "The roles of ada: member.");
  assert.equal(await root.run("account expire ada never"), "ada is good for ever.");
  assert.equal(await root.run("account nocode ada"), "ada is not asked for a code any more.");
  await ada.waitFor(/:~\$ $/);
  assert.match(await root.run("modules list"), /chat +enabled[^]*colours +enabled[^]*progress +enabled/);
  assert.equal(await root.run("modules disable colours"), "colours is disabled.");
  assert.match(await ada.run("errortest"), /There is no command/);
  assert.match(await root.run("modules reload chat"), /chat is loaded again; version 2/);
  assert.match(await root.run("kick ada Closing time"), /^Thrown out: 1 session\.$/m);
  await ada.waitFor("admin has thrown you out: Closing time");
  await ada.waitForExit();
  assert.match(
    (await exec(lounge, "dmesg", { ...by, username: "admin", password: ADMIN })).stdout,
    /"event":"module in service"/,
  );
  root.type("shutdown\r");
  await root.waitFor("shutdown: not allowed. Try sudo shutdown");
  root.type("sudo shutdown\r");
  await root.waitFor(/password/i);
  root.type(`${ADMIN}\r`);
  await root.waitFor("The lounge closes.");
  await root.waitForExit();
});

test("lounge: it runs as it stands, and closes when it is told to", async (t) => {
  if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
  const lounge = await startExample(t, "lounge/app");
  const there = { host: "127.0.0.1", port: lounge.port };
  const login = { over: "ssh", timeout: 60_000, username: "guest", answers: { "Press Enter": "" } } as const;
  await using visitor = await openTerminal(there, { ...login, prompt: ":~$ " });
  await visitor.waitFor("4) Leave");
  visitor.type("3\r");
  await visitor.waitFor("Hello guest!");
  assert.equal(await visitor.run("whoami"), "guest");
  lounge.process.kill("SIGTERM");
  await visitor.waitFor("The lounge closes.");
});

test("lounge: its chat is rewritten under sallyport dev while somebody is there, and remembers what was said", async (t) => {
  if (requirePeer(t, "ssh") === undefined || requirePeer(t, "python3") === undefined) return;
  const app = makeDevApp(t);
  const folder = join(ROOT, "examples/lounge");
  for (const name of globSync("**/*.ts", { cwd: folder })) app.write(name, readFileSync(join(folder, name), "utf8"));
  app.start("app.ts");
  const [, password = ""] = await app.hears(/The password of admin is (\S+),/);
  await using root = await app.visit({ username: "admin", password, prompt: ":~$ " });
  await root.waitFor("Hello admin!");
  await root.run("say one");
  const chat = readFileSync(join(folder, "modules/chat.ts"), "utf8");
  app.replace(
    "modules/chat.ts",
    chat.replace('|| "Nothing yet."', '|| "Nothing."').replace("nameOf(client)}: ", "nameOf(client)} says "),
  );
  await app.hears(/reloaded chat \(modules\/chat\.ts\)/);
  await root.run("say two");
  assert.equal(await root.run("heard"), "admin: one\nadmin says two");
});
