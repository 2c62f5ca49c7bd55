import type { ClientReadStream, ClientWriteStream, Key } from "../../terminal/index.ts";
import { BELL, title } from "../../terminal/index.ts";
import type { Connection, Endpoint, Identity } from "../connection.ts";
import type { PtyData, WindowSize } from "../session.ts";
import type { CommandResult } from "./command.ts";
import type { EndReason, RunningCommand, SessionHost, SessionKind } from "./facts.ts";
import type { Input } from "../input/input.ts";
import type { AskOptions, Choice, ChooseOptions, ConfirmOptions, PasswordOptions, PromptSignal } from "./questions.ts";
import { ask, choose, confirm, password } from "./questions.ts";

/**
 * One session of a visitor: a shell, a command or a subsystem. A connection with ten shells is ten clients, which share
 * `client.connection`. Servers make them; the events hand them out.
 */
export class Client<State = Record<string, unknown>> {
  /** The app's own bag for this session, as the server's option `state` made it. */
  readonly state: State;
  /** When the session began, in milliseconds since 1970. */
  readonly since: number = Date.now();
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost, makeState: ((client: Client<State>) => State) | undefined) {
    this.#host = host;
    this.state = makeState === undefined ? ({} as State) : makeState(this);
  }

  /** The connection that the session came by. */
  get connection(): Connection {
    return this.#host.connection;
  }

  /** The name that the user logged in with: at most 255 bytes, without control characters. */
  get username(): string {
    return this.connection.username ?? "";
  }

  /** What the verdict of an `auth` handler attached, such as `{ accept: true, user: { role: "admin" } }`. */
  get user(): Identity | undefined {
    return this.connection.user;
  }

  /** The visitor's address and port. */
  get peer(): Endpoint {
    return this.connection.peer;
  }

  /**
   * The environment variables that the client set and the option `acceptEnv` took, and those of its login. Where the
   * login may run one command alone, `SSH_ORIGINAL_COMMAND` has what the client asked for.
   */
  get env(): Readonly<Record<string, string>> {
    return this.#host.facts.env;
  }

  /** The terminal that was requested; undefined without one (`ssh -T`, `ssh host command`, a pipe). */
  get pty(): PtyData | undefined {
    return this.#host.facts.pty;
  }

  /** The size of the terminal, kept up to date; 80 by 24 without one. */
  get window(): WindowSize {
    return this.#host.facts.window;
  }

  /** What is served; undefined until the client has asked for something. */
  get kind(): SessionKind | undefined {
    return this.#host.facts.kind;
  }

  /** Whether commands come from a shell, one after the other, and not from `ssh host command`. */
  get interactive(): boolean {
    return this.kind === "shell";
  }

  /** The command of `ssh host command`, or the name of the subsystem. */
  get request(): string | undefined {
    return this.#host.facts.request;
  }

  /** Aborted when the session ends. For one command alone see the `signal` that its handler gets. */
  get signal(): AbortSignal {
    return this.#host.signal;
  }

  /** The command whose handler has not come back yet. */
  get commandRunning(): RunningCommand | undefined {
    return this.#host.facts.running;
  }

  /** The command that ended last, with {@link lastResult}. */
  get lastCommand(): string | undefined {
    return this.#host.facts.lastCommand;
  }

  get lastResult(): CommandResult | undefined {
    return this.#host.facts.lastResult;
  }

  /** What a handler of this client threw last. */
  get lastError(): unknown {
    return this.#host.facts.lastError;
  }

  /** The lines entered at the prompt, oldest first. */
  get history(): Iterable<string> {
    return this.#host.history;
  }

  /** Why the session ended; undefined while it lasts. */
  get endReason(): EndReason | undefined {
    return this.#host.facts.endReason;
  }

  /** The exit status that the client was or will be told. */
  get exitStatus(): number | undefined {
    return this.#host.facts.exitStatus;
  }

  /**
   * What the visitor sends, as `process.stdin` has it: with a terminal lines, or keys after `setRawMode(true)`, and otherwise
   * bytes. While somebody reads it, input goes there, except for what a question asks for. It ends with the command that
   * read it, and with Ctrl-D; the next command finds another one here, as on Unix each program has its own.
   *
   * @throws Error before the client has asked for anything, in the option `state`.
   */
  get stdin(): ClientReadStream {
    this.#host.listen();
    return this.#host.streams.stdin;
  }

  /**
   * What the visitor sees, as `process.stdout` has it, with backpressure: pipe into it what is large. `end()` and `destroy()`
   * leave it open, until the session ends.
   *
   * @throws Error before the client has asked for anything, in the option `state`.
   */
  get stdout(): ClientWriteStream {
    return this.#host.streams.stdout;
  }

  /** As {@link stdout}, for errors; on a terminal both lead to the one screen. */
  get stderr(): ClientWriteStream {
    return this.#host.streams.stderr;
  }

  /**
   * Writes text, or bytes as they are. While a line is being typed at the prompt, the text goes above it, in whole lines.
   *
   * Text may hold colours; pass what other users typed through `escapeControls`. It returns at once. Who writes much in
   * a loop awaits {@link drained}: with more than `limits.maxUnsent` waiting for the visitor, the session ends. After the
   * end of the session nothing happens.
   */
  send(text: string | Uint8Array): void {
    if (typeof text === "string") this.#host.input.print(text, "stdout");
    else this.#host.input.printBytes(text, "stdout", true);
  }

  /** Writes a line: the text and a newline. */
  sendln(text = ""): void {
    this.send(`${text}\n`);
  }

  /** Resolves when little is waiting to be read by the visitor; at once as long as that is so. */
  drained(): Promise<void> {
    return this.#host.output.drained();
  }

  /**
   * Asks for a line.
   *
   * @returns the answer without its newline; what `default` says for an empty one.
   * @throws AbortError on Ctrl-C, Ctrl-D, the end of the session, or when `options.signal` is aborted.
   */
  ask(question: string, options?: AskOptions): Promise<string> {
    return quiet(ask(this.#reader, question, options));
  }

  /** Asks for a line that is not shown. Default question `Password: `. @throws AbortError as {@link ask}. */
  password(question = "Password: ", options?: PasswordOptions): Promise<string> {
    return password(this.#reader, question, options);
  }

  /** Asks yes or no, again until it is one of them; Enter alone is the default, `false`. @throws AbortError as {@link ask}. */
  confirm(question: string, options?: ConfirmOptions): Promise<boolean> {
    return quiet(confirm(this.#reader, question, options));
  }

  /**
   * Lets the user choose from a numbered list, by number or by the beginning of a label.
   *
   *     const colour = await client.choose("Which colour?", ["red", "green"]);
   *
   * @throws AbortError as {@link ask}.
   */
  choose<const Value extends string>(
    question: string,
    choices: readonly Value[],
    options?: ChooseOptions,
  ): Promise<Value>;
  choose<Value>(question: string, choices: readonly Choice<Value>[], options?: ChooseOptions): Promise<Value>;
  choose<Value>(
    question: string,
    choices: readonly (string | Choice<Value>)[],
    options?: ChooseOptions,
  ): Promise<Value | string> {
    return quiet(choose(this.#reader, question, choices, options));
  }

  /** Waits for one key, without echo; before any question. @throws AbortError as {@link ask}. */
  key(options?: PromptSignal): Promise<Key> {
    return this.#reader.key(options?.signal);
  }

  /** Changes what stands before the line that the visitor types, at once. It may have colours. */
  setPrompt(prompt: string): void {
    this.#host.facts.prompt = prompt;
    this.#host.input.setPrompt(prompt);
  }

  /** Empties the screen; without a terminal nothing happens. */
  clear(): void {
    this.#host.input.clear();
  }

  /** Sets the title of the terminal's window, at most 256 characters; without a terminal nothing happens. */
  title(text: string): void {
    this.#control(title(text));
  }

  /** Rings the terminal's bell; without a terminal nothing happens. */
  bell(): void {
    this.#control(BELL);
  }

  /** Ends the session once what was written has left. The client is told the status of the last command, or 0. */
  close(): void {
    this.#host.end("closed");
  }

  /** Ends the session with an exit status, from 0 to 255. */
  exit(status = 0): void {
    this.#host.end("exit", status);
  }

  get #reader(): Input {
    this.#host.listen();
    return this.#host.input;
  }

  #control(sequence: string): void {
    if (this.pty !== undefined) this.#host.output.control(sequence);
  }
}

/** An app that does not look at its answer must not bring the process down when the user hangs up. */
function quiet<Value>(answer: Promise<Value>): Promise<Value> {
  answer.catch(() => undefined);
  return answer;
}
