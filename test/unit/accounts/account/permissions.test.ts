import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { expand, gives, isPermission, isRole } from "../../../../src/accounts/account/permissions.ts";

test("a permission is names with dots between them, and a star is all of it or its end", () => {
  for (const good of ["a", "orders.read", "a.b.c", "orders.*", "*", "x-1:y_2"]) assert.ok(isPermission(good), good);
  for (const bad of ["", ".", "a.", ".a", "a..b", "*.a", "a*", "a.*.b", "**", "a b", "a\n", "ä", 1, "a".repeat(129)]) {
    assert.equal(isPermission(bad), false, String(bad));
  }
  assert.ok(isRole("admin"));
  assert.equal(isRole("admin.*"), false);
});

const CASES: readonly (readonly [given: readonly string[], asked: string, expected: boolean])[] = [
  [[], "a", false],
  [["a"], "a", true],
  [["a"], "A", false],
  [["a"], "a.b", false],
  [["a.b"], "a", false],
  [["a.*"], "a.b", true],
  [["a.*"], "a.b.c", true],
  [["a.*"], "a", false],
  [["a.*"], "ab", false],
  [["a.*"], "ab.c", false],
  [["*"], "anything.at.all", true],
  [["*"], "", false],
  [["*"], "a b", false],
  [["*"], "a.*", false],
  [["a.*"], "a.*", true],
  [["*"], "*", true],
  [["a.*"], "*", false],
  [["x", "a.b"], "a.b", true],
];
for (const [given, asked, expected] of CASES) {
  test(`${JSON.stringify(given)} ${expected ? "gives" : "does not give"} ${JSON.stringify(asked)}`, () => {
    assert.equal(gives(given, asked), expected);
  });
}

test("what is given is asked for by itself, whatever else is given", () => {
  const name = fc.stringMatching(/^[a-z]{1,3}(\.[a-z]{1,3}){0,2}$/);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 5 }), name, (given, asked) => {
      assert.equal(gives([...given, asked], asked), true);
      assert.equal(gives([...given, `${asked}.*`], `${asked}.x`), true);
      assert.equal(gives(given, asked), given.includes(asked));
    }),
  );
});

test("roles add what they give, those that nobody knows give nothing, and names are no traps", () => {
  const roles = { admin: ["*"], cashier: ["orders.*", "till"] };
  assert.deepEqual(expand(["till"], ["cashier", "gone"], roles), ["till", "orders.*"]);
  assert.deepEqual(expand([], ["constructor", "__proto__", "toString"], roles), []);
});
