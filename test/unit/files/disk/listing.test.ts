import assert from "node:assert/strict";
import { linkSync, mkdirSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { descriptorsBelow, list, makeGround } from "./ground.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MANY = 200_000;
const MIB = 1024 ** 2;

test("200,000 entries are listed in the memory of a few", async (t) => {
  const { disk, root } = makeGround();
  // A second name is made faster than a second file; the system allows a file 65,000 of them.
  for (let number = 0; number < MANY; number++) {
    const first = join(root, `${number - (number % 50_000)}`);
    if (number % 50_000 === 0) writeFileSync(first, "");
    else linkSync(first, join(root, String(number)));
  }
  const numbers = new Uint8Array(MANY);
  let count = 0;
  let most = 0;
  collectGarbage();
  const before = memory();
  for await (const { name, attributes } of disk.readdir("/")) {
    assert.equal(attributes.type, "file");
    numbers[Number(name)] = 1;
    count += 1;
    if (count % 20_000 === 0) {
      collectGarbage();
      most = Math.max(most, memory() - before);
    }
  }
  t.diagnostic(`${(most / MIB).toFixed(1)} MiB more than before`);
  assert.equal(count, MANY);
  assert.ok(numbers.every((seen) => seen === 1));
  assert.ok(most < 4 * MIB, `${most} bytes`);
});

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("what goes away while a directory is listed is left out", async () => {
  const { disk, root } = makeGround();
  for (let number = 0; number < 1000; number++) writeFileSync(join(root, String(number)), "");
  const seen = new Set<string>();
  for await (const { name } of disk.readdir("/")) {
    if (seen.size === 0) for (let number = 0; number < 1000; number += 2) unlinkSync(join(root, String(number)));
    seen.add(name);
  }
  for (let number = 1; number < 1000; number += 2) assert.ok(seen.has(String(number)));
});

test("links are listed as links", async () => {
  const { disk, root } = makeGround();
  mkdirSync(join(root, "d"));
  await disk.symlink("nowhere", "/l");
  const types: Record<string, string> = {};
  for await (const { name, attributes } of disk.readdir("/")) types[name] = attributes.type;
  assert.deepEqual(types, { d: "directory", l: "symlink" });
});

test("an entry has the attributes, and is the same file, that it is by its path", async () => {
  const { disk, root } = makeGround();
  writeFileSync(join(root, "f"), "12345", { mode: 0o640 });
  utimesSync(join(root, "f"), 1_600_000_000.5, 1_700_000_000.5);
  for await (const { attributes } of disk.readdir("/")) assert.deepEqual(attributes, await disk.lstat("/f"));
});

test("a listing that is left closes what it has open", async () => {
  const { disk, root } = makeGround();
  for (let number = 0; number < 1000; number++) writeFileSync(join(root, String(number)), "");
  for await (const { name } of disk.readdir("/")) {
    assert.ok(name);
    break;
  }
  // One may be kept for the next request.
  assert.ok(descriptorsBelow(root).length <= 1);
  assert.equal((await list(disk, "/")).length, 1000);
});
