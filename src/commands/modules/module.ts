import type { Awaitable, DefaultState, EventMap, EventName, ServerCore } from "../../server/index.ts";
import type { CommandDefinition } from "../definition.ts";
import { ModuleError } from "./error.ts";

/** What a module gets along. */
export interface ModuleContext<State = DefaultState> {
  readonly server: ServerCore<State>;
  /** Aborted when this version is taken out of service, and when its setup is not waited for any longer. */
  readonly signal: AbortSignal;
  /**
   * What the setup of a module gave that this one {@link Module.needs}, in the version that serves now. Ask for it where it is
   * used: when that module is reloaded, it may be another.
   *
   * @throws ModuleError `NEEDED` for one that is not among them.
   */
  readonly given: (name: string) => unknown;
}

/** Handlers of the server's events, by their names. */
export type ModuleEvents<State = DefaultState> = { readonly [Name in EventName]?: EventMap<State>[Name] };

/** Why a version of a module is taken out of service. */
export type TeardownReason =
  /** Another version is in its place, and may have got what `setup` gave. */
  | "reload"
  /** It has been disabled. */
  | "disable"
  /** It has been unloaded, or all modules have been closed. */
  | "unload";

/** A group of commands and handlers that can be loaded, disabled, reloaded and unloaded while users are connected. */
export interface Module<State = DefaultState, Own = unknown> {
  /** 1 to 64 letters, digits, dots, dashes and underscores; begins with a letter or a digit. */
  readonly name: string;
  /** One sentence for the list of modules. */
  readonly description?: string;
  /** The modules without which it cannot be: they are loaded before, and stay as long as it is enabled. */
  readonly needs?: readonly string[];
  /**
   * Makes what the module works with, before any of its commands and handlers is there. With a reload the version of before
   * goes on meanwhile, and stays when this one throws.
   *
   * @param previous what the setup of the version of before gave, on a reload: take it over, or a part of it, or let it be.
   * It may be of any shape, as it comes from other code. Undefined otherwise.
   */
  setup?(context: ModuleContext<State>, previous: unknown): Awaitable<Own>;
  /** Its commands, or what makes them of what `setup` gave. */
  readonly commands?: ModulePart<readonly CommandDefinition<State>[], State, Own>;
  /** Its handlers of events, or what makes them of what `setup` gave. */
  readonly events?: ModulePart<ModuleEvents<State>, State, Own>;
  /**
   * Puts away what `setup` gave, once the commands and handlers that still run have come back. On a reload the next version
   * may work with the same things: close what it has no use for, and nothing else.
   */
  teardown?(own: Own, reason: TeardownReason): Awaitable<void>;
}

/** A part of a module: as it is, or made when it is set up. */
export type ModulePart<Part, State, Own> = Part | ((own: Own, context: ModuleContext<State>) => Part);

/**
 * A module, typed by what it holds: the default export of its file.
 *
 *     export default defineModule({
 *       name: "greeter",
 *       commands: [command({ name: "hello", run: (client) => client.sendln("world!") })],
 *       events: { connect: (client) => client.sendln(`Hello ${client.username}!`) },
 *     });
 *
 * Write `setup` before what uses what it gives, so that the compiler knows its type.
 *
 * @throws ModuleError `BAD_MODULE`.
 */
export function defineModule<State = DefaultState, Own = undefined>(module: Module<State, Own>): Module<State, Own> {
  const fault = faultOf(module);
  if (fault !== undefined) throw new ModuleError("BAD_MODULE", fault);
  return module;
}

type Fields = Readonly<Record<keyof Module, unknown>>;

/** What each field has to be, in words for the error and as a test. */
const FIELDS: Readonly<Record<keyof Module, readonly [expected: string, check: (given: unknown) => boolean]>> = {
  name: ["a text of 1 to 64 letters, digits, dots, dashes and underscores", isName],
  description: ["a text", isOptional((given) => typeof given === "string")],
  needs: ["an array of the names of other modules", isOptional((given) => Array.isArray(given) && given.every(isName))],
  setup: ["a function", isOptional(isFunction)],
  commands: [
    "an array of commands, or a function that makes one",
    isOptional((given) => Array.isArray(given) || isFunction(given)),
  ],
  events: [
    "an object with handlers by the names of their events, or a function that makes one",
    isOptional((given) => (typeof given === "object" && given !== null) || isFunction(given)),
  ],
  teardown: ["a function", isOptional(isFunction)],
};

/** What is wrong with a value that should be a module; undefined when it is one. */
export function faultOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null)
    return `A module is what defineModule({ name, … }) gives, not ${kindOf(value)}.`;
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(FIELDS, field)) {
      return `A module has no field ${JSON.stringify(field)}; it has ${Object.keys(FIELDS).join(", ")}.`;
    }
  }
  const fields = value as Fields;
  for (const [field, [expected, check]] of Object.entries(FIELDS)) {
    const given = fields[field as keyof Module];
    if (!check(given)) return `The ${field} of a module must be ${expected}, not ${kindOf(given)}.`;
  }
  return undefined;
}

function isName(given: unknown): boolean {
  return typeof given === "string" && /^[a-z\d][\w.-]{0,63}$/i.test(given);
}

function isFunction(given: unknown): boolean {
  return typeof given === "function";
}

function isOptional(check: (given: unknown) => boolean): (given: unknown) => boolean {
  return (given) => given === undefined || check(given);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
