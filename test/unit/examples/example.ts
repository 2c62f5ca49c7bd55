/** An example as a process of its own, and visitors who come to it with the client of the npm package ssh2. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import xterm from "@xterm/headless";
import ssh2 from "ssh2";

const ROOT = new URL("../../..", import.meta.url).pathname;

/** An example that runs. */
export interface Example {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it has written so far, stderr too. */
  readonly output: () => string;
}

/** Runs `examples/NAME.ts` until the test ends, on a free port in place of the 2222 that is written in it. */
export async function startExample(t: TestContext, name: string, ...args: readonly string[]): Promise<Example> {
  const port = await freePort();
  // Beside the others, so that "sallyport" is this package; its host key goes into the folder it runs in.
  const copies = mkdtempInCache();
  const folder = mkdtempSync(join(tmpdir(), "sallyport-example-"));
  const source = readFileSync(`${ROOT}/examples/${name}.ts`, "utf8");
  const file = `${copies}/${name}.ts`;
  writeFileSync(file, source.replaceAll("2222", String(port)));
  const child = spawn(process.execPath, ["--conditions=sallyport-source", file, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(copies, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  await until(
    () => `${name} listens: ${output}`,
    () => isOpen(port),
  );
  return { port, process: child, output: () => output };
}

/** How to log in; with nothing said, by the method none. */
export interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly privateKey?: string;
}

/** A visitor who has logged in, until the test ends. Rejects when the login is refused. */
export async function logIn(t: TestContext, port: number, login: Login = {}): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  t.after(() => client.end());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once("ready", resolve).on("error", reject);
  client.connect({ host: "127.0.0.1", port, username: "alice", ...login });
  await promise;
  return client;
}

/** What a command came to. */
export interface Result {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a command as `ssh host command < input` does. */
export function exec(client: ssh2.Client, command: string, input: Uint8Array = new Uint8Array()): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  client.exec(command, (error, channel) => {
    if (error !== undefined) return reject(error);
    const stdout: Buffer[] = [];
    let stderr = "";
    let status: number | null = null;
    channel.on("data", (bytes: Buffer) => stdout.push(bytes));
    channel.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
    channel.on("exit", (code: number | null) => (status = code));
    channel.on("close", () => resolve({ status, stdout: Buffer.concat(stdout), stderr }));
    channel.end(Buffer.from(input));
  });
  return promise;
}

/** A shell on a terminal, with what its user sees. */
export interface Shell {
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until a text is on the screen. */
  sees(text: string): Promise<void>;
  /** Waits until a text is not on the screen any more. */
  seesNoMore(text: string): Promise<void>;
  /** The rows of the screen as they are, without the blanks behind them. */
  rows(): readonly string[];
}

/** Opens a shell on a terminal of 80 by 24. */
export async function openShell(client: ssh2.Client): Promise<Shell> {
  const { promise, resolve, reject } = Promise.withResolvers<ssh2.ClientChannel>();
  client.shell({ term: "xterm-256color", cols: 80, rows: 24 }, (error, channel) =>
    error === undefined ? resolve(channel) : reject(error),
  );
  const channel = await promise;
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  channel.on("data", (bytes: Buffer) => terminal.write(bytes));
  const rows = (): string[] => {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: terminal.rows }, (_, y) => active.getLine(active.baseY + y));
    return lines.map((line) => line?.translateToString(true).trimEnd() ?? "");
  };
  const has = (text: string): boolean => rows().some((row) => row.includes(text));
  return {
    type: (text) => void channel.write(text),
    resize: (columns, rows) => {
      // The screen of the test has an end, whatever the server is told.
      terminal.resize(Math.min(columns, 400), Math.min(rows, 200));
      channel.setWindow(rows, columns, 0, 0);
    },
    sees: (text) =>
      until(
        () => `${JSON.stringify(text)} in ${JSON.stringify(rows())}`,
        () => has(text),
      ),
    seesNoMore: (text) =>
      until(
        () => `no ${JSON.stringify(text)} in ${JSON.stringify(rows())}`,
        () => !has(text),
      ),
    rows,
  };
}

/** Waits for a condition, for half a minute at most. */
async function until(what: () => string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition());) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what()}`);
    await sleep(10);
  }
}

function mkdtempInCache(): string {
  mkdirSync(`${ROOT}/.cache`, { recursive: true });
  return mkdtempSync(`${ROOT}/.cache/example-`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
