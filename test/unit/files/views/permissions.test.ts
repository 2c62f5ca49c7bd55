import assert from "node:assert/strict";
import test from "node:test";
import { isWithin, memory, permissions } from "../../../../src/files/index.ts";
import type { Access } from "../../../../src/files/index.ts";
import { content, CREATE, list, put, READ, WRITE } from "../../../conformance/files.ts";

const denied = { name: "FileError", code: "PERMISSION_DENIED" };

/** `/secret` is nobody's, `/inbox` may be written to and not read, the rest is for reading. */
function setUp() {
  const inner = memory({ files: { "/secret/key": "secret", "/inbox/a": "a", "/public/b": "b" } });
  inner.symlink("/secret", "/public/way");
  inner.symlink("/secret/key", "/inbox/link");
  const asked: Access[] = [];
  const files = permissions(inner, (access) => {
    asked.push(access);
    if (isWithin(access.path, "/secret")) return false;
    return isWithin(access.path, "/inbox") ? access.access !== "read" : access.access !== "write";
  });
  return { inner, files, asked };
}

test("a path is used as far as the callback grants it", async () => {
  const { files, inner } = setUp();
  assert.equal(await content(files, "/public/b"), "b");
  await put(files, "/inbox/new", "new");
  assert.equal(await content(inner, "/inbox/new"), "new");
  const refused: readonly (() => unknown)[] = [
    () => files.open("/inbox/a", READ, {}),
    () => files.open("/public/b", CREATE, {}),
    () => files.open("/secret/key", READ, {}),
    () => files.stat("/secret/key"),
    () => files.lstat?.("/secret"),
    () => list(files, "/secret"),
    () => files.unlink?.("/public/b"),
    () => files.mkdir?.("/public/dir", {}),
    () => files.rmdir?.("/secret"),
    () => files.setstat?.("/public/b", { mode: 0 }),
    () => files.rename?.("/public/b", "/inbox/b", { replace: false }),
    () => files.rename?.("/inbox/a", "/public/a", { replace: false }),
    () => files.link?.("/secret/key", "/inbox/key"),
    () => files.link?.("/inbox/a", "/inbox/second"),
    () => files.symlink?.("/secret/key", "/inbox/way"),
  ];
  for (const [at, ask] of refused.entries()) await assert.rejects(async () => ask(), denied, String(at));
});

test("a link grants nothing that what it leads to does not", async () => {
  const { files } = setUp();
  await assert.rejects(async () => content(files, "/public/way/key"), denied);
  await assert.rejects(async () => files.stat("/public/way"), denied);
  await assert.rejects(async () => files.open("/inbox/link", CREATE, {}), denied);
  await assert.rejects(async () => files.unlink?.("/public/way/key"), denied);
  assert.equal((await files.lstat?.("/public/way"))?.type, "symlink");
});

test("whether there is anything below what is refused is not told", async () => {
  const { files } = setUp();
  for (const path of ["/secret/key", "/secret/none", "/secret/none/none", "/secret/key/none"]) {
    await assert.rejects(async () => files.stat(path), denied, path);
  }
});

test("a listing leaves out what may not be seen", async () => {
  const { files } = setUp();
  assert.deepEqual(
    (await list(files, "/")).map(({ name }) => name),
    ["inbox", "public"],
  );
});

test("the callback may take its time, and a throw is a refusal", async () => {
  const inner = memory({ files: { "/a": "a" } });
  const slow = permissions(inner, () => new Promise((resolve) => setImmediate(resolve, true)));
  assert.equal(await content(slow, "/a"), "a");
  const broken = permissions(inner, () => Promise.reject(new Error("no directory")));
  await assert.rejects(async () => broken.stat("/a"), /no directory/);
});

test("the callback is told the operation, and what it does", async () => {
  const { files, asked } = setUp();
  asked.length = 0;
  await files.rename?.("/inbox/a", "/inbox/b", { replace: true });
  assert.deepEqual(asked, [
    { path: "/inbox/a", access: "write", operation: "rename" },
    { path: "/inbox/b", access: "write", operation: "rename" },
    // May more be done with it under its new name?
    { path: "/inbox/b", access: "see", operation: "rename" },
    { path: "/inbox/a", access: "see", operation: "rename" },
    { path: "/inbox/b", access: "read", operation: "rename" },
  ]);
});

test("what is moved does not come to where more is allowed, nor does anything in it", async () => {
  const inner = memory({
    files: { "/a/b/secret/key": "secret", "/a/b/c": "c", "/inbox/mail": "mail", "/own/log/x": "x", "/own/d/e": "e" },
  });
  const files = permissions(inner, ({ path, access }) => {
    if (isWithin(path, "/a/b/secret")) return false;
    if (isWithin(path, "/inbox")) return access !== "read";
    return !isWithin(path, "/own/log") || access !== "write";
  });
  const refused = [
    ["/a", "/moved"],
    ["/a/b", "/moved"],
    ["/inbox", "/moved"],
    ["/inbox/mail", "/mail"],
    ["/own", "/moved"],
  ] as const;
  for (const [from, to] of refused) {
    await assert.rejects(async () => files.rename?.(from, to, { replace: true }), denied, from);
  }
  // Into a place that is protected by its name.
  await files.mkdir?.("/new", {});
  await files.mkdir?.("/new/log", {});
  inner.rename("/own", "/old", { replace: false });
  await assert.rejects(async () => files.rename?.("/new", "/own", { replace: false }), denied);
  await files.rename?.("/old/d", "/d", { replace: false });
  await files.rename?.("/a/b/c", "/inbox/c", { replace: false });
  assert.equal(await content(files, "/d/e"), "e");
});

test("a directory is moved as far as all that lies in it can be asked about", async () => {
  const inner = memory({ maxEntries: 20_000 });
  inner.mkdir("/many", {});
  for (let at = 0; at < 9_999; at++) inner.mkdir(`/many/${at}`, {});
  const files = permissions(inner, () => true);
  await files.rename?.("/many", "/more", { replace: false });
  inner.mkdir("/more/last", {});
  await assert.rejects(async () => files.rename?.("/more", "/many", { replace: false }), denied);
});

test("a handle for reading sets nothing of what may only be read", async () => {
  const { files, inner } = setUp();
  const reading = await files.open("/public/b", READ, {});
  await assert.rejects(async () => reading.setstat?.({ mode: 0 }), denied);
  await assert.rejects(async () => reading.setstat?.({ mtime: 1 }), denied);
  await reading.close();
  assert.equal(inner.stat("/public/b").mode, 0o644);
  const writing = await files.open("/inbox/a", WRITE, {});
  await writing.setstat?.({ mode: 0o600 });
  await writing.close();
  assert.equal(inner.stat("/inbox/a").mode, 0o600);
  // Who may write there sets it by a handle for reading, too.
  const both = permissions(inner, () => true);
  const handle = await both.open("/public/b", READ, {});
  await handle.setstat?.({ mode: 0o640 });
  await handle.close();
  assert.equal(inner.stat("/public/b").mode, 0o640);
});
