import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { stringWidth } from "../../../../src/index.ts";
import { rows, wrap } from "../../../../src/commands/help/layout.ts";

const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "中", "🫖"), minLength: 1, maxLength: 30 }));

test("texts fit the width, and lose nothing but blanks", () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 60 }), (words, width) => {
      const lines = wrap(words.join(" "), width);
      for (const line of lines) assert.ok(stringWidth(line) <= width, JSON.stringify(line));
      assert.equal(lines.join("").replaceAll(" ", ""), words.join(""));
    }),
  );
});

test("rows fit the width, and lose nothing but blanks", () => {
  const names = fc.string({ unit: fc.constantFrom("a", "-", "中"), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, words)), fc.integer({ min: 6, max: 100 }), (list, width) => {
      const lines = rows(
        list.map(([name, text]) => [name, text.join(" ")]),
        width,
      );
      for (const line of lines) assert.ok(stringWidth(line) <= width, JSON.stringify(line));
      assert.equal(lines.join("").replaceAll(" ", ""), list.map(([name, text]) => name + text.join("")).join(""));
    }),
  );
});

test("the texts stand in a column of their own, and below where there is no room", () => {
  const list = [
    ["buy", "Buys beans of one kind, or of several, and sends them to you today"],
    ["a-very-long-name-for-a-command", "Short"],
    ["x", ""],
  ] as const;
  assert.deepEqual(rows(list, 44), [
    "  buy  Buys beans of one kind, or of",
    "       several, and sends them to you today",
    "  a-very-long-name-for-a-command",
    "       Short",
    "  x",
  ]);
  assert.deepEqual(rows([["buy", "Buys beans today"]], 20), ["  buy", "    Buys beans today"]);
});
