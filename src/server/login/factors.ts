import { ConfigError } from "../config-error.ts";

/** The methods that can be a factor; `none` proves nothing. */
const METHODS: readonly string[] = ["publickey", "password", "keyboard-interactive"];

/**
 * Which methods have to follow one another, as sshd_config's AuthenticationMethods says it: a login is complete when one
 * of the lists is. Each list is followed by itself, so that steps of two lists may be mixed.
 */
export class Factors {
  readonly #lists: readonly (readonly string[])[];

  /** @param lists such as `["publickey,keyboard-interactive", "password"]`. */
  constructor(lists: readonly string[]) {
    this.#lists = lists.map((list) => list.split(","));
  }

  /** Every method that stands in a list. */
  get methods(): readonly string[] {
    return [...new Set(this.#lists.flat())];
  }

  /** The methods that go on from here; empty when the login is complete. */
  next(passed: readonly string[]): readonly string[] {
    const rests = this.#lists.map((list) => rest(list, passed));
    if (rests.some((left) => left.length === 0)) return [];
    return [...new Set(rests.map(([first = ""]) => first))];
  }
}

/**
 * Checks what the option `authenticationMethods` was given.
 *
 * @throws ConfigError `BAD_OPTION` that names the list.
 */
export function checkFactors(lists: unknown): void {
  const isLists = Array.isArray(lists) && lists.length > 0 && lists.every((list) => typeof list === "string");
  if (!isLists)
    refuse('must be an array with lists such as ["publickey,keyboard-interactive"]; leave it out for any method');
  for (const [index, list] of (lists as readonly string[]).entries()) {
    const methods = list.split(",");
    const where = `has, as list ${index + 1}, one`;
    if (list === "any") refuse(`${where} that says "any": leave the option out to take every method alone`);
    const unknown = methods.some((method) => !METHODS.includes(method));
    if (unknown) refuse(`${where} with a method that is not one of ${METHODS.join(", ")}`);
    // The same password twice proves no more than once; two keys are two things to have.
    const repeated = methods.find((method, at) => method !== "publickey" && methods.indexOf(method) !== at);
    if (repeated !== undefined) refuse(`${where} with ${repeated} twice, which the same answer would pass`);
  }
}

function refuse(what: string): never {
  throw new ConfigError("BAD_OPTION", `The option authenticationMethods ${what}.`);
}

/** What is left of a list when the methods have succeeded in this order. */
function rest(list: readonly string[], passed: readonly string[]): readonly string[] {
  let at = 0;
  for (const method of passed) if (list[at] === method) at++;
  return list.slice(at);
}
