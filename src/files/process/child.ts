import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";
import { SessionBytes } from "../command/session-bytes.ts";

/** A program of this machine that is to serve a client. */
export interface ChildOptions {
  /** Where it is, absolute: no path of anybody's is searched. */
  readonly program: string;
  readonly args: readonly string[];
  /** The directory that it starts in. */
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /**
   * How long it may take, in milliseconds, to see by the end of its input that the client has gone, and to leave things tidy, before it is asked to end.
   * Default 0.
   */
  readonly patience?: number;
  /** Gets this end of a stream whose other end the process, and what it starts, has as file descriptor 3. */
  readonly control?: (stream: Duplex) => void;
}

/** How long a process has, in milliseconds, from when it is asked to end until it is made to. */
const GRACE = 5000;
/** So much of what it complains about is passed on, in bytes. */
const MAX_STDERR = 65_536;
/** What a shell gives for a process that a signal has ended. */
const SIGNALLED = 128;
/** What a shell gives for a program that cannot be started. */
const NOT_STARTED = 126;

/**
 * Runs a program on the bytes of a session, with backpressure both ways, and comes back with its status when it has ended and has been
 * waited for. It is a process group of its own, all of which ends with the session.
 *
 * @throws Error when it cannot be started; the client has not been told anything then.
 */
export async function runForClient<State>(client: Client<State>, options: ChildOptions): Promise<number> {
  const { signal, control, patience = 0 } = options;
  if (signal.aborted) return NOT_STARTED;
  // First: where they are somebody else's already, nothing is started.
  const session = SessionBytes.of(client);
  const child = start(options);
  const ended = statusOf(child);
  const stop = endGroupWhenAborted(child, signal, patience);
  try {
    control?.(child.stdio[3] as Duplex);
    void feed(session, child.stdin);
    const shown = Promise.all([drain(child.stdout, session), complain(child.stderr, client)]);
    const status = await ended;
    // What it has written before it ended is still on its way.
    await shown;
    return status;
  } finally {
    stop();
  }
}

function start({ program, args, cwd, env, control }: ChildOptions): ChildProcessWithoutNullStreams {
  const extra = control === undefined ? [] : (["pipe"] as const);
  return spawn(program, [...args], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", ...extra],
  });
}

/** The exit status, once the process is gone. */
function statusOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("exit", (code, name) => resolve(code ?? SIGNALLED + (name === null ? 0 : constants.signals[name])));
  return promise;
}

/** Ends the process and what it has started when the session ends; gives a function that stops to look out for that. */
function endGroupWhenAborted({ pid }: ChildProcess, signal: AbortSignal, patience: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const send = (name: NodeJS.Signals): void => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // The whole group is gone already.
    }
  };
  const end = (): void => {
    send("SIGTERM");
    timer = setTimeout(() => send("SIGKILL"), GRACE);
  };
  const wait = (): void => {
    if (patience === 0) end();
    else timer = setTimeout(end, patience);
  };
  signal.addEventListener("abort", wait, { once: true });
  return () => {
    signal.removeEventListener("abort", wait);
    clearTimeout(timer);
    // A child of it may have outlived it, and would write for nobody.
    if (signal.aborted) send("SIGKILL");
  };
}

/** What the client sends goes to the process, as fast as that reads it. */
async function feed(session: SessionBytes, stdin: Writable): Promise<void> {
  // Whoever ends without having read everything is not to be told.
  stdin.on("error", () => undefined);
  for (let bytes = await session.next(); bytes !== undefined && stdin.writable; bytes = await session.next()) {
    if (!stdin.write(bytes)) await drainedOrClosed(stdin);
  }
  stdin.end();
}

function drainedOrClosed(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stdin.closed) return resolve();
    const done = (): void => {
      stdin.off("drain", done).off("close", done);
      resolve();
    };
    stdin.once("drain", done).once("close", done);
  });
}

/** What the process writes goes to the client, as fast as that reads it. */
function drain(stdout: Readable, session: SessionBytes): Promise<void> {
  return readAll(stdout, (bytes) => session.write(bytes));
}

/** What the process complains about goes to the client, made safe to look at, and not without a bound. */
function complain<State>(stderr: Readable, client: Client<State>): Promise<void> {
  const decoder = new TextDecoder();
  let left = MAX_STDERR;
  return readAll(stderr, (bytes) => {
    // Beyond the bound the pipe is read all the same: the process would wait otherwise.
    const shown = decoder.decode(bytes.subarray(0, left), { stream: true });
    left -= Math.min(left, bytes.length);
    if (shown !== "") client.stderr.write(shown.replaceAll(/[^\n]+/g, (line) => escapeControls(line)));
  });
}

async function readAll(stream: Readable, take: (bytes: Buffer) => Promise<void> | void): Promise<void> {
  try {
    for await (const bytes of stream) await take(bytes as Buffer);
  } catch {
    // A pipe breaks with its process, whose status tells.
  }
}
