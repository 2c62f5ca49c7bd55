import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { inOrder } from "../../../../src/commands/modules/order.ts";

test("what is needed comes before what needs it, and what has no choice keeps its order", () => {
  const graphs = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 2 }), { maxLength: 12 })
    // Each needs some of those in front of it, so that there is no circle.
    .chain((names) =>
      fc.tuple(...names.map((name, at) => fc.subarray(names.slice(0, at)).map((needs) => ({ name, needs })))),
    )
    .chain((modules) => fc.shuffledSubarray(modules, { minLength: modules.length }));
  fc.assert(
    fc.property(graphs, (shuffled) => {
      const ordered = inOrder(shuffled);
      assert.deepEqual(new Set(ordered), new Set(shuffled));
      assert.equal(ordered.length, shuffled.length);
      const place = new Map(ordered.map(({ name }, at) => [name, at]));
      for (const { name, needs } of ordered) {
        for (const need of needs) assert.ok(place.get(need)! < place.get(name)!, `${need} before ${name}`);
      }
      assert.deepEqual(inOrder(ordered), ordered);
    }),
  );
});

test("modules that need each other in a circle, or what there is not, come all the same", () => {
  const circle = [
    { name: "a", needs: ["b", "nobody"] },
    { name: "b", needs: ["c"] },
    { name: "c", needs: ["a", "c"] },
  ];
  assert.deepEqual(
    inOrder(circle).map(({ name }) => name),
    ["c", "b", "a"],
  );
});
