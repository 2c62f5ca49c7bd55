/** An example, in this process or in one of its own. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ServerCore } from "../../../src/index.ts";
import { until } from "../../interop/harness/index.ts";

const EXAMPLES = new URL("../../../examples/", import.meta.url);
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

let count = 0;

/** The server that `examples/NAME.ts` makes and runs: here it is not run, until the test ends. */
export async function loadExample(t: TestContext, name: string, ...args: readonly string[]): Promise<ServerCore> {
  const made: ServerCore[] = [];
  const run = t.mock.method(ServerCore.prototype, "run", function (this: ServerCore) {
    made.push(this);
    return Promise.resolve({ host: "127.0.0.1", port: 2222 });
  });
  const muted = [t.mock.method(console, "log", () => undefined), t.mock.method(process.stderr, "write", () => true)];
  const { argv } = process;
  const home = process.cwd();
  const folder = makeFolder(t);
  process.chdir(folder); // what it writes goes there
  const listeners = SIGNALS.map((signal) => process.rawListeners(signal));
  process.argv = [...argv.slice(0, 2), ...args];
  try {
    // Each time anew: the state of an example belongs to one test.
    await import(new URL(`${name}.ts?${++count}`, EXAMPLES).href);
  } finally {
    process.argv = argv;
    for (const [index, signal] of SIGNALS.entries()) {
      for (const listener of process.rawListeners(signal)) {
        if (listeners[index]?.includes(listener) !== true) process.removeListener(signal, listener as () => void);
      }
    }
    run.mock.restore();
  }
  const [server] = made;
  if (server === undefined) throw new Error(`examples/${name}.ts does not run a server.`);
  t.after(async () => {
    await server.close();
    process.chdir(home);
    for (const { mock } of muted) mock.restore();
  });
  return server;
}

/** An example that runs. */
export interface Example {
  readonly port: number;
  readonly process: ChildProcess;
}

/** Runs `examples/NAME.ts`, which takes its port from the environment and tells it, until the test ends. */
export async function startExample(t: TestContext, name: string): Promise<Example> {
  const folder = makeFolder(t); // for its host key
  const file = new URL(`${name}.ts`, EXAMPLES).pathname;
  const child = spawn(process.execPath, ["--conditions=sallyport-source", file], {
    cwd: folder,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const port = (): number => Number(/ssh -p (\d+) localhost/.exec(output)?.[1]);
  await until(`${name} to listen`, () => port() > 0);
  return { port: port(), process: child };
}

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-example-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
