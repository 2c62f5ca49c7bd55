import type { Awaitable, Client, DefaultState } from "../../server/index.ts";
import type { CommandDefinition, RunContext } from "../definition.ts";

/** A command that is about to run, runs, or has run. */
export interface CommandCall<State = DefaultState> extends RunContext {
  readonly client: Client<State>;
  readonly definition: CommandDefinition<State>;
  /** The arguments and options, as the handler gets them. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** How a command came out. */
export interface CommandOutcome {
  /** The exit status: what the handler returned, 1 when it threw, 124 after a timeout, 130 after Ctrl-C, else 0. */
  readonly status: number;
  /** What it threw. */
  readonly error?: unknown;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/**
 * Stands around each command: what it does before and behind `next()` happens before and after. `next` gives the exit status;
 * without a call of it the command does not run. A number that is returned is the exit status instead.
 */
export type CommandMiddleware<State = DefaultState> = (
  call: CommandCall<State>,
  next: () => Promise<number>,
) => Awaitable<number | undefined | void>;

/** Called before each command, once its arguments are known to be right; `false` keeps it from running, with status 1. */
export type BeforeCommand<State = DefaultState> = (call: CommandCall<State>) => Awaitable<boolean | undefined | void>;

/** Called after each command, however it came out. */
export type AfterCommand<State = DefaultState> = (call: CommandCall<State>, outcome: CommandOutcome) => Awaitable<void>;
