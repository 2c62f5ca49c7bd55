import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { extname } from "node:path";
import type { FromApp, ToApp } from "./messages.ts";

/** How long an app may take to end when it is told to, in milliseconds. */
const END_TIME = 5000;

/** What an app is started with. */
export interface AppCommand {
  /** Options for Node. */
  readonly nodeOptions: readonly string[];
  readonly file: string;
  readonly args: readonly string[];
}

/** One run of the app. */
export class AppProcess {
  /** Resolves when it has ended, with how, in words. */
  readonly over: Promise<string>;
  readonly #child: ChildProcess;
  #isOver = false;

  /** @param heard gets what the app tells. */
  constructor({ nodeOptions, file, args }: AppCommand, heard: (message: FromApp) => void) {
    const agent = new URL(`./agent${extname(import.meta.filename)}`, import.meta.url).href;
    const all = [...process.execArgv, ...nodeOptions, `--import=${agent}`, file, ...args];
    this.#child = spawn(process.execPath, all, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message) => heard(message as FromApp));
    this.over = new Promise((resolve) => {
      this.#child.on("error", (error) => resolve(error.message));
      this.#child.on("exit", (status, signal) =>
        resolve(signal === null ? `exit status ${status}` : `signal ${signal}`),
      );
    });
    void this.over.then(() => (this.#isOver = true));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  tell(message: ToApp): void {
    // It may just be going.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /**
   * Asks it to end, and makes it when it does not.
   *
   * @param signal undefined when it has been asked already.
   */
  async end(signal: "SIGTERM" | "SIGINT" | undefined): Promise<void> {
    if (signal !== undefined) this.#child.kill(signal);
    const timer = setTimeout(() => this.kill(), END_TIME);
    await this.over;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
