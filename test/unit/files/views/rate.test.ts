import assert from "node:assert/strict";
import test from "node:test";
import { memory, rate } from "../../../../src/files/index.ts";
import { CREATE, READ } from "../../../conformance/files.ts";

test("bytes go as fast as they may, and those of all files together", async (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_000_000 });
  const files = rate(memory({ files: { "/a": "x".repeat(10_000) } }), { upload: 1000, download: 2000 });
  const done: string[] = [];
  const run = async (what: string, work: unknown): Promise<void> => {
    await work;
    done.push(`${what} at ${Date.now() - 1_000_000}`);
  };
  const [one, two] = [await files.open("/1", CREATE, {}), await files.open("/2", CREATE, {})];
  const reading = await files.open("/a", READ, {});
  const all = [
    run("one", one.write?.(Buffer.alloc(1000), 0)),
    run("two", two.write?.(Buffer.alloc(500), 0)),
    run("one", one.write?.(Buffer.alloc(500), 1000)),
    run("read", reading.read?.(Buffer.alloc(5000), 0)),
  ];
  for (let passed = 0; passed < 20; passed++) {
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(100);
  }
  await Promise.all(all);
  // The first second's bytes go at once.
  assert.deepEqual(done, ["one at 0", "two at 500", "one at 1000", "read at 1500"]);
});

test("without a limit nothing waits, and a limit is a number of bytes", async () => {
  const files = rate(memory(), {});
  const handle = await files.open("/a", CREATE, {});
  await handle.write?.(Buffer.alloc(10_000_000), 0);
  for (const upload of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => rate(memory(), { upload }), { name: "ConfigError", code: "BAD_OPTION" });
  }
});
