import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import type { Candidate, Client, Completions } from "../../../../src/index.ts";
import { Commands, choice, flag, list, splitWords, text, verbatim } from "../../../../src/commands/index.ts";
import type { CommandsOptions, Completing } from "../../../../src/commands/index.ts";
import { quotedAs } from "../../../../src/commands/completion/quoted.ts";
import { scan } from "../../../../src/commands/line/split.ts";

/** Somebody at a terminal. */
const ALICE = { username: "alice", pty: {} } as unknown as Client;
const { signal } = new AbortController();

function shop(options: CommandsOptions = {}): Commands {
  const commands = new Commands(options);
  commands.add({
    name: "buy",
    aliases: ["get", "b"],
    summary: "Buys beans",
    arguments: { beans: choice(["arabica", "earl grey"]), cities: list(text({ complete: ["Bonn", "Bremen"] })) },
    options: {
      gift: flag({ short: "g", description: "Wraps it" }),
      note: text({ short: "n", optional: true, complete: ["by hand", "fragile"] }),
      tag: list(choice(["new", "old"])),
    },
    run: () => undefined,
  });
  commands.add({ name: "order list", run: () => undefined });
  commands.add({ name: "order cancel", arguments: { number: text() }, run: () => undefined });
  commands.add({
    name: "tell",
    arguments: { to: choice(["alice", "bob"]), words: verbatim() },
    run: () => undefined,
  });
  commands.add({ name: "secret", hidden: true, run: () => undefined });
  commands.add({ name: "reboot", permission: "admin", run: () => undefined });
  return commands;
}

/** What there is at the bar in a line, as whole lines. */
function at(commands: Commands, marked: string): string[] {
  const cursor = marked.indexOf("¦");
  const line = marked.replace("¦", "");
  const answer = commands.complete(ALICE, { line, cursor, word: "", signal });
  assert.ok(!(answer instanceof Promise), "what is known at once is told at once");
  const { items, start = -1 } = answer as Completions;
  return items.map((item) => line.slice(0, start) + (typeof item === "string" ? item : item.value));
}

const CASES: readonly (readonly [line: string, found: readonly string[]])[] = [
  ["¦", ["help", "buy", "order", "tell"]],
  ["b¦", ["buy"]],
  ["ge¦", ["get"]],
  ["B¦", []],
  ["?¦", ["?"]],
  ["order ¦", ["order list", "order cancel"]],
  ["order l¦", ["order list"]],
  ["order list ¦", []],
  ["order x ¦", []],
  ["help ¦", ["help help", "help buy", "help order", "help tell"]],
  ["help order ¦", ["help order list", "help order cancel"]],
  ["? o¦", ["? order"]],
  ["secret¦", []],
  ["reb¦", []],
  ["reboot ¦", []],
  ["buy ¦", ["buy arabica", "buy earl\\ grey"]],
  ["b ear¦", ["b earl\\ grey"]],
  ["buy earl\\ ¦", ["buy earl\\ grey"]],
  ["buy earl\\¦", ["buy earl\\ grey"]],
  ['buy "ear¦', ['buy "earl grey"']],
  ["buy 'ear¦", ["buy 'earl grey'"]],
  ["buy 'earl 'gr¦", ["buy 'earl 'grey"]],
  ["buy tea¦", []],
  ["tell ¦", ["tell alice", "tell bob"]],
  ["tell bob a¦", []],
  ["tell bob -¦", []],
  ["buy arabica ¦", ["buy arabica Bonn", "buy arabica Bremen"]],
  ["buy arabica Bonn b¦", ["buy arabica Bonn Bonn", "buy arabica Bonn Bremen"]],
  ["buy arabica BO¦", []],
  ["buy -¦", ["buy --gift", "buy --note", "buy --tag", "buy --help"]],
  ["buy --gift -¦", ["buy --gift --note", "buy --gift --tag", "buy --gift --help"]],
  ["buy --tag new --t¦", ["buy --tag new --tag"]],
  ["buy --note ¦", ["buy --note by\\ hand", "buy --note fragile"]],
  ["buy -n f¦", ["buy -n fragile"]],
  ["buy -gn ¦", ["buy -gn by\\ hand", "buy -gn fragile"]],
  ["buy --note=¦", ["buy --note=by\\ hand", "buy --note=fragile"]],
  ['buy --note="by¦', ['buy --note="by hand"']],
  ["buy --gift=¦", []],
  ["buy --colour=¦", []],
  ["buy --tag old --tag n¦", ["buy --tag old --tag new"]],
  ["buy -- -¦", []],
  ["buy -- a¦", ["buy -- arabica"]],
  ["buy a¦ --gift", ["buy arabica"]],
  ["help | ¦", ["help | more", "help | less"]],
  ["help|l¦", ["help|less"]],
  ["help | less ¦", []],
  ["buy '|' ¦", ["buy '|' Bonn", "buy '|' Bremen"]],
];

for (const [marked, found] of CASES) {
  test(`${marked} finds ${found.length === 0 ? "nothing" : found.join(", ")}`, () => {
    assert.deepEqual(at(shop(), marked), found);
  });
}

test("candidates have what is told of them, and names their summaries", () => {
  const { items } = shop().complete(ALICE, { line: "bu", cursor: 2, word: "bu", signal }) as Completions;
  assert.deepEqual(items[0], { value: "buy", label: "buy", description: "Buys beans" });
  const options = shop().complete(ALICE, { line: "buy --g", cursor: 7, word: "--g", signal }) as Completions;
  assert.deepEqual(options.items[0], { value: "--gift", label: "--gift", description: "Wraps it" });
  const values = shop().complete(ALICE, { line: "buy --note=", cursor: 11, word: "--note=", signal }) as Completions;
  assert.deepEqual(values.items[0], { value: "--note=by\\ hand", label: "by hand" });
});

test("a value is completed by the app, which is told what there is, and may take its time", async () => {
  const asked: Completing[] = [];
  const commands = new Commands();
  commands.add({
    name: "kick",
    arguments: {
      user: text({
        complete: async (completing) => {
          asked.push(completing);
          return new Set([completing.client.username, "bob smith"]);
        },
      }),
      path: text({ complete: () => [{ value: "my files/", suffix: "" }] }),
    },
    run: () => undefined,
  });
  const answer = await commands.complete(ALICE, { line: "kick 'bob ", cursor: 10, word: "", signal });
  assert.deepEqual(answer, { start: 5, items: [{ value: "'bob smith'", label: "bob smith" }] });
  assert.deepEqual(asked, [{ word: "bob ", words: ["kick"], client: ALICE, signal }]);
  const path = commands.complete(ALICE, { line: "kick bob 'my", cursor: 12, word: "", signal });
  // More of it follows: the quote stays open.
  assert.deepEqual(path, { start: 9, items: [{ value: "'my files/", label: "my files/", suffix: "" }] });
});

test("a permission may be judged later, and what sudo opens is completed behind it", async () => {
  const lines = async (options: CommandsOptions, line: string): Promise<string[]> => {
    const answer = (await shop(options).complete(ALICE, {
      line,
      cursor: line.length,
      word: "",
      signal,
    })) as Completions;
    return answer.items.map((item) => (typeof item === "string" ? item : item.value));
  };
  assert.ok((await lines({ may: async () => true }, "")).includes("reboot"));
  assert.ok(!(await lines({ may: async () => false }, "")).includes("reboot"));
  const sudo = { allowed: async () => true, verify: () => false };
  assert.deepEqual(await lines({ sudo }, "su"), ["sudo"]);
  assert.ok((await lines({ sudo }, "sudo ")).includes("reboot"));
  assert.ok(!(await lines({ sudo }, "")).includes("reboot"));
  assert.deepEqual(await lines({ sudo }, "sudo buy --note fr"), ["fragile"]);
  const none = { sudo: { ...sudo, allowed: () => false } };
  assert.ok(!(await lines(none, "")).includes("sudo"));
  assert.deepEqual(await lines(none, "sudo "), []);
});

test("nobody is asked about what does not begin so", () => {
  const asked: string[] = [];
  const ask = async (what: string): Promise<boolean> => asked.push(what) > 0;
  const commands = shop({
    may: (_client, permission) => ask(permission),
    sudo: { allowed: () => ask("sudo"), verify: () => false },
  });
  assert.deepEqual(at(commands, "bu¦"), ["buy"]);
  assert.deepEqual(at(commands, "buy ear¦"), ["buy earl\\ grey"]);
  assert.deepEqual(asked, []);
  for (const word of ["re", "su"]) {
    assert.ok(commands.complete(ALICE, { line: word, cursor: 2, word, signal }) instanceof Promise);
  }
  assert.deepEqual(asked, ["admin", "sudo"]);
});

test("whatever has been typed of a word, a candidate comes out as it is", () => {
  const unit = fc.constantFrom("a", "B", "'", '"', "\\", " ", "|", "$", "é");
  const texts = fc.string({ unit, maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom("", "'", '"', "a'b'", '"a "'), texts, texts, (opening, typed, rest) => {
      const raw = opening + typed;
      const { words, pipes, open, isInWord } = scan(raw);
      const [only] = words;
      fc.pre(words.length === 1 && pipes.length === 0 && isInWord && only?.start === 0);
      const value = only.text + rest;
      for (const suffix of [" ", ""]) {
        const candidates: readonly Candidate[] = quotedAs(
          { raw, word: only.text, open, pipes: true },
          { value, suffix },
        );
        for (const { value: line } of candidates) {
          const quote = open === "single" ? "'" : open === "double" ? '"' : "";
          assert.deepEqual(splitWords(suffix === "" ? line + quote : line), [value]);
          assert.ok(line.startsWith(raw));
        }
      }
    }),
  );
});

test("no line makes it fail", () => {
  const commands = shop({ sudo: { allowed: () => true, verify: () => true } });
  const unit = fc.constantFrom("buy", "sudo", "order", "-", "--", "=", "n", "note", " ", "'", '"', "\\", "|", "é");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), fc.nat(40), (line, cursor) => {
      const answer = commands.complete(ALICE, { line, cursor: Math.min(cursor, line.length), word: "", signal });
      const { start = -1 } = answer as Completions;
      assert.ok(start >= 0 && start <= cursor);
    }),
  );
});
