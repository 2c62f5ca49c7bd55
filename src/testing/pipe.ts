import { escapeControls } from "../server/index.ts";
import type { Falsy, WaitOptions } from "./visitor.ts";
import { nameOf, Visitor } from "./visitor.ts";
import type { Line } from "./way.ts";

/** What {@link Pipe.waitFor} takes. */
export type PipePattern<Found = unknown> = string | RegExp | ((output: string) => Found);

/** How much of an output a message shows. */
const SHOWN = 2000;

/** A visitor without a terminal: `ssh host command`, `ssh -T host`, a pipe. */
export class Pipe<State> extends Visitor<State> {
  readonly #stdout: Collected = new Collected();
  readonly #stderr: Collected = new Collected();

  /** For `openPipe`. */
  constructor(line: Line<State>, username: string, timeout: number) {
    super(line, username, timeout);
    line.listen((bytes, stream) => {
      (stream === "stdout" ? this.#stdout : this.#stderr).add(bytes);
      this.changed();
    });
  }

  /** What the server has written to stdout so far. */
  get stdout(): string {
    return this.#stdout.text;
  }

  /** What the server has written to stderr so far. */
  get stderr(): string {
    return this.#stderr.text;
  }

  /** {@link stdout} as bytes. */
  get bytes(): Uint8Array {
    return this.#stdout.bytes;
  }

  /** Sends text or bytes. */
  write(input: string | Uint8Array): void {
    const bytes = typeof input === "string" ? Buffer.from(input) : input.slice();
    this.enqueue(() => this.line.send(bytes), "more input");
  }

  /** Sends no more, after a last piece if there is one. */
  end(input?: string | Uint8Array): void {
    if (input !== undefined) this.write(input);
    this.enqueue(() => this.line.end(), "the end of the input");
  }

  /**
   * Waits until something is in the output: a text, what an expression matches, or what a function finds in it.
   *
   * @returns the text, the match, or what the function gave.
   * @throws TestingError `TIMEOUT` or `ENDED`, with what there was.
   */
  waitFor(what: string, options?: WaitOptions): Promise<string>;
  waitFor(what: RegExp, options?: WaitOptions): Promise<RegExpMatchArray>;
  waitFor<Found>(what: (output: string) => Found, options?: WaitOptions): Promise<Exclude<Found, Falsy>>;
  waitFor(what: PipePattern, options?: WaitOptions): Promise<unknown> {
    return this.waitUntil(() => this.#look(what), nameOf(what), options);
  }

  protected override describe(): string {
    const { stdout, stderr } = this;
    const shown = (text: string): string =>
      text
        .slice(-SHOWN)
        .split("\n")
        .map((line) => escapeControls(line))
        .join("\n");
    return `${this.username} got${stdout === "" ? " nothing" : `:\n${shown(stdout)}`}${stderr === "" ? "" : `\nand on stderr:\n${shown(stderr)}`}`;
  }

  #look(what: PipePattern): unknown {
    if (typeof what === "function") return what(this.stdout) || undefined;
    if (typeof what === "string") return this.stdout.includes(what) ? what : undefined;
    return this.stdout.match(new RegExp(what.source, what.flags.replace(/[gy]/g, ""))) ?? undefined;
  }
}

/** One stream's output. */
class Collected {
  #pieces: Uint8Array[] = [];
  /** How many of the pieces are in {@link #text}. */
  #decoded = 0;
  #text = "";
  readonly #decoder = new TextDecoder();

  get bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  get text(): string {
    for (const piece of this.#pieces.slice(this.#decoded)) this.#text += this.#decoder.decode(piece, { stream: true });
    this.#decoded = this.#pieces.length;
    return this.#text;
  }

  /** Takes a copy: the server may use its buffer again. */
  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
  }
}
