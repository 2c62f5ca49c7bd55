import type { Client } from "../../server/index.ts";
import { escapeControls } from "../../server/index.ts";

/** Runs something on behalf of a user; errors of that kind are for the user, and any other is a fault. Gives the exit status. */
export async function orSay<State>(
  client: Client<State>,
  kind: "AccountError" | "ModuleError",
  act: () => Promise<number | undefined | void>,
): Promise<number> {
  try {
    return (await act()) ?? 0;
  } catch (error) {
    // By its name: what accounts throw is made in a folder that this one does not know.
    if (!(error instanceof Error) || error.name !== kind) throw error;
    return refuse(client, error.message);
  }
}

/** Tells the user that it cannot be done; what would act on a terminal is spelled out. */
export function refuse<State>(client: Client<State>, text: string): number {
  client.stderr.write(
    `${text
      .split("\n")
      .map((line) => escapeControls(line))
      .join("\n")}\n`,
  );
  return 1;
}
