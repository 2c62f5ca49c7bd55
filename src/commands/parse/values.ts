import type { CommandDefinition, Options } from "../definition.ts";
import { nearest } from "../nearest.ts";
import type { Parameter, Reading } from "../parameters/parameter.ts";
import { shown } from "../parameters/parameter.ts";
import { longName, tokenize } from "./tokens.ts";
import type { OptionToken } from "./tokens.ts";
import { UsageError } from "./usage-error.ts";

type Words = Map<string, string[]>;

/**
 * The values of a command, read from the words behind it.
 *
 * @throws UsageError for what it does not take. What a parameter of the app's own throws.
 */
export async function readValues<State>(
  definition: CommandDefinition<State>,
  words: readonly string[],
  reading: Omit<Reading, "label">,
): Promise<Record<string, unknown>> {
  const { arguments: args = {}, options = {} } = definition;
  const { positionals, options: given } = isVerbatim(definition)
    ? { positionals: words, options: [] }
    : tokenize(options, words);
  const named = collect(options, given);
  const placed = distribute(args, positionals);
  const values: Record<string, unknown> = {};
  const read = async (name: string, label: string, parameter: Parameter<unknown>, given: Words): Promise<void> => {
    values[name] = await parameter.read(given.get(name) ?? [], { ...reading, label });
  };
  // One after the other: the first that is wrong is told.
  for (const [name, parameter] of Object.entries(args)) await read(name, name, parameter, placed);
  for (const [name, parameter] of Object.entries(options)) await read(name, `--${longName(name)}`, parameter, named);
  return values;
}

/** Whether the last argument of a command is the rest of the line as it is. */
export function isVerbatim<State>(definition: CommandDefinition<State> | undefined): boolean {
  return Object.values(definition?.arguments ?? {}).at(-1)?.form === "rest";
}

/** Whether the words ask how the command is used: `--help`, or `-h` where that is no option's letter. */
export function asksForHelp<State>(
  definition: CommandDefinition<State> | undefined,
  words: readonly string[],
): boolean {
  const { options = {} } = definition ?? {};
  if (isVerbatim(definition)) return words.length === 1 && words[0] === "--help";
  const hasLetter = Object.values(options).some(({ short }) => short === "h");
  return tokenize(options, words).options.some(
    ({ name, typed }) => name === undefined && (typed === "--help" || (typed === "-h" && !hasLetter)),
  );
}

/** What was typed for each option. */
function collect(options: Options, tokens: readonly OptionToken[]): Words {
  const given: Words = new Map();
  for (const token of tokens) {
    const [name, word] = meaning(options, token);
    const words = given.get(name);
    const form = options[name]?.form;
    if (words !== undefined && form === "one")
      throw new UsageError("REPEATED", `${token.typed} can be given once only.`);
    if (words === undefined) given.set(name, [word]);
    else words.push(word);
  }
  return given;
}

function meaning(options: Options, { name, typed, value }: OptionToken): readonly [name: string, word: string] {
  if (name === undefined) {
    const negated = Object.keys(options).find(
      (flag) => options[flag]?.form === "flag" && typed === `--no-${longName(flag)}`,
    );
    if (negated === undefined) throw unknownOption(options, typed);
    if (value !== undefined) throw new UsageError("NO_VALUE", `${typed} takes no value.`);
    return [negated, "false"];
  }
  if (options[name]?.form === "flag") {
    if (value !== undefined)
      throw new UsageError("NO_VALUE", `${typed} takes no value, and was given ${shown(value)}.`);
    return [name, "true"];
  }
  if (value === undefined) throw new UsageError("MISSING_VALUE", `${typed} needs a value.`);
  return [name, value];
}

function unknownOption(options: Options, typed: string): UsageError {
  const names = Object.keys(options).map((name) => `--${longName(name)}`);
  const meant = nearest(typed, names);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const dashes = typed.startsWith("--") ? "" : " What begins with a dash and is no option stands behind --.";
  return new UsageError("UNKNOWN_OPTION", `There is no option ${shown(typed)}.${hint}${hint === "" ? dashes : ""}`);
}

/** What stands in the place of each argument. */
function distribute(args: Readonly<Record<string, Parameter<unknown>>>, positionals: readonly string[]): Words {
  const placed: Words = new Map();
  let at = 0;
  for (const [name, { form }] of Object.entries(args)) {
    const end = form === "many" ? positionals.length : at + 1;
    placed.set(name, positionals.slice(at, end));
    at = Math.min(end, positionals.length);
  }
  const [surplus] = positionals.slice(at);
  if (surplus === undefined) return placed;
  const count = Object.keys(args).length;
  const most =
    count === 0 ? "It takes no arguments" : `It takes ${count === 1 ? "one argument" : `${count} arguments`} at most`;
  throw new UsageError("TOO_MANY", `${most}: ${shown(surplus)} is too many.`);
}
