import assert from "node:assert/strict";
import { test } from "node:test";
import { isMethodLists, step, usualMethods } from "../../../../src/accounts/account/methods.ts";

test("lists are of different methods, and a code never comes first", () => {
  for (const good of [
    ["publickey"],
    ["password", "publickey,keyboard-interactive"],
    ["publickey,password,keyboard-interactive"],
  ]) {
    assert.ok(isMethodLists(good));
  }
  for (const bad of [
    [],
    [""],
    ["none"],
    ["keyboard-interactive"],
    ["keyboard-interactive,publickey"],
    ["password,password"],
    ["publickey, password"],
    "publickey",
    [1],
    Array.from({ length: 9 }, () => "publickey"),
  ]) {
    assert.equal(isMethodLists(bad), false, JSON.stringify(bad));
  }
});

const PK = "publickey";
const PW = "password";
const KI = "keyboard-interactive";
const CASES: readonly (readonly [
  lists: readonly string[],
  passed: readonly string[],
  method: string,
  expected: readonly string[] | undefined,
])[] = [
  [[PK], [], PK, []],
  [[PK], [], PW, undefined],
  [[`${PK},${KI}`], [], PK, [KI]],
  [[`${PK},${KI}`], [], KI, undefined],
  [[`${PK},${KI}`], [PK], KI, []],
  [[`${PK},${KI}`], [PK], PW, undefined],
  [[`${PK},${KI}`, `${PK},${PW}`], [], PK, [KI, PW]],
  [[`${PK},${KI}`, PK], [], PK, []],
  [[`${PW},${KI}`, PK], [], PW, [KI]],
  [[`${PK},${PW},${KI}`], [PK], PW, [KI]],
  [[`${PK},${PW},${KI}`], [PW], PK, undefined],
  // The server asks for more than the account does.
  [[PK], [PK], PW, []],
  [[PK], [PK, KI], PW, []],
  [[PK], [PW], PK, undefined],
];
for (const [lists, passed, method, expected] of CASES) {
  test(`with ${lists.join(" or ")}, behind ${passed.join() || "nothing"}, ${method} leads to ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(step(lists, passed, method), expected);
  });
}

test("who has set up codes needs one, whatever comes first", () => {
  for (const first of [PK, PW]) {
    assert.deepEqual(step(usualMethods(false), [], first), []);
    assert.deepEqual(step(usualMethods(true), [], first), [KI]);
  }
});
