import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import * as fc from "fast-check";
import { quoteWord, splitWords, UsageError } from "../../../../src/commands/index.ts";
import { quoteWithin, closing } from "../../../../src/commands/line/quote.ts";
import { scan } from "../../../../src/commands/line/split.ts";

/** Lines of what matters to a splitter. */
const lines = fc.string({ unit: fc.constantFrom("a", "é", "'", '"', "\\", " ", "\t", "\n", "$", "`", "#", "|", "-") });

const CASES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["", []],
  [" \t\n ", []],
  ["one  two\tthree\nfour", ["one", "two", "three", "four"]],
  ["'' \"\"", ["", ""]],
  [`a'b c'"d e"f`, ["ab cd ef"]],
  ["'a\\b\"c'", ['a\\b"c']],
  [`"a'b\\"c\\\\d\\$e\\\`f"`, ["a'b\"c\\d$e`f"]],
  ['"a\\nb \\x"', ["a\\nb \\x"]],
  ["a\\ b\\'c\\\\", ["a b'c\\"]],
  ["a\\\nb \\\nc", ["ab", "c"]],
  ['"a\\\nb"', ["ab"]],
  ["# no comment", ["#", "no", "comment"]],
  ["$HOME `id` $(id) ~ * a;b > c & d", ["$HOME", "`id`", "$(id)", "~", "*", "a;b", ">", "c", "&", "d"]],
  ["a|b", ["a|b"]],
  ["übung 🫖", ["übung", "🫖"]],
];

for (const [line, words] of CASES) {
  test(`${JSON.stringify(line)} is ${JSON.stringify(words)}`, () => assert.deepEqual(splitWords(line), words));
}

for (const [line, what] of [
  ["say 'hello", /single quote/],
  ['say "hello', /double quote/],
  ['say "hello\\', /double quote/],
  ["say hello\\", /backslash/],
] as const) {
  test(`${JSON.stringify(line)} is told what is left open`, () => {
    assert.throws(
      () => splitWords(line),
      (error) => error instanceof UsageError && error.code === "UNTERMINATED" && what.test(error.message),
    );
  });
}

test("words that are quoted and parted again are what they were", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, fc.string(), fc.string({ unit: "binary" }))), (words) => {
      assert.deepEqual(splitWords(words.map(quoteWord).join(" ")), words);
    }),
  );
});

test("a word goes on in whatever quotes it has been begun", () => {
  fc.assert(
    fc.property(fc.constantFrom("", "'", '"'), lines, lines, (opening, begun, rest) => {
      const raw = opening + quoteWithin(begun, opening === "'" ? "single" : opening === '"' ? "double" : "none");
      const { open, words } = scan(raw);
      const whole = raw + quoteWithin(rest, open) + closing(open);
      assert.deepEqual(splitWords(`${whole} `), begun + rest === "" && opening === "" ? [] : [begun + rest]);
      assert.ok(words.length <= 1);
    }),
  );
});

test("no line makes it throw anything but that something is left open", () => {
  fc.assert(
    fc.property(fc.oneof(lines, fc.string({ unit: "binary" })), (line) => {
      try {
        splitWords(line);
      } catch (error) {
        assert.ok(error instanceof UsageError && error.code === "UNTERMINATED");
      }
    }),
  );
});

test("where words stand is where they stand", () => {
  fc.assert(
    fc.property(lines, fc.boolean(), (line, pipes) => {
      const { words, pipes: behind, isInWord } = scan(line, pipes);
      const all = [words, ...behind].flat();
      let at = 0;
      for (const { text, start, end } of all) {
        assert.ok(start >= at && end > start && end <= line.length);
        at = end;
        const alone = scan(line.slice(start, end), pipes).words;
        assert.deepEqual(
          alone.map((word) => word.text),
          [text],
        );
      }
      assert.equal(isInWord, all.length > 0 && at === line.length && isInWord);
      if (!pipes) assert.equal(behind.length, 0);
    }),
  );
});

test("a pipe outside of quotes parts commands", () => {
  const { words, pipes } = scan("a 'b|c' d\\|e|f | g||");
  assert.deepEqual(
    [words, ...pipes].map((command) => command.map(({ text }) => text)),
    [["a", "b|c", "d|e"], ["f"], ["g"], [], []],
  );
});

test("the shell of the machine parts the same lines in the same way", () => {
  const unit = fc.constantFrom("a", "b", "'", '"', "\\", " ", "\t", "-", "é");
  const samples = fc
    .sample(fc.string({ unit, maxLength: 14 }), 2000)
    .filter((line) => scan(line, false).open === "none");
  assert.ok(samples.length > 500);
  const script = samples.map((line) => `printf '%s\\0' ${line}\nprintf '\\n\\0'\n`).join("");
  const { stdout, status } = spawnSync("sh", { input: `${script}exit 0\n`, encoding: "utf8" });
  assert.equal(status, 0);
  const expected = samples.map((line) => {
    const words = splitWords(line);
    // printf writes once even when it has nothing to write.
    return [...(words.length === 0 ? [""] : words), "\n"].map((word) => `${word}\0`).join("");
  });
  assert.equal(stdout, expected.join(""));
});
