import assert from "node:assert/strict";
import { start } from "node:repl";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { testPair } from "./pair.ts";

testPair(
  "node:readline asks, completes and remembers",
  async (client, { signal }) => {
    const lines = createInterface({
      input: client.stdin,
      output: client.stdout,
      completer: (line: string): [string[], string] => [
        ["colour", "cobalt"].filter((word) => word.startsWith(line)),
        line,
      ],
    });
    const name = await lines.question("Name? ", { signal });
    const word = await lines.question("Word? ", { signal });
    lines.close();
    client.sendln(`${client.username}: ${name}, ${word}, ${client.stdout.columns} columns`);
  },
  async (visitor, name) => {
    await visitor.waitFor("Name? ");
    visitor.type(`${name}x`);
    visitor.press("backspace", "enter");
    await visitor.waitFor("Word? ");
    visitor.type("col\t");
    await visitor.waitFor("Word? colour");
    visitor.press("enter");
    await visitor.waitFor(`${name}: ${name}, colour, ${visitor.screen.columns} columns`);
  },
);

testPair(
  "node:repl evaluates, with a context for each visitor",
  (client) =>
    new Promise<void>((resolve) => {
      const repl = start({
        prompt: "js> ",
        input: client.stdin,
        output: client.stdout,
        terminal: true,
        useGlobal: false,
      });
      repl.context["me"] = client.username;
      repl.on("exit", () => resolve());
    }),
  async (visitor, name) => {
    await visitor.waitFor("js> ");
    visitor.type("me.toUpperCase() + 1\r");
    await visitor.waitFor(`'${name.toUpperCase()}1'`);
    visitor.type("nonsense(\r");
    await visitor.waitFor("|");
    visitor.press("ctrl+c");
    visitor.type(".exit\r");
  },
);

testPair(
  "util.styleText writes what the stream can show",
  (client) => {
    client.stdout.write(`${styleText(["bold", "red"], client.username, { stream: client.stdout })} is here\n`);
  },
  async (visitor, name) => {
    await visitor.waitFor(`${name} is here`);
    assert.equal(visitor.screen.styleOf(`${name} is here`), "bold red | ");
  },
);
