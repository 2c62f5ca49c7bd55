import assert from "node:assert/strict";
import test from "node:test";
import { memory, quota } from "../../../../src/files/index.ts";
import type { FileHandle, FileSystem, MemoryFileSystem } from "../../../../src/files/index.ts";
import { CREATE, put, WRITE } from "../../../conformance/files.ts";
import { truth } from "./truth.ts";

const full = { name: "FileError", code: "QUOTA" };

/** Memory whose handles take a turn of the event loop to write and to be closed, as those of a disk do. */
function slowed(files: MemoryFileSystem): FileSystem {
  return {
    stat: (path) => files.stat(path),
    readdir: (path) => files.readdir(path),
    unlink: (path) => files.unlink(path),
    setstat: (path, changed) => files.setstat(path, changed),
    open(...args): FileHandle {
      const handle = files.open(...args);
      return {
        stat: () => handle.stat(),
        setstat: (changed) => handle.setstat?.(changed),
        async write(bytes, position) {
          await turn();
          await handle.write?.(bytes, position);
        },
        async close() {
          await turn();
          await handle.close();
        },
      };
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("uploads side by side stay within the limit together", async () => {
  const inner = memory();
  const files = quota(slowed(inner), { maxBytes: 100_000, maxEntries: 25 });
  const upload = async (name: string): Promise<boolean> => {
    const handle = await files.open(name, CREATE, {});
    try {
      for (let at = 0; at < 10_000; at += 1000) await handle.write?.(Buffer.alloc(1000), at);
      return true;
    } finally {
      await handle.close();
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, number) => upload(`/file-${number}`)));
  const { bytes, entries } = truth(inner);
  assert.ok(bytes <= 100_000 && bytes > 90_000, `${bytes} bytes`);
  assert.equal(entries, 25);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") assert.equal((outcome.reason as { code: string }).code, "QUOTA");
  }
});

test("writers of one file are counted together", async () => {
  const inner = memory();
  const files = quota(slowed(inner), { maxBytes: 10_000 });
  const handles = await Promise.all(Array.from({ length: 4 }, async () => files.open("/one", CREATE, {})));
  await Promise.allSettled(
    handles.flatMap((handle, number) =>
      Array.from({ length: 4 }, async (_, part) => handle.write?.(Buffer.alloc(1000), (part * 4 + number) * 1000)),
    ),
  );
  await Promise.all(handles.map(async (handle) => handle.close()));
  assert.ok(truth(inner).bytes <= 10_000);
  await files.unlink?.("/one");
  await put(files, "/two", "x".repeat(10_000));
});

test("who empties a file while another writes at its end gains no room", async () => {
  const inner = memory();
  const files = quota(slowed(inner), { maxBytes: 1000 });
  const writer = await files.open("/a", CREATE, {});
  const other = await files.open("/a", WRITE, {});
  const writing = writer.write?.(Buffer.from("x"), 999);
  await other.setstat?.({ size: 0 });
  await writing;
  assert.equal(inner.stat("/a").size, 1000);
  await assert.rejects(put(files, "/b", "x".repeat(100)), full);
  await other.close();
  await writer.close();
  await files.setstat?.("/a", { size: 0 });
  await put(files, "/c", "x".repeat(1000));
});

test("who lengthens a file while another closes it gains no room", async () => {
  const inner = memory();
  const files = quota(slowed(inner), { maxBytes: 1000 });
  const writer = await files.open("/a", CREATE, {});
  const closing = writer.close();
  await files.setstat?.("/a", { size: 1000 });
  await closing;
  await assert.rejects(put(files, "/b", "x".repeat(100)), full);
});
