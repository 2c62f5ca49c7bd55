/** A visitor who goes away in the middle: the app's command comes to an end, which is no fault, and leaves nothing on the process. */
import "../../src/libraries/force-color.ts";
import assert from "node:assert/strict";
import { start } from "node:repl";
import { createInterface } from "node:readline/promises";
import { test } from "node:test";
import { text } from "@clack/prompts";
import { input, select } from "@inquirer/prompts";
import { MultiBar } from "cli-progress";
import { Listr, ListrLogger, ProcessOutput, SimpleRenderer } from "listr2";
import ora from "ora";
import { Server } from "../../src/index.ts";
import type { Client, CommandContext } from "../../src/index.ts";
import { openTerminal } from "../../src/testing/index.ts";
import { until } from "../interop/harness/index.ts";
import { listenersOnProcess } from "./process.ts";

/** What an app does until its visitor goes. It may reject with what says that it was called off. */
type App = (client: Client, context: CommandContext) => Promise<unknown>;

/** Resolves when a signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

const apps: Readonly<Record<string, { readonly shows: string; readonly app: App }>> = {
  "@inquirer/prompts, with the command's signal": {
    shows: "Name?",
    app: (client, { signal }) => input({ message: "Name?" }, { input: client.stdin, output: client.stdout, signal }),
  },
  "@inquirer/prompts, without": {
    shows: "Which?",
    app: (client) => select({ message: "Which?", choices: ["a", "b"] }, { input: client.stdin, output: client.stdout }),
  },
  "@clack/prompts, with the command's signal": {
    shows: "Name?",
    app: (client, { signal }) => text({ message: "Name?", input: client.stdin, output: client.stdout, signal }),
  },
  "@clack/prompts, without": {
    shows: "Name?",
    app: (client) => text({ message: "Name?", input: client.stdin, output: client.stdout }),
  },
  "node:readline, with the command's signal": {
    shows: "Name?",
    app: (client, { signal }) =>
      createInterface({ input: client.stdin, output: client.stdout }).question("Name? ", { signal }),
  },
  "node:readline, line by line": {
    shows: "Well?",
    async app(client) {
      client.sendln("Well?");
      for await (const line of createInterface({ input: client.stdin, output: client.stdout })) client.sendln(line);
    },
  },
  "node:repl": {
    shows: "js>",
    app: (client) =>
      new Promise((resolve) => {
        const repl = start({ prompt: "js> ", input: client.stdin, output: client.stdout, terminal: true });
        repl.on("exit", () => resolve(undefined));
      }),
  },
  ora: {
    shows: "baking",
    async app(client, { signal }) {
      const spinner = ora({ text: "baking", stream: client.stdout, isEnabled: true, discardStdin: false }).start();
      await aborted(signal);
      spinner.stop();
    },
  },
  "cli-progress": {
    shows: "one 0/4",
    async app(client, { signal }) {
      const bars = new MultiBar({ stream: client.stdout, format: "one {value}/{total}", gracefulExit: false });
      bars.create(4, 0);
      await aborted(signal);
      bars.stop();
    },
  },
  listr2: {
    shows: "Dough",
    app(client, { signal }) {
      const logger = new ListrLogger({ processOutput: new ProcessOutput(client.stdout, client.stderr) });
      const tasks = [{ title: "Dough", task: () => aborted(signal) }];
      const renderer = { renderer: SimpleRenderer, rendererOptions: { logger } };
      return new Listr(tasks, { ...renderer, registerSignalListeners: false }).run();
    },
  },
};

for (const [name, { shows, app }] of Object.entries(apps)) {
  test(`${name}: a visitor who hangs up ends it`, async () => {
    let ended = 0;
    const errors: unknown[] = [];
    await using ssh = new Server({ allowAnyone: true, log: false });
    ssh.onUser("command", async (client, _, context) => {
      await app(client, context).finally(() => ended++);
    });
    ssh.onUser("error", (_, error) => void errors.push(error));
    const visit = async (): Promise<void> => {
      await using alice = await openTerminal(ssh, { timeout: 30_000 });
      await alice.waitFor("> ");
      alice.type("go\r");
      await alice.waitFor(shows);
    };
    await visit(); // what a library puts there once for all is there then
    await until("the first end", () => ended === 1);
    const before = listenersOnProcess();
    await visit();
    await until("the second end", () => ended === 2);
    assert.deepEqual(listenersOnProcess(), before);
    assert.deepEqual(errors, []);
  });
}
