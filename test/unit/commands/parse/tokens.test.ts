import assert from "node:assert/strict";
import test from "node:test";
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { flag, text } from "../../../../src/commands/index.ts";
import { longName, tokenize } from "../../../../src/commands/parse/tokens.ts";

const declared = { gift: flag({ short: "g" }), fast: flag({ short: "f" }), note: text({ short: "n" }), dryRun: flag() };

test("names in camel case are typed with dashes", () => {
  assert.deepEqual(["note", "dryRun", "aBC", "utf8"].map(longName), ["note", "dry-run", "a-b-c", "utf8"]);
});

test("Node's own parser tells options from arguments in the same way", () => {
  const options = {
    gift: { type: "boolean", short: "g" },
    fast: { type: "boolean", short: "f" },
    note: { type: "string", short: "n" },
    "dry-run": { type: "boolean" },
  } as const;
  const unit = fc.constantFrom("a", "é", "=", "g", "f", "n");
  const word = fc.oneof(
    fc.constantFrom(
      "--",
      "-",
      "--gift",
      "--note",
      "--note=",
      "--gift=x",
      "--dry-run",
      "--other",
      "-g",
      "-n",
      "-gf",
      "-gn",
    ),
    fc.string({ unit, maxLength: 4 }),
    fc.string({ unit, maxLength: 4 }).map((value) => `--note=${value}`),
    fc.string({ unit, maxLength: 4 }).map((value) => `-gn${value}`),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const { tokens } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true });
      const ours = tokenize(declared, words);
      assert.deepEqual(
        ours.positionals,
        tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : [])),
      );
      assert.deepEqual(
        ours.options.map(({ typed, value }) => [typed, value]),
        tokens.flatMap((token) => (token.kind === "option" ? [[token.rawName, token.value]] : [])),
      );
      assert.equal(
        ours.isTerminated,
        tokens.some(({ kind }) => kind === "option-terminator"),
      );
    }),
    { numRuns: 2000 },
  );
});

test("a line costs as much as it is long: 16,000 letters behind one dash are 16,000 options", () => {
  assert.equal(tokenize(declared, [`-${"g".repeat(16_000)}`]).options.length, 16_000);
  assert.equal(tokenize(declared, [`-${"x".repeat(16_000)}`]).options.length, 1);
  assert.equal(tokenize(declared, ["-🫖g"]).options[0]?.typed, "-🫖");
});
