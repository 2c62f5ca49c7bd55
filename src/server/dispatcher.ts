import { ConfigError } from "./config-error.ts";
import type { EventMap, EventName } from "./events.ts";

/** Takes a handler away again; calling it twice does no harm. Also for `using`. */
export interface Unregister extends Disposable {
  (): void;
}

type Handler<State, Name extends EventName> = EventMap<State>[Name];
type Arguments<State, Name extends EventName> = Parameters<Handler<State, Name>>;
type Answer<State, Name extends EventName> = Exclude<Awaited<ReturnType<Handler<State, Name>>>, void>;

/** What becomes of an error; the name is that of the event whose handler threw. Must not throw. */
export type Failed = (name: string, error: unknown) => void | Promise<void>;

// A handler of whichever event: only `raise` calls it, with the arguments of the event it was registered for.
type AnyHandler = (...args: readonly unknown[]) => unknown;

const NONE: readonly AnyHandler[] = [];
const NO_ANSWERS: readonly never[] = [];

/** Every event, to tell a wrong name at run time: the compiler holds this table to the event map. */
const NAMES: Readonly<Record<EventName, true>> = {
  connect: true,
  connectsftp: true,
  auth: true,
  connectpty: true,
  resized: true,
  command: true,
  type: true,
  rawtype: true,
  error: true,
  disconnected: true,
  timeout: true,
  login: true,
  connection: true,
  authbanner: true,
  authinteractive: true,
  preshell: true,
  exec: true,
  beforecommand: true,
  aftercommand: true,
  signal: true,
  env: true,
  subsystem: true,
  kicked: true,
};

/** The handlers of a server's events, and the rules by which they are called. */
export class Dispatcher<State> {
  // Replaced, never changed in place: a handler that registers or unregisters does not disturb the round that calls it.
  readonly #handlers: Map<EventName, readonly AnyHandler[]> = new Map();

  /** Adds a handler behind those that are there. @throws ConfigError `UNKNOWN_EVENT` or `BAD_OPTION`. */
  add<Name extends EventName>(name: Name, handler: Handler<State, Name>): Unregister {
    checkEventName(name);
    if (typeof handler !== "function") {
      throw new ConfigError(
        "BAD_OPTION",
        `The handler of ${name} must be a function, not a value of type ${typeof handler}.`,
      );
    }
    // Its own function each time, so that one that is registered twice is taken away once.
    const entry: AnyHandler = (...args) => (handler as AnyHandler)(...args);
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? NONE), entry]);
    const unregister = (): void => {
      const rest = (this.#handlers.get(name) ?? NONE).filter((other) => other !== entry);
      if (rest.length === 0) this.#handlers.delete(name);
      else this.#handlers.set(name, rest);
    };
    return Object.assign(unregister, { [Symbol.dispose]: unregister });
  }

  /** Whether the event has a handler. */
  has(name: EventName): boolean {
    return this.#handlers.has(name);
  }

  /**
   * Calls the handlers of an event one after the other, and gives their answers, without those that gave none. A handler
   * that fails is reported and does not keep the next from being called.
   *
   * As long as no handler is async, all have been called when this returns, and it returns no promise: a key is not
   * held up by a turn of the event loop.
   */
  raise<Name extends EventName>(
    name: Name,
    failed: Failed,
    ...args: Arguments<State, Name>
  ): readonly Answer<State, Name>[] | Promise<readonly Answer<State, Name>[]> {
    const handlers = this.#handlers.get(name);
    // Most events of a key have no handler: they cost one look into the table.
    if (handlers === undefined) return NO_ANSWERS;
    const answers: Answer<State, Name>[] = [];
    for (const [index, handler] of handlers.entries()) {
      try {
        const answer = handler(...args);
        if (isThenable(answer)) return rest(answer, handlers.slice(index + 1), answers, name, failed, args);
        if (answer !== undefined) answers.push(answer as Answer<State, Name>);
      } catch (error) {
        const reported = failed(name, error);
        if (reported !== undefined) return rest(reported, handlers.slice(index + 1), answers, name, failed, args);
      }
    }
    return answers;
  }

  /** Calls the handlers one after the other until one gives an answer other than undefined. Rejects when one fails. */
  async first<Name extends EventName>(
    name: Name,
    ...args: Arguments<State, Name>
  ): Promise<Answer<State, Name> | undefined> {
    for (const handler of this.#handlers.get(name) ?? NONE) {
      const answer = await handler(...args);
      if (answer !== undefined) return answer as Answer<State, Name>;
    }
    return undefined;
  }
}

/** @throws ConfigError `UNKNOWN_EVENT`. */
export function checkEventName(name: string): void {
  if (Object.hasOwn(NAMES, name)) return;
  throw new ConfigError("UNKNOWN_EVENT", `There is no such event; there are ${Object.keys(NAMES).join(", ")}.`);
}

/** The part of a round that follows the first async handler. */
async function rest<Answer>(
  begun: PromiseLike<unknown>,
  handlers: readonly AnyHandler[],
  answers: Answer[],
  name: EventName,
  failed: Failed,
  args: readonly unknown[],
): Promise<readonly Answer[]> {
  const calls = [(): unknown => begun, ...handlers.map((handler) => (): unknown => handler(...args))];
  for (const call of calls) {
    try {
      const answer = await call();
      if (answer !== undefined) answers.push(answer as Answer);
    } catch (error) {
      await failed(name, error);
    }
  }
  return answers;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
