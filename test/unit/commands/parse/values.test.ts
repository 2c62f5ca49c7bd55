import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { choice, custom, flag, integer, list, number, text, UsageError } from "../../../../src/commands/index.ts";
import type { UsageErrorCode } from "../../../../src/commands/index.ts";
import { tokenize } from "../../../../src/commands/parse/tokens.ts";
import { read } from "../reading.ts";

const shop = {
  arguments: { beans: choice(["arabica", "robusta"]), count: integer({ min: 1, max: 99, default: 1 }) },
  options: {
    gift: flag({ short: "g" }),
    fresh: flag({ short: "f", default: true }),
    note: text({ short: "n", optional: true }),
    dryRun: flag(),
    tag: list(text(), { short: "t" }),
  },
};
const plain = { beans: "arabica", count: 1, gift: false, fresh: true, note: undefined, dryRun: false, tag: [] };

const RIGHT: readonly (readonly [line: string, differs: object])[] = [
  ["arabica", {}],
  ["robusta 7", { beans: "robusta", count: 7 }],
  ["--note hello arabica", { note: "hello" }],
  ["arabica --note=hello", { note: "hello" }],
  ["arabica --note=a=b", { note: "a=b" }],
  ["arabica --note=", { note: "" }],
  ["arabica --note ''", { note: "" }],
  ["arabica --note --gift", { note: "--gift" }],
  ["arabica -n hello", { note: "hello" }],
  ["arabica -nhello", { note: "hello" }],
  ["arabica -g", { gift: true }],
  ["-gn hello arabica", { gift: true, note: "hello" }],
  ["-gnhello arabica", { gift: true, note: "hello" }],
  ["arabica --gift --gift", { gift: true }],
  ["arabica --gift --no-gift", { gift: false }],
  ["arabica --no-fresh", { fresh: false }],
  ["arabica --dry-run", { dryRun: true }],
  ["arabica -t one --tag two -tthree", { tag: ["one", "two", "three"] }],
  ["-- arabica 2", { count: 2 }],
  ["--gift -- arabica", { gift: true }],
  ["arabica +5", { count: 5 }],
  ["arabica 007", { count: 7 }],
];
for (const [line, differs] of RIGHT) {
  test(`buy ${line}`, async () => assert.deepEqual(await read(shop, line), { ...plain, ...differs }));
}

const WRONG: readonly (readonly [line: string, code: UsageErrorCode, message: string])[] = [
  ["", "MISSING", "beans is missing."],
  ["tea", "BAD_VALUE", 'beans must be one of arabica, robusta, not "tea".'],
  ["arabcia", "BAD_VALUE", 'beans must be one of arabica, robusta, not "arabcia". Did you mean arabica?'],
  ["''", "BAD_VALUE", 'beans must be one of arabica, robusta, not "".'],
  ["arabica 0", "BAD_VALUE", 'count must be a whole number from 1 to 99, not "0".'],
  ["arabica -1", "BAD_VALUE", 'count must be a whole number from 1 to 99, not "-1".'],
  ["arabica 1.5", "BAD_VALUE", 'count must be a whole number from 1 to 99, not "1.5".'],
  ["arabica 1e1", "BAD_VALUE", 'count must be a whole number from 1 to 99, not "1e1".'],
  ["arabica ' 1'", "BAD_VALUE", 'count must be a whole number from 1 to 99, not " 1".'],
  [
    "arabica 99999999999999999999",
    "BAD_VALUE",
    'count must be a whole number from 1 to 99, not "99999999999999999999".',
  ],
  ["arabica 1 2", "TOO_MANY", 'It takes 2 arguments at most: "2" is too many.'],
  ["arabica --note", "MISSING_VALUE", "--note needs a value."],
  ["arabica -n", "MISSING_VALUE", "-n needs a value."],
  ["arabica -gn", "MISSING_VALUE", "-n needs a value."],
  ["arabica --note a --note b", "REPEATED", "--note can be given once only."],
  ["arabica -n a --note b", "REPEATED", "--note can be given once only."],
  ["arabica --gift=yes", "NO_VALUE", '--gift takes no value, and was given "yes".'],
  ["arabica --no-gift=yes", "NO_VALUE", "--no-gift takes no value."],
  ["arabica --gfit", "UNKNOWN_OPTION", 'There is no option "--gfit". Did you mean --gift?'],
  ["arabica --dryRun", "UNKNOWN_OPTION", 'There is no option "--dryRun". Did you mean --dry-run?'],
  ["arabica --no-note", "UNKNOWN_OPTION", 'There is no option "--no-note". Did you mean --note?'],
  [
    "arabica -x",
    "UNKNOWN_OPTION",
    'There is no option "-x". What begins with a dash and is no option stands behind --.',
  ],
  [
    "arabica -gx",
    "UNKNOWN_OPTION",
    'There is no option "-x". What begins with a dash and is no option stands behind --.',
  ],
  ["arabica --__proto__", "UNKNOWN_OPTION", 'There is no option "--__proto__".'],
  ["arabica --constructor=1", "UNKNOWN_OPTION", 'There is no option "--constructor".'],
  ["\x1b[31mtea", "BAD_VALUE", 'beans must be one of arabica, robusta, not "\\x1b[31mtea".'],
];
for (const [line, code, message] of WRONG) {
  test(`buy ${JSON.stringify(line).slice(1, -1)} is wrong: ${message}`, async () => {
    await assert.rejects(read(shop, line), { name: "UsageError", code, message });
  });
}

test("a list takes all that is left, as many as it may", async () => {
  const say = { arguments: { to: text(), words: list(text({ maxLength: 5 }), { min: 2, max: 3 }) } };
  assert.deepEqual(await read(say, "bob hi there"), { to: "bob", words: ["hi", "there"] });
  assert.deepEqual(await read(say, "bob -- -a -b --c"), { to: "bob", words: ["-a", "-b", "--c"] });
  await assert.rejects(read(say, "bob"), { code: "MISSING", message: "words is missing." });
  await assert.rejects(read(say, "bob hi"), { message: "words takes at least 2 values, not 1." });
  await assert.rejects(read(say, "bob a b c d"), { code: "TOO_MANY", message: "words takes at most 3 values, not 4." });
  await assert.rejects(read(say, "bob hi everybody"), {
    message: 'words must be a text of 5 characters or less, not "everybody".',
  });
  assert.deepEqual(await read({ arguments: { words: list(text()) } }, ""), { words: [] });
});

test("numbers may be negative, and have fractions and exponents, and nothing else is one", async () => {
  const add = { arguments: { a: number(), b: number({ min: -2 }) } };
  assert.deepEqual(await read(add, "-5 -.5"), { a: -5, b: -0.5 });
  assert.deepEqual(await read(add, "1e3 +2."), { a: 1000, b: 2 });
  for (const word of ["0x10", "1_000", "Infinity", "NaN", "1e999", "''", "1,5", "٣", "-5x"]) {
    await assert.rejects(read(add, `${word} 1`), { code: "BAD_VALUE" });
  }
  await assert.rejects(read(add, "1 -3"), { message: 'b must be a number of -2 or more, not "-3".' });
});

test("a text has its length and its pattern", async () => {
  const name = { arguments: { name: text({ pattern: /[a-z]+/gy, expected: "small letters" }) } };
  assert.deepEqual(await read(name, "bob"), { name: "bob" });
  assert.deepEqual(await read(name, "bob"), { name: "bob" }, "an expression with a memory has none here");
  await assert.rejects(read(name, "bob1"), { message: 'name must be small letters, not "bob1".' });
  const pin = { options: { pin: text({ minLength: 4, maxLength: 4 }) } };
  await assert.rejects(read(pin, "--pin 123"), { message: '--pin must be a text of 4 characters, not "123".' });
  await assert.rejects(read(pin, ""), { code: "MISSING", message: "--pin is missing." });
});

test("a value of the app's own is made by the app, now or later", async () => {
  const hue = custom({
    expected: "a colour such as #ff8800",
    parse: async (word, { label, client }) => {
      if (word === "mine") throw new UsageError("BAD_VALUE", `${label}: ${client.username} has none.`);
      if (word === "broken") throw new TypeError("broken");
      return /^#[0-9a-f]{6}$/.test(word) ? Number.parseInt(word.slice(1), 16) : undefined;
    },
  });
  const paint = { options: { colour: hue } };
  assert.deepEqual(await read(paint, "--colour '#0000ff'"), { colour: 255 });
  await assert.rejects(read(paint, "--colour blue"), {
    message: '--colour must be a colour such as #ff8800, not "blue".',
  });
  await assert.rejects(read(paint, "--colour mine"), { name: "UsageError", message: "--colour: nobody has none." });
  await assert.rejects(read(paint, "--colour broken"), TypeError);
});

test("whatever is typed, it throws its own error alone", async () => {
  const unit = fc.constantFrom(
    "-",
    "--",
    "=",
    "a",
    "n",
    "g",
    "note",
    "no-",
    "gift",
    "tag",
    "arabica",
    "1",
    " ",
    "'",
    "\\",
    "é",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit, maxLength: 6 }), { maxLength: 6 }), async (words) => {
      tokenize(shop.options, words);
      try {
        const values = await read(shop, words.join(" "));
        assert.deepEqual(Object.keys(values).sort(), Object.keys(plain).sort());
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
