import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { splitWords } from "../../../../src/files/command/words.ts";
import { FileError } from "../../../../src/files/index.ts";

const texts = (command: string): string[] => splitWords(command).map(({ text }) => text);

for (const [command, expected] of [
  ["", []],
  ["scp -t  /a/b ", ["scp", "-t", "/a/b"]],
  ["scp\t-f\tx", ["scp", "-f", "x"]],
  [String.raw`scp -t a\ b`, ["scp", "-t", "a b"]],
  ["scp -t 'a b'c", ["scp", "-t", "a bc"]],
  [String.raw`scp 'it'\''s'`, ["scp", "it's"]],
  [String.raw`"a \"b\" \\ \$HOME \n"`, [String.raw`a "b" \ $HOME \n`]],
  ["'$(id) `id` ; & | < > * #'", ["$(id) `id` ; & | < > * #"]],
  ["a '' b", ["a", "", "b"]],
  ["a#b", ["a#b"]],
  ["é ü😀", ["é", "ü😀"]],
] as const) {
  test(`${JSON.stringify(command)} is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(texts(command), expected);
  });
}

for (const command of [
  "a;b",
  "a && b",
  "a|b",
  "a > b",
  "a < b",
  "$(id)",
  "`id`",
  "$HOME",
  '"$HOME"',
  '"`id`"',
  "(a)",
  "a\nb",
  "#a",
  "'a",
  '"a',
  "a\\",
  "a\0b",
  "a\ufffdb",
]) {
  test(`${JSON.stringify(command)} is refused`, () => {
    assert.throws(
      () => splitWords(command),
      (error) => error instanceof FileError && error.code === "INVALID",
    );
  });
}

test("a wildcard outside of quotes makes a pattern, in which quoted ones stand for themselves", () => {
  assert.deepEqual(splitWords(String.raw`a* 'a*' \*b? "[x]"* a/'b/c'/*`), [
    { text: "a*", pattern: "a*" },
    { text: "a*" },
    { text: "*b?", pattern: String.raw`\*b?` },
    { text: "[x]*", pattern: String.raw`\[x\]*` },
    { text: "a/b/c/*", pattern: "a/b/c/*" },
  ]);
});

test("what is put in single quotes comes back as it was", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !/[\0\ufffd]/.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      const quoted = words.map((text) => `'${text.replaceAll("'", String.raw`'\''`)}'`);
      assert.deepEqual(texts(quoted.join(" ")), words);
    }),
  );
});
