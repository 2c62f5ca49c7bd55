import assert from "node:assert/strict";
import test from "node:test";
import { FileError, memory, mount, readOnly } from "../../../../src/files/index.ts";
import type { FileSystem } from "../../../../src/files/index.ts";
import { content, CREATE, list, put, READ } from "../../../conformance/files.ts";

function setUp() {
  const root = memory({ files: { "/a": "root", "/pub/hidden": "hidden" } });
  const pub = memory({ files: { "/b": "pub", "/dir/c": "c" } });
  const deep = memory({ files: { "/d": "deep" } });
  pub.symlink("/b", "/link");
  const files = mount({ "/": root, "/pub": readOnly(pub), "/x/y/deep": deep });
  return { root, pub, deep, files };
}

const names = async (files: Parameters<typeof list>[0], path: string): Promise<string[]> =>
  (await list(files, path)).map(({ name }) => name).toSorted((one, other) => (one < other ? -1 : 1));

test("each path is the file system's that has the longest path", async () => {
  const { files, deep } = setUp();
  assert.equal(await content(files, "/a"), "root");
  assert.equal(await content(files, "/pub/b"), "pub");
  assert.equal(await content(files, "/x/y/deep/d"), "deep");
  await put(files, "/x/y/deep/new", "new");
  assert.equal(await content(deep, "/new"), "new");
  await assert.rejects(async () => files.stat("/pub/hidden"), { code: "NOT_FOUND" });
  await assert.rejects(async () => files.stat("/pubs"), { code: "NOT_FOUND" });
});

test("listings have what is mounted once, and the way to it", async () => {
  const { files } = setUp();
  assert.deepEqual(await names(files, "/"), ["a", "pub", "x"]);
  assert.deepEqual(await names(files, "/pub"), ["b", "dir", "link"]);
  assert.deepEqual(await names(files, "/x"), ["y"]);
  assert.deepEqual(await names(files, "/x/y"), ["deep"]);
  assert.equal((await files.stat("/x/y")).type, "directory");
  assert.equal((await files.lstat?.("/x/y/deep"))?.type, "directory");
});

test("a link leads within its own file system, and the real path is that of the whole", async () => {
  const { files } = setUp();
  assert.equal(await content(files, "/pub/link"), "pub");
  assert.equal(await files.realpath?.("/pub/link"), "/pub/b");
  assert.equal(await files.realpath?.("/pub"), "/pub");
  assert.equal(await files.realpath?.("/x/y"), "/x/y");
});

test("nothing is moved or linked from one to another", async () => {
  const { files } = setUp();
  await assert.rejects(async () => files.rename?.("/a", "/x/y/deep/a", { replace: false }), { code: "CROSS_DEVICE" });
  await assert.rejects(async () => files.link?.("/a", "/x/y/deep/a"), { code: "CROSS_DEVICE" });
  await files.rename?.("/x/y/deep/d", "/x/y/deep/e", { replace: false });
  assert.equal(await content(files, "/x/y/deep/e"), "deep");
});

test("where something is mounted, and on the way to it, nothing can be changed", async () => {
  const { files } = setUp();
  for (const ask of [
    () => files.rmdir?.("/x/y/deep"),
    () => files.rename?.("/x/y/deep", "/x/y/other", { replace: true }),
    () => files.rename?.("/pub/dir", "/pub", { replace: true }),
    () => files.unlink?.("/pub"),
    () => files.mkdir?.("/x/new", {}),
    () => files.rmdir?.("/x"),
    () => files.rename?.("/x", "/z", { replace: false }),
    () => files.setstat?.("/x/y", { mode: 0 }),
  ]) {
    await assert.rejects(async () => ask(), { name: "FileError" });
  }
  assert.deepEqual(await names(files, "/"), ["a", "pub", "x"]);
  await assert.rejects(async () => files.open("/x", READ, {}), { code: "IS_A_DIRECTORY" });
  await assert.rejects(async () => files.open("/pub/new", CREATE, {}), { code: "PERMISSION_DENIED" });
});

test("without a root there is what leads to the others, and nothing else", async () => {
  const files = mount({ "/only/here": memory({ files: { "/a": "a" } }) });
  assert.deepEqual(await names(files, "/"), ["only"]);
  assert.equal(await content(files, "/only/here/a"), "a");
  assert.equal((await files.stat("/")).type, "directory");
  await assert.rejects(async () => files.stat("/elsewhere"), { code: "NOT_FOUND" });
  await assert.rejects(async () => files.open("/elsewhere", CREATE, {}), { code: "NOT_FOUND" });
});

test("it can do what at least one of them can", async () => {
  const plain = {
    stat: () => ({ type: "directory", size: 0, mode: 0o755 }) as const,
    readdir: () => [],
    open: () => assert.fail(),
  };
  assert.equal("mkdir" in mount({ "/": plain }), false);
  const files = mount({ "/": plain, "/more": memory() });
  await files.mkdir?.("/more/dir", {});
  await assert.rejects(async () => files.mkdir?.("/dir", {}), { code: "UNSUPPORTED" });
});

test("a process gets a directory of one file system, with nothing mounted below it", async () => {
  const local = Object.assign(memory(), {
    localDirectory: (path: string) => ({ path: `/srv${path}`, close: () => undefined }),
  });
  const files = mount({ "/": local, "/over": memory() });
  assert.equal((await files.localDirectory?.("/dir"))?.path, "/srv/dir");
  assert.equal(await files.localDirectory?.("/"), undefined);
  assert.equal(await files.localDirectory?.("/over/x"), undefined);
});

test("a path that is none is refused", () => {
  assert.throws(() => mount({ "/a\0": memory() }), { code: "INVALID" });
});

test("what is mounted and not there is listed as a directory, and spoils no listing", async () => {
  const { root, deep } = setUp();
  const away: FileSystem = {
    stat: () => {
      throw new FileError("NOT_FOUND");
    },
    readdir: () => {
      throw new FileError("NOT_FOUND");
    },
    open: () => {
      throw new FileError("NOT_FOUND");
    },
  };
  const files = mount({ "/": root, "/away": away, "/deep": deep });
  assert.deepEqual(await names(files, "/"), ["a", "away", "deep", "pub"]);
  await assert.rejects(async () => files.stat("/away"), { code: "NOT_FOUND" });
  await assert.rejects(async () => list(files, "/away"), { code: "NOT_FOUND" });
  const broken: FileSystem = {
    ...away,
    stat: () => {
      throw new TypeError("a fault");
    },
  };
  await assert.rejects(async () => list(mount({ "/": root, "/broken": broken }), "/"), /a fault/);
});
