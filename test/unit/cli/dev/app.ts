/** An app of its own, run by `sallyport dev`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { openTerminal } from "../../../../src/testing/index.ts";
import type { Terminal, TerminalOptions } from "../../../../src/testing/index.ts";
import { until } from "../../../interop/harness/index.ts";

const ROOT = new URL("../../../../", import.meta.url).pathname;

/** An app under development. */
export interface DevApp {
  /** Writes a file, as an editor does that writes it in place. */
  readonly write: (name: string, code: string) => void;
  /** As editors do that write another file and rename it. */
  readonly replace: (name: string, code: string) => void;
  readonly remove: (name: string) => void;
  /** The path of a file. */
  readonly at: (name: string) => string;
  /** The arguments by which Node runs \`sallyport dev\` with these. */
  readonly command: (...args: readonly string[]) => readonly string[];
  /** Runs `sallyport dev` with these arguments. */
  readonly start: (...args: readonly string[]) => void;
  /** Waits until there is something in the output that was not there before what was waited for last. */
  readonly hears: (what: RegExp) => Promise<RegExpExecArray>;
  /** A visitor with the real `ssh`, once the app listens. */
  readonly visit: (options?: TerminalOptions) => Promise<Terminal<unknown>>;
  /** Sends a signal; gives the exit status. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** The app that most tests have: modules in a folder, and a text of its own. */
export const APP = `import { Server } from "sallyport";
import { Commands, Modules } from "sallyport/commands";
import { greeting } from "./greeting.ts";
const ssh = new Server({ allowAnyone: true, port: Number(process.env["DEV_PORT"] ?? 0), log: false });
const commands = new Commands();
commands.mount(ssh);
const modules = new Modules({ server: ssh, commands });
await modules.load(new URL("./modules/", import.meta.url));
ssh.onUser("preshell", (client) => client.sendln(greeting));
process.once("SIGTERM", () => void ssh.close({ message: "The app goes." }));
const { port } = await ssh.run();
console.log(\`ssh -p \${port} localhost\`);
`;

export function makeDevApp(t: TestContext): DevApp {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  // Inside of the package, so that the app can import it by its name.
  const folder = mkdtempSync(join(ROOT, ".cache/dev-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  let output = "";
  let heard = 0;
  let child: ReturnType<typeof run> | undefined;
  const write = (name: string, code: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), code);
  };
  const hears = async (what: RegExp): Promise<RegExpExecArray> => {
    let found: RegExpExecArray | null = null;
    await until(`${what} in\n${output}`, () => (found = what.exec(output.slice(heard))) !== null).catch(() => {
      throw new Error(`${what} is not in\n${output.slice(heard)}\nbehind\n${output.slice(0, heard)}`);
    });
    const match = found as RegExpExecArray | null;
    if (match === null) throw new Error("never");
    heard += match.index + match[0].length;
    return match;
  };
  const command = (...args: readonly string[]): readonly string[] => [
    "--conditions=sallyport-source",
    join(ROOT, "src/cli/main.ts"),
    "dev",
    ...args,
  ];
  const run = (args: readonly string[]) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return spawn(process.execPath, command(...args), { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env });
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit") as Promise<[number | null]>;
    child.kill(signal);
    return (await exited)[0];
  };
  t.after(() => end("SIGTERM"));
  return {
    at,
    command,
    write,
    replace(name, code) {
      writeFileSync(at(`${name}.new~`), code);
      renameSync(at(`${name}.new~`), at(name));
    },
    remove: (name) => rmSync(at(name), { recursive: true }),
    start(...args) {
      child = run(args);
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => (output += text));
      }
    },
    hears,
    async visit(options) {
      const [, port] = await hears(/ssh -p (\d+) localhost/);
      return openTerminal({ host: "127.0.0.1", port: Number(port) }, { over: "ssh", timeout: 60_000, ...options });
    },
    end,
  };
}

/** A module with a command that says something. */
export function saying(text: string, name = "greeter"): string {
  return `import { command, defineModule } from "sallyport/commands";
import type { Module } from "sallyport/commands";
const module: Module = defineModule({
  name: "${name}",
  commands: [command({ name: "${name}", run: (client) => client.sendln("${text}") })],
});
export default module;
`;
}
