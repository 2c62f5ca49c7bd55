import type { Awaitable, Client, DefaultState } from "../server/index.ts";
import type { Parameter, ValueParameter } from "./parameters/parameter.ts";

/** The arguments of a command by their names, in their order. */
export type Arguments = Readonly<Record<string, ValueParameter<unknown>>>;

/** The options of a command by their names: `dryRun` is `--dry-run`. */
export type Options = Readonly<Record<string, Parameter<unknown> & { readonly form: "one" | "many" | "flag" }>>;

/** What a handler gets of arguments or options. */
type ValuesOf<Parameters> = {
  -readonly [Name in keyof Parameters]: Parameters[Name] extends Parameter<infer Value> ? Value : never;
};

/** What a handler gets: the arguments and the options by their names, typed as they were declared. */
export type CommandValues<Args, Opts> = {
  [Name in keyof (ValuesOf<Args> & ValuesOf<Opts>)]: (ValuesOf<Args> & ValuesOf<Opts>)[Name];
};

/** What a handler gets beside the client and the values. */
export interface RunContext {
  /** Aborted by Ctrl-C, by the timeout, when the pager is left, and when the session ends. */
  readonly signal: AbortSignal;
  /** The name of the command, whatever alias was typed. */
  readonly name: string;
  /** The whole line as it was typed. */
  readonly line: string;
  /** Whether the user has proved by sudo who is there; permissions were not asked for then. */
  readonly elevated: boolean;
}

/** A command: what it is called, what it takes, and what it does. */
export interface CommandDefinition<
  State = DefaultState,
  Args extends Arguments = Arguments,
  Opts extends Options = Options,
> {
  /**
   * The word that calls it; with blanks in it a subcommand: `order list` is `list` below `order`. Parts of 1 to 64 characters
   * without blanks, quotes, backslashes, `|` and control characters, and no dash at the beginning.
   */
  readonly name: string;
  /** Other words for it; of a subcommand, for its last part. */
  readonly aliases?: readonly string[];
  /** The heading that the help lists it under. Default `Commands`. */
  readonly category?: string;
  /** One sentence for the list of all commands. */
  readonly summary?: string;
  /** More for its own help, below the summary; paragraphs are parted by an empty line. */
  readonly description?: string;
  /** Lines as one would type them, for its own help. */
  readonly examples?: readonly string[];
  /** What stands behind the name, in this order. Those that may be left out come last, and a list at the very end. */
  readonly arguments?: Args;
  /** What is given by name, anywhere behind the command. With a `verbatim` there are none. */
  readonly options?: Opts;
  /**
   * Who lacks it does not see the command, and is answered as if there were none. It holds for subcommands too. Nobody has
   * it as long as the option `may` of the router does not say who does.
   */
  readonly permission?: string;
  /** Whether it runs with sudo alone. Default false. */
  readonly sudo?: boolean;
  /** Whether help and Tab leave it out. It runs all the same. Default false. */
  readonly hidden?: boolean;
  /** Seconds until its signal is aborted, and the exit status is 124. Default what the router says; 0 is no limit. */
  readonly timeout?: number;
  /** Whether what it writes goes through the pager on a terminal, as with `| less`. Default false. */
  readonly pager?: boolean;
  /**
   * Does it. A number is the exit status; a `UsageError` shows the usage line, and is status 2; any other throw is status 1
   * and the event `error`. A command without it is a heading for its subcommands.
   */
  run?(
    client: Client<State>,
    values: CommandValues<Args, Opts>,
    context: RunContext,
  ): Awaitable<number | undefined | void>;
}

/**
 * A definition by itself, typed as `Commands.add` types it: for a list, or for a file of its own.
 *
 *     export const brew = command({
 *       name: "brew",
 *       arguments: { cups: integer({ min: 1, default: 1 }) },
 *       run: (client, { cups }) => client.sendln(`${cups} cups.`),
 *     });
 *
 * An app with a state of its own says so where the handler gets the client: `run(client: Client<MyState>) { … }`.
 */
export function command<const Args extends Arguments = {}, const Opts extends Options = {}, State = DefaultState>(
  definition: CommandDefinition<State, Args, Opts>,
): CommandDefinition<State, Args, Opts> {
  return definition;
}
