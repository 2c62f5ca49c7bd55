import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { choicesOf, commonPrefix, matching } from "../../../../../src/terminal/editor/completion/candidates.ts";
import { Menu } from "../../../../../src/terminal/editor/completion/menu.ts";
import { Screen } from "../screen.ts";

const unit = fc.constantFrom("a", "b", "-", "字", "é", "e\u0301", "👍🏽", "🇩🇪", "\u0301", "☺️");
const word = fc.string({ unit, minLength: 1, maxLength: 30 });
const item = fc.oneof(word, fc.record({ value: word, description: fc.string({ unit, maxLength: 60 }) }));
const moves = fc.constantFrom("next", "previous", "left", "right", "page-up", "page-down" as const);

test("at any width, no row of a menu is wider than the screen, and what is chosen is in sight", () => {
  fc.assert(
    fc.property(
      fc.array(item, { minLength: 1, maxLength: 60 }),
      fc.oneof(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 400 })),
      fc.integer({ min: 1, max: 20 }),
      fc.array(moves, { maxLength: 10 }),
      (items, columns, rows, path) => {
        const menu = new Menu(choicesOf(items), "");
        menu.draw(columns, rows);
        for (const move of path) {
          menu.move(move);
          const drawn = menu.draw(columns, rows);
          assert.ok(drawn.length <= rows);
          const screen = new Screen({ columns, rows: rows + 2 });
          screen.write(drawn.join("\r\n"));
          assert.equal(screen.allRows.length, rows + 2, "nothing has scrolled");
          assert.equal(screen.cursor.row, drawn.length - 1, "no row has wrapped");
          assert.ok(screen.styledRows.join("").includes("{~|"), "the choice is marked");
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("without room for rows nothing is drawn, and moves go on", () => {
  const menu = new Menu(choicesOf(["a", "b"]), "");
  assert.deepEqual(menu.draw(1, 0), []);
  menu.move("next");
  assert.equal(menu.selected?.value, "a");
});

test("what is read out ends with the number of the others", () => {
  const choices = choicesOf([{ value: "a", description: "first" }, "b", "c"]);
  assert.deepEqual(new Menu(choices, "").spoken(2), ["a: first", "b", "and 1 more"]);
  assert.deepEqual(new Menu(choices, "").spoken(3), ["a: first", "b", "c"]);
});

test("candidates are taken once, and not without end", () => {
  assert.deepEqual(
    choicesOf(["a", "b", "a"]).map(({ value }) => value),
    ["a", "b"],
  );
  const endless = (function* count(): Generator<string> {
    for (let number = 0; ; number++) yield String(number);
  })();
  assert.equal(choicesOf(endless).length, 10_000);
  assert.equal(choicesOf(["x".repeat(100_000)])[0]?.value.length, 1024);
});

test("the common beginning ends between characters", () => {
  assert.equal(commonPrefix(choicesOf(["👍🏽a", "👍🏽b"])), "👍🏽");
  assert.equal(commonPrefix(choicesOf(["👍🏽a", "👍🏿a"])), "");
  assert.equal(commonPrefix(choicesOf(["abc"])), "abc");
  assert.equal(commonPrefix([]), "");
});

test("a word without capitals matches in any case", () => {
  const choices = choicesOf(["Make", "make", "git"]);
  assert.deepEqual(
    matching(choices, "ma").map(({ value }) => value),
    ["Make", "make"],
  );
  assert.deepEqual(
    matching(choices, "Ma").map(({ value }) => value),
    ["Make"],
  );
});
