import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AccountError } from "../../../../src/accounts/index.ts";
import type { NameRule } from "../../../../src/accounts/index.ts";
import { checkName } from "../../../../src/accounts/account/name.ts";

function faultOf(name: unknown, rule: NameRule): string | undefined {
  try {
    checkName(name, rule);
  } catch (error) {
    assert.ok(error instanceof AccountError && error.code === "BAD_NAME");
    return error.message;
  }
  return undefined;
}

const BAD: readonly (readonly [name: unknown, why: RegExp])[] = [
  ["", /is empty/],
  ["a".repeat(33), /longer than 32/],
  ["a".repeat(1_000_000), /longer than 32/],
  [undefined, /is no text/],
  [7, /is no text/],
  ["a b", /other characters/],
  ["a\0", /other characters/],
  ["a\n", /other characters/],
  ["\x1b[31mada", /other characters/],
  ["ada\u202e", /other characters/],
  ["ada\u200b", /other characters/],
  ["ada\u00ad", /other characters/],
  ["a/b", /other characters/],
  ["a\\b", /other characters/],
  ["a:b", /other characters/],
  ["a+b", /other characters/],
  ["a@b", /other characters/],
  ["\ud800", /other characters/],
  ["😀", /other characters/],
  [".ssh", /does not begin/],
  ["..", /does not begin/],
  ["-rf", /does not begin/],
  ["_", /does not begin/],
];
for (const rule of ["ascii", "unicode"] as const) {
  for (const [name, why] of BAD) {
    test(`${rule}: nobody is called ${JSON.stringify(name)?.slice(0, 40)}`, () => {
      assert.match(faultOf(name, rule) ?? "", why);
    });
  }
}

test("names of ASCII are kept as they are typed, and count without regard to case", () => {
  for (const rule of ["ascii", "unicode"] as const) {
    for (const name of ["a", "Ada", "ada.lovelace", "ada-1_2", "7of9", "A".repeat(32)]) {
      assert.deepEqual(checkName(name, rule), { name, key: name.toLowerCase() });
    }
  }
});

test("ascii: letters of other scripts are refused, also those that look like ASCII", () => {
  for (const name of ["ädа", "аdа", "ａｄａ", "ﬁn", "ada\u0301"])
    assert.match(faultOf(name, "ascii") ?? "", /other characters/);
});

test("unicode: names are in NFKC, and each way to type one is the same", () => {
  for (const [one, other] of [
    ["Zoé", "zoe\u0301"],
    ["ａｄａ", "ADA"],
    ["ﬁn", "FIN"],
    ["ΟΔΥΣΣΕΥΣ", "οδυσσευς"],
    ["ﾊﾅｺ", "ハナコ"],
    ["Ⅷ", "VIII"],
  ] as const) {
    assert.equal(checkName(one, "unicode").key, checkName(other, "unicode").key);
  }
  assert.equal(checkName("zoe\u0301", "unicode").name, "zoé");
});

test("unicode: one script is a name", () => {
  for (const name of [
    "Zoé",
    "Ярослава",
    "Δημήτρης",
    "花子さん",
    "ハナコ",
    "민수",
    "महेश",
    "שרה",
    "علي",
    "Łukasz",
    "Nguyễn",
  ]) {
    assert.equal(faultOf(name, "unicode"), undefined, name);
  }
});

test("unicode: several scripts, and names that are drawn as Latin ones, are none", () => {
  for (const name of ["ǀong", "pauǃ", "ƿaul", "аda", "adа", "pаypal", "admіn", "ɑda", "Ωmega", "花ada"]) {
    assert.match(faultOf(name, "unicode") ?? "", /mixes letters of several scripts/, name);
  }
  for (const name of ["սոօ", "Հոսօ", "соре", "рау", "асе", "ρορ", "аа-1"]) {
    assert.match(faultOf(name, "unicode") ?? "", /looks like one in Latin/, name);
  }
});

test("unicode: what shows nothing, and marks that pile up, are in no name", () => {
  for (const name of [
    "\u3164",
    "\u115f\u1160",
    "\u17b4",
    "007\u1160",
    "한\u1160",
    "កខ\u17b5",
    "ad\u00ada",
    "a\u034fb",
  ]) {
    assert.match(faultOf(name, "unicode") ?? "", /shows nothing|has other characters/, name);
  }
  for (const name of [`1${"\u0e47".repeat(8)}`, "ก\u0e47\u0e48\u0e47\u0e48", "1\u0e47", "a.\u0301"]) {
    assert.match(faultOf(name, "unicode") ?? "", /a mark without a letter, or too many/, name);
  }
  for (const name of ["ที่", "นี้", "हिन्दी", "tiếng", "ערב"]) assert.equal(faultOf(name, "unicode"), undefined, name);
});

test("unicode: capitals that are drawn as Latin ones are none, and twins of Japanese count as one", () => {
  for (const name of ["ΖΟΕ", "МАМА", "ΑΒΒΑ", "Σοε".replace("Σ", "Ζ")]) {
    assert.match(faultOf(name, "unicode") ?? "", /looks like one in Latin/, name);
  }
  for (const name of ["миша", "зоя", "ζωή"]) assert.equal(faultOf(name, "unicode"), undefined, name);
  for (const [one, other] of [
    ["へや", "ヘや"],
    ["二", "ニ"],
    ["口カ", "ロ力"],
  ] as const) {
    assert.equal(checkName(one, "unicode").key, checkName(other, "unicode").key);
  }
});

test("unicode: a dotless i is an i, so that nobody is the admin beside the admin", () => {
  for (const name of ["admın", "ADMİN", "Admin"]) assert.equal(checkName(name, "unicode").key, "admin");
});

test("the key of a name is the key of its key, and neither has anything that a terminal or a path minds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("ascii", "unicode"), (text, rule) => {
      if (faultOf(text, rule) !== undefined) return;
      const { name, key } = checkName(text, rule);
      assert.equal(checkName(name, rule).key, key);
      assert.equal(checkName(key, rule).key, key);
      assert.doesNotMatch(name + key, /[\p{C}\p{Z}/\\]/u);
      assert.ok(key.length <= 64);
    }),
    { numRuns: 2000 },
  );
});
