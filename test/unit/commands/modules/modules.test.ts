import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { command, defineModule, Modules } from "../../../../src/commands/index.ts";
import { makeStage, saying } from "./stage.ts";

const source = new URL("../../../../src/commands/index.ts", import.meta.url).pathname;

describe("a module", () => {
  test("brings commands and handlers in, and takes them along when it is unloaded", async (t) => {
    const { modules, write, visit } = makeStage(t);
    const file = write(
      "greeter.ts",
      `import { command, defineModule } from "${source}";
export default defineModule({
  name: "greeter",
  description: "Greets",
  setup: () => ({ greeted: 0 }),
  commands: (own) => [command({ name: "hello", run: (client) => client.sendln(\`world \${++own.greeted}!\`) })],
  events: { preshell: (client) => client.sendln("Welcome!") },
});`,
    );
    const [info] = await modules.load(file);
    assert.deepEqual(
      { ...info, since: undefined },
      {
        name: "greeter",
        description: "Greets",
        status: "enabled",
        file,
        files: [file],
        needs: [],
        commands: ["hello"],
        events: ["preshell"],
        version: 1,
        since: undefined,
        running: 0,
        error: undefined,
      },
    );
    await using alice = await visit();
    await alice.waitFor("Welcome!");
    assert.equal(await alice.run("hello"), "world 1!");
    assert.equal(await alice.run("hello"), "world 2!");
    await modules.unload("greeter");
    assert.match(await alice.run("hello"), /There is no command/);
    assert.deepEqual(modules.list(), []);
    await using bob = await visit("bob");
    await bob.waitFor("> ");
    assert.equal(bob.screen.has("Welcome!"), false);
  });

  test("is reloaded while a visitor is there, who runs the new code with the next command", async (t) => {
    const { modules, write, visit } = makeStage(t);
    const file = write("greeter.ts", saying("first"));
    await modules.load(file);
    await using alice = await visit();
    assert.equal(await alice.run("hello"), "first");
    write("greeter.ts", saying("second"));
    const { version } = await modules.reload("greeter");
    assert.equal(version, 2);
    assert.equal(await alice.run("hello"), "second");
  });

  test("is reloaded while one of its commands runs, which goes on as it was", async (t) => {
    const { modules, write, visit } = makeStage(t);
    const code = (text: string): string => `export default {
  name: "slow",
  setup: ({ signal }) => ({ signal }),
  commands: (own) => [{ name: "wait", run: async (client) => {
    client.sendln("${text} begins");
    await client.key();
    client.sendln("${text} ends, " + (own.signal.aborted ? "late" : "in time"));
  } }],
  teardown: (own, reason) => void (globalThis.slow ??= []).push("${text} " + reason),
};`;
    await modules.load(write("slow.ts", code("first")));
    const torn = globalThis as { slow?: string[] };
    await using alice = await visit();
    alice.type("wait\r");
    await alice.waitFor("first begins");
    assert.equal(modules.list()[0]?.running, 1);
    write("slow.ts", code("second"));
    await modules.reload("slow");
    assert.equal(torn.slow, undefined, "it is not torn down as long as it runs");
    alice.press("x");
    await alice.waitFor("first ends, late");
    await alice.waitFor(/> $/);
    assert.deepEqual(torn.slow, ["first reload"]);
    alice.type("wait\r");
    await alice.waitFor("second begins");
    alice.press("x");
    await alice.waitFor("second ends, in time");
    await modules.unload("slow");
    assert.deepEqual(torn.slow, ["first reload", "second unload"]);
  });

  test("carries over a reload what its setup takes from the version of before, and over nothing else", async (t) => {
    const { modules, write, visit } = makeStage(t);
    const code = (step: number): string => `export default {
  name: "counter",
  setup: (context, previous) => previous ?? { hits: 0 },
  commands: (own) => [{ name: "hit", run: (client) => client.sendln(String((own.hits += ${step}))) }],
};`;
    await modules.load(write("counter.ts", code(1)));
    await using alice = await visit();
    assert.equal(await alice.run("hit"), "1");
    write("counter.ts", code(10));
    await modules.reload("counter");
    assert.equal(await alice.run("hit"), "11");
    await modules.disable("counter");
    await modules.enable("counter");
    assert.equal(await alice.run("hit"), "10");
  });

  test("is reloaded with what it imports from its folder", async (t) => {
    const { modules, write, at, visit } = makeStage(t);
    write("_texts.ts", 'export const text: string = "first";');
    const code = saying("${text}").replaceAll('"${text}"', "text");
    await modules.load(write("greeter.ts", `import { text } from "./_texts.ts";\n${code}`));
    await using alice = await visit();
    assert.equal(await alice.run("hello"), "first");
    write("_texts.ts", 'export const text: string = "second";');
    await modules.reload("greeter");
    assert.equal(await alice.run("hello"), "second");
    assert.deepEqual(modules.list()[0]?.files, [at("greeter.ts"), at("_texts.ts")]);
  });

  test("keeps the place of its handlers among others when it is reloaded", async (t) => {
    const { modules, server, write, visit } = makeStage(t);
    const code = (text: string): string =>
      `export default { name: "first", events: { preshell: (client) => client.sendln("${text}") } };`;
    await modules.load(write("first.ts", code("one")));
    server.onUser("preshell", (client) => client.sendln("two"));
    write("first.ts", code("one, again"));
    await modules.reload("first");
    await using alice = await visit();
    await alice.waitFor(/one, again\ntwo/);
    write("first.ts", 'export default { name: "first", events: {} };');
    await modules.reload("first");
    await using bob = await visit("bob");
    await bob.waitFor("two");
    assert.equal(bob.screen.has("one"), false);
  });

  test("is disabled and enabled again, and twice is not too often", async (t) => {
    const { modules, write, visit, log } = makeStage(t);
    await modules.load(write("greeter.ts", saying("here")));
    await using alice = await visit();
    for (const _ of [1, 2]) await modules.disable("greeter");
    assert.match(await alice.run("hello"), /There is no command/);
    assert.deepEqual(
      modules.list().map(({ status, commands }) => [status, commands]),
      [["disabled", []]],
    );
    write("greeter.ts", saying("back"));
    await modules.reload("greeter");
    assert.equal(modules.list()[0]?.status, "disabled");
    for (const _ of [1, 2]) await modules.enable("greeter");
    assert.equal(await alice.run("hello"), "back");
    assert.deepEqual(
      log.filter(({ event }) => event.startsWith("module")).map(({ event }) => event),
      ["module in service", "module out of service", "module in service"],
    );
  });

  test("may be one that the app has at hand", async (t) => {
    const { modules, visit } = makeStage(t);
    const info = await modules.add(
      defineModule({
        name: "built-in",
        setup: () => "ready",
        commands: (own) => [command({ name: "ask", run: (client) => client.sendln(own) })],
      }),
    );
    assert.deepEqual([info.file, info.files, info.status], [undefined, [], "enabled"]);
    await using alice = await visit();
    assert.equal(await alice.run("ask"), "ready");
    await assert.rejects(modules.reload("built-in"), { code: "NO_RELOAD" });
    assert.deepEqual(await modules.refresh(), []);
    assert.equal(await alice.run("ask"), "ready");
  });
});

describe("modules that need others", () => {
  const needing = (name: string, needs: readonly string[]): string =>
    `export default { name: "${name}", needs: ${JSON.stringify(needs)}, setup: (context) => ({
  of: "${name}", given: ${JSON.stringify(needs)}.map((need) => context.given(need).of),
}) };`;

  test("are set up behind them, whatever their files are called", async (t) => {
    const { modules, write, path } = makeStage(t);
    write("a.ts", needing("a", ["c", "b"]));
    write("b.ts", needing("b", ["c"]));
    write("c.ts", needing("c", []));
    await modules.load(path);
    assert.deepEqual(
      modules.list().map(({ name, status }) => [name, status]),
      [
        ["a", "enabled"],
        ["b", "enabled"],
        ["c", "enabled"],
      ],
    );
    await assert.rejects(modules.disable("c"), { code: "NEEDED", message: /The module a needs c: disable that first/ });
    await assert.rejects(modules.unload("b"), { code: "NEEDED" });
    await modules.disable("a");
    await modules.disable("b");
    await modules.unload("c");
    await assert.rejects(modules.enable("b"), {
      code: "NEEDED",
      message: /b\.ts:1: The module c, which b needs, is not/,
    });
  });

  test("are refused when those are not there, need each other in a circle, or were not named", async (t) => {
    const { modules, write, path } = makeStage(t);
    await assert.rejects(modules.load(write("a.ts", needing("a", ["b"]))), { code: "NEEDED", module: "a" });
    write("b.ts", needing("b", ["a"]));
    await assert.rejects(modules.load(path), { code: "NEEDED" });
    await assert.rejects(modules.load(write("_self.ts", needing("self", ["self"]))), { code: "NEEDED" });
    const curious = 'export default { name: "curious", setup: (context) => context.given("a") };';
    await assert.rejects(modules.load(write("_curious.ts", curious)), { code: "NEEDED", message: /add it to needs/ });
  });
});

test("a hundred reloads under visitors who type lose no line, and nobody meets half of a version", async (t) => {
  const { modules, write, visit } = makeStage(t);
  const code = (version: number): string => `import { setImmediate } from "node:timers/promises";
export default {
  name: "pair",
  commands: [
    { name: "now", run: (client) => client.sendln("now ${version}") },
    { name: "later", run: async (client) => { await setImmediate(); client.sendln("later ${version}"); } },
  ],
};`;
  await modules.load(write("pair.ts", code(0)));
  await using alice = await visit();
  await using bob = await visit("bob");
  const typing = [alice, bob].map(async (visitor, index) => {
    const versions: number[] = [];
    for (let line = 0; line < 40; line++) {
      const said = await visitor.run(index === 0 ? "now" : "later");
      const [, version] = /^(?:now|later) (\d+)$/.exec(said) ?? [];
      assert.ok(version !== undefined, said);
      versions.push(Number(version));
    }
    return versions;
  });
  for (let version = 1; version <= 100; version++) {
    write("pair.ts", code(version));
    await modules.reload("pair");
  }
  for (const versions of await Promise.all(typing)) {
    assert.deepEqual(
      versions,
      versions.toSorted((one, other) => one - other),
      "nobody goes back in time",
    );
  }
  assert.equal(await alice.run("now"), "now 100");
  assert.equal(modules.list()[0]?.version, 101);
});

test("what is asked for at once is done one after the other", async (t) => {
  const { modules, write } = makeStage(t);
  const file = write("greeter.ts", saying("first"));
  const all = [modules.load(file), modules.reload("greeter"), modules.disable("greeter"), modules.reload("greeter")];
  await Promise.all(all);
  assert.deepEqual(
    modules.list().map(({ status, version }) => [status, version]),
    [["disabled", 2]],
  );
});

test("closing tears all down, the last first, and waits for that but for no command", async (t) => {
  const { modules, write, visit } = makeStage(t);
  const code = (name: string): string => `export default {
  name: "${name}",
  commands: [{ name: "${name}", run: (client) => client.key() }],
  teardown: async (own, reason) => { await null; (globalThis.closed ??= []).push("${name} " + reason); },
};`;
  await modules.load(write("one.ts", code("one")));
  await modules.load(write("two.ts", code("two")));
  await using alice = await visit();
  alice.type("one\r");
  await alice.waitFor(() => modules.list()[0]?.running === 1);
  await modules.close();
  assert.deepEqual((globalThis as { closed?: string[] }).closed, ["two unload", "one unload"]);
  await assert.rejects(modules.load("anywhere"), { code: "CLOSED" });
  await setImmediate();
});

test("what modules are made with is checked", (t) => {
  const { server, commands } = makeStage(t);
  assert.throws(() => new Modules({ server, commands, extra: 1 } as never), {
    code: "UNKNOWN_OPTION",
    message: /no option extra/,
  });
  assert.throws(() => new Modules({ commands } as never), { code: "BAD_OPTION", message: /server/ });
  assert.throws(() => new Modules({ server, commands: {} } as never), { code: "BAD_OPTION", message: /commands/ });
  for (const setupTime of [0, -1, NaN, Infinity, "10"] as number[]) {
    assert.throws(() => new Modules({ server, commands, setupTime }), { name: "ConfigError", code: "BAD_OPTION" });
  }
});
