import { Program } from "../../../src/testing/openssh/program.ts";
import { until } from "./until.ts";

/** A program on a terminal of its own, and the bytes that it shows. */
export class Terminal {
  /** All that the terminal got to show. */
  output = "";
  readonly #program: Program;
  #seen = 0;
  #status: number | null | undefined;

  constructor(
    columns: number,
    rows: number,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ) {
    this.#program = new Program(command, args, {
      env: { TERM: "xterm-256color", ...env },
      size: { columns, rows },
    });
    this.#program.listen((bytes) => (this.output += Buffer.from(bytes).toString("utf8")));
    void this.#program.over.then((status) => (this.#status = status));
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
    this.#program.send(Buffer.from(text));
  }

  /** Gives the terminal another size, which its program is told by SIGWINCH. */
  resize(columns: number, rows: number): void {
    this.#program.resize(columns, rows);
  }

  /** Ends the program, whatever it does. */
  kill(): void {
    this.#program.kill();
  }
}
