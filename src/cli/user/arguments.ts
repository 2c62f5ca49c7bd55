import { parseArgs } from "node:util";
import { UsageError } from "../verb.ts";
import type { Option, Task, UserVerb } from "./verb.ts";

/** Options that every verb has. */
export const COMMON: Readonly<Record<string, Option>> = {
  store: {
    value: "STORE",
    help: "an SQLite file, or postgres://user@host/database; default SALLYPORT_STORE of the environment, or else .sallyport/accounts.sqlite",
  },
  schema: { value: "SCHEMA", help: "the schema in PostgreSQL. Default sallyport" },
  names: { value: "RULE", help: "ascii (default) or unicode, as the app's option names" },
};

/** What was given on the command line. */
export type Given = Pick<Task, "args" | "flag" | "value" | "values">;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], verb: UserVerb): Given {
  const known = { ...verb.options, ...COMMON };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple },
    ]),
  );
  const { values, positionals } = parse(args, options);
  assertCount(positionals, verb.takes);
  return {
    args: positionals,
    flag: (name) => values[name] === true,
    value: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    values: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
  };
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>["options"];

function parse(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options: options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function assertCount(given: readonly string[], takes: readonly string[]): void {
  const least = takes.filter((name) => !name.startsWith("[")).length;
  const missing = takes[given.length];
  if (given.length < least) throw new UsageError(`${missing?.replace("…", "") ?? "an argument"} is missing.`);
  if (takes.at(-1)?.includes("…") === true || given.length <= takes.length) return;
  // Whoever writes a password there is told what becomes of it.
  throw new UsageError(
    `there is too much behind ${takes.join(" ") || "the verb"}. A password is never an argument: it is asked for, or read from the standard input.`,
  );
}
