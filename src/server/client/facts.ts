import type { Connection } from "../connection.ts";
import type { BytePort, ByteReceiver } from "../input/byte-port.ts";
import type { Detection } from "../input/detection.ts";
import type { Input } from "../input/input.ts";
import type { Lines } from "../line/lines.ts";
import type { PtyData, WindowSize } from "../session.ts";
import type { CommandResult } from "./command.ts";
import type { Output } from "./output.ts";
import type { ClientStreams } from "./streams.ts";

/** Why a session ended. */
export type EndReason =
  /** The user left: `client.exit()`, Ctrl-D at the prompt, the end of a pipe, or a command of `ssh host command` that is done. */
  | "exit"
  /** `client.close()`, or a middleware that did not call `next`. */
  | "closed"
  /** The user's end hung up, or the connection broke. */
  | "disconnected"
  /** Idle at the prompt for too long. */
  | "timeout"
  /** `server.kick()` and its kin. */
  | "kicked"
  /** `server.close()`. */
  | "shutdown"
  /** The user did not read what was sent, and too much of it waited. */
  | "overflow"
  /** The session could not be served. */
  | "error";

/** What a client asked to be served. */
export type SessionKind = "shell" | "exec" | "subsystem";

/** A command that runs. */
export interface RunningCommand {
  readonly command: string;
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
  /** Aborted by Ctrl-C and when the session ends. */
  readonly signal: AbortSignal;
}

/** What is known of a session, kept up to date by whoever serves it. */
export interface SessionFacts {
  kind: SessionKind | undefined;
  /** The command of an exec, or the name of a subsystem. */
  request: string | undefined;
  pty: PtyData | undefined;
  window: WindowSize;
  env: Readonly<Record<string, string>>;
  prompt: string;
  running: RunningCommand | undefined;
  lastCommand: string | undefined;
  lastResult: CommandResult | undefined;
  lastError: unknown;
  endReason: EndReason | undefined;
  exitStatus: number | undefined;
}

/** What a client can have done to its session. */
export interface SessionHost {
  readonly connection: Connection;
  readonly output: Output;
  readonly facts: SessionFacts;
  readonly signal: AbortSignal;
  readonly streams: ClientStreams;
  readonly input: Input;
  readonly lines: Lines;
  readonly terminal: Detection;
  /** Lets input in, should it still be held back: a middleware may ask before the session begins. */
  listen(): void;
  /** Hands the input to the receiver alone. */
  takeBytes<Receiver extends ByteReceiver>(connect: (port: BytePort) => Receiver): Receiver;
  end(reason: EndReason, status?: number): void;
}

/** What is known of a session that has just been opened. */
export function newFacts(prompt: string, window: WindowSize, env: Readonly<Record<string, string>>): SessionFacts {
  return {
    kind: undefined,
    request: undefined,
    pty: undefined,
    window,
    env,
    prompt,
    running: undefined,
    lastCommand: undefined,
    lastResult: undefined,
    lastError: undefined,
    endReason: undefined,
    exitStatus: undefined,
  };
}
