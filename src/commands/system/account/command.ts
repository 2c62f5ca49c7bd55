import type { Client } from "../../../server/index.ts";
import { escapeControls } from "../../../server/index.ts";
import type { Arguments, CommandDefinition, CommandValues, Options, RunContext } from "../../definition.ts";
import { command } from "../../definition.ts";
import { text } from "../../parameters/kinds.ts";
import type { OneParameter } from "../../parameters/one.ts";
import type { AccountAdministration } from "./administration.ts";
import { PERMISSIONS } from "../options.ts";
import { orSay } from "../refusal.ts";

/** A command below `account`, as it is before it has its full name. */
export interface AccountCommand<State, Args extends Arguments, Opts extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: Args;
  readonly options?: Opts;
  readonly pager?: boolean;
  run(
    client: Client<State>,
    values: CommandValues<Args, Opts>,
    context: RunContext,
  ): Promise<number | undefined | void>;
}

/** Makes the commands below `account`: all need the one permission, and show what an account cannot be used for. */
export type Define<State> = <const Args extends Arguments = {}, const Opts extends Options = {}>(
  definition: AccountCommand<State, Args, Opts>,
) => CommandDefinition<State>;

/** What makes the commands below a name. */
export function definer<State>(prefix: string): Define<State> {
  return (definition) =>
    command({
      ...definition,
      name: `${prefix} ${definition.name}`,
      permission: PERMISSIONS.accounts,
      run: (client, values, context) =>
        orSay(client, "AccountError", () => definition.run(client, values as never, context)),
    }) as CommandDefinition<State>;
}

/** More names than that are of no help to who has typed a part of one. */
const MAX_CANDIDATES = 200;

/** The argument that names an account. */
export function nameOfAccount(accounts: AccountAdministration): OneParameter<string> {
  return text({
    description: "The name of an account",
    complete: async ({ word }) => {
      const names: string[] = [];
      for await (const { name } of accounts.list()) {
        if (name.startsWith(word)) names.push(name);
        if (names.length >= MAX_CANDIDATES) break;
      }
      return names;
    },
  });
}

/** What somebody has chosen or typed, fit for a terminal. */
export function shown(text: string): string {
  return escapeControls(text, { limit: 300 });
}
