import { createRequire } from "node:module";
import { testPair } from "./pair.ts";

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

testPair(
  "terminal-kit draws and hears keys on a session's streams",
  (client) =>
    new Promise<void>((resolve) => {
      const terminal = terminalKit.createTerminal({
        stdin: client.stdin,
        stdout: client.stdout,
        stderr: client.stderr,
        generic: "xterm-256color",
        isTTY: true,
        isSSH: true,
        processSigwinch: false,
        preferProcessSigwinch: false,
      });
      terminal.green(`hello ${client.username}\n`);
      terminal.grabInput(true);
      terminal.on("key", (name) => {
        terminal(`pressed ${name}\n`);
        if (name !== "q") return;
        terminal.grabInput(false);
        resolve();
      });
    }),
  async (visitor, name) => {
    await visitor.waitFor(`hello ${name}`);
    visitor.press("up");
    await visitor.waitFor("pressed UP");
    visitor.press("q");
    await visitor.waitFor("pressed q");
  },
);
