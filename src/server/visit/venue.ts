import type { Client } from "../client/client.ts";
import type { CommandContext } from "../events.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { Log } from "../log.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Middleware } from "./middleware.ts";

/** Serves a subsystem on the client's streams; the session ends when it comes back. A number is the exit status. */
export type Subsystem<State = Record<string, unknown>> = (
  client: Client<State>,
) => number | undefined | void | Promise<number | undefined | void>;

/** Serves the commands of `ssh host command` that begin with its name. A number is the exit status. */
export type Program<State = Record<string, unknown>> = (
  client: Client<State>,
  command: string,
  context: CommandContext,
) => number | undefined | void | Promise<number | undefined | void>;

/** What all sessions of a server share. */
export interface Venue<State> {
  readonly options: ResolvedOptions<State>;
  readonly events: Dispatcher<State>;
  readonly middleware: readonly Middleware<State>[];
  readonly subsystems: ReadonlyMap<string, Subsystem<State>>;
  readonly programs: ReadonlyMap<string, Program<State>>;
  readonly log: Log;
}
