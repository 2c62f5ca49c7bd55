import assert from "node:assert/strict";
import test from "node:test";
import { supervise } from "../../../../src/commands/run/supervise.ts";

const never = new AbortController().signal;
const unheard = (error: unknown): void => assert.fail(String(error));

test("without a limit the signal is the one from outside", async () => {
  const done = await supervise(never, 0, async (signal) => signal === never, unheard);
  assert.deepEqual(done, { timedOut: false, value: true });
});

test("what is done in time is done, and no timer is left", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { promise, resolve } = Promise.withResolvers<AbortSignal>();
  const done = await supervise(never, 5, async (signal) => (resolve(signal), 7), unheard);
  assert.deepEqual(done, { timedOut: false, value: 7 });
  t.mock.timers.tick(60_000);
  assert.equal((await promise).aborted, false);
});

test("who does not heed the signal is left behind, and what he throws later is heard", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const late: unknown[] = [];
  const { promise, reject } = Promise.withResolvers<number>();
  const supervised = supervise(
    never,
    5,
    () => promise,
    (error) => void late.push(error),
  );
  t.mock.timers.tick(5000);
  t.mock.timers.tick(1000);
  assert.deepEqual(await supervised, { timedOut: true });
  const fault = new Error("late");
  reject(fault);
  await new Promise(setImmediate);
  assert.deepEqual(late, [fault]);
});

test("what goes wrong while it is stopped is still a fault, and what comes too late does not count", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const end of ["throws", "returns"] as const) {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const supervised = supervise(never, 5, () => promise, unheard);
    t.mock.timers.tick(5000);
    if (end === "returns") resolve(7);
    else reject(new TypeError("broken"));
    if (end === "returns") assert.deepEqual(await supervised, { timedOut: true });
    else await assert.rejects(supervised, TypeError);
  }
});

test("Ctrl-C is no timeout, however long it takes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const outer = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  let inner: AbortSignal | undefined;
  const supervised = supervise(outer.signal, 5, (signal) => ((inner = signal), promise), unheard);
  outer.abort("called off");
  assert.equal(inner?.reason, "called off");
  t.mock.timers.tick(60_000);
  resolve(7);
  assert.deepEqual(await supervised, { timedOut: false, value: 7 });
  const before = await supervise(AbortSignal.abort("before"), 5, async (signal) => signal.reason as string, unheard);
  assert.deepEqual(before, { timedOut: false, value: "before" });
});
