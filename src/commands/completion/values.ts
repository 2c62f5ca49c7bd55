import type { Awaitable, Candidate } from "../../server/index.ts";
import { following } from "../awaitable.ts";
import type { CommandDefinition, Options } from "../definition.ts";
import type { Completing, Parameter } from "../parameters/parameter.ts";
import { isVerbatim } from "../parse/values.ts";
import { longName, takesValue, tokenize } from "../parse/tokens.ts";

/** Candidates for what stands behind a command: options, their values, arguments. */
export function valuesOf<State>(
  definition: CommandDefinition<State>,
  words: readonly string[],
  completing: Completing,
  hasHelp: boolean,
): Awaitable<Candidate[]> {
  const { arguments: args = {}, options = {} } = definition;
  const { word } = completing;
  if (isVerbatim(definition)) return candidates(Object.values(args)[words.length], completing);
  const tokens = tokenize(options, words);
  const waiting = tokens.options.find(({ name, value }) => value === undefined && takesValue(options, name));
  if (waiting !== undefined) return candidates(options[waiting.name ?? ""], completing);
  if (!tokens.isTerminated && word.startsWith("-")) {
    const equals = word.indexOf("=");
    if (equals >= 0) return inlineValues(options, word.slice(0, equals + 1), completing);
    const used = new Set(tokens.options.map(({ name }) => name));
    return optionNames(options, used, hasHelp);
  }
  const all = Object.values(args);
  const last = all.at(-1);
  const here = all[tokens.positionals.length] ?? (last?.form === "many" ? last : undefined);
  return candidates(here, completing);
}

function candidates(parameter: Parameter<unknown> | undefined, completing: Completing): Awaitable<Candidate[]> {
  return following(parameter?.complete?.(completing), (found) =>
    [...(found ?? [])].map((item) => (typeof item === "string" ? { value: item } : item)),
  );
}

/** Behind `--name=`: the name stays part of the word. */
function inlineValues(options: Options, opening: string, completing: Completing): Awaitable<Candidate[]> {
  const name = Object.keys(options).find((option) => `--${longName(option)}=` === opening);
  if (!takesValue(options, name)) return [];
  const word = completing.word.slice(opening.length);
  return following(candidates(options[name], { ...completing, word }), (found) =>
    found.map((item) => ({ label: item.value, ...item, value: opening + item.value })),
  );
}

/** Those that were not given yet, or may be repeated. */
function optionNames(options: Options, used: ReadonlySet<string | undefined>, hasHelp: boolean): Candidate[] {
  const names = Object.entries(options)
    .filter(([name, { form }]) => form === "many" || !used.has(name))
    .map(([name, { description = "" }]) => ({ value: `--${longName(name)}`, description }));
  const help = { value: "--help", description: "Shows how it is used" };
  return hasHelp && !names.some(({ value }) => value === help.value) ? [...names, help] : names;
}
