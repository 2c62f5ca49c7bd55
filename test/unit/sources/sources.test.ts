import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { realPath, sources, withoutVersions } from "../../../src/sources/index.ts";
import { makeCodeFolder } from "../code-folder.ts";

/** A file that tells how often it was run. */
const counting = (name: string, more = ""): string =>
  `globalThis.runs ??= {};\nglobalThis.runs.${name} = (globalThis.runs.${name} ?? 0) + 1;\nexport const ${name}: number = globalThis.runs.${name};\n${more}`;

describe("a file that is loaded again", () => {
  test("is read anew, also when it is the same", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", counting("sameEntry"));
    assert.equal((await sources.load(file))["sameEntry"], 1);
    assert.equal((await sources.load(file))["sameEntry"], 2);
    write("entry.ts", "export const answer: number = 42;");
    assert.deepEqual({ ...(await sources.load(file)) }, { answer: 42 });
  });

  test("brings in what has changed, and what leads to a change; the rest stays what it is", async (t) => {
    const { write, at } = makeCodeFolder(t);
    const file = write(
      "entry.ts",
      'export { direct, deep } from "./direct.ts";\nexport { other } from "./parts/other.ts";\n',
    );
    write("direct.ts", counting("direct", 'export { deep } from "./parts/deep.ts";\n'));
    write("parts/deep.ts", 'export const deep = "first";');
    write("parts/other.ts", counting("other"));
    assert.deepEqual({ ...(await sources.load(file)) }, { direct: 1, deep: "first", other: 1 });
    assert.equal(sources.hasChanged(file), false);
    write("parts/deep.ts", 'export const deep = "second";');
    assert.equal(sources.hasChanged(file), true);
    assert.deepEqual({ ...(await sources.load(file)) }, { direct: 2, deep: "second", other: 1 });
    assert.equal(sources.hasChanged(file), false);
    const files = ["entry.ts", "direct.ts", "parts/other.ts", "parts/deep.ts"].map(at);
    assert.deepEqual([...sources.filesOf(file)].sort(), files.sort());
  });

  test("brings in JSON that has changed", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write(
      "entry.ts",
      'import data from "./data.json" with { type: "json" };\nexport const text = data.text;',
    );
    write("data.json", '{ "text": "first" }');
    assert.equal((await sources.load(file))["text"], "first");
    write("data.json", '{ "text": "second" }');
    assert.equal((await sources.load(file))["text"], "second");
  });

  test("brings in CommonJS that has changed, and what that requires", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", 'import part from "./part.cjs";\nexport const { text } = part;');
    write("part.cjs", 'exports.text = "a " + require("./deep.cjs");');
    write("deep.cjs", 'module.exports = "first";');
    assert.equal((await sources.load(file))["text"], "a first");
    write("part.cjs", 'exports.text = "the " + require("./deep.cjs");');
    assert.equal((await sources.load(file))["text"], "the first");
    write("deep.cjs", 'module.exports = "second";');
    assert.equal((await sources.load(file))["text"], "the second");
  });

  test("brings in what it imports later in its new version, and so does the old one", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", 'export const late = () => import("./late.ts");');
    write("late.ts", "export const late = 1;");
    const first = (await sources.load(file)) as { late(): Promise<{ late: number }> };
    write("late.ts", "export const late = 2;");
    assert.equal((await first.late()).late, 2);
    const second = (await sources.load(file)) as typeof first;
    assert.equal((await second.late()).late, 2);
  });

  test("does not bring in what lies outside of its folder", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("modules/entry.ts", 'export { outside } from "../outside.ts";');
    write("outside.ts", "export const outside = 1;");
    assert.equal((await sources.load(file))["outside"], 1);
    write("outside.ts", "export const outside = 2;");
    assert.equal(sources.hasChanged(file), false);
    assert.equal((await sources.load(file))["outside"], 1);
  });

  test("shares what it imports with the app, and with others, as long as that does not change", async (t) => {
    const { write, at } = makeCodeFolder(t);
    const one = write("one.ts", 'export { shared } from "./shared.ts";');
    const two = write("two.ts", 'export { shared } from "./shared.ts";');
    write("shared.ts", "export const shared = {};");
    const ofApp = ((await import(pathToFileURL(at("shared.ts")).href)) as { shared: object }).shared;
    for (const file of [one, two, one]) assert.equal((await sources.load(file))["shared"], ofApp);
  });

  test("has its name without the version for those who read of it", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", "export const stack = new Error().stack;\nexport const { filename } = import.meta;");
    await sources.load(file);
    const { stack, filename } = await sources.load(file);
    assert.equal(filename, file);
    assert.match(String(stack), /entry\.ts\?sallyport=\d+:1:/);
    assert.match(withoutVersions(String(stack)), /entry\.ts:1:/);
  });

  test("is the one that a symbolic link leads to", async (t) => {
    const { write, at } = makeCodeFolder(t);
    const file = write("there/entry.ts", "export const a = 1;");
    symlinkSync(at("there"), at("link"));
    assert.equal(realPath(at("link/entry.ts")), file);
    assert.equal(realPath(pathToFileURL(at("link/entry.ts"))), file);
  });
});

describe("what could not be loaded", () => {
  test("is loaded when it has been mended, with all that came in with it", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", 'export { first } from "./first.ts";\nexport { second } from "./second.ts";');
    write("first.ts", counting("first"));
    write("second.ts", 'throw new Error("not today");\nexport const second = 0;');
    await assert.rejects(sources.load(file), /not today/);
    await assert.rejects(sources.load(file), /not today/);
    write("second.ts", "export const second = 2;");
    const { second } = await sources.load(file);
    assert.equal(second, 2);
  });

  test("is tried again when it failed for a reason that is not in the files", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", 'export { part } from "./part.ts";');
    write("part.ts", 'if (globalThis.isDown) throw new Error("down");\nexport const part = 1;');
    const world = globalThis as { isDown?: boolean };
    world.isDown = true;
    await assert.rejects(sources.load(file), /down/);
    world.isDown = false;
    assert.equal(sources.hasChanged(file), true);
    assert.equal((await sources.load(file))["part"], 1);
  });

  test("keeps an eye on the files of before, so that a change of both is seen when one is mended", async (t) => {
    const { write } = makeCodeFolder(t);
    const good = 'export { part } from "./part.ts";';
    const file = write("entry.ts", good);
    write("part.ts", "export const part = 1;");
    await sources.load(file);
    write("entry.ts", "export const = ;");
    await assert.rejects(sources.load(file), SyntaxError);
    write("part.ts", "export const part = 2;");
    write("entry.ts", good);
    assert.equal((await sources.load(file))["part"], 2);
  });

  test("is waited for when an import leads nowhere", async (t) => {
    const { write, at } = makeCodeFolder(t);
    const file = write("entry.ts", 'export { part } from "./part.ts";');
    await assert.rejects(sources.load(file), { code: "ERR_MODULE_NOT_FOUND" });
    assert.ok(sources.filesOf(file).has(at("part.ts")));
    write("part.ts", "export const part = 1;");
    assert.equal((await sources.load(file))["part"], 1);
    rmSync(at("part.ts"));
    assert.equal(sources.hasChanged(file), true);
    await assert.rejects(sources.load(file), { code: "ERR_MODULE_NOT_FOUND" });
  });

  test("is given up when it waits for ever, and does not hold up others", async (t) => {
    const { write } = makeCodeFolder(t);
    const file = write("entry.ts", "await new Promise(() => undefined);\nexport {};");
    const abort = new AbortController();
    const loading = sources.load(file, abort.signal);
    const other = sources.load(write("other.ts", "export const other = 1;"));
    abort.abort(new Error("too slow"));
    await assert.rejects(loading, /too slow/);
    assert.equal((await other)["other"], 1);
    write("entry.ts", "export const entry = 1;");
    assert.equal((await sources.load(file))["entry"], 1);
  });
});
