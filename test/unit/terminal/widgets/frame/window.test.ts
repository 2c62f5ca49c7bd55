import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../../../src/terminal/widgets/frame/window.ts";

test("the focus is always shown, the height is never exceeded, and a mark stands for two rows or more", () => {
  for (let count = 0; count <= 30; count++) {
    for (let height = 1; height <= 12; height++) {
      for (let focus = 0; focus < count; focus++) {
        const { start, end, hasMarks } = windowOf(count, focus, height);
        assert.ok(start <= focus && focus < end, `${count} ${focus} ${height}`);
        const marks = hasMarks ? Number(start > 0) + Number(end < count) : 0;
        assert.equal(end - start + marks, Math.min(count, height));
        if (hasMarks) assert.ok(start !== 1 && count - end !== 1);
      }
    }
  }
});
