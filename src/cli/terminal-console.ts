import { createInterface } from "node:readline/promises";
import type { Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Console } from "./verb.ts";
import { Failure } from "./verb.ts";

/** The terminal, or the pipe, that the command was started on. Questions go to stderr, so that stdout holds results alone. */
export class TerminalConsole implements Console {
  readonly #input: NodeJS.ReadStream = process.stdin;
  readonly #output: NodeJS.WriteStream = process.stderr;
  #reader: Interface | undefined;
  #lines: AsyncIterableIterator<string> | undefined;

  get interactive(): boolean {
    return this.#input.isTTY;
  }

  print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  ask(question: string): Promise<string> {
    return this.interactive ? this.#question(question, this.#output) : this.#nextLine();
  }

  async askSecret(question: string): Promise<string> {
    if (!this.interactive) return this.#nextLine();
    try {
      // readline echoes to its output: to one that shows nothing.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      // Asked only once readline has taken the terminal: until then the terminal itself shows what is typed.
      return await this.#question("", nowhere, () => this.#output.write(question));
    } finally {
      this.#output.write("\n");
    }
  }

  async readRest(): Promise<string> {
    const lines: string[] = [];
    for await (const line of this.#remaining()) lines.push(line);
    return lines.join("\n");
  }

  /** Reads no more: a pipe that whoever started the command keeps open does not keep the command. */
  close(): void {
    this.#reader?.close();
  }

  async #question(question: string, output: Writable, isReady?: () => void): Promise<string> {
    const readline = createInterface({ input: this.#input, output, terminal: true, historySize: 0 });
    isReady?.();
    const closed = new AbortController();
    readline.once("close", () => closed.abort());
    readline.once("SIGINT", () => readline.close());
    try {
      return await readline.question(question, { signal: closed.signal });
    } catch (error) {
      if (closed.signal.aborted) throw new Failure("interrupted: nothing was done.", { cause: error });
      throw error;
    } finally {
      readline.close();
    }
  }

  async #nextLine(): Promise<string> {
    const next = await this.#remaining().next();
    return next.done === true ? "" : next.value;
  }

  #remaining(): AsyncIterableIterator<string> {
    this.#reader ??= createInterface({ input: this.#input });
    return (this.#lines ??= this.#reader[Symbol.asyncIterator]());
  }
}
