import { ConfigError } from "../server/index.ts";

/** @throws ConfigError `BAD_OPTION`, unless what was given is of the right shape. @param expected as in `… must be {file}`. */
export function assertShape(isRight: boolean, what: string, expected: string): asserts isRight {
  if (!isRight) throw new ConfigError("BAD_OPTION", `${what} must be ${expected}.`);
}

/** @throws ConfigError `BAD_OPTION`, unless the value is a whole number in range. */
export function assertWhole(what: string, value: number, min: number, max: number): void {
  assertShape(Number.isInteger(value) && value >= min && value <= max, what, `a whole number from ${min} to ${max}`);
}

/** Whether this is an object with one of the fields, so that it tells where something comes from. */
export function hasOneOf(given: unknown, ...fields: readonly string[]): boolean {
  return typeof given === "object" && given !== null && fields.some((field) => field in given);
}
