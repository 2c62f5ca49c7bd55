import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { peer } from "../peers.ts";
import { until } from "./until.ts";

const ON_TERMINAL = new URL("on_terminal.py", import.meta.url).pathname;

/** A program on a terminal of its own. */
export class Terminal {
  /** All that the terminal got to show. */
  output = "";
  readonly #child: ChildProcess;
  #seen = 0;
  #status: number | null | undefined;

  constructor(
    columns: number,
    rows: number,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.#child = spawn(peer("python3") ?? "python3", [ON_TERMINAL, String(columns), String(rows), command, ...args], {
      env: { ...process.env, TERM: "xterm-256color", ...env },
      stdio: ["pipe", "pipe", "inherit", "pipe"],
    });
    this.#child.stdout?.on("data", (bytes: Buffer) => (this.output += bytes.toString("utf8")));
    for (const pipe of [this.#child.stdin, this.#resizer]) pipe?.on("error", () => undefined);
    this.#child.once("close", (status) => (this.#status = status));
  }

  /** Waits until the terminal shows a text after what was waited for before. */
  async sees(text: string): Promise<void> {
    const isThere = (): boolean => this.output.includes(text, this.#seen);
    await until(`${JSON.stringify(text)} on a terminal`, () => isThere() || this.#status !== undefined).catch(
      () => undefined,
    );
    const shown = JSON.stringify(this.output.slice(this.#seen));
    if (!isThere()) throw new Error(`the terminal does not show ${JSON.stringify(text)} but ${shown}`);
    this.#seen = this.output.indexOf(text, this.#seen) + text.length;
  }

  /** Waits until the program has ended, and gives its exit status; null when it was killed. */
  async ends(): Promise<number | null> {
    await until("the end of a program on a terminal", () => this.#status !== undefined);
    return this.#status ?? null;
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Gives the terminal another size, which its program is told by SIGWINCH. */
  resize(columns: number, rows: number): void {
    this.#resizer.write(`${columns} ${rows}\n`);
  }

  /** Ends the program, whatever it does. */
  kill(): void {
    this.#child.kill();
  }

  get #resizer(): Writable {
    return this.#child.stdio[3] as Writable;
  }
}
