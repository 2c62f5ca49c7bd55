import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { replacement } from "../../../../../src/terminal/editor/buffer/clusters.ts";
import { graphemes } from "../../../../../src/terminal/text/graphemes.ts";

test("plain text touches nothing but what it replaces", () => {
  assert.deepEqual(replacement(["a", "b", "c"], 1, 2, "xy"), { start: 1, end: 2, clusters: ["x", "y"], after: 3 });
});

test("in a long line, the clusters far behind the change are not looked at", () => {
  const { start, end } = replacement(graphemes("字".repeat(1000)), 500, 501, "👍🏽");
  assert.deepEqual([start, end], [499, 503]);
});

test("half a flag put before flags parts all of them anew", () => {
  const line = graphemes("🇩🇪".repeat(100));
  const { clusters, end } = replacement(line, 0, 0, "🇫");
  assert.equal(end, 100);
  assert.deepEqual(clusters, graphemes(`🇫${"🇩🇪".repeat(100)}`));
});

test("whatever is replaced by whatever, the line is cut as it would be as a whole", () => {
  const unit = fc.constantFrom(
    "a",
    " ",
    "👍",
    "🏽",
    "\u200d",
    "👩",
    "🇩",
    "🇪",
    "e",
    "\u0301",
    "字",
    "क",
    "्",
    "\u0600",
    "ᄀ",
    "ᅡ",
  );
  const text = fc.string({ unit, maxLength: 24 });
  fc.assert(
    fc.property(text, text, fc.nat(), fc.nat(), (before, text, from, to) => {
      const line = graphemes(before);
      const [start = 0, end = 0] = [from % (line.length + 1), to % (line.length + 1)].sort((a, b) => a - b);
      const change = replacement(line, start, end, text);
      const after = line.toSpliced(change.start, change.end - change.start, ...change.clusters);
      const kept = line.slice(0, start).join("") + text;
      assert.deepEqual(after, graphemes(kept + line.slice(end).join("")));
      assert.ok(after.slice(0, change.after).join("").length >= kept.length);
      assert.ok(after.slice(0, Math.max(0, change.after - 1)).join("").length <= kept.length);
    }),
    { numRuns: 5000 },
  );
});
