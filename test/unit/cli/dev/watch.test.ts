import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { hashOf } from "../../../../src/sources/index.ts";
import { Watch } from "../../../../src/cli/dev/watch.ts";
import { until } from "../../../interop/harness/index.ts";
import { makeCodeFolder } from "../../code-folder.ts";

function watching(t: TestContext): {
  readonly watch: Watch;
  readonly seen: string[];
  readonly next: () => Promise<string[]>;
} {
  const seen: string[] = [];
  const watch = new Watch((paths) => void seen.push(...paths));
  t.after(() => watch[Symbol.dispose]());
  const next = async (): Promise<string[]> => {
    await until("a change", () => seen.length > 0);
    return seen.splice(0);
  };
  return { watch, seen, next };
}

test("a file is watched through writes, renames, and a removal for a moment", async (t) => {
  const { write, at } = makeCodeFolder(t);
  const file = write("a.ts", "one");
  const { watch, next } = watching(t);
  watch.addFile(file, hashOf(file));
  write("a.ts", "two");
  assert.deepEqual(await next(), [file]);
  write("a.ts~", "three");
  renameSync(at("a.ts~"), file);
  assert.deepEqual(await next(), [file]);
  rmSync(file);
  write("a.ts", "four");
  assert.deepEqual(await next(), [file]);
});

test("what is the same, or none of its files, is no change", async (t) => {
  const { write, path } = makeCodeFolder(t);
  const file = write("a.ts", "one");
  const { watch, seen, next } = watching(t);
  watch.addFile(file, hashOf(file));
  utimesSync(file, 1, 1);
  write("a.ts", "one");
  write("other.log", "much");
  write("b.ts", "two");
  watch.addFile(join(path, "b.ts"), hashOf(join(path, "b.ts")));
  write("b.ts", "three");
  assert.deepEqual(await next(), [join(path, "b.ts")]);
  assert.deepEqual(seen, []);
});

test("what had changed before the watch began is a change", async (t) => {
  const { write } = makeCodeFolder(t);
  const file = write("a.ts", "one");
  const before = hashOf(file);
  write("a.ts", "two");
  const { watch, next } = watching(t);
  watch.addFile(file, before);
  assert.deepEqual(await next(), [file]);
});

test("a file that is not there is a change when it comes, and when it goes", async (t) => {
  const { write, at } = makeCodeFolder(t);
  const { watch, next } = watching(t);
  watch.addFile(at("a.ts"), undefined);
  write("a.ts", "one");
  assert.deepEqual(await next(), [at("a.ts")]);
  rmSync(at("a.ts"));
  assert.deepEqual(await next(), [at("a.ts")]);
});

test("a folder tells of what comes and goes in it, and may go and come back itself", async (t) => {
  const { write, at } = makeCodeFolder(t);
  const file = write("modules/a.ts", "one");
  const { watch, next } = watching(t);
  watch.addFolder(at("modules"));
  watch.addFile(file, hashOf(file));
  write("modules/b.ts", "two");
  assert.deepEqual(await next(), [at("modules")]);
  rmSync(at("modules"), { recursive: true });
  assert.deepEqual((await next()).sort(), [at("modules"), file].sort());
  mkdirSync(at("modules"));
  writeFileSync(file, "three");
  const back = new Set(await next());
  for (const end = Date.now() + 30_000; back.size < 2 && Date.now() < end;)
    for (const path of await next()) back.add(path);
  assert.deepEqual([...back].sort(), [at("modules"), file].sort());
});
