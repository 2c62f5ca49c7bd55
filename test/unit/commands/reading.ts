/** Reads what was typed behind a command, without a visitor. */
import type { Client } from "../../../src/index.ts";
import { splitWords } from "../../../src/commands/index.ts";
import type { CommandDefinition } from "../../../src/commands/index.ts";
import { readValues } from "../../../src/commands/parse/values.ts";

/** No parameter of these tests looks at its client. */
const NOBODY = { username: "nobody" } as Client<unknown>;

/** The values that a command gets of a line behind its name. */
export function read(definition: Omit<CommandDefinition, "name">, line: string): Promise<Record<string, unknown>> {
  const { signal } = new AbortController();
  return readValues({ name: "test", ...definition }, splitWords(line), { client: NOBODY, signal });
}
