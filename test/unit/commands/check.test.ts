import assert from "node:assert/strict";
import test from "node:test";
import { choice, command, Commands, flag, integer, list, text, verbatim } from "../../../src/commands/index.ts";
import type { CommandDefinition, CommandsOptions } from "../../../src/commands/index.ts";

/** Those that a compiler would have refused come from JavaScript. */
const WRONG: readonly (readonly [definition: object, code: string, message: RegExp])[] = [
  [{}, "BAD_OPTION", /its name must be words/],
  [{ name: "" }, "BAD_OPTION", /its name must be words/],
  [{ name: "a  b" }, "BAD_OPTION", /its name must be words/],
  [{ name: "-a" }, "BAD_OPTION", /its name must be words/],
  [{ name: "a|b" }, "BAD_OPTION", /its name must be words/],
  [{ name: "a\x1b" }, "BAD_OPTION", /its name must be words/],
  [{ name: "a".repeat(65) }, "BAD_OPTION", /its name must be words/],
  [{ name: "a", aliases: ["b c"] }, "BAD_OPTION", /its alias "b c" is not one word/],
  [{ name: "a", timeout: -1 }, "BAD_OPTION", /its timeout must be a number of seconds/],
  [{ name: "a", run: "b" }, "BAD_OPTION", /its run must be a function/],
  [{ name: "a", arguments: { "my-name": text() } }, "BAD_OPTION", /"my-name" is no name for a parameter/],
  [{ name: "a", options: { Name: text() } }, "BAD_OPTION", /"Name" is no name for a parameter/],
  [{ name: "a", arguments: { b: flag() } }, "BAD_OPTION", /the argument b cannot be a flag/],
  [{ name: "a", arguments: { b: text({ short: "b" }) } }, "BAD_OPTION", /the argument b cannot have the letter -b/],
  [{ name: "a", options: { b: flag({ short: "bb" }) } }, "BAD_OPTION", /the option b has "bb" for a letter/],
  [{ name: "a", options: { b: flag({ short: "1" }) } }, "BAD_OPTION", /the option b has "1" for a letter/],
  [{ name: "a", arguments: { b: text() }, options: { b: text() } }, "CONFLICT", /b is an argument and an option/],
  [
    { name: "a", arguments: { b: list(text()), c: text() } },
    "CONFLICT",
    /the argument c stands behind one that takes all that is left/,
  ],
  [
    { name: "a", arguments: { b: verbatim(), c: text() } },
    "CONFLICT",
    /the argument c stands behind one that takes all that is left/,
  ],
  [
    { name: "a", arguments: { b: verbatim() }, options: { c: flag() } },
    "CONFLICT",
    /the argument b is the rest of the line as it is: there can be no options/,
  ],
  [{ name: "a", options: { b: verbatim() } }, "BAD_OPTION", /the option b cannot be the rest of the line/],
  [
    { name: "a", arguments: { b: integer({ default: 1 }), c: text() } },
    "CONFLICT",
    /the argument c is needed, and stands behind b, which may be left out/,
  ],
  [
    { name: "a", options: { b: flag({ short: "x" }), c: flag({ short: "x" }) } },
    "CONFLICT",
    /two options have the letter -x/,
  ],
];

for (const [definition, code, message] of WRONG) {
  test(`${JSON.stringify(definition)} cannot be added: ${message.source}`, () => {
    const commands = new Commands();
    assert.throws(() => commands.add(definition as CommandDefinition), { name: "ConfigError", code, message });
    assert.deepEqual(
      commands.list().map(({ name }) => name),
      ["help"],
    );
  });
}

test("a name or an alias is taken once, among those that stand in the same place", () => {
  const commands = new Commands();
  const add = (name: string, ...aliases: string[]) => commands.add({ name, aliases });
  const off = add("order", "o");
  add("order list", "ls");
  for (const [name, ...aliases] of [
    ["order"],
    ["o"],
    ["x", "order"],
    ["x", "o"],
    ["x", "x"],
    ["order list"],
    ["order ls"],
    ["order x", "list"],
    ["o list"],
    ["help"],
    ["order a b c", "c"],
  ] as const) {
    assert.throws(() => add(name, ...aliases), { code: "CONFLICT" }, name);
  }
  add("list", "ls");
  const names = (): string[] => commands.list().map(({ name }) => name);
  assert.deepEqual(names(), ["help", "order", "order list", "list"]);
  off();
  off();
  assert.deepEqual(names(), ["help", "order list", "list"]);
  // Its subcommands stay, and so does the place.
  add("order", "o");
  assert.deepEqual(names(), ["help", "order", "order list", "list"]);
});

test("what is taken away leaves nothing behind", () => {
  const commands = new Commands({ help: false });
  const deep = commands.add({ name: "a b c", aliases: ["d"] });
  {
    using _ = commands.add({ name: "a b" });
    assert.equal(commands.list().length, 2);
  }
  deep();
  assert.deepEqual(commands.list(), []);
  commands.add({ name: "x", aliases: ["a"] });
});

test("a definition by itself is the same", () => {
  const definition = { name: "brew", run: () => 0 };
  assert.equal(command(definition), definition);
});

for (const [options, code] of [
  [{ may: true }, "BAD_OPTION"],
  [{ sudo: {} }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true } }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true, verify: () => true, tries: 0 } }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true, verify: () => true, word: "su do" } }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true, verify: () => true, wait: NaN } }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true, verify: () => true, remember: 1e7 } }, "BAD_OPTION"],
  [{ sudo: { allowed: () => true, verify: () => true, forget: 1 } }, "UNKNOWN_OPTION"],
  [{ timeout: "5" }, "BAD_OPTION"],
  [{ pipe: false }, "UNKNOWN_OPTION"],
  [{ toString: 1 }, "UNKNOWN_OPTION"],
] as const) {
  test(`the options ${JSON.stringify(options)} are wrong`, () => {
    assert.throws(() => new Commands(options as unknown as CommandsOptions), { name: "ConfigError", code });
  });
}

test("a choice of nothing, a list of fewer than none and a hook that is no function are refused", () => {
  const commands = new Commands();
  assert.throws(() => choice([] as unknown as ["x"]), { code: "BAD_OPTION" });
  assert.throws(() => list(text(), { min: 2, max: 1 }), { code: "BAD_OPTION" });
  assert.throws(() => commands.use("x" as never), { code: "BAD_OPTION" });
});
