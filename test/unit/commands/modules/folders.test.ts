import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { makeStage, saying } from "./stage.ts";

describe("a folder of modules", () => {
  test("is loaded without parts, tests and what is hidden; a folder with an index is one module", async (t) => {
    const { modules, write, path } = makeStage(t);
    write("one.ts", saying("", "one", "one"));
    write("two.mjs", saying("", "two", "two"));
    write("three/index.ts", saying("", "three", "three"));
    for (const name of ["_part.ts", ".hidden.ts", "one.test.ts", "types.d.ts", "notes.md", "parts/part.ts"]) {
      write(name, "throw new Error('loaded');");
    }
    await modules.load(path);
    assert.deepEqual(
      modules.list().map(({ name }) => name),
      ["one", "three", "two"],
    );
    assert.deepEqual(modules.folders, [path]);
    assert.deepEqual(await modules.load(path), []);
  });

  test("brings in what works, and the error of the first that does not", async (t) => {
    const { modules, write, path, visit, log } = makeStage(t);
    write("bad.ts", "export default {{;");
    write("good.ts", saying("good"));
    await assert.rejects(modules.load(path), { name: "ModuleError", code: "NOT_LOADED", message: /bad\.ts:1: / });
    await using alice = await visit();
    assert.equal(await alice.run("hello"), "good");
    const [bad] = modules.list();
    assert.deepEqual([bad?.name, bad?.status, bad?.version], ["bad", "failed", 0]);
    assert.equal(bad?.error?.line, 1);
    assert.equal(log.filter(({ event }) => event === "module failed").length, 1);
    write("bad.ts", saying("mended", "mended", "mended"));
    await modules.reload("bad");
    assert.equal(await alice.run("mended"), "mended");
  });

  test("is brought up to its files: what is new, what has changed, what is gone", async (t) => {
    const { modules, write, path, at, visit } = makeStage(t);
    write("changes.ts", saying("first", "changes", "changes"));
    write("stays.ts", saying("stays", "stays", "stays"));
    write("goes.ts", saying("goes", "goes", "goes"));
    await modules.load(path);
    assert.deepEqual(await modules.refresh(), []);
    write("changes.ts", saying("second", "changes", "changes"));
    write("comes.ts", saying("comes", "comes", "comes"));
    write("fails.ts", "nonsense();");
    rmSync(at("goes.ts"));
    const changes = await modules.refresh();
    assert.deepEqual(
      changes.map(({ name, change }) => [name, change]),
      [
        ["changes", "reloaded"],
        ["goes", "unloaded"],
        ["comes", "loaded"],
        ["fails", "failed"],
      ],
    );
    assert.match(changes[3]?.error?.message ?? "", /fails\.ts:1: nonsense is not defined/);
    await using alice = await visit();
    assert.equal(await alice.run("changes"), "second");
    assert.equal(await alice.run("comes"), "comes");
    assert.match(await alice.run("goes"), /There is no command/);
    assert.equal(modules.list().find(({ name }) => name === "stays")?.version, 1);
  });
});

test("a module that was named is not one of the folder around it, and stays when that is brought up to its files", async (t) => {
  const { modules, write, path, at } = makeStage(t);
  await modules.load(write("parts/named.ts", saying("", "named", "named")));
  write("listed.ts", saying("", "listed", "listed"));
  await modules.load(path);
  assert.deepEqual(await modules.refresh(), []);
  rmSync(at("parts/named.ts"));
  const [change] = await modules.refresh();
  assert.deepEqual([change?.name, change?.change], ["named", "failed"]);
  assert.deepEqual(
    modules.list().map(({ name, status }) => [name, status]),
    [
      ["named", "enabled"],
      ["listed", "enabled"],
    ],
  );
});

test("modules that share a file share what it remembers, and get its new version together", async (t) => {
  const { modules, write, path, visit } = makeStage(t);
  const code = (name: string): string => `import { hit } from "./_shared.ts";
export default { name: "${name}", commands: [{ name: "${name}", run: (client) => client.sendln(hit()) }] };`;
  write("_shared.ts", "let hits = 0;\nexport const hit = () => `hit ${++hits}`;");
  write("one.ts", code("one"));
  write("two.ts", code("two"));
  await modules.load(path);
  await using alice = await visit();
  assert.equal(await alice.run("one"), "hit 1");
  assert.equal(await alice.run("two"), "hit 2");
  await modules.reload("one");
  assert.equal(await alice.run("one"), "hit 3");
  write("_shared.ts", "let hits = 0;\nexport const hit = () => `Hit ${++hits}!`;");
  assert.deepEqual(
    (await modules.refresh()).map(({ name, change }) => [name, change]),
    [
      ["one", "reloaded"],
      ["two", "reloaded"],
    ],
  );
  assert.equal(await alice.run("one"), "Hit 1!");
  assert.equal(await alice.run("two"), "Hit 2!");
});
