import assert from "node:assert/strict";
import test from "node:test";
import { memory, union } from "../../../../src/files/index.ts";
import { hasAll } from "../../../../src/files/optional.ts";
import type { FileSystem } from "../../../../src/files/index.ts";
import { content, CREATE, list, put, READ, WRITE } from "../../../conformance/files.ts";

function setUp() {
  const top = memory({ files: { "/a": "mine", "/dir/top": "top", "/hides": "a file" } });
  const middle = memory({ files: { "/a": "middle", "/b": "middle", "/hides/below": "hidden" } });
  const bottom = memory({ files: { "/b": "bottom", "/c": "bottom", "/dir/bottom": "bottom", "/deep/er/d": "d" } });
  bottom.symlink("c", "/link");
  return { top, middle, bottom, files: union(top, middle, bottom) };
}

const names = async (files: FileSystem, path: string): Promise<string[]> =>
  (await list(files, path)).map(({ name }) => name).toSorted((one, other) => (one < other ? -1 : 1));

const fixed = { code: "PERMISSION_DENIED" };

test("a name is that of the first that has it, and a directory has the entries of all", async () => {
  const { files } = setUp();
  assert.equal(await content(files, "/a"), "mine");
  assert.equal(await content(files, "/b"), "middle");
  assert.equal(await content(files, "/c"), "bottom");
  assert.equal(await content(files, "/link"), "bottom");
  assert.equal(await files.readlink?.("/link"), "c");
  assert.equal(await files.realpath?.("/link"), "/c");
  assert.deepEqual(await names(files, "/"), ["a", "b", "c", "deep", "dir", "hides", "link"]);
  assert.deepEqual(await names(files, "/dir"), ["bottom", "top"]);
  await assert.rejects(async () => files.stat("/none"), { code: "NOT_FOUND" });
  await assert.rejects(async () => list(files, "/none"), { code: "NOT_FOUND" });
});

test("a file hides a directory of those below, with what is in it", async () => {
  const { files } = setUp();
  assert.equal(await content(files, "/hides"), "a file");
  await assert.rejects(async () => files.stat("/hides/below"), { code: "NOT_A_DIRECTORY" });
  await assert.rejects(async () => list(files, "/hides"), { code: "NOT_A_DIRECTORY" });
});

test("what is made is made in the first, with the directories that it lies in", async () => {
  const { files, top, bottom } = setUp();
  await put(files, "/deep/er/new", "new");
  assert.equal(await content(top, "/deep/er/new"), "new");
  assert.deepEqual(await names(files, "/deep/er"), ["d", "new"]);
  assert.deepEqual(await names(bottom, "/deep/er"), ["d"]);
  await files.mkdir?.("/deep/dir", {});
  await files.symlink?.("x", "/deep/link");
  await assert.rejects(async () => files.mkdir?.("/c", {}), { code: "EXISTS" });
  await assert.rejects(async () => files.open("/c", { ...CREATE, exclusive: true }, {}), { code: "EXISTS" });
  await assert.rejects(async () => files.mkdir?.("/c/below", {}), { code: "NOT_A_DIRECTORY" });
  await assert.rejects(async () => files.open("/none/new", CREATE, {}), { code: "NOT_FOUND" });
});

test("what lies below is replaced by a new one, and neither changed nor removed", async () => {
  const { files, bottom } = setUp();
  for (const ask of [
    () => files.open("/c", WRITE, {}),
    () => files.open("/c", CREATE, {}),
    () => files.unlink?.("/c"),
    () => files.rmdir?.("/deep"),
    () => files.setstat?.("/c", { mode: 0 }),
    () => files.lsetstat?.("/link", { mtime: 1, atime: 1 }),
    () => files.rename?.("/c", "/d", { replace: false }),
    () => files.rename?.("/dir", "/moved", { replace: false }),
    () => files.link?.("/c", "/second"),
  ]) {
    await assert.rejects(async () => ask(), fixed);
  }
  await put(files, "/c", "replaced");
  assert.equal(await content(files, "/c"), "replaced");
  assert.equal(await content(bottom, "/c"), "bottom");
  await files.unlink?.("/c");
  assert.equal(await content(files, "/c"), "bottom");
});

test("what lies on top is changed as anywhere", async () => {
  const { files } = setUp();
  await assert.rejects(async () => files.rename?.("/a", "/c", { replace: false }), { code: "EXISTS" });
  await files.rename?.("/a", "/c", { replace: true });
  assert.equal(await content(files, "/c"), "mine");
  assert.equal(await content(files, "/a"), "middle");
  await files.rename?.("/hides", "/deep/er/x", { replace: false });
  assert.equal(await content(files, "/deep/er/x"), "a file");
  await files.setstat?.("/c", { mode: 0o600 });
  assert.equal((await files.stat("/c")).mode, 0o600);
  await files.mkdir?.("/empty", {});
  await assert.rejects(async () => files.rename?.("/empty", "/deep", { replace: true }), { code: "NOT_EMPTY" });
  await files.rmdir?.("/empty");
  await assert.rejects(async () => files.rmdir?.("/dir"), { code: "NOT_EMPTY" });
});

test("what a layer refuses is refused, and not looked for below it", async () => {
  const { bottom } = setUp();
  const closed = Object.assign(memory(), {
    stat: () => {
      throw Object.assign(new Error("a fault"));
    },
  });
  await assert.rejects(async () => union(closed, bottom).stat("/c"), /a fault/);
});

test("reading from below does not need the first to be able to do anything", async () => {
  const plain: FileSystem = {
    stat: (path) => memory().stat(path),
    readdir: () => [],
    open: (path, flags, attributes) => memory().open(path, flags, attributes),
  };
  const files = union(plain, memory({ files: { "/a": "a" } }));
  assert.equal(await content(files, "/a"), "a");
  assert.equal(await files.realpath?.("/a"), "/a");
  await (await files.open("/a", READ, {})).close();
  assert.equal(hasAll(files, ["mkdir"]), false);
  assert.equal(hasAll(files, ["readlink"]), true);
});

test("a handle for reading changes nothing of what lies below", async () => {
  const { files, top, bottom } = setUp();
  const below = await files.open("/c", READ, {});
  await assert.rejects(async () => below.setstat?.({ mode: 0 }), fixed);
  await below.close();
  assert.equal(bottom.stat("/c").mode, 0o644);
  const above = await files.open("/a", READ, {});
  await above.setstat?.({ mode: 0o600 });
  await above.close();
  assert.equal(top.stat("/a").mode, 0o600);
});
