import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defineModule, ModuleError } from "../../../../src/commands/index.ts";
import type { ModuleErrorCode } from "../../../../src/commands/index.ts";
import { makeStage, saying } from "./stage.ts";

interface Fault {
  readonly code: string;
  readonly is: ModuleErrorCode;
  readonly line?: number;
  readonly says: RegExp;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "cannot be parsed": {
    code: "export default {\n  name: ,\n};",
    is: "NOT_LOADED",
    line: 2,
    says: /Expression expected/,
  },
  "imports what is not there": {
    code: `\nimport "./nowhere.ts";\n${saying("new")}`,
    is: "NOT_LOADED",
    line: 2,
    says: /Cannot find module/,
  },
  throws: { code: `${saying("new")}\nthrow new Error("no");`, is: "NOT_LOADED", line: 6, says: /no$/ },
  "throws no error": { code: `${saying("new")}\nthrow "no";`, is: "NOT_LOADED", says: /no$/ },
  "waits for ever": {
    code: "await new Promise(() => undefined);",
    is: "TOO_SLOW",
    says: /not ended after 0\.2 seconds/,
  },
  "has no default export": { code: 'export const name = "greeter";', is: "BAD_MODULE", says: /no default export/ },
  "exports no module": { code: "\nexport default 42;", is: "BAD_MODULE", line: 2, says: /not a value of type number/ },
  "exports a module without a name": {
    code: "export default {};",
    is: "BAD_MODULE",
    line: 1,
    says: /name .* not undefined/,
  },
  "has a name that a terminal would act on": {
    code: 'export default { name: "a\\u001b[2J" };',
    is: "BAD_MODULE",
    line: 1,
    says: /not "a\\u001b\[2J"/,
  },
  "has a field that there is not": {
    code: 'export default { name: "greeter", comands: [] };',
    is: "BAD_MODULE",
    line: 1,
    says: /no field "comands"; it has name, /,
  },
  "has another name than before": {
    code: 'export default { name: "other" };',
    is: "BAD_MODULE",
    line: 1,
    says: /another name now, other/,
  },
  "has a command that another has": {
    code: 'export default {\n  name: "greeter",\n  commands: [{ name: "hello", run() {} }, {\n    name: "taken", run() {} }],\n};',
    is: "TAKEN",
    line: 4,
    says: /"taken" is the name or an alias of another/,
  },
  "has a command twice": {
    code: 'export default {\n  name: "greeter",\n  commands: [{ name: "twice", run() {} }, { name: "twice", run() {} }],\n};',
    is: "TAKEN",
    line: 3,
    says: /"twice"/,
  },
  "has a command that is none": {
    code: 'export default {\n  name: "greeter",\n  commands: [{ name: "-x" }],\n};',
    is: "BAD_MODULE",
    line: 3,
    says: /"-x" cannot be added/,
  },
  "has nothing where a command should be": {
    code: 'export default { name: "greeter", commands: [undefined] };',
    is: "BAD_MODULE",
    line: 1,
    says: /./,
  },
  "has a function that makes no commands": {
    code: 'export default { name: "greeter", commands: () => 1 };',
    is: "BAD_MODULE",
    line: 1,
    says: /must give an array/,
  },
  "has a function that makes no events": {
    code: 'export default { name: "greeter", events: () => 1 };',
    is: "BAD_MODULE",
    line: 1,
    says: /must give an object/,
  },
  "listens to an event that there is not": {
    code: 'export default {\n  name: "greeter",\n  events: { conect: () => undefined },\n};',
    is: "BAD_MODULE",
    line: 3,
    says: /"conect" .*no such event; there are connect/,
  },
  "has a handler that is none": {
    code: 'export default { name: "greeter", events: { connect: "hello" } };',
    is: "BAD_MODULE",
    line: 1,
    says: /handler of connect must be a function/,
  },
  "has a setup that throws": {
    code: 'export default {\n  name: "greeter",\n  setup() {\n    throw new Error("no database");\n  },\n};',
    is: "SETUP_FAILED",
    line: 4,
    says: /Its setup failed: no database/,
  },
  "has a setup that never ends": {
    code: 'export default {\n  name: "greeter",\n  setup: () => new Promise(() => undefined),\n};',
    is: "TOO_SLOW",
    line: 3,
    says: /setup has not ended after 0\.2 seconds/,
  },
  "needs what is not there": {
    code: 'export default {\n  name: "greeter",\n  needs: ["rooms"],\n};',
    is: "NEEDED",
    line: 3,
    says: /The module rooms, which greeter needs, is not enabled/,
  },
};

describe("the old version goes on, and the error has file and line, when the new one", () => {
  for (const [what, { code, is, line, says }] of Object.entries(FAULTS)) {
    test(what, async (t) => {
      const { modules, write, visit, commands, log } = makeStage(t, 0.2);
      commands.add({ name: "taken", run: () => undefined });
      const file = write("greeter.ts", saying("old"));
      await modules.load(file);
      await using alice = await visit();
      write("greeter.ts", code);
      await assert.rejects(modules.reload("greeter"), (error) => {
        assert.ok(error instanceof ModuleError);
        assert.deepEqual([error.code, error.file, error.line], [is, file, line]);
        assert.match(error.message, says);
        assert.ok(error.message.startsWith(line === undefined ? `${file}: ` : `${file}:${line}: `), error.message);
        return true;
      });
      assert.equal(await alice.run("hello"), "old");
      const [info] = modules.list();
      assert.deepEqual([info?.status, info?.version, info?.error?.code], ["enabled", 1, is]);
      const entry = log.find(({ event }) => event === "module failed");
      assert.deepEqual(
        { ...entry?.detail, why: undefined, doing: undefined },
        {
          module: "greeter",
          serves: true,
          why: undefined,
          doing: undefined,
        },
      );
      write("greeter.ts", saying("new"));
      await modules.reload("greeter");
      assert.equal(await alice.run("hello"), "new");
      assert.equal(modules.list()[0]?.error, undefined);
    });

    test(`${what}: neither is there anything of it when it is loaded for the first time`, async (t) => {
      if (is === "BAD_MODULE" && /another name/.test(what)) return t.skip("it is a module like others then");
      const { modules, write, visit, commands } = makeStage(t, 0.2);
      commands.add({ name: "taken", run: () => undefined });
      await assert.rejects(modules.load(write("greeter.ts", code)), { code: is });
      await using alice = await visit();
      assert.match(await alice.run("hello"), /There is no command/);
      assert.equal(modules.list()[0]?.status, "failed");
      write("greeter.ts", saying("new"));
      await modules.enable("greeter");
      assert.equal(await alice.run("hello"), "new");
      return undefined;
    });
  }
});

test("a setup that is not waited for any longer is told so", async (t) => {
  const { modules, write } = makeStage(t, 0.2);
  const code = `export default { name: "slow", setup: ({ signal }) => {
  signal.addEventListener("abort", () => (globalThis.wasTold = true));
  return new Promise(() => undefined);
} };`;
  await assert.rejects(modules.load(write("slow.ts", code)), { code: "TOO_SLOW" });
  assert.equal((globalThis as { wasTold?: boolean }).wasTold, true);
});

test("a teardown that throws harms nobody, and is in the log", async (t) => {
  const { modules, write, log } = makeStage(t);
  await modules.load(write("bad.ts", 'export default { name: "bad", teardown() { throw new Error("stuck"); } };'));
  await modules.unload("bad");
  assert.deepEqual(modules.list(), []);
  const entry = log.find(({ event }) => event === "module failed");
  assert.match(JSON.stringify(entry?.detail), /"doing":"teardown".*stuck/);
});

test("a new version whose commands cannot be taken in is torn down, though the old one goes on", async (t) => {
  const { modules, write, commands } = makeStage(t);
  commands.add({ name: "taken", run: () => undefined });
  const code = `export default {
  name: "greeter", setup: () => "own", commands: [{ name: "taken", run() {} }],
  teardown: (own, reason) => (globalThis.refused = [own, reason]),
};`;
  await assert.rejects(modules.load(write("greeter.ts", code)), { code: "TAKEN" });
  assert.deepEqual((globalThis as { refused?: unknown }).refused, ["own", "unload"]);
});

test("two modules of one name are one too many", async (t) => {
  const { modules, write, visit } = makeStage(t);
  await modules.load(write("one.ts", saying("one")));
  await assert.rejects(modules.load(write("two.ts", saying("two", "greeter", "other"))), {
    code: "TAKEN",
    message: /two\.ts:2: There is another module with the name "greeter", from .*one\.ts/,
  });
  await using alice = await visit();
  assert.equal(await alice.run("hello"), "one");
  assert.match(await alice.run("other"), /There is no command/);
});

test("what is not there is said to be so", async (t) => {
  const { modules, write, at } = makeStage(t);
  await assert.rejects(modules.load(at("nowhere.ts")), { code: "NO_FILE", message: /nowhere\.ts: name a file/ });
  for (const name of ["reload", "enable", "disable", "unload"] as const) {
    await assert.rejects(modules[name]("nobody"), { code: "NO_MODULE", message: /"nobody"; there is none/ });
  }
  const file = write("greeter.ts", saying("here"));
  await modules.load(file);
  await assert.rejects(modules.load(file), { code: "TAKEN", message: /loaded already: reload it/ });
  await assert.rejects(modules.reload("nobody"), { message: /there is greeter/ });
});

test("a mistake in the code of an app is told where it is made", () => {
  assert.throws(() => defineModule({ name: "" }), { name: "ModuleError", code: "BAD_MODULE", message: /not ""/ });
  assert.throws(() => defineModule({ name: "a", needs: ["b c"] }), { message: /needs .* an array of the names/ });
  assert.throws(() => defineModule({ name: "a", setup: 1 as never }), {
    message: /setup of a module must be a function/,
  });
});
