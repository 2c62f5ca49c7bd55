import type { Dispatcher, Failed } from "../dispatcher.ts";
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
   * @param event whose handlers get it.
   */
  async run(event: "command" | "exec", command: string): Promise<CommandResult> {
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
    const raised = signal.aborted ? [] : this.#events.raise(event, failed, this.#client, command, { signal });
    const answers = raised instanceof Promise ? await raised : raised;
    const returned = answers.find((answer) => typeof answer === "number");
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
}

function statusOf(returned: number | undefined, isInterrupted: boolean): number {
  if (returned === undefined) return isInterrupted ? INTERRUPTED : 0;
  return validStatus(returned);
}
