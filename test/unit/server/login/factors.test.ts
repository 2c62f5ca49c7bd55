import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { ConfigError } from "../../../../src/server/index.ts";
import { checkFactors, Factors } from "../../../../src/server/login/factors.ts";

test("a login is complete when one list is, in its order", () => {
  const factors = new Factors(["publickey,keyboard-interactive", "publickey,password", "password,publickey"]);
  assert.deepEqual(factors.next([]), ["publickey", "password"]);
  assert.deepEqual(factors.next(["publickey"]), ["keyboard-interactive", "password"]);
  assert.deepEqual(factors.next(["publickey", "password"]), []);
  assert.deepEqual(factors.next(["publickey", "keyboard-interactive"]), []);
});

test("what was passed in the wrong order does not count", () => {
  const factors = new Factors(["publickey,password"]);
  assert.deepEqual(factors.next(["password"]), ["publickey"]);
  assert.deepEqual(factors.next(["password", "publickey"]), ["password"]);
});

test("two keys are two steps", () => {
  const factors = new Factors(["publickey,publickey"]);
  assert.deepEqual(factors.next(["publickey"]), ["publickey"]);
  assert.deepEqual(factors.next(["publickey", "publickey"]), []);
});

test("a login completes exactly when its steps hold some list as a subsequence", () => {
  const method = fc.constantFrom("publickey", "password", "keyboard-interactive");
  const list = fc.array(method, { minLength: 1, maxLength: 4 });
  const isWithin = (list: readonly string[], steps: readonly string[]): boolean => {
    const [first, ...rest] = list;
    if (first === undefined) return true;
    const at = steps.indexOf(first);
    return at >= 0 && isWithin(rest, steps.slice(at + 1));
  };
  fc.assert(
    fc.property(fc.array(list, { minLength: 1, maxLength: 3 }), fc.array(method, { maxLength: 6 }), (lists, steps) => {
      const next = new Factors(lists.map((entry) => entry.join(","))).next(steps);
      assert.equal(
        next.length === 0,
        lists.some((entry) => isWithin(entry, steps)),
      );
    }),
  );
});

const wrong: readonly (readonly [lists: unknown, named: RegExp])[] = [
  [[], /must be an array with lists/],
  ["publickey", /must be an array with lists/],
  [[5], /must be an array with lists/],
  [["any"], /"any": leave the option out/],
  [[""], /list 1, one with a method that is not one of publickey/],
  [["publickey", "publickey,"], /list 2, one with a method that is not/],
  [["publickey, password"], /a method that is not/],
  [["none"], /a method that is not/],
  [["publickey,none"], /a method that is not/],
  [["hostbased"], /a method that is not/],
  [["keyboard-interactive:pam"], /a method that is not/],
  [["constructor"], /a method that is not/],
  [["password,publickey,password"], /password twice/],
  [["keyboard-interactive,keyboard-interactive"], /keyboard-interactive twice/],
];
for (const [lists, named] of wrong) {
  test(`the option authenticationMethods refuses ${JSON.stringify(lists)}`, () => {
    assert.throws(
      () => checkFactors(lists),
      (error) => error instanceof ConfigError && error.code === "BAD_OPTION" && named.test(error.message),
    );
  });
}

test("the option authenticationMethods takes what sshd's manual shows", () => {
  checkFactors(["publickey,password", "publickey,keyboard-interactive"]);
  checkFactors(["publickey,publickey"]);
  checkFactors(["password"]);
});
