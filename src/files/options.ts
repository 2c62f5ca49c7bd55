import { ConfigError } from "../server/index.ts";

/** What an option has to be, in words, and whether what was given is that. */
export type OptionRule = readonly [name: string, isRight: boolean, expected: string];

/** @throws ConfigError `UNKNOWN_OPTION` for an option without a rule, `BAD_OPTION` for one that breaks its own. */
export function assertOptions(owner: string, given: object, rules: readonly OptionRule[]): void {
  const known = new Set(rules.map(([name]) => name));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined) throw new ConfigError("UNKNOWN_OPTION", `${owner} has no option ${unknown}.`);
  for (const [name, isRight, expected] of rules) {
    if (!isRight) throw new ConfigError("BAD_OPTION", `The option ${name} of ${owner} must be ${expected}.`);
  }
}
