import assert from "node:assert/strict";
import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { directory } from "../../../../src/files/index.ts";
import type { DirectoryOptions } from "../../../../src/files/index.ts";
import { download, makeGround, upload } from "./ground.ts";

const { root, disk } = makeGround();

test("the root has to be a directory that is there", () => {
  writeFileSync(join(root, "file"), "");
  for (const wrong of [join(root, "nowhere"), join(root, "file"), "", 7 as unknown as string]) {
    assert.throws(() => directory(wrong), { name: "ConfigError", code: "BAD_OPTION" });
  }
});

test("the root may be given by a link, which is followed once", async () => {
  await upload(disk, "/f", "x");
  const link = join(root, "link");
  symlinkSync(root, link);
  assert.equal(await download(directory(link), "/f"), "x");
});

test("a root is made where the options say so, for its owner alone, and what is there stays as it is", async () => {
  const made = join(root, "made");
  const [first, second] = [directory(made, { create: true }), directory(made, { create: true })];
  assert.equal(statSync(made).mode & 0o777, 0o700);
  await upload(first, "/f", "y");
  assert.equal(await download(second, "/f"), "y");

  const nowhere = join(root, "no", "made");
  const dangling = join(root, "dangling");
  symlinkSync(join(root, "gone"), dangling);
  for (const wrong of [nowhere, dangling, join(root, "file")]) {
    assert.throws(() => directory(wrong, { create: true }), { code: "BAD_OPTION", message: /with create: true/ });
    assert.equal(existsSync(join(root, "gone")), false);
  }
  assert.equal(existsSync(join(root, "no")), false);
});

test("the whole machine can be the root", async () => {
  assert.equal(await download(directory("/"), join(root, "f")), "x");
});

test("wrong options are named", () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ uploads: "atomic" }, /uploads of directory\(\) is one of replace, in-place, not atomic/],
    [{ links: true }, /links of directory\(\) is one of inside, any, none, not true/],
    [{ umask: 0o1000 }, /umask/],
    [{ umask: "022" }, /umask/],
    [{ allowOwnerChanges: 1 }, /allowOwnerChanges/],
    [{ create: "yes" }, /create/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => directory(root, options as DirectoryOptions), { code: "BAD_OPTION", message });
  }
  assert.throws(() => directory(root, { follow: true } as DirectoryOptions), {
    code: "UNKNOWN_OPTION",
    message: /no option follow/,
  });
});
