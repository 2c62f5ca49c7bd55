import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Reader } from "../way.ts";

/** Beside the source, whether this runs from `src` or from `dist`. */
const ON_TERMINAL = fileURLToPath(new URL("../../../src/testing/openssh/on_terminal.py", import.meta.url));

export interface ProgramOptions {
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs; by default where this process does. */
  readonly cwd?: string;
  /** The size of its terminal; without one it has pipes. */
  readonly size?: { readonly columns: number; readonly rows: number } | undefined;
}

/** A program of this machine: on a terminal of its own, or with pipes. */
export class Program {
  /** The exit status, or null when it was killed; all of its output has been read by then. Never rejects. */
  readonly over: Promise<number | null>;
  /** What went wrong when it could not be started. */
  fault: Error | undefined;
  readonly #child: ChildProcess;
  readonly #hasTerminal: boolean;

  constructor(command: string, args: readonly string[], options: ProgramOptions) {
    const { env, cwd, size } = options;
    this.#hasTerminal = size !== undefined;
    const line =
      size === undefined
        ? ([command, args] as const)
        : (["python3", [ON_TERMINAL, String(size.columns), String(size.rows), command, ...args]] as const);
    this.#child = spawn(...line, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe", "pipe"] });
    // A program may end without having read its input: its status says more.
    for (const pipe of [this.#child.stdin, this.#sizes]) pipe?.on("error", () => undefined);
    const { promise, resolve } = Promise.withResolvers<number | null>();
    this.over = promise;
    this.#child.once("error", (error) => {
      this.fault = error;
      resolve(null);
    });
    this.#child.once("close", (status) => resolve(status));
  }

  /** Begins to read; what came before is read at once. */
  listen(reader: Reader): void {
    this.#child.stdout?.on("data", (bytes: Buffer) => reader(bytes, "stdout"));
    this.#child.stderr?.on("data", (bytes: Buffer) => reader(bytes, "stderr"));
  }

  /** Reads on, or does not. */
  read(isOn: boolean): void {
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (isOn) stream?.resume();
      else stream?.pause();
  }

  send(bytes: Uint8Array): void {
    this.#child.stdin?.write(bytes);
  }

  end(): void {
    this.#child.stdin?.end();
  }

  /** Gives its terminal another size, which it is told by SIGWINCH. */
  resize(columns: number, rows: number): void {
    if (this.#hasTerminal) this.#sizes.write(`${columns} ${rows}\n`);
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.#child.kill();
  }

  get #sizes(): Writable {
    return this.#child.stdio[3] as Writable;
  }
}
