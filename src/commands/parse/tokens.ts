import type { Options } from "../definition.ts";

/** An option as it was typed. */
export interface OptionToken {
  /** The name by which it is declared; undefined when there is none of that name. */
  readonly name: string | undefined;
  /** As it was typed, without its value: `--note`, `-n`. */
  readonly typed: string;
  /** Undefined where none was given: of a flag, and at the end of the line. */
  readonly value: string | undefined;
}

/** The words behind a command, told apart. */
export interface Tokens {
  readonly positionals: readonly string[];
  readonly options: readonly OptionToken[];
  /** Whether `--` has been among them: what follows is an argument, whatever it begins with. */
  readonly isTerminated: boolean;
}

/** No option is a digit: a word like that is a number. */
const NEGATIVE = /^-\.?\d/;

/** How an option is typed: `dryRun` is `dry-run`. */
export function longName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Tells options from arguments, as POSIX and GNU have it: `--name value`, `--name=value`, `-abc`, `-nvalue`, `--`. An option
 * that takes a value takes the next word, whatever that begins with. Never throws.
 */
export function tokenize(declared: Options, words: readonly string[]): Tokens {
  const names = new Map<string, string>();
  for (const [name, { short }] of Object.entries(declared)) {
    names.set(`--${longName(name)}`, name);
    if (short !== undefined) names.set(`-${short}`, name);
  }
  const positionals: string[] = [];
  const options: OptionToken[] = [];
  let isTerminated = false;
  const rest = words[Symbol.iterator]();
  const next = (): string | undefined => rest.next().value;
  for (let word = next(); word !== undefined; word = next()) {
    if (isTerminated || !word.startsWith("-") || word === "-" || NEGATIVE.test(word)) positionals.push(word);
    else if (word === "--") isTerminated = true;
    else if (word.startsWith("--")) options.push(longOption(declared, names, word, next));
    else options.push(...letters(declared, names, word, next));
  }
  return { positionals, options, isTerminated };
}

type Names = ReadonlyMap<string, string>;
type Next = () => string | undefined;

function longOption(declared: Options, names: Names, word: string, next: Next): OptionToken {
  const equals = word.indexOf("=");
  const typed = equals < 0 ? word : word.slice(0, equals);
  const name = names.get(typed);
  if (equals >= 0) return { name, typed, value: word.slice(equals + 1) };
  return { name, typed, value: takesValue(declared, name) ? next() : undefined };
}

/** Several letters behind one dash; the last may have a value, here or in the next word. */
function letters(declared: Options, names: Names, word: string, next: Next): OptionToken[] {
  const options: OptionToken[] = [];
  let at = 1;
  for (const letter of word.slice(1)) {
    const typed = `-${letter}`;
    const name = names.get(typed);
    at += letter.length;
    if (takesValue(declared, name))
      return [...options, { name, typed, value: at < word.length ? word.slice(at) : next() }];
    options.push({ name, typed, value: undefined });
    // One that there is not is enough to be told of.
    if (name === undefined) break;
  }
  return options;
}

/** Whether an option is one with a value. */
export function takesValue(declared: Options, name: string | undefined): name is string {
  return name !== undefined && declared[name] !== undefined && declared[name].form !== "flag";
}
