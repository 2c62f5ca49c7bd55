import assert from "node:assert/strict";
import test from "node:test";
import type { LogEntry } from "../../../../src/index.ts";
import type { SudoOptions } from "../../../../src/commands/index.ts";
import { exec, openTerminal } from "../../../../src/testing/index.ts";
import type { Terminal } from "../../../../src/testing/index.ts";
import { testBothWays } from "../../../ways.ts";
import type { App } from "../app.ts";
import { shopApp } from "../app.ts";

const judge: SudoOptions = {
  allowed: (client) => client.username !== "mallory",
  verify: async (client, password) => password === `${client.username}'s secret`,
};

/** What the log was told of sudo. */
function told(entries: readonly LogEntry[]): string[] {
  return entries.flatMap((entry) => {
    if (entry.event !== "sudo") return [];
    const { command, verdict, why, remembered } = entry.detail;
    const more = [why, remembered === true ? "remembered" : undefined].filter((text) => text !== undefined);
    return [[entry.username, entry.level, verdict, command, ...more].join(", ")];
  });
}

async function visitor(app: App, by: object = {}, username = "alice"): Promise<Terminal<Record<string, unknown>>> {
  const terminal = await openTerminal(app.ssh, { ...by, username });
  await terminal.waitFor("> ");
  return terminal;
}

testBothWays("the user's own password lets a command run, for a while, and the log has it", async (_t, by) => {
  await using app = shopApp({ sudo: judge });
  await using alice = await visitor(app, by);
  assert.equal(await alice.run("reboot"), "reboot: not allowed. Try sudo reboot");
  assert.equal(alice.client.lastResult?.status, 126);
  alice.type("sudo reboot\r");
  await alice.waitFor("[sudo] password for alice:");
  alice.type("alice's secret\r");
  await alice.waitFor("booting, elevated");
  await alice.waitFor(/> $/);
  assert.equal(alice.screen.has("alice's secret"), false);
  assert.equal(await alice.run("sudo reboot"), "booting, elevated");
  assert.equal(await alice.run("sudo buy robusta"), '{"beans":"robusta","count":1,"gift":false}');
  assert.equal(await alice.run("sudo -k"), "");
  alice.type("sudo reboot\r");
  await alice.waitFor(/elevated[^]*\[sudo\] password for alice: $/);
  alice.press("ctrl+c");
  await alice.waitFor(/> $/);
  assert.deepEqual(told(app.entries), [
    "alice, info, accept, sudo reboot",
    "alice, info, accept, sudo reboot, remembered",
    "alice, info, accept, sudo buy robusta, remembered",
    "alice, warn, refuse, sudo reboot, the password was not typed",
  ]);
  assert.doesNotMatch(JSON.stringify(app.entries), /secret/);
  // Another session of the same user has typed nothing yet.
  await using again = await visitor(app, by);
  again.type("sudo reboot\r");
  await again.waitFor("password for alice:");
});

testBothWays("who may not use it is refused at once, and so is whoever has no terminal", async (_t, by) => {
  await using app = shopApp({ sudo: judge });
  await using mallory = await visitor(app, by, "mallory");
  assert.equal(await mallory.run("sudo reboot"), "sudo: mallory may not use it. This has been logged.");
  assert.equal(mallory.client.lastResult?.status, 1);
  assert.match(await mallory.run("reboot"), /^There is no command "reboot"/);
  const bare = await exec(app.ssh, "sudo reboot", { ...by, input: "alice's secret\n" });
  assert.deepEqual([bare.status, bare.stdout], [1, ""]);
  assert.equal(bare.stderr, "sudo: this needs a terminal, to ask for your password: ssh -t\n");
  assert.deepEqual(told(app.entries), [
    "mallory, warn, refuse, sudo reboot, not allowed",
    "alice, warn, refuse, sudo reboot, no terminal",
  ]);
  await using alice = await openTerminal(app.ssh, { ...by, command: "sudo reboot" });
  await alice.waitFor("password for alice:");
  alice.type("alice's secret\r");
  await alice.waitFor("booting, elevated");
  assert.equal(await alice.waitForExit(), 0);
});

test("wrong passwords are counted over all sessions of a user, and who has no try left has to wait", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  await using app = shopApp({ sudo: { ...judge, tries: 3, wait: 30 } });
  await using alice = await visitor(app);
  await using again = await visitor(app);
  alice.type("sudo reboot\rwrong\r");
  await alice.waitFor("sudo: that is not your password.");
  again.type("sudo reboot\rwrong\r");
  await again.waitFor(/not your password\.\n\[sudo\]/);
  alice.type("wrong\r");
  await alice.waitFor("sudo: too many wrong passwords: try again in 30 seconds.");
  assert.equal(alice.client.lastResult?.status, 1);
  again.type("alice's secret\r");
  await again.waitFor("sudo: too many wrong passwords: try again in 30 seconds.");
  await using bob = await visitor(app, {}, "bob");
  bob.type("sudo reboot\rbob's secret\r");
  await bob.waitFor("booting, elevated");

  t.mock.timers.tick(29_000);
  assert.equal(await alice.run("sudo reboot"), "sudo: too many wrong passwords: try again in a second.");
  t.mock.timers.tick(1000);
  alice.type("sudo reboot\ralice's secret\r");
  await alice.waitFor("booting, elevated");
  assert.deepEqual(
    told(app.entries).map((line) => line.replace(", sudo reboot", "")),
    [
      "alice, warn, refuse, wrong password",
      "alice, warn, refuse, wrong password",
      "alice, warn, refuse, wrong password",
      "alice, warn, refuse, too many wrong passwords",
      "alice, warn, refuse, too many wrong passwords",
      "bob, info, accept",
      "alice, warn, refuse, too many wrong passwords",
      "alice, info, accept",
    ],
  );
});

test("what is remembered ends with its time, and with the right to use it", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  let isAllowed = true;
  await using app = shopApp({ sudo: { ...judge, allowed: () => isAllowed, word: "please", remember: 60 } });
  await using alice = await visitor(app);
  alice.type("please reboot\ralice's secret\r");
  await alice.waitFor("booting, elevated");
  t.mock.timers.tick(59_000);
  assert.equal(await alice.run("please reboot"), "booting, elevated");
  t.mock.timers.tick(1000);
  alice.type("please reboot\ralice's secret\r");
  await alice.waitFor(/\[please\] password for alice:\s+booting, elevated\n> $/);
  isAllowed = false;
  assert.equal(await alice.run("please reboot"), "please: alice may not use it. This has been logged.");
});

test("with remember 0 it asks each time, and a judge that fails lets nobody through", async () => {
  let fault = undefined as Error | undefined;
  await using app = shopApp({
    sudo: {
      ...judge,
      remember: 0,
      verify: () => {
        if (fault !== undefined) throw fault;
        return true;
      },
    },
  });
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  await using alice = await visitor(app);
  for (let time = 1; time <= 2; time++) {
    alice.type("sudo reboot\rx\r");
    await alice.waitFor((screen) => screen.text().match(/booting/g)?.length === time);
  }
  fault = new Error("the directory is away");
  alice.type("sudo reboot\rx\r");
  await alice.waitFor((screen) => screen.text().endsWith("password for alice:\n>") && errors.length === 1);
  assert.equal(alice.screen.text().match(/booting/g)?.length, 2);
  assert.match(told(app.entries).at(-1) ?? "", /refuse, sudo reboot, the password was not judged/);
});

test("without the option there is no such word; with it no command can be called so", async () => {
  await using plain = shopApp();
  assert.equal((await exec(plain.ssh, "sudo reboot")).status, 127);
  await using app = shopApp({ sudo: judge });
  assert.throws(() => app.commands.add({ name: "sudo" }), { name: "ConfigError", code: "CONFLICT" });
  assert.throws(() => app.commands.add({ name: "su", aliases: ["sudo"] }), { code: "CONFLICT" });
  await using alice = await visitor(app);
  assert.equal(await alice.run("sudo"), "Usage: sudo <command>, or sudo -k to be asked for the password again.");
});

test("a command may ask for sudo whatever one may do", async () => {
  await using app = shopApp({ may: () => true, sudo: judge });
  app.commands.add({ name: "wipe", sudo: true, run: (client) => client.sendln("wiped") });
  assert.equal((await exec(app.ssh, "reboot")).stdout, "booting, permitted\n");
  assert.equal((await exec(app.ssh, "wipe")).status, 127);
  assert.doesNotMatch((await exec(app.ssh, "help")).stdout, /wipe/);
  await using alice = await visitor(app);
  assert.equal(await alice.run("wipe"), "wipe: not allowed. Try sudo wipe");
  alice.type("sudo wipe\ralice's secret\r");
  await alice.waitFor("wiped");
  assert.match(await alice.run("sudo help"), /\bwipe\b/);
});

test("whose password it is, is what the app says: it is asked for, counted and remembered by that name", async () => {
  let name = "ada\x07";
  const own: SudoOptions = {
    allowed: () => true,
    verify: (_client, password) => password === name,
    nameOf: () => name,
  };
  await using app = shopApp({ sudo: { ...own, tries: 1 } });
  await using alice = await visitor(app);
  alice.type("sudo reboot\rwrong\r");
  await alice.waitFor("[sudo] password for ada\\x07:");
  await alice.waitFor("too many wrong passwords");
  name = "bob";
  alice.type("sudo reboot\rbob\r");
  await alice.waitFor(/password for bob:\s+booting, elevated/);
  name = "eve";
  alice.type("sudo reboot\r");
  await alice.waitFor("password for eve:");
  assert.deepEqual(
    told(app.entries).map((line) => line.replace(", sudo reboot", "")),
    ["ada\x07, warn, refuse, wrong password", "ada\x07, warn, refuse, too many wrong passwords", "bob, info, accept"],
  );
});

test("who may not use it is told nothing of the line", async () => {
  await using app = shopApp({ sudo: judge });
  await using mallory = await visitor(app, {}, "mallory");
  for (const line of ["sudo reboot 'x", "sudo reboot | cat", "sudo none 'x"]) {
    assert.equal(await mallory.run(line), "sudo: mallory may not use it. This has been logged.");
  }
});
