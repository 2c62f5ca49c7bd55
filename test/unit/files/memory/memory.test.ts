import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { memory } from "../../../../src/files/index.ts";
import { Content } from "../../../../src/files/memory/content.ts";
import { BOTH, content, CREATE, put, READ, read } from "../../../conformance/files.ts";

const UNBOUNDED = { take: () => undefined, give: () => undefined };

test("files that are there from the beginning have their directories", async () => {
  const files = memory({ files: { "/a/b/c.txt": "text", "/a/bytes": Uint8Array.of(1, 2), "/top": "" } });
  assert.equal(await content(files, "/a/b/c.txt"), "text");
  assert.equal(files.stat("/a/bytes").size, 2);
  assert.deepEqual(
    [...files.readdir("/")].map(({ name }) => name),
    ["a", "top"],
  );
});

test("what is written is what a plain buffer would hold", () => {
  const deed = fc.oneof(
    fc.record({ at: fc.nat(200_000), bytes: fc.uint8Array({ maxLength: 50 }) }),
    fc.record({ at: fc.nat(200_000), bytes: fc.nat(150_000).map((length) => Buffer.alloc(length, length % 251)) }),
    fc.record({ size: fc.nat(300_000) }),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), (deeds) => {
      const file = new Content(UNBOUNDED);
      const model = Buffer.alloc(400_000);
      let size = 0;
      for (const deed of deeds) {
        if ("size" in deed) {
          file.resize(deed.size);
          model.fill(0, deed.size);
          size = deed.size;
        } else {
          file.write(deed.bytes, deed.at);
          model.set(deed.bytes, deed.at);
          if (deed.bytes.length > 0) size = Math.max(size, deed.at + deed.bytes.length);
        }
      }
      const found = Buffer.alloc(400_000, 0xff);
      assert.equal(file.read(found, 0), size);
      assert.ok(found.subarray(0, size).equals(model.subarray(0, size)));
    }),
    { numRuns: 60 },
  );
});

test("the memory of all files is bounded, and given back with them", async () => {
  const files = memory({ maxBytes: 100_000 });
  await put(files, "/a", "x".repeat(60_000));
  await assert.rejects(put(files, "/b", "x".repeat(60_000)), { code: "NO_SPACE" });
  files.unlink("/a");
  files.unlink("/b");
  await put(files, "/b", "x".repeat(60_000));
  const handle = files.open("/b", READ, {});
  files.unlink("/b");
  await assert.rejects(put(files, "/c", "x".repeat(60_000)), { code: "NO_SPACE" });
  await handle.close();
  await put(files, "/c", "x".repeat(60_000));
  files.setstat("/c", { size: 0 });
  await put(files, "/d", "x".repeat(60_000));
  assert.equal(files.statfs().freeBlocks, 9);
});

test("a hole takes no memory", async () => {
  const files = memory({ maxBytes: 200_000 });
  const handle = files.open("/sparse", BOTH, {});
  await handle.write?.(Buffer.from("x"), 2 ** 40);
  assert.equal(files.stat("/sparse").size, 2 ** 40 + 1);
  assert.equal(await read(handle, 2 ** 39, 3), "\0\0\0");
});

test("the number of entries is bounded, and a name that goes makes room", () => {
  const files = memory({ maxEntries: 3 });
  files.mkdir("/dir", {});
  files.symlink("dir", "/link");
  void files.open("/file", CREATE, {});
  assert.throws(() => files.open("/more", CREATE, {}), { code: "NO_SPACE" });
  assert.throws(() => files.mkdir("/more", {}), { code: "NO_SPACE" });
  assert.throws(() => files.link("/file", "/more"), { code: "NO_SPACE" });
  files.rename("/file", "/link", { replace: true });
  files.mkdir("/more", {});
});

test("new files are not for others to write to, whatever a client asks for", () => {
  const files = memory();
  void files.open("/file", CREATE, { mode: 0o666 });
  files.mkdir("/dir", { mode: 0o1777 });
  assert.deepEqual([files.stat("/file").mode, files.stat("/dir").mode], [0o644, 0o1755]);
  files.setstat("/file", { mode: 0o666 });
  assert.equal(files.stat("/file").mode, 0o666);
});
