import type { Candidate, CompletionRequest } from "../../terminal/index.ts";
import type { Awaitable } from "../events.ts";
import type { Client } from "../client/client.ts";
import type { Limits } from "../limits.ts";
import type { LineFailed } from "./assistance.ts";
import type { CompletionAnswer } from "./hooks.ts";
import { Lines, type LineTerminal } from "./lines.ts";

/** Keeps the lines that users enter at the prompt, from one session to the next. */
export interface HistoryStore<State = Record<string, unknown>> {
  /** The user's earlier lines, oldest first. They may come late: the prompt does not wait for them. */
  load(client: Client<State>): Awaitable<Iterable<string>>;
  /** Keeps a line. Those of one client come one after the other. */
  append(client: Client<State>, line: string): Awaitable<unknown>;
  /** Forgets a user's lines, when `client.clearHistory()` asks for it. Default: what the store has stays. */
  clear?(client: Client<State>): Awaitable<unknown>;
}

/** The options of a server that are about lines. */
export interface LineOptions<State> {
  /**
   * What Tab completes the word before the cursor with: candidates, or a function that finds some. Default nothing. See
   * also `client.setCompleter`.
   */
  readonly complete?:
    | readonly (string | Candidate)[]
    | ((client: Client<State>, request: CompletionRequest) => Awaitable<CompletionAnswer>);
  /**
   * What is shown in grey behind the line, to be taken by one key, where there are colours: with `true` the newest line of
   * the history that begins so, or whatever line a function gives, and where it gives none, the history. Default true.
   */
  readonly suggest?: boolean | ((client: Client<State>, text: string) => Awaitable<string | undefined | void>);
  /** Colours the line while it is typed. It is called with every key: it must be quick. Default none. */
  readonly highlight?: (client: Client<State>, text: string) => string;
  /** Keeps the lines that users enter, from one session to the next. Default none. */
  readonly history?: HistoryStore<State>;
  /** Whether a line may have several rows: what is pasted keeps its newlines, and Alt-Enter begins one. Default true. */
  readonly multiline?: boolean;
  /** For which clients the editor writes so that a screen reader can follow. Default none. See `client.setScreenReader`. */
  readonly screenReader?: boolean | ((client: Client<State>) => boolean);
}

/** These options with every default filled in. */
export type ResolvedLineOptions<State> = {
  readonly [Name in keyof LineOptions<State>]-?: Name extends "complete" | "highlight" | "history"
    ? LineOptions<State>[Name] | undefined
    : NonNullable<LineOptions<State>[Name]>;
};

/** What each has to be, in words for the error and as a test. */
export const LINE_OPTIONS: Readonly<
  Record<keyof LineOptions<unknown>, readonly [expected: string, check: (given: unknown) => boolean]>
> = {
  complete: ["an array of candidates or a function", (given) => Array.isArray(given) || isFunction(given)],
  suggest: ["true, false or a function", isSwitch],
  highlight: ["a function that adds colours to a text", isFunction],
  history: ["an object with the functions load, append and, if it can forget, clear", isHistoryStore],
  multiline: ["true or false", (given) => typeof given === "boolean"],
  screenReader: ["true, false or a function of a client", isSwitch],
};

/** Fills in the defaults. */
export function resolveLineOptions<State>(given: LineOptions<State>): ResolvedLineOptions<State> {
  const { complete, suggest = true, highlight, history, multiline = true, screenReader = false } = given;
  return { complete, suggest, highlight, history, multiline, screenReader };
}

/** The lines of a client, with what its server was told to help with. */
export function linesOf<State>(
  options: ResolvedLineOptions<State> & { readonly historySize: number; readonly limits: Limits },
  client: () => Client<State>,
  terminal: () => LineTerminal,
  failed: LineFailed,
): Lines {
  const { complete, suggest, highlight, history, screenReader } = options;
  return new Lines({
    hooks: {
      complete: typeof complete === "function" ? (request) => complete(client(), request) : complete,
      suggest: typeof suggest === "function" ? (text) => suggest(client(), text) : suggest,
      highlight: highlight && ((text) => highlight(client(), text)),
    },
    store: history && {
      load: () => history.load(client()),
      append: (line) => history.append(client(), line),
      clear: () => history.clear?.(client()),
    },
    historySize: options.historySize,
    maxLine: options.limits.maxCommand,
    multiline: options.multiline,
    echo: () => client().connection.settings.echo ?? true,
    screenReader: () => (typeof screenReader === "function" ? screenReader(client()) : screenReader),
    terminal,
    failed,
  });
}

function isFunction(given: unknown): boolean {
  return typeof given === "function";
}

function isSwitch(given: unknown): boolean {
  return typeof given === "boolean" || isFunction(given);
}

function isHistoryStore(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const { load, append, clear } = given as Readonly<Record<string, unknown>>;
  return isFunction(load) && isFunction(append) && (clear === undefined || isFunction(clear));
}
