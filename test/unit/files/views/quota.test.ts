import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import * as fc from "fast-check";
import { directory, memory, quota } from "../../../../src/files/index.ts";
import type { FileHandle, FileSystem, MemoryFileSystem } from "../../../../src/files/index.ts";
import { BOTH, content, CREATE, put, READ, WRITE } from "../../../conformance/files.ts";
import { truth } from "./truth.ts";

const full = { name: "FileError", code: "QUOTA" };

async function left(files: FileSystem): Promise<{ bytes: number; entries: number }> {
  const usage = await files.statfs?.("/");
  return { bytes: (usage?.availableBlocks ?? 0) * 4096, entries: usage?.freeEntries ?? 0 };
}

test("bytes are counted by what is there, with what was there at first", async () => {
  const inner = memory({ files: { "/dir/old": "x".repeat(600) } });
  inner.link("/dir/old", "/second");
  const files = quota(inner, { maxBytes: 1000 });
  await put(files, "/a", "x".repeat(400));
  await assert.rejects(put(files, "/b", "x"), full);
  assert.equal(await content(files, "/b"), "");
  const handle = await files.open("/a", WRITE, {});
  await handle.write?.(Buffer.alloc(400), 0);
  await assert.rejects(async () => handle.write?.(Buffer.alloc(1), 400), full);
  await assert.rejects(async () => handle.setstat?.({ size: 401 }), full);
  await handle.setstat?.({ size: 100 });
  await handle.write?.(Buffer.alloc(300), 100);
  await handle.close();
  await assert.rejects(async () => files.setstat?.("/a", { size: 401 }), full);
  await files.setstat?.("/a", { size: 50 });
  await put(files, "/b", "x".repeat(350));
  assert.deepEqual(truth(inner).bytes, 1000);
});

test("what is removed, replaced or emptied makes room", async () => {
  const inner = memory();
  const files = quota(inner, { maxBytes: 1000, maxEntries: 2 });
  for (let turn = 0; turn < 3; turn++) {
    await put(files, "/a", "x".repeat(1000));
    await put(files, "/a", "x".repeat(900));
    await put(files, "/b", "x".repeat(100));
    await files.rename?.("/b", "/a", { replace: true });
    await put(files, "/c", "x".repeat(900));
    await files.unlink?.("/a");
    await files.unlink?.("/c");
    await files.mkdir?.("/dir", {});
    await files.rmdir?.("/dir");
  }
  assert.deepEqual(truth(inner), { bytes: 0, entries: 0 });
  assert.equal((await left(files)).entries, 2);
});

test("a file that is open when its name goes takes its room until it is closed", async () => {
  const files = quota(memory(), { maxBytes: 1000 });
  const handle = await files.open("/a", CREATE, {});
  await handle.write?.(Buffer.alloc(800), 0);
  await files.unlink?.("/a");
  await assert.rejects(put(files, "/b", "x".repeat(300)), full);
  await handle.close();
  await put(files, "/b", "x".repeat(1000));
});

test("a second name counts as an entry, and its bytes once, until both are gone", async () => {
  const files = quota(memory(), { maxBytes: 1000, maxEntries: 2 });
  await put(files, "/a", "x".repeat(1000));
  await files.link?.("/a", "/b");
  await assert.rejects(async () => files.link?.("/a", "/c"), full);
  await files.unlink?.("/a");
  await assert.rejects(put(files, "/c", "x"), full);
  await files.unlink?.("/b");
  await files.unlink?.("/c");
  await put(files, "/c", "x".repeat(1000));
});

test("entries of every kind are counted", async () => {
  const inner = memory({ files: { "/dir/file": "" } });
  const files = quota(inner, { maxEntries: 4 });
  await files.mkdir?.("/more", {});
  await files.symlink?.("x", "/link");
  for (const ask of [
    () => files.open("/new", CREATE, {}),
    () => files.mkdir?.("/new", {}),
    () => files.symlink?.("x", "/new"),
    () => files.link?.("/dir/file", "/new"),
  ]) {
    await assert.rejects(async () => ask(), full);
  }
  await (await files.open("/dir/file", CREATE, {})).close();
  assert.equal(truth(inner).entries, 4);
});

test("holes count, as they can be filled", async () => {
  const files = quota(memory(), { maxBytes: 1000 });
  const handle = await files.open("/a", CREATE, {});
  await assert.rejects(async () => handle.write?.(Buffer.from("x"), 2 ** 40), full);
  await assert.rejects(async () => handle.setstat?.({ size: 2 ** 40 }), full);
  await handle.close();
});

/** A file system that keeps the old content of a file until the new one is closed. */
function replacing(inner: MemoryFileSystem): FileSystem {
  let count = 0;
  return {
    stat: (path) => inner.stat(path),
    readdir: (path) => inner.readdir(path),
    unlink: (path) => inner.unlink(path),
    rename: (from, to, how) => inner.rename(from, to, how),
    open(path, flags, attributes): FileHandle {
      const real = inner.realpath(path);
      if (!flags.truncate || !isFile(inner, real)) return inner.open(path, flags, attributes);
      const beside = `/.upload-${++count}`;
      const handle = inner.open(beside, BOTH, {});
      return {
        write: (bytes, position) => handle.write?.(bytes, position),
        stat: () => handle.stat(),
        async close() {
          await handle.close();
          inner.rename(beside, real, { replace: true });
        },
        async abort() {
          await handle.close();
          inner.unlink(beside);
        },
      };
    },
  };
}

function isFile(files: MemoryFileSystem, path: string): boolean {
  try {
    return files.stat(path).type === "file";
  } catch {
    return false;
  }
}

test("what is replaced only in the end is counted right, whatever happens meanwhile", async () => {
  const inner = memory({ files: { "/a": "x".repeat(400) } });
  const files = quota(replacing(inner), { maxBytes: 1000 });
  const upload = async (size: number): Promise<FileHandle> => {
    const handle = await files.open("/a", { ...WRITE, truncate: true }, {});
    await handle.write?.(Buffer.alloc(size), 0);
    return handle;
  };
  await (await upload(600)).close();
  await assert.rejects(upload(500), full);
  assert.equal(inner.stat("/a").size, 600);
  // The old one is gone before the new one takes its place: then both names were there.
  const other = await upload(300);
  await files.unlink?.("/a");
  await other.close();
  const aborted = await upload(600);
  await aborted.abort?.();
  const moved = await upload(500);
  await files.rename?.("/a", "/b", { replace: false });
  await moved.close();
  assert.deepEqual([inner.stat("/a").size, inner.stat("/b").size], [500, 300]);
  await put(files, "/c", "x".repeat(200));
  await assert.rejects(put(files, "/d", "x"), full);
});

test("on a disk, uploads side by side that replace files stay within the limit together", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "sallyport-quota-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const files = quota(directory(root), { maxBytes: 100_000, maxEntries: 10 });
  const total = (): number => readdirSync(root).reduce((sum, name) => sum + statSync(join(root, name)).size, 0);
  const upload = async (name: string, size: number): Promise<void> => {
    const handle = await files.open(name, { ...CREATE, truncate: true }, {});
    let isWhole = false;
    try {
      for (let at = 0; at < size; at += 1000) await handle.write?.(Buffer.alloc(1000), at);
      isWhole = true;
    } finally {
      await (isWhole ? handle.close() : handle.abort?.());
    }
  };
  for (let turn = 0; turn < 5; turn++) {
    const sizes = [5000, 8000, 3000, 12_000, 9000, 20_000, 1000, 7000];
    await Promise.allSettled(sizes.map((size, at) => upload(`/${at}`, size + turn * 1000)));
    assert.ok(total() <= 100_000, `${total()} bytes`);
  }
  assert.equal(readdirSync(root).length, 8);
  assert.equal((await left(files)).entries, 2);
  for (const name of readdirSync(root)) await files.unlink?.(`/${name}`);
  await upload("/all", 100_000);
  await assert.rejects(upload("/more", 1000), full);
});

test("whatever is done one after the other, the count is what there is", async () => {
  const name = fc.constantFrom("/a", "/b", "/dir/c", "/dir", "/link");
  const size = fc.nat(30_000);
  const deed = fc.oneof(
    fc.record({
      what: fc.constant("put" as const),
      name,
      size,
      flags: fc.constantFrom(CREATE, WRITE, TRUNCATE, APPEND),
    }),
    fc.record({ what: fc.constantFrom("setstat" as const, "handle" as const), name, size }),
    fc.record({
      what: fc.constantFrom("unlink" as const, "rmdir" as const, "mkdir" as const, "symlink" as const),
      name,
    }),
    fc.record({ what: fc.constantFrom("rename" as const, "link" as const), name, to: name, replace: fc.boolean() }),
  );
  const act = async (
    files: FileSystem,
    deed: Record<string, unknown> & { what: string; name: string },
  ): Promise<unknown> => {
    const { what, name } = deed;
    const size = deed["size"] as number;
    if (what === "setstat") return files.setstat?.(name, { size });
    if (what === "rename") return files.rename?.(name, deed["to"] as string, { replace: deed["replace"] as boolean });
    if (what === "link") return files.link?.(name, deed["to"] as string);
    if (what === "symlink") return files.symlink?.("a", name);
    if (what === "mkdir") return files.mkdir?.(name, {});
    if (what === "unlink") return files.unlink?.(name);
    if (what === "rmdir") return files.rmdir?.(name);
    const handle = await files.open(name, what === "handle" ? WRITE : (deed["flags"] as typeof WRITE), {});
    try {
      if (what === "handle") await handle.setstat?.({ size });
      else
        for (let at = 0; at < size; at += 10_000) await handle.write?.(Buffer.alloc(Math.min(10_000, size - at)), at);
    } finally {
      await handle.close();
    }
    return undefined;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 25 }), fc.boolean(), async (deeds, isReplacing) => {
      const inner = memory({ files: { "/dir/old": "x".repeat(5000) } });
      const files = quota(isReplacing ? wholly(replacing(inner), inner) : inner, { maxBytes: 60_000, maxEntries: 6 });
      for (const deed of deeds) {
        try {
          await act(files, deed);
        } catch (error) {
          assert.equal((error as Error).name, "FileError", String(error));
        }
        const { bytes, entries } = truth(inner);
        assert.ok(bytes <= 60_000 && entries <= 6);
        const usage = await files.statfs?.("/");
        const told = [usage?.availableBlocks, usage?.freeEntries];
        assert.deepEqual(told, [Math.floor((60_000 - bytes) / 4096), 6 - entries], JSON.stringify(deed));
      }
    }),
    { numRuns: 150 },
  );
});

/** The rest of what a file system can do. */
function wholly(files: FileSystem, inner: MemoryFileSystem): FileSystem {
  return {
    ...files,
    lstat: (path) => inner.lstat(path),
    setstat: (path, changed) => inner.setstat(path, changed),
    mkdir: (path, wanted) => inner.mkdir(path, wanted),
    rmdir: (path) => inner.rmdir(path),
    symlink: (target, path) => inner.symlink(target, path),
    link: (from, to) => inner.link(from, to),
    statfs: () => inner.statfs(),
  };
}

const TRUNCATE = { ...CREATE, truncate: true };
const APPEND = { ...CREATE, append: true };

test("reading takes nothing, and a limit is a whole number", async () => {
  const files = quota(memory({ files: { "/a": "abc" } }), { maxBytes: 3, maxEntries: 1 });
  assert.equal(await content(files, "/a"), "abc");
  await (await files.open("/a", READ, {})).close();
  for (const maxBytes of [-1, 1.5, Number.NaN, "1" as unknown as number]) {
    assert.throws(() => quota(memory(), { maxBytes }), { name: "ConfigError", code: "BAD_OPTION" });
  }
});

test("statfs tells what is left of the quota", async () => {
  const files = quota(memory({ files: { "/a": "x".repeat(4096) } }), { maxBytes: 10 * 4096, maxEntries: 5 });
  assert.deepEqual(await left(files), { bytes: 9 * 4096, entries: 4 });
});

test("what has no room leaves the old file of a directory as it was, and its client hears so when it closes", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "sallyport-quota-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const files = quota(directory(root), { maxBytes: 1000, maxEntries: 2 });
  await put(files, "/f", "x".repeat(400));
  // Where each write goes, how long it is, and whether there is room for it.
  const uploads = [
    [[0, 700, false]],
    [
      [0, 300, true],
      [300, 400, false],
    ],
    [
      [0, 500, true],
      [500, 200, false],
      [500, 50, true],
    ],
  ] as const;
  for (const writes of uploads) {
    const handle = await files.open("/f", { ...CREATE, truncate: true }, {});
    for (const [position, size, hasRoom] of writes) {
      const written = async (): Promise<void> => handle.write?.(Buffer.alloc(size, "y"), position);
      if (hasRoom) await written();
      else await assert.rejects(written, full);
    }
    await assert.rejects(async () => handle.close(), full);
    assert.equal(await content(files, "/f"), "x".repeat(400));
    assert.deepEqual(readdirSync(root), ["f"]);
    assert.equal((await left(files)).entries, 1);
  }
  // What the refused uploads had taken is free again.
  await put(files, "/g", "x".repeat(600));
  await assert.rejects(put(files, "/h", ""), full);
  assert.deepEqual(readdirSync(root).toSorted(), ["f", "g"]);
});

test("what others have removed is found after some seconds, and is not looked for all the time", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const inner = memory();
  let counts = 0;
  const counting: FileSystem = {
    ...bound(inner),
    readdir(path) {
      counts++;
      return inner.readdir(path);
    },
  };
  const files = quota(counting, { maxBytes: 100, maxEntries: 1 });
  await put(files, "/a", "x".repeat(90));
  inner.unlink("/a");
  await assert.rejects(put(files, "/b", "x"), full);
  await assert.rejects(put(files, "/b", "x"), full);
  assert.equal(counts, 1);
  t.mock.timers.tick(5001);
  await put(files, "/b", "x".repeat(90));
  assert.equal(counts, 2);
  inner.unlink("/b");
  inner.mkdir("/dir", {});
  for (let tries = 0; tries < 10; tries++) await assert.rejects(put(files, "/c", "x"), full);
  assert.equal(counts, 2);
});

/** The methods of a file system as an object of its own. */
function bound(inner: MemoryFileSystem): FileSystem {
  return quota(inner, {});
}
