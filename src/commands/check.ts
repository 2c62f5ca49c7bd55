import { ConfigError } from "../server/index.ts";
import type { CommandDefinition } from "./definition.ts";
import { isSeconds, isWord } from "./options.ts";

const PARAMETER_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const LETTER = /^[A-Za-z?]$/;

/** @throws ConfigError `BAD_OPTION` for a definition that cannot be used as it stands, `CONFLICT` when it contradicts itself. */
export function checkDefinition<State>(definition: CommandDefinition<State>): void {
  const { name, aliases = [], timeout = 0 } = definition;
  if (typeof name !== "string" || !name.split(" ").every(isWord)) {
    throw bad(
      name,
      "its name must be words of 1 to 64 letters, with one blank between them, and none may begin with a dash",
    );
  }
  const wrongAlias = aliases.find((alias) => !isWord(alias));
  if (wrongAlias !== undefined) throw bad(name, `its alias "${wrongAlias}" is not one word`);
  if (!isSeconds(timeout)) throw bad(name, "its timeout must be a number of seconds from 0 to 1000000");
  if (!["function", "undefined"].includes(typeof definition.run)) throw bad(name, "its run must be a function");
  checkParameters(definition);
}

function checkParameters<State>(definition: CommandDefinition<State>): void {
  const { name, arguments: args = {}, options = {} } = definition;
  const letters = new Set<string>();
  for (const parameter of [...Object.keys(args), ...Object.keys(options)]) {
    if (!PARAMETER_NAME.test(parameter))
      throw bad(name, `"${parameter}" is no name for a parameter: write it as dryRun`);
  }
  const twice = Object.keys(args).find((argument) => Object.hasOwn(options, argument));
  if (twice !== undefined) throw clash(name, `${twice} is an argument and an option`);
  let isOver = false;
  let mayBeLeftOut: string | undefined;
  for (const [argument, { form, short, isRequired }] of Object.entries(args)) {
    // The types say so as well, to who has them.
    if ((form as string) === "flag") throw bad(name, `the argument ${argument} cannot be a flag`);
    if (short !== undefined)
      throw bad(name, `the argument ${argument} cannot have the letter -${short}: that is for options`);
    if (isOver) throw clash(name, `the argument ${argument} stands behind one that takes all that is left`);
    if (isRequired && mayBeLeftOut !== undefined) {
      throw clash(name, `the argument ${argument} is needed, and stands behind ${mayBeLeftOut}, which may be left out`);
    }
    isOver = form !== "one";
    if (form === "rest" && Object.keys(options).length > 0) {
      throw clash(name, `the argument ${argument} is the rest of the line as it is: there can be no options`);
    }
    if (!isRequired) mayBeLeftOut = argument;
  }
  for (const [option, { form, short }] of Object.entries(options)) {
    if ((form as string) === "rest")
      throw bad(name, `the option ${option} cannot be the rest of the line: that is for arguments`);
    if (short === undefined) continue;
    if (!LETTER.test(short)) throw bad(name, `the option ${option} has "${short}" for a letter`);
    if (letters.has(short)) throw clash(name, `two options have the letter -${short}`);
    letters.add(short);
  }
}

function bad(name: string, why: string): ConfigError {
  return new ConfigError("BAD_OPTION", `The command "${name}" cannot be added: ${why}.`);
}

function clash(name: string, why: string): ConfigError {
  return new ConfigError("CONFLICT", `The command "${name}" cannot be added: ${why}.`);
}
