import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { text, UsageError, verbatim } from "../../../../src/commands/index.ts";
import { exec, openPipe, openTerminal } from "../../../../src/testing/index.ts";
import { testBothWays } from "../../../ways.ts";
import { emptyApp, shopApp } from "../app.ts";

testBothWays(
  "what is typed comes to the handler as it was declared, and its number is the exit status",
  async (_t, by) => {
    await using app = shopApp();
    const bought = await exec(app.ssh, "buy 'earl grey' -gn \"it's\" 2", by);
    assert.deepEqual(JSON.parse(bought.stdout), { beans: "earl grey", count: 2, gift: true, note: "it's" });
    assert.deepEqual([bought.status, bought.stderr], [0, ""]);
    assert.equal((await exec(app.ssh, "b arabica 10", by)).status, 9);
    assert.equal((await exec(app.ssh, "order ls", by)).stdout, "none\n");
    assert.equal((await exec(app.ssh, "order cancel 3 4", by)).stdout, "cancelled 3 and 4\n");
  },
);

testBothWays("wrong use is status 2 with the usage, and what is not there is status 127", async (_t, by) => {
  await using app = shopApp();
  for (const [line, status, stderr] of [
    ["buy", 2, "buy: beans is missing.\nUsage: buy [options] <beans> [count]\n"],
    [
      "buy arabica many",
      2,
      'buy: count must be a whole number of 1 or more, not "many".\nUsage: buy [options] <beans> [count]\n',
    ],
    [
      "buy 'arabica",
      2,
      "A single quote (') is left open: put another where the text ends, or \\' for an apostrophe.\n",
    ],
    ["order", 2, "order: a command is missing. One of these has to follow: list, ls, cancel.\n"],
    ["order lits", 2, 'order: There is no command "lits" here. Did you mean list?\n'],
    ["order tea", 2, 'order: There is no command "tea" here. One of these has to follow: list, ls, cancel.\n'],
    ["order cancel", 2, "order cancel: numbers is missing.\nUsage: order cancel <numbers...>\n"],
    ["bui arabica", 127, 'There is no command "bui". Did you mean buy? "help" lists what there is.\n'],
    ["tea", 127, 'There is no command "tea". "help" lists what there is.\n'],
    ["   ", 0, ""],
    ["''", 127, 'There is no command "". "help" lists what there is.\n'],
    ["\x1b[2J", 127, 'There is no command "\\x1b[2J". "help" lists what there is.\n'],
    ["secrte", 127, 'There is no command "secrte". "help" lists what there is.\n'],
    ["help | tee", 2, "Only more and less can follow a |, not \"tee\". The sign itself is '|'.\n"],
    ["help |", 2, "There is nothing behind the |: more or less can follow.\n"],
    ["| more", 2, "There is no command before the |.\n"],
    ["help | more | less", 2, "Nothing can follow more.\n"],
    ["help | less -R", 2, "less takes nothing behind it here.\n"],
  ] as const) {
    const result = await exec(app.ssh, line, by);
    assert.deepEqual([result.status, result.stdout, result.stderr], [status, "", stderr], line);
  }
  assert.equal((await exec(app.ssh, "secret", by)).stdout, "psst\n");
});

testBothWays("a throw is status 1 and the event error; a UsageError is neither", async (_t, by) => {
  await using app = emptyApp();
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  const fault = new Error("the oven is cold");
  app.commands.add({ name: "bake", run: () => Promise.reject(fault) });
  app.commands.add({
    name: "take",
    run: () => {
      throw new UsageError("BAD_VALUE", "Only 3 are left.");
    },
  });
  app.commands.add({ name: "odd", run: () => 300 });
  assert.equal((await exec(app.ssh, "bake", by)).status, 1);
  assert.deepEqual(errors, [fault]);
  const taken = await exec(app.ssh, "take", by);
  assert.deepEqual([taken.status, taken.stderr], [2, "take: Only 3 are left.\nUsage: take\n"]);
  assert.equal((await exec(app.ssh, "odd", by)).status, 1);
  assert.deepEqual(errors, [fault]);
});

testBothWays("Ctrl-C aborts the command, with status 130 over exec, and the prompt is back", async (_t, by) => {
  await using app = emptyApp();
  app.commands.add({
    name: "wait",
    async run(client, _values, { signal }) {
      client.sendln("waiting");
      await once(signal, "abort");
      client.sendln("called off");
    },
  });
  await using alice = await openTerminal(app.ssh, { ...by, command: "wait" });
  await alice.waitFor("waiting");
  alice.press("ctrl+c");
  assert.equal(await alice.waitForExit(), 130);
  assert.match(alice.screen.text(), /called off/);

  await using bob = await openTerminal(app.ssh, by);
  bob.type("wait\r");
  await bob.waitFor("waiting");
  bob.press("ctrl+c");
  await bob.waitFor(/called off\n> $/);
  assert.equal(bob.client.lastResult?.status, 130);
});

testBothWays("a timeout aborts the command, says so, and is status 124", async (_t, by) => {
  await using app = emptyApp({ timeout: 0.05 });
  const outcomes: number[] = [];
  app.commands.after((_call, { status }) => void outcomes.push(status));
  let reason: unknown;
  app.commands.add({
    name: "brew",
    async run(_client, _values, { signal }) {
      await once(signal, "abort");
      reason = signal.reason;
      signal.throwIfAborted();
    },
  });
  app.commands.add({ name: "patient", timeout: 0, run: (_client, _values, { signal }) => (signal.aborted ? 1 : 0) });
  const { status, stderr } = await exec(app.ssh, "brew", by);
  assert.deepEqual([status, stderr], [124, "brew: stopped, as it took longer than 0.05 seconds.\n"]);
  assert.equal(reason instanceof DOMException && reason.name, "TimeoutError");
  assert.equal((await exec(app.ssh, "patient", by)).status, 0);
  assert.deepEqual(outcomes, [124, 0]);
});

test("an unknown line may be something else to an app", async () => {
  await using app = emptyApp({
    unknown: (client, line, { signal }) => {
      client.sendln(`you say: ${line}${signal.aborted ? "!" : ""}`);
      return 7;
    },
  });
  for (const line of ["good  'morning' all", "it's me", 'a "quote', "a | b", "c:\\", "| more"]) {
    const { status, stdout } = await exec(app.ssh, line);
    assert.deepEqual([status, stdout], [7, `you say: ${line}\n`]);
  }
  assert.equal((await exec(app.ssh, "help 'x")).status, 2);
});

testBothWays("lines that are piped in are commands too, and what is wrong goes to stderr", async (_t, by) => {
  await using app = shopApp();
  await using pipe = await openPipe(app.ssh, by);
  pipe.end("order ls\nnope\nb arabica 9\nhelp order | less\nbuy robusta 10\n");
  assert.equal(await pipe.waitForExit(), 9);
  assert.match(pipe.stdout, /^none\n\{"beans":"arabica".*\nUsage: order <command>\n.*"count":10.*\n$/s);
  assert.equal(pipe.stderr, 'There is no command "nope". "help" lists what there is.\n');
});

testBothWays("the rest of a line may be taken as it was typed", async (_t, by) => {
  await using app = emptyApp({ sudo: { allowed: () => true, verify: () => true } });
  app.commands.add({
    name: "say",
    aliases: ["s"],
    arguments: { words: verbatim() },
    run: (client, { words }) => client.sendln(`<${words}>`),
  });
  app.commands.add({
    name: "chat tell",
    arguments: { to: text(), words: verbatim({ optional: true }) },
    run: (client, { to, words }) => client.sendln(`${to}: <${words}>`),
  });
  for (const [line, stdout] of [
    ["say hello", "<hello>"],
    ['s  it\'s  "me" ', '<it\'s  "me">'],
    ["say -n --note | less > x \\", "<-n --note | less > x \\>"],
    ["say --help me", "<--help me>"],
    ["say 'a' | b", "<'a' | b>"],
    ["say two\nrows", "<two\nrows>"],
    ["chat tell 'bob smith' it's me", "bob smith: <it's me>"],
    ["chat tell -x --y", "-x: <--y>"],
    ["chat tell bob", "bob: <undefined>"],
  ] as const) {
    assert.equal((await exec(app.ssh, line, by)).stdout, `${stdout}\n`, line);
  }
  for (const [line, stderr] of [
    ["say", "say: words is missing.\nUsage: say <words...>\n"],
    ["say   ", "say: words is missing.\nUsage: say <words...>\n"],
    ["chat tell 'bob it", /^chat tell: A single quote .* is left open/],
    ["chat tell", /^chat tell: to is missing\.\nUsage: chat tell <to> \[words\.\.\.\]\n$/],
    ["'say", /^A single quote|^say: words is missing/],
  ] as const) {
    const result = await exec(app.ssh, line, by);
    assert.equal(result.status, 2, line);
    if (typeof stderr === "string") assert.equal(result.stderr, stderr);
    else assert.match(result.stderr, stderr);
  }
  assert.match((await exec(app.ssh, "say --help", by)).stdout, /^Usage: say <words\.\.\.>\n/);
  await using alice = await openTerminal(app.ssh, by);
  await alice.waitFor("> ");
  alice.type("sudo say it's me\rx\r");
  await alice.waitFor("<it's me>");
  assert.match(await alice.run("sudo help 'x"), /^A single quote .* is left open/);
});

test("without pipes the sign is a letter, and without help there is none", async () => {
  await using app = emptyApp({ pipes: false, help: false });
  app.commands.add({ name: "echo", options: {}, run: (client, _values, { line }) => client.sendln(line) });
  assert.equal((await exec(app.ssh, "help")).status, 127);
  assert.match((await exec(app.ssh, "echo --help")).stderr, /There is no option "--help"/);
  assert.match((await exec(app.ssh, "echo | more")).stderr, /It takes no arguments: "\|" is too many/);
});

testBothWays("commands come and go while somebody is in; one that runs goes on", async (_t, by) => {
  await using app = emptyApp();
  await using alice = await openTerminal(app.ssh, by);
  await alice.waitFor("> ");
  assert.match(await alice.run("brew"), /There is no command "brew"/);
  const off = app.commands.add({
    name: "brew",
    run: async (client) => client.sendln(`old ${await client.ask("ready? ")}`),
  });
  alice.type("brew\r");
  await alice.waitFor("ready?");
  off();
  app.commands.add({ name: "brew", run: (client) => client.sendln("new") });
  off();
  alice.type("yes\r");
  await alice.waitFor("old yes");
  assert.equal(await alice.run("brew"), "new");
});

test("what stands around commands sees them all, in its order, until it is taken away", async () => {
  await using app = shopApp();
  const told: string[] = [];
  const off = [
    app.commands.before((call) => {
      told.push(`before ${call.name} ${JSON.stringify(call.values)}`);
      return call.line !== "order ls";
    }),
    app.commands.use(async (call, next) => {
      told.push(`outer ${call.definition.category ?? ""}`);
      const status = await next();
      told.push(`outer done ${status}`);
      return status + 1;
    }),
    app.commands.use(async (_call, next) => {
      told.push("inner");
      await next();
    }),
    app.commands.after((call, { status, error, duration }) => {
      told.push(`after ${call.name} ${status} ${String(error)} ${duration >= 0}`);
    }),
  ];
  assert.equal((await exec(app.ssh, "b arabica 10")).status, 10);
  assert.deepEqual(told.splice(0), [
    'before buy {"beans":"arabica","count":10,"gift":false}',
    "outer Shop",
    "inner",
    "outer done 9",
    "after buy 10 undefined true",
  ]);
  assert.equal((await exec(app.ssh, "order ls")).status, 1);
  assert.deepEqual(told.splice(0), ["before order list {}", "after order list 1 undefined true"]);
  assert.equal((await exec(app.ssh, "buy tea")).status, 2);
  assert.deepEqual(told, [], "what cannot be read is no call");
  for (const undo of off) undo();
  assert.equal((await exec(app.ssh, "b arabica 10")).status, 9);
  assert.deepEqual(told, []);
});

test("a middleware may keep a command from running, and call it no more than once", async () => {
  await using app = emptyApp();
  let runs = 0;
  app.commands.add({ name: "go", run: () => void runs++ });
  using closed = app.commands.use((call) => call.client.sendln("closed for lunch"));
  assert.equal((await exec(app.ssh, "go")).stdout, "closed for lunch\n");
  closed();
  app.commands.use(async (_call, next) => {
    await next();
    await next();
  });
  assert.equal((await exec(app.ssh, "go")).status, 1);
  assert.equal(runs, 1);
});

test("what a hook throws after a command that failed does not hide what went wrong", async () => {
  await using app = emptyApp();
  const errors: unknown[] = [];
  app.ssh.onUser("error", (_client, error) => void errors.push(error));
  const outcomes: unknown[] = [];
  const fault = new Error("first");
  app.commands.add({ name: "fail", run: () => Promise.reject(fault) });
  app.commands.add({ name: "work", run: () => undefined });
  app.commands.after((_call, { status, error }) => {
    outcomes.push(status, error);
    throw new Error("second");
  });
  assert.equal((await exec(app.ssh, "fail")).status, 1);
  assert.deepEqual(errors.splice(0), [fault]);
  assert.deepEqual(outcomes, [1, fault]);
  assert.match(JSON.stringify(app.entries.filter(({ event }) => event === "handler failed")), /after/);
  assert.equal((await exec(app.ssh, "work")).status, 1);
  assert.match(String(errors[0]), /second/);
});
