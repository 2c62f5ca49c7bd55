import { escapeControls } from "../../server/index.ts";
import type { Awaitable, Candidate, Client } from "../../server/index.ts";

/** What a parameter is told while it reads what was typed. */
export interface Reading {
  /** How the user knows it: `count`, `--count`. */
  readonly label: string;
  readonly client: Client<unknown>;
  /** Aborted by Ctrl-C, and when the session ends. */
  readonly signal: AbortSignal;
}

/** What a parameter is told when Tab asks it for candidates. */
export interface Completing {
  /** What is typed of the value already, without its quotes. */
  readonly word: string;
  /** The words of the line before it, without their quotes. */
  readonly words: readonly string[];
  readonly client: Client<unknown>;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/** Gives candidates for a value; those that do not begin as the word does are left out. Quotes are put around them. */
export type CompleteValue = (completing: Completing) => Awaitable<Iterable<string | Candidate> | undefined>;

/** What all kinds of parameters can be told. */
export interface ParameterOptions {
  /** What it is for, in the help. */
  readonly description?: string;
  /** The letter of an option, without its dash. An argument has none. */
  readonly short?: string;
  /** What stands for the value in the help. Default the name of an argument, and for an option the kind of its value. */
  readonly placeholder?: string;
}

/** What a parameter with one value can be told. */
export interface ValueOptions<Value> extends ParameterOptions {
  /** It need not be given; it is undefined then. Default false. */
  readonly optional?: boolean;
  /** What it is when it is not given. */
  readonly default?: Value;
  /** What Tab completes it with. Default nothing, and the values of a choice. */
  readonly complete?: readonly (string | Candidate)[] | CompleteValue;
}

/** What a handler gets: the value, and undefined where the options let it be left out without a default. */
export type Given<Value, Options> = Options extends { readonly default: Value }
  ? Value
  : "optional" extends keyof Options
    ? Options["optional"] extends false
      ? Value
      : Value | undefined
    : Value;

/** An argument or an option of a command: `text()`, `integer()`, `choice()`, `flag()`, `list()` and their kin make them. */
export interface Parameter<Value> {
  /** One value, a flag without one, any number of values, or the rest of the line as it is. */
  readonly form: "one" | "flag" | "many" | "rest";
  /** Whether it has to be given. */
  readonly isRequired: boolean;
  /** What stands for the value of an option in the help: `text`. */
  readonly kind: string;
  /** What stands for the value in the help, if the app has said so. */
  readonly placeholder: string | undefined;
  readonly description: string | undefined;
  readonly short: string | undefined;
  /** What is added to the description in the help: the choices, the range, the default. */
  readonly notes: readonly string[];
  readonly complete: CompleteValue | undefined;
  /**
   * Makes a value of the words that were given for it: none when it was left out, several when it was repeated. A flag gets
   * `true`, or `false` for `--no-…`.
   *
   * @throws UsageError when they are not what it takes.
   */
  read(words: readonly string[], reading: Reading): Awaitable<Value>;
}

/** A parameter that can stand alone behind the command, or behind an option. */
export interface ValueParameter<Value> extends Parameter<Value> {
  readonly form: "one" | "many" | "rest";
}

/** What was typed, as an error shows it. */
export function shown(word: string): string {
  return `"${escapeControls(word, { limit: 60 })}"`;
}
