import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AuthError } from "../../../../src/auth/index.ts";
import { WorkQueue } from "../../../../src/auth/password/queue.ts";

test("so many run at once, so many wait in order, and the rest is turned away", async () => {
  const queue = new WorkQueue(2, 2);
  const started: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
  const runs = gates.map(({ promise }, index) =>
    queue.run(() => {
      started.push(index);
      return promise;
    }),
  );
  for (const run of runs.slice(4)) await assert.rejects(run, { name: "AuthError", code: "BUSY" });
  assert.deepEqual(started, [0, 1]);
  gates[1]!.resolve(1);
  await runs[1];
  assert.deepEqual(started, [0, 1, 2]);
  gates[0]!.reject(new Error("failed"));
  await assert.rejects(runs[0]!, /failed/);
  assert.deepEqual(started, [0, 1, 2, 3]);
  gates[2]!.resolve(2);
  gates[3]!.resolve(3);
  assert.deepEqual(await Promise.all([runs[2], runs[3]]), [2, 3]);
  assert.equal(await queue.run(() => Promise.resolve("free again")), "free again");
});

test("however work comes and ends, never more run than may, and all that was taken is done", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.nat(4),
      fc.array(fc.nat(3), { maxLength: 30 }),
      async (most, waiting, steps) => {
        const queue = new WorkQueue(most, waiting);
        let running = 0;
        let done = 0;
        let refused = 0;
        const runs = steps.map((ticks, index) =>
          queue
            .run(async () => {
              running++;
              assert.ok(running <= most);
              for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
              running--;
              done++;
              if (index % 5 === 4) throw new Error("of its own");
            })
            .catch((error: unknown) => {
              if (error instanceof AuthError) refused++;
            }),
        );
        await Promise.all(runs);
        assert.equal(done + refused, steps.length);
        assert.equal(refused, Math.max(0, steps.length - most - waiting));
        assert.equal(running, 0);
      },
    ),
  );
});
