import assert from "node:assert/strict";
import test from "node:test";
import { offProcess } from "../../../src/libraries/off-process.ts";

const noop = (): void => undefined;

test("what a function puts on the process is gone when it comes back, and what was there stays", (t) => {
  const own = (): void => undefined;
  process.on("exit", own);
  t.after(() => process.removeListener("exit", own));
  const made = offProcess(() => {
    process.on("exit", noop);
    process.once("SIGWINCH", noop);
    process.on("asyncExit", noop);
    return "made";
  });
  assert.equal(made, "made");
  assert.deepEqual(
    ["SIGWINCH", "asyncExit"].map((name) => process.listenerCount(name)),
    [0, 0],
  );
  assert.ok(process.rawListeners("exit").includes(own));
  assert.ok(!process.rawListeners("exit").includes(noop));
});

test("it is gone also when the function throws", () => {
  assert.throws(
    () =>
      offProcess(() => {
        process.on("asyncExit", noop);
        throw new Error("not made");
      }),
    /not made/,
  );
  assert.equal(process.listenerCount("asyncExit"), 0);
});
