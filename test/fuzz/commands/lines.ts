import assert from "node:assert/strict";
import type { Client } from "../../../src/index.ts";
import {
  choice,
  Commands,
  flag,
  integer,
  list,
  quoteWord,
  splitWords,
  text,
  UsageError,
  verbatim,
} from "../../../src/commands/index.ts";
import { scan } from "../../../src/commands/line/split.ts";
import { verbatimWords } from "../../../src/commands/line/verbatim.ts";
import { tokenize } from "../../../src/commands/parse/tokens.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

/** What lines are made of. */
const PIECES: readonly string[] = [
  "buy",
  "sudo",
  "order list",
  "say",
  "arabica",
  " ",
  "  ",
  "'",
  '"',
  "\\",
  "|",
  "less",
  "-",
  "--",
  "--note",
  "--note=",
  "--no-gift",
  "-gn",
  "-5",
  "=",
  "é",
  "👩‍👩‍👧",
  "\n",
  "\x1b[2J",
];

const seeds = (random: Random): Uint8Array =>
  Buffer.from(Array.from({ length: 1 + random.below(16) }, () => random.pick(PIECES)).join(""));

const options = { gift: flag({ short: "g" }), note: text({ short: "n", complete: ["by hand"] }), tag: list(text()) };
const commands = new Commands({ sudo: { allowed: () => true, verify: () => false } });
commands.add({
  name: "buy",
  arguments: { beans: choice(["arabica", "earl grey"]), count: integer() },
  options,
  run: () => undefined,
});
commands.add({ name: "order list", run: () => undefined });
commands.add({ name: "say", arguments: { to: text(), words: verbatim() }, run: () => undefined });

const client = { username: "alice", pty: {} } as unknown as Client;
const { signal } = new AbortController();

/** Everything in `src/commands` that a user's line reaches before a command does. */
export const commandDecoders: readonly Target[] = [
  decoder("command line", seeds, (bytes) => {
    const line = Buffer.from(bytes).toString();
    const { words, open } = scan(line, false);
    for (const { text, start, end } of words) {
      assert.ok(start < end && end <= line.length);
      assert.deepEqual(splitWords(quoteWord(text)), [text]);
    }
    tokenize(
      options,
      words.map(({ text }) => text),
    );
    try {
      assert.equal(splitWords(line).length, words.length);
      assert.equal(open, "none");
      for (let count = 0; count < 3; count++) assert.ok(verbatimWords(line, count).length <= count + 1);
    } catch (error) {
      assert.ok(error instanceof UsageError && open !== "none", String(error));
    }
  }),
  decoder("command completion", seeds, (bytes) => {
    const line = Buffer.from(bytes).toString();
    const cursor = line.length;
    const answer = commands.complete(client, { line, cursor, word: "", signal });
    assert.ok(answer !== undefined && "items" in answer && (answer.start ?? -1) <= cursor);
  }),
];
