import { stripAnsi } from "../server/index.ts";
import type { ServerCore } from "../server/index.ts";
import { TestingError } from "./error.ts";
import { openInMemory } from "./memory/open.ts";
import { openOverSsh } from "./openssh/open.ts";
import type { Listening, TerminalOptions, VisitorOptions, Way } from "./options.ts";
import { Pipe } from "./pipe.ts";
import { loadXterm } from "./screen/load-xterm.ts";
import { ScreenModel } from "./screen/model.ts";
import { screenSize, Terminal } from "./terminal.ts";
import type { OpenLine, Program, Request } from "./way.ts";

const WAYS: Readonly<Record<Way, { readonly open: OpenLine; readonly timeout: number }>> = {
  memory: { open: openInMemory, timeout: 4000 },
  ssh: { open: openOverSsh, timeout: 30_000 },
};

/** What {@link openPipe} opens: a shell, a command, or a subsystem. */
export interface PipeOptions extends VisitorOptions {
  /** As `ssh host command`. */
  readonly command?: string;
  /** As `ssh -s host name`. */
  readonly subsystem?: string;
}

/** What {@link exec} runs a command with. */
export interface ExecOptions extends VisitorOptions {
  /** What the command reads; nothing by default. */
  readonly input?: string | Uint8Array;
}

/** What a command came to. */
export interface ExecResult {
  /** The exit status; undefined when the session ended without one. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** {@link stdout} as bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Opens a terminal on a server: a visitor logs in and gets a shell, or a command with a terminal. The server need not run.
 *
 *     await using alice = await openTerminal(ssh, { username: "alice", columns: 60 });
 *     await alice.waitFor("Welcome, alice!");
 *     assert.equal(await alice.run("hello"), "world!");
 *
 * @throws TestingError `CONNECTION_REFUSED`, `LOGIN_REFUSED`, `SESSION_REFUSED`, `MISSING_PACKAGE`, `MISSING_PROGRAM`.
 */
export async function openTerminal<State>(
  target: ServerCore<State> | Listening,
  options: TerminalOptions = {},
): Promise<Terminal<State>> {
  const { columns = 80, rows = 24, term = "xterm-256color", command, profile, prompt } = options;
  const size = { columns, rows };
  const shown = screenSize(size);
  const xterm = await loadXterm();
  const program: Program = command === undefined ? { type: "shell" } : { type: "exec", command };
  const { open, request } = prepare(target, options, program, { term, columns, rows });
  const screen = new ScreenModel(xterm, { ...shown, ...(profile !== undefined && { profile }) });
  const { username, timeout } = request.visitor;
  const usual = "options" in target ? stripAnsi(target.options.prompt) : "> ";
  return new Terminal(await open(request), { screen, size, username, timeout, prompt: prompt ?? usual });
}

/**
 * Opens a session without a terminal, as `ssh -T host`, `ssh host command` and `ssh -s host subsystem` do, to write to it and
 * read from it step by step. For a command that is run to its end there is {@link exec}.
 *
 * @throws TestingError as {@link openTerminal}.
 */
export async function openPipe<State>(
  target: ServerCore<State> | Listening,
  options: PipeOptions = {},
): Promise<Pipe<State>> {
  const { command, subsystem } = options;
  if (command !== undefined && subsystem !== undefined) {
    throw new TestingError("BAD_ARGUMENT", "A session has one program: a command or a subsystem.");
  }
  const program: Program =
    command !== undefined
      ? { type: "exec", command }
      : subsystem !== undefined
        ? { type: "subsystem", name: subsystem }
        : { type: "shell" };
  const { open, request } = prepare(target, options, program, undefined);
  return new Pipe(await open(request), request.visitor.username, request.visitor.timeout);
}

/**
 * Runs a command to its end, as `ssh host command < input` does.
 *
 *     const { status, stdout } = await exec(ssh, "sha256", { input: "abc" });
 *
 * @throws TestingError as {@link openTerminal}, and `TIMEOUT`.
 */
export async function exec<State>(
  target: ServerCore<State> | Listening,
  command: string,
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { input, ...rest } = options;
  await using pipe = await openPipe(target, { ...rest, command });
  if (!pipe.isOver) pipe.end(input);
  const status = await pipe.waitForExit();
  const { stdout, stderr, bytes } = pipe;
  return { status, stdout, stderr, bytes };
}

function prepare<State>(
  target: ServerCore<State> | Listening,
  options: VisitorOptions,
  program: Program,
  pty: Request<State>["pty"],
): { readonly open: OpenLine; readonly request: Request<State> } {
  const { over = process.env["SALLYPORT_TESTING_OVER"] ?? "memory", username = "alice", ...rest } = options;
  if (!isWay(over)) {
    const ways = Object.keys(WAYS).join(" and ");
    throw new TestingError("BAD_ARGUMENT", `There is no way ${JSON.stringify(over)} to a server; there are ${ways}.`);
  }
  const { open, timeout } = WAYS[over];
  const hasCredentials = [rest.password, rest.key, rest.answers].some((credential) => credential !== undefined);
  const visitor = { timeout, vouched: !hasCredentials, ...rest, username };
  return { open, request: { target, visitor, program, pty } };
}

function isWay(over: string): over is Way {
  return Object.hasOwn(WAYS, over);
}
