/**
 * The parameters of a control sequence (ECMA-48 §5.4.2): parted by semicolons, and each in parts by colons. 0 stands for
 * what is left out.
 */
export type Parameters = readonly (readonly number[])[];

const NONE: Parameters = [];

/** Reads parameters from text that has nothing but digits, semicolons and colons in it. */
export function parametersOf(text: string): Parameters {
  if (text === "") return NONE;
  return text.split(";").map((parameter) => parameter.split(":").map(Number));
}

/** A parameter without its further parts; 0 when it is left out. */
export function parameter(parameters: Parameters, index: number): number {
  return parameters[index]?.[0] ?? 0;
}
