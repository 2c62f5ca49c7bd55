import type { Dispatcher, Failed } from "../dispatcher.ts";
import type { Awaitable, CommandContext } from "../events.ts";
import type { Program } from "../visit/venue.ts";
import { isAbort } from "./abort-error.ts";
import type { Client } from "./client.ts";
import type { CommandResult } from "./command.ts";
import { validStatus } from "./command.ts";
import type { RunningCommand, SessionFacts } from "./facts.ts";

/** What the shell says when Ctrl-C ended a command: 128 and the number of the signal INT. */
const INTERRUPTED = 130;

/** Runs the commands of one client. Whoever calls it waits for one to end before the next. */
export class Commands<State> {
  readonly #client: Client<State>;
  readonly #facts: SessionFacts;
  readonly #events: Dispatcher<State>;
  readonly #failed: Failed;
  readonly #isOver: () => boolean;
  #controller: AbortController | undefined;

  constructor(
    client: Client<State>,
    facts: SessionFacts,
    events: Dispatcher<State>,
    failed: Failed,
    isOver: () => boolean,
  ) {
    this.#client = client;
    this.#facts = facts;
    this.#events = events;
    this.#failed = failed;
    this.#isOver = isOver;
  }

  /** Asks the command that runs to end. */
  interrupt(): void {
    this.#controller?.abort();
  }

  /**
   * Runs a command; its handlers have been called when this returns, as far as none before them is async. Never rejects.
   *
   * @param serve the event whose handlers get it, or the program that serves it.
   */
  async run(serve: "command" | "exec" | Program<State>, command: string): Promise<CommandResult> {
    const controller = new AbortController();
    const { signal } = controller;
    const since = Date.now();
    const running: RunningCommand = { command, since, signal };
    this.#controller = controller;
    this.#facts.running = running;
    let failure: { readonly error: unknown } | undefined;
    const failed: Failed = (name, error) => {
      if (signal.aborted && isAbort(error)) return undefined;
      failure ??= { error };
      return this.#failed(name, error);
    };

    // Only what is not there yet is awaited: a command without async handlers runs in one go.
    const before = this.#events.raise("beforecommand", this.#failed, this.#client, command);
    if (before instanceof Promise) await before;
    const served = signal.aborted ? undefined : this.#serve(serve, failed, command, { signal });
    const returned = served instanceof Promise ? await served : served;
    const status = failure === undefined ? statusOf(returned, signal.aborted) : 1;

    this.#controller = undefined;
    this.#facts.running = undefined;
    const duration = Date.now() - since;
    const result: CommandResult = { status, interrupted: signal.aborted, duration, ...failure };
    if (this.#isOver()) return result;
    this.#facts.lastCommand = command;
    this.#facts.lastResult = result;
    const after = this.#events.raise("aftercommand", this.#failed, this.#client, command, result);
    if (after instanceof Promise) await after;
    return result;
  }

  /** Gives the status that whoever serves the command returned; no promise as long as none of them is async. */
  #serve(
    serve: "command" | "exec" | Program<State>,
    failed: Failed,
    command: string,
    context: CommandContext,
  ): Awaitable<number | undefined> {
    if (typeof serve === "function") return this.#program(serve, failed, command, context);
    const answers = this.#events.raise(serve, failed, this.#client, command, context);
    return answers instanceof Promise ? answers.then(firstNumber) : firstNumber(answers);
  }

  async #program(
    serve: Program<State>,
    failed: Failed,
    command: string,
    context: CommandContext,
  ): Promise<number | undefined> {
    try {
      return (await serve(this.#client, command, context)) ?? undefined;
    } catch (error) {
      await failed("program", error);
      return undefined;
    }
  }
}

function firstNumber(answers: readonly unknown[]): number | undefined {
  return answers.find((answer) => typeof answer === "number");
}

function statusOf(returned: number | undefined, isInterrupted: boolean): number {
  if (returned === undefined) return isInterrupted ? INTERRUPTED : 0;
  return validStatus(returned);
}
