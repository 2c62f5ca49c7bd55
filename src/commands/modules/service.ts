import type { EventName, ServerCore } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import { ModuleError } from "./error.ts";
import type { Module, ModuleContext, ModuleEvents, TeardownReason } from "./module.ts";

/** What a version of a module is set up with. */
export interface ServiceHost<State> {
  readonly server: ServerCore<State>;
  /** What the setup of another module gave. */
  given(name: string): unknown;
}

type Call = (...args: readonly never[]) => unknown;
type Run<State> = NonNullable<CommandDefinition<State>["run"]>;

/** One version of a module in service: from the end of its setup to its teardown. */
export class Service<State> {
  readonly module: Module<State>;
  /** What its setup gave. */
  readonly own: unknown;
  readonly commands: readonly CommandDefinition<State>[];
  readonly events: ReadonlyMap<EventName, Call>;
  readonly #controller: AbortController;
  #running = 0;
  #wake: () => void = () => undefined;

  private constructor(module: Module<State>, own: unknown, parts: Parts<State>, controller: AbortController) {
    this.module = module;
    this.own = own;
    this.#controller = controller;
    this.commands = parts.commands.map((command) => this.#watchCommand(command));
    this.events = new Map(
      Object.entries(parts.events)
        .filter(([, handler]) => handler !== undefined)
        .map(([name, handler]) => [
          name as EventName,
          typeof handler === "function" ? this.#watch(handler as Call) : handler,
        ]),
    );
  }

  /**
   * Sets a version up.
   *
   * @param previous what the setup of the version gave that it is to replace.
   * @param seconds how long that may take.
   * @throws ModuleError `SETUP_FAILED`, `TOO_SLOW`, `BAD_MODULE`.
   */
  static async begin<State>(
    module: Module<State>,
    host: ServiceHost<State>,
    previous: unknown,
    seconds: number,
  ): Promise<Service<State>> {
    const controller = new AbortController();
    const { signal } = controller;
    const context: ModuleContext<State> = { server: host.server, signal, given: (name) => given(module, host, name) };
    try {
      const own = await inTime(setUp(module, context, previous), seconds, "Its setup");
      return new Service(module, own, partsOf(module, own, context), controller);
    } catch (error) {
      controller.abort();
      if (error instanceof ModuleError) throw error;
      throw new ModuleError("SETUP_FAILED", `Its setup failed: ${textOf(error)}`, { cause: error });
    }
  }

  /** How many of its commands and handlers have not come back yet. */
  get running(): number {
    return this.#running;
  }

  /**
   * Ends the service, once it is out of reach of new commands: its signal is aborted, and what it has is put away as soon as
   * nothing of it runs any more, or at once. Rejects with what its teardown throws.
   */
  async end(reason: TeardownReason, isHurried = false): Promise<void> {
    this.#controller.abort();
    if (!isHurried && this.#running > 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    await this.module.teardown?.(this.own, reason);
  }

  #watchCommand(command: CommandDefinition<State>): CommandDefinition<State> {
    // What is no command is refused by whoever takes it in, in better words.
    if (typeof command !== "object" || typeof command?.run !== "function") return command;
    const call: Run<State> = (client, values, context) => command.run?.(client, values, context);
    const run = this.#watch(call) as Run<State>;
    return { ...command, run };
  }

  /** Counts the calls that are under way; what is not async stays so. */
  #watch(call: Call): Call {
    return (...args) => {
      this.#running += 1;
      let answer: unknown;
      try {
        answer = call(...args);
      } catch (error) {
        this.#ended();
        throw error;
      }
      if (answer instanceof Promise) return answer.finally(() => this.#ended());
      this.#ended();
      return answer;
    };
  }

  #ended(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#wake();
  }
}

/** Waits so long and no longer. @throws ModuleError `TOO_SLOW`. */
export async function inTime<Value>(value: Promise<Value>, seconds: number, what: string): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(
      new ModuleError("TOO_SLOW", `${what} has not ended after ${seconds} seconds: it is not waited for any longer.`),
    );
  }, seconds * 1000);
  try {
    return await Promise.race([value, promise]);
  } finally {
    clearTimeout(timer);
    // Should it fail later, nobody is left to hear of it.
    value.catch(() => undefined);
  }
}

/** What an error says, whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}

async function setUp<State>(module: Module<State>, context: ModuleContext<State>, previous: unknown): Promise<unknown> {
  return module.setup?.(context, previous);
}

interface Parts<State> {
  readonly commands: readonly CommandDefinition<State>[];
  readonly events: ModuleEvents<State>;
}

function partsOf<State>(module: Module<State>, own: unknown, context: ModuleContext<State>): Parts<State> {
  const { commands = [], events = {} } = module;
  const made: { readonly commands: unknown; readonly events: unknown } = {
    commands: typeof commands === "function" ? commands(own, context) : commands,
    events: typeof events === "function" ? events(own, context) : events,
  };
  if (!Array.isArray(made.commands))
    throw new ModuleError("BAD_MODULE", "The function commands must give an array of commands.");
  if (typeof made.events !== "object" || made.events === null) {
    throw new ModuleError(
      "BAD_MODULE",
      "The function events must give an object with handlers by the names of their events.",
    );
  }
  return made as Parts<State>;
}

function given<State>(module: Module<State>, host: ServiceHost<State>, name: string): unknown {
  if (module.needs?.includes(name) === true) return host.given(name);
  throw new ModuleError(
    "NEEDED",
    `${module.name} asks for what ${name} has, and does not say that it needs it: add it to needs.`,
    {
      module: module.name,
    },
  );
}
