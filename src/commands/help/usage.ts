import type { Arguments, CommandDefinition, Options } from "../definition.ts";
import type { Parameter } from "../parameters/parameter.ts";
import { longName } from "../parse/tokens.ts";

/** How a command is used, in one line: `buy [options] <beans> [count]`. */
export function usageOf<State>(definition: CommandDefinition<State>): string {
  const { name, arguments: args = {}, options = {} } = definition;
  if (definition.run === undefined) return `${name} <command>`;
  return [name, ...optionParts(options), ...argumentParts(args)].join(" ");
}

/** An argument in the usage line: `<beans>`, `[count]`, `[names...]`. */
export function argumentPart(name: string, { form, isRequired, placeholder = name }: Parameter<unknown>): string {
  const shown = form === "one" ? placeholder : `${placeholder}...`;
  return isRequired ? `<${shown}>` : `[${shown}]`;
}

/** An option with its letter and its value: `-n, --note <text>`. */
export function optionPart(name: string, parameter: Parameter<unknown>): string {
  const letter = parameter.short === undefined ? "" : `-${parameter.short}, `;
  return `${letter}--${longName(name)}${valuePart(parameter)}`;
}

function argumentParts(args: Arguments): readonly string[] {
  return Object.entries(args).map(([name, parameter]) => argumentPart(name, parameter));
}

function optionParts(options: Options): readonly string[] {
  const all = Object.entries(options);
  const needed = all.filter(([, { isRequired }]) => isRequired);
  const parts = needed.map(([name, parameter]) => `--${longName(name)}${valuePart(parameter)}`);
  return needed.length < all.length ? ["[options]", ...parts] : parts;
}

function valuePart({ form, kind, placeholder = kind }: Parameter<unknown>): string {
  if (form === "flag") return "";
  return ` <${placeholder}>${form === "many" ? "..." : ""}`;
}
