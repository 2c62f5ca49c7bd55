import { parseArgs } from "node:util";
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

/** How an option is typed: `dryRun` is `dry-run`. */
export function longName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Tells options from arguments, as POSIX and GNU have it: `--name value`, `--name=value`, `-abc`, `-nvalue`, `--`. Never throws. */
export function tokenize(declared: Options, words: readonly string[]): Tokens {
  const names = new Map<string, string>();
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {};
  for (const [name, { form, short }] of Object.entries(declared)) {
    const long = longName(name);
    names.set(long, name);
    options[long] = { type: form === "flag" ? "boolean" : "string", ...(short !== undefined && { short }) };
  }
  // Node's parser knows the forms; what is declared, and what it means, is looked up here.
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const found: OptionToken[] = [];
  let isTerminated = false;
  let negative = -1;
  for (const token of tokens) {
    if (token.kind === "option-terminator") isTerminated = true;
    else if (token.kind === "positional") positionals.push(token.value);
    else if (token.index !== negative) {
      const word = words[token.index] ?? "";
      if (NEGATIVE.test(word)) {
        negative = token.index;
        positionals.push(word);
      } else found.push({ name: names.get(token.name), typed: token.rawName, value: token.value });
    }
  }
  return { positionals, options: found, isTerminated };
}

/** No option is a digit: a word like that is a number. */
const NEGATIVE = /^-\.?\d/;
