import { ConfigError } from "../server/index.ts";

/** @throws ConfigError `BAD_OPTION`, unless what was given is of the right shape. @param expected as in `… must be {file}`. */
export function assertShape(isRight: boolean, what: string, expected: string): asserts isRight {
  if (!isRight) throw new ConfigError("BAD_OPTION", `${what} must be ${expected}.`);
}

/** @throws ConfigError `BAD_OPTION`, unless the value is a whole number in range. */
export function assertWhole(what: string, value: number, min: number, max: number): void {
  assertShape(Number.isInteger(value) && value >= min && value <= max, what, `a whole number from ${min} to ${max}`);
}

/**
 * An option that nobody knows is refused: left alone, a list of revoked keys under a misspelt name would revoke nothing.
 *
 * @throws ConfigError `BAD_OPTION` for what is no object, `UNKNOWN_OPTION`.
 */
export function assertOptions(what: string, given: object, names: readonly string[]): void {
  assertShape(typeof given === "object" && given !== null, `The options of ${what}`, "an object");
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new ConfigError("UNKNOWN_OPTION", `${what} has no option ${unknown}; it has ${names.join(", ")}.`);
}

/** Whether this is an object with one of the fields and no more, so that it tells where something comes from. */
export function isOneOf(given: unknown, fields: Readonly<Record<string, (value: unknown) => boolean>>): boolean {
  if (typeof given !== "object" || given === null) return false;
  const [only, ...more] = Object.entries(given);
  return only !== undefined && more.length === 0 && Object.hasOwn(fields, only[0]) && fields[only[0]]!(only[1]);
}

export const isText = (value: unknown): boolean => typeof value === "string";
export const isFunction = (value: unknown): boolean => typeof value === "function";
export const isTextOrBytes = (value: unknown): boolean => isText(value) || value instanceof Uint8Array;
