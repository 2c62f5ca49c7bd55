import type { EventMap, EventName, ServerCore, Unregister } from "../../server/index.ts";
import { ConfigError } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import type { Service } from "./service.ts";

/** Where the commands of modules go: `Commands` is one. */
export interface CommandTable<State> {
  add(command: CommandDefinition<State>): Unregister;
}

/** A handler's place among those of its event, which it keeps when the module is reloaded. */
interface Slot {
  handler: (...args: readonly never[]) => unknown;
  readonly unregister: Unregister;
}

/** What one module has put into the server and among the commands. */
export class Registration<State> {
  readonly #server: ServerCore<State>;
  readonly #table: CommandTable<State>;
  readonly #slots: Map<EventName, Slot> = new Map();
  #commands: Unregister[] = [];
  #service: Service<State> | undefined;

  constructor(server: ServerCore<State>, table: CommandTable<State>) {
    this.#server = server;
    this.#table = table;
  }

  /** The version that serves; undefined when there is none. */
  get service(): Service<State> | undefined {
    return this.#service;
  }

  /**
   * Puts a version in the place of the one that serves, or takes that away. All of it happens in one turn, so that nobody
   * meets half of either; and when something is wrong with the new one, the one of before is there again.
   *
   * @throws ConfigError what the server says of an event that there is not, and the router of a command.
   */
  replace(next: Service<State> | undefined): void {
    const before = this.#service;
    try {
      this.#put(next);
    } catch (error) {
      this.#put(before);
      throw error;
    }
    this.#service = next;
  }

  #put(service: Service<State> | undefined): void {
    for (const remove of this.#commands) remove();
    this.#commands = [];
    const events = service?.events ?? new Map<EventName, Slot["handler"]>();
    for (const [name, handler] of events) this.#listen(name, handler);
    for (const [name, { unregister }] of this.#slots) {
      if (events.has(name)) continue;
      unregister();
      this.#slots.delete(name);
    }
    for (const command of service?.commands ?? []) this.#commands.push(this.#table.add(command));
  }

  #listen(name: EventName, handler: Slot["handler"]): void {
    const there = this.#slots.get(name);
    if (there !== undefined && typeof handler === "function") {
      there.handler = handler;
      return;
    }
    const call = (...args: readonly never[]): unknown => slot.handler(...args);
    // What is no function goes to the server as it is, which says what is wrong with it.
    const entry = (typeof handler === "function" ? call : handler) as EventMap<State>[typeof name];
    const slot: Slot = { handler, unregister: this.#register(name, entry) };
    this.#slots.set(name, slot);
  }

  #register<Name extends EventName>(name: Name, handler: EventMap<State>[Name]): Unregister {
    try {
      return this.#server.onUser(name, handler);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new ConfigError(error.code, `The handler "${name}" cannot be added: ${error.message}`, { cause: error });
    }
  }
}
