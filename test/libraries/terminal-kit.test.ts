import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Server } from "../../src/index.ts";
import type { Client } from "../../src/index.ts";
import { offProcess } from "../../src/libraries/off-process.ts";
import { openTerminal } from "../../src/testing/index.ts";
import { until } from "../interop/harness/index.ts";
import { testPair } from "./pair.ts";
import { listenersOnProcess } from "./process.ts";

/** The little of terminal-kit that is used here; it has no types of its own. */
interface TerminalKit {
  createTerminal(options: object): Kit;
}
interface Kit {
  (text: string): Kit;
  grabInput(isOn: boolean | object): void;
  on(event: "key", listener: (name: string) => void): void;
  readonly green: (text: string) => Kit;
}
const terminalKit = createRequire(import.meta.url)("terminal-kit") as TerminalKit;

/** Greets, and tells of keys until `q`, or the end of the session. */
function keys(client: Client, signal: AbortSignal): Promise<void> {
  const { stdin, stdout, stderr } = client;
  const terminal = offProcess(() =>
    terminalKit.createTerminal({
      stdin,
      stdout,
      stderr,
      generic: "xterm-256color",
      isTTY: true,
      isSSH: true,
      processSigwinch: false,
      preferProcessSigwinch: false,
    }),
  );
  terminal.green(`hello ${client.username}\n`);
  terminal.grabInput(true);
  return new Promise((resolve) => {
    const leave = (): void => {
      terminal.grabInput(false);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    terminal.on("key", (name) => {
      terminal(`pressed ${name}\n`);
      if (name === "q") leave();
    });
  });
}

testPair(
  "terminal-kit draws and hears keys on a session's streams",
  (client, { signal }) => keys(client, signal),
  async (visitor, name) => {
    await visitor.waitFor(`hello ${name}`);
    visitor.press("up");
    await visitor.waitFor("pressed UP");
    visitor.press("q");
    await visitor.waitFor("pressed q");
  },
);

test("terminal-kit leaves nothing on the process, with the help of offProcess, and ends when its visitor hangs up", async () => {
  const ended: string[] = [];
  await using ssh = new Server({ allowAnyone: true, log: false });
  ssh.onUser("command", async (client, _, { signal }) => {
    await keys(client, signal);
    ended.push(client.username);
  });
  const before = listenersOnProcess();
  for (let session = 0; session < 3; session++) {
    await using alice = await openTerminal(ssh, { timeout: 30_000 });
    await alice.waitFor("> ");
    alice.type("go\r");
    await alice.waitFor("hello alice");
    assert.deepEqual(listenersOnProcess(), before);
  }
  await until("three ends", () => ended.length === 3);
});
